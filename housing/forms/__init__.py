"""Forms of dwellings: for staff, for hosts, for readers."""

from accounts.announced import ContactForm
from core.announced.forms import ReasonForm
from housing.forms.publishing import FilledForm, FoundForm, OwnPhotoForm, PublishForm
from housing.forms.reports import ReportForm
from housing.forms.staff import DwellingForm, PhotoForm

__all__ = [
    "ContactForm",
    "DwellingForm",
    "FilledForm",
    "FoundForm",
    "OwnPhotoForm",
    "PhotoForm",
    "PublishForm",
    "ReasonForm",
    "ReportForm",
]
