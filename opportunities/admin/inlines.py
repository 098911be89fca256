"""Records inside the form of an offer."""

from django.contrib import admin
from django.utils.html import format_html

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
    fields = [("preview", "image"), "alternative_text", ("credit", "position")]
    readonly_fields = ["preview"]
    max_num = 12

    @admin.display(description="aperçu")
    def preview(self, photo):
        if photo.pk is None or not photo.image:
            return ""
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', photo.srcset.split(" ")[0])
