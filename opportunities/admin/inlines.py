"""Tables inside the form of an offer."""

from django.contrib import admin
from django.utils.html import format_html

from opportunities.forms import OtherPlaceForm, PhotoForm
from opportunities.models import OpportunityPhoto, OtherPlace, StateChange


class OtherPlaceInline(admin.TabularInline):
    model = OtherPlace
    form = OtherPlaceForm
    fields = ["commune", "label"]
    extra = 0
    verbose_name_plural = "Autres lieux d’exercice de la même offre"


class PhotoInline(admin.TabularInline):
    model = OpportunityPhoto
    form = PhotoForm
    fields = ["preview", "image", "alternative_text", "credit", "position"]
    readonly_fields = ["preview"]
    extra = 0

    @admin.display(description="aperçu")
    def preview(self, photo):
        if not photo.image:
            return ""
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', photo.srcset.split(" ")[0])


class StateChangeInline(admin.TabularInline):
    model = StateChange
    fields = readonly_fields = ["at", "before", "after", "reason", "actor"]
    extra = 0
    can_delete = False
    verbose_name_plural = "Vie de l’offre"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("actor")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
