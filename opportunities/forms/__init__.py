"""Forms of offers: for staff, for publishers, for readers."""

from accounts.announced import ContactForm
from core.announced.forms import ReasonForm
from opportunities.forms.publishing import FilledForm, FoundForm, OwnPhotoForm, PublishForm, SuccessionForm
from opportunities.forms.reports import ReportForm
from opportunities.forms.staff import KindForm, OfferForm, OtherPlaceForm, PhotoForm

__all__ = [
    "ContactForm",
    "FilledForm",
    "FoundForm",
    "KindForm",
    "OfferForm",
    "OtherPlaceForm",
    "OwnPhotoForm",
    "PhotoForm",
    "PublishForm",
    "ReasonForm",
    "ReportForm",
    "SuccessionForm",
]
