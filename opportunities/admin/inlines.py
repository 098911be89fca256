"""Records inside the form of an offer."""

from django.contrib import admin
from django.utils.html import format_html

from opportunities.forms import OtherPlaceForm, PhotoForm
from opportunities.models import OpportunityPhoto, OtherPlace


class OtherPlaceInline(admin.StackedInline):
    model = OtherPlace
    form = OtherPlaceForm
    fields = [("commune", "label")]
    extra = 0
    verbose_name_plural = "Autres lieux d’exercice de la même offre"


class PhotoInline(admin.StackedInline):
    model = OpportunityPhoto
    form = PhotoForm
    fields = [("preview", "image"), "alternative_text", ("credit", "position")]
    readonly_fields = ["preview"]
    extra = 0

    @admin.display(description="aperçu")
    def preview(self, photo):
        if not photo.image:
            return ""
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', photo.srcset.split(" ")[0])
