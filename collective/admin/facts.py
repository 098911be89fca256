"""What was done, what was written."""

from django.contrib import admin
from django.utils import timezone

from collective.admin.screens import CollectiveAdmin
from collective.models import Achievement, PressItem


class FactAdmin(CollectiveAdmin):
    """A dated fact; one that has not happened yet is not shown."""

    date_hierarchy = "happened_on"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    def is_public(self, obj):
        return obj.active and obj.happened_on <= timezone.localdate()

    @admin.display(description="date", ordering="happened_on")
    def told_date(self, fact):
        return fact.when


@admin.register(Achievement)
class AchievementAdmin(FactAdmin):
    menu_position = 4
    list_display = ["title", "told_date", "kind", "partner", "active"]
    list_filter = ["kind", "active", "partner"]
    list_select_related = ["partner"]
    search_fields = ["title__unaccent", "text__unaccent", "source__unaccent"]
    search_help_text = "Titre, texte ou source, sans souci des accents."
    autocomplete_fields = ["partner", "commune"]
    fieldsets = [
        ("Ce qui a été fait", {"fields": ["title", "kind", "text", ("happened_on", "precision"), "date_note"]}),
        ("Avec qui, où", {"fields": ["partner", "commune", ("link_url", "link_label")]}),
        (
            "D’où on le sait",
            {
                "fields": ["source", ("source_url", "source_date")],
                "description": "Un nombre que deux sources donnent différemment attend d’être confirmé.",
            },
        ),
        ("Affichage", {"fields": ["active", "staff_note"]}),
    ]


@admin.register(PressItem)
class PressItemAdmin(FactAdmin):
    menu_position = 5
    list_display = ["title", "outlet", "told_date", "active"]
    list_filter = ["outlet", "active"]
    search_fields = ["title__unaccent", "outlet__unaccent", "summary__unaccent"]
    search_help_text = "Titre, média ou résumé, sans souci des accents."
    fieldsets = [
        ("L’article", {"fields": ["title", ("outlet", "url"), ("happened_on", "precision"), "date_note", "summary"]}),
        ("Affichage", {"fields": ["active", "staff_note"]}),
    ]
