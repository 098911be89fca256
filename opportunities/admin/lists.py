"""The lists that staff keep themselves: kinds of offer, settings of practice."""

from django.contrib import admin

from core.staff import Coded
from opportunities import tasks
from opportunities.forms import KindForm
from opportunities.models import OpportunityKind, PracticeSetting


class NamedList(Coded, admin.ModelAdmin):
    """A list whose names are part of what offers are found by."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and {"label", "definition"} & set(form.changed_data):
            tasks.refresh_search_texts_soon()


@admin.register(OpportunityKind)
class OpportunityKindAdmin(NamedList):
    form = KindForm
    menu_position = 2
    list_display = ["label", "position", "active", "is_locum", "is_employment", "contract_to_order"]
    search_fields = ["label", "code"]
    fieldsets = [
        ("Ce que lit le visiteur", {"fields": ["label", "definition", "code", ("position", "active")]}),
        ("Repère sur la carte", {"fields": [("shape", "glyph", "tone")], "description": "Forme, dessin et mot se lisent sans la couleur."}),
        ("Champs du formulaire", {"fields": ["shown_fields", "required_fields"], "classes": ["choices"]}),
        ("Règles", {"fields": ["is_locum", "is_employment", "contract_to_order"]}),
    ]


@admin.register(PracticeSetting)
class PracticeSettingAdmin(NamedList):
    menu_position = 3
    list_display = ["label", "code", "position"]
    search_fields = ["label", "code"]
    fields = ["label", "code", "position"]
