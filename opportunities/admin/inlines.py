"""Records inside the form of an offer."""

from django.contrib import admin

from opportunities.forms import OtherPlaceForm, PhotoForm
from opportunities.models import OpportunityPhoto, OtherPlace


class BoundedInline(admin.StackedInline):
    """At most `max_num` records; a request that carries more is refused, and never makes more than twice as many be read."""

    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, absolute_max=2 * self.max_num, **kwargs)


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
