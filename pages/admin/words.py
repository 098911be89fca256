"""The glossary and the parts of the home page."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from core.staff import RecordAdmin
from pages.forms import TermForm
from pages.models import HomeSection, Term


@admin.register(Term)
class TermAdmin(RecordAdmin):
    form = TermForm
    menu_position = 2
    list_display = ["term", "expansion", "definition", "source_date"]
    search_fields = ["term__unaccent", "expansion__unaccent", "definition__unaccent"]
    search_help_text = "Terme, sigle développé ou définition"
    ordering = ["slug"]
    view_on_site = True
    fieldsets = [
        (None, {"fields": [("term", "slug"), "expansion", "definition", "aliases", "text"]}),
        ("Source", {"fields": ["source", ("source_url", "source_date")]}),
    ]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["term"]}


@admin.register(HomeSection)
class HomeSectionAdmin(RecordAdmin):
    menu_position = 3
    list_display = ["part", "title", "position", "active"]
    list_editable = ["position", "active"]
    list_display_links = ["part"]
    list_filter = ["active"]
    readonly_fields = ["kind"]
    fields = ["kind", "title", ("position", "active"), "see"]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "see"]

    @admin.display(description="partie", ordering="kind")
    def part(self, section):
        return section.get_kind_display()

    @admin.display(description="sur le site")
    def see(self, section):
        return format_html('<a href="{}">Voir la page d’accueil</a>', reverse("home"))

    def has_add_permission(self, request):
        return False  # the parts are those that the home page knows

    def has_delete_permission(self, request, obj=None):
        return False  # one that is not wanted is switched off
