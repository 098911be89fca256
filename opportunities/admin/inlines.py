"""Records inside the form of an offer."""

from core.announced.admin_records import BoundedInline
from opportunities.forms import OtherPlaceForm, PhotoForm
from opportunities.models import OpportunityPhoto, OtherPlace


class OtherPlaceInline(BoundedInline):
    model = OtherPlace
    form = OtherPlaceForm
    fields = [("commune", "label")]
    max_num = 20
    verbose_name_plural = "Autres lieux d’exercice de la même offre"


class PhotoInline(BoundedInline):
    model = OpportunityPhoto
    form = PhotoForm
    fields = ["image", "alternative_text", ("credit", "position")]
    max_num = 12
