"""The dates of the semesters of internship: staff write those that they have read, the others are computed."""

from django.contrib import admin
from django.utils import timezone

from core.staff import RecordAdmin
from territories import semesters
from territories.forms import SemesterForm
from territories.models import InternshipSemester


@admin.register(InternshipSemester)
class InternshipSemesterAdmin(RecordAdmin):
    form = SemesterForm
    menu_position = 6
    list_display = ["code", "start_date", "end_date", "note"]
    search_fields = ["code", "note__unaccent"]
    search_help_text = "Semestre (2026-11) ou remarque."
    ordering = ["-code"]
    fieldsets = [
        (
            "Le semestre",
            {
                "fields": ["code", ("start_date", "end_date"), "note"],
                "description": "Sans fiche ici, un semestre commence le premier lundi de novembre ou de mai "
                "(le mardi si ce lundi est férié), "
                "et les visiteurs lisent «\u00a0dates à confirmer\u00a0».",
            },
        ),
    ]

    def save_model(self, request, obj, form, change):
        """What was offered for a semester follows its dates."""
        obj._history_user = request.user
        semesters.write(obj, at=timezone.now())

    def delete_model(self, request, obj):
        self.delete_queryset(request, InternshipSemester.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        semesters.forget(queryset, at=timezone.now())

    def get_readonly_fields(self, request, obj=None):
        """The code is what addresses of searches use: it is chosen once."""
        return ["code"] if obj else []
