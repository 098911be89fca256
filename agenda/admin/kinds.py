"""The kinds of event, a list that staff edit."""

from django.contrib import admin

from agenda.models import EventKind
from core.french import NBSP


@admin.register(EventKind)
class EventKindAdmin(admin.ModelAdmin):
    menu_position = 2
    list_display = ["label", "definition", "position", "active"]
    list_editable = ["position"]
    list_filter = ["active"]
    search_fields = ["label__unaccent", "code"]
    search_help_text = f"Libellé ou code{NBSP}: sans souci des accents."
    fields = ["label", "code", "definition", ("position", "active"), ("shape", "glyph", "tone")]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []  # addresses rely on it

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["label"]}
