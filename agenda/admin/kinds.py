"""The kinds of event, a list that staff edit."""

from django.contrib import admin

from agenda.models import EventKind
from core.french import NBSP
from core.staff import Coded


@admin.register(EventKind)
class EventKindAdmin(Coded, admin.ModelAdmin):
    menu_position = 2
    list_display = ["label", "definition", "position", "active"]
    list_editable = ["position"]
    list_filter = ["active"]
    search_fields = ["label__unaccent", "code"]
    search_help_text = f"Libellé ou code{NBSP}: sans souci des accents."
    fields = ["label", "code", "definition", ("position", "active"), ("shape", "glyph", "tone")]
