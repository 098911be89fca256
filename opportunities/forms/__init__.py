"""Forms of offers: for staff, for publishers, for readers."""

from opportunities.forms.publishing import ContactForm, FilledForm, FoundForm, OwnPhotoForm, PublishForm, SuccessionForm
from opportunities.forms.reports import ReportForm
from opportunities.forms.staff import KindForm, OfferForm, OtherPlaceForm, PhotoForm, ReasonForm

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
