"""Health facilities and their kinds: list, form with the point on a map, preview, what waits for staff."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from core.links import origin
from core.staff import Coded, RecordAdmin
from territories import actions, detail, presenters
from territories.admin.kept import KeptAdmin
from territories.forms import FacilityForm
from territories.models import FacilityKind, HealthFacility

CHANGELIST = "admin:territories_healthfacility_changelist"
CHANGE = "admin:territories_healthfacility_change"
PREVIEW = "admin:territories_healthfacility_preview"
CHOSEN = "a_faire"
DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')


def stale(at):
    """Facilities that nobody has said anything of for two years, the oldest first."""
    day = timezone.localdate(at) - timedelta(days=presenters.RECHECK_AFTER_DAYS)
    return HealthFacility.objects.stale(day).order_by("source_date", "name", "pk")


def unplaced(at):
    """Facilities that stand at the town hall, for want of a point of their own."""
    return HealthFacility.objects.unplaced().by_name()


def noted(at):
    """Facilities with a note that asks something of staff."""
    return HealthFacility.objects.exclude(staff_note="").by_name()


class ToDoFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = CHOSEN
    choices_to_querysets = {"verifier": stale, "placer": unplaced, "lire": noted}

    def lookups(self, request, model_admin):
        return [
            ("verifier", "à vérifier (source de plus de deux ans)"),
            ("placer", "à placer sur la carte"),
            ("lire", "note interne à lire"),
        ]

    def queryset(self, request, queryset):
        chosen = self.choices_to_querysets.get(self.value())
        return queryset.filter(pk__in=chosen(timezone.now()).order_by().values("pk")) if chosen else queryset


@admin.register(HealthFacility)
class HealthFacilityAdmin(KeptAdmin):
    form = FacilityForm
    menu_position = 1
    list_display = ["title", "kind", "commune", "services", "point_precision", "source_told", "is_open"]
    list_filter = [
        *(ToDoFilter, "kind", "is_open", "emergency", "smur", "maternity", "psychiatry", "status", "point_precision"),
        *("commune__cpts", "commune__epci", "is_demo"),
    ]
    list_select_related = ["kind", "commune"]
    search_fields = ["name__unaccent", "finess", "commune__name__unaccent", "kind__label__unaccent", "address__unaccent"]
    search_help_text = "Nom, numéro FINESS, commune, type ou adresse, sans souci des accents."
    ordering = ["name", "pk"]
    actions = ["verify", "give_back"]
    readonly_fields = ["kept_told"]
    together = ("latitude", "longitude", "point_precision")
    fieldsets = [
        ("L’établissement", {"fields": ["name", ("kind", "status"), "finess", "description"]}),
        ("Les services", {"fields": [("emergency", "smur", "maternity", "psychiatry"), "beds", "equipment"]}),
        (
            "Le lieu",
            {
                "fields": ["commune", ("address", "postal_code"), "point_precision", ("latitude", "longitude"), "area", "timetable"],
                "description": "Sans point à lui, l’établissement est montré à la mairie, avec la zone de sa commune.",
            },
        ),
        ("Le contact public", {"fields": ["website", ("phone", "email")]}),
        ("La source", {"fields": ["source", "source_url", ("source_date", "verified_on")]}),
        ("La publication", {"fields": [("is_open", "is_demo"), "staff_note", "kept_told"]}),
    ]

    @admin.display(description="établissement", ordering="name")
    def title(self, facility):
        return facility.name + DEMO_TAG if facility.is_demo else facility.name

    @admin.display(description="services")
    def services(self, facility):
        return ", ".join(presenters.services(facility))

    @admin.display(description="source du", ordering="source_date")
    def source_told(self, facility):
        known = [day for day in (facility.source_date, facility.verified_on) if day]
        told = french.date(max(known)) if known else "sans date"
        return format_html('<span class="late">{}</span>', told) if presenters.is_old(facility, timezone.localdate()) else told

    @admin.action(description="Vérifiés ce jour", permissions=["change"])
    def verify(self, request, queryset):
        count = actions.verify_facilities(facilities=list(queryset.order_by("pk")), at=timezone.now())
        messages.success(request, f"{french.plural(count, 'établissement vérifié', 'établissements vérifiés')} ce jour.")

    def has_delete_permission(self, request, obj=None):
        """What an official file names would come back at the next load: it is closed, never deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or not (obj.finess or obj.code))

    def view_on_site(self, facility):
        """The public page, or for staff alone the same page of what readers do not see."""
        shown = facility.is_open and facility.kind.active
        return facility.get_absolute_url() if shown else reverse(PREVIEW, args=[facility.pk])

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/apercu/", preview, name="territories_healthfacility_preview"), *super().get_urls()]

    def preview_view(self, request, pk):
        """The public page of a facility, open or not, for staff only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        facility = get_object_or_404(HealthFacility.objects.for_detail(), pk=pk)
        context = detail.context(facility, origin=origin(request), preview=True)
        response = render(request, "territories/healthfacility_detail.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response

    def work_queues(self, request, at):
        return [
            queue(
                stale(at),
                "etablissements-a-verifier",
                "Établissements à vérifier",
                "établissement à vérifier|établissements à vérifier",
                "verifier",
                "Vérifier",
                presenters.freshness,
                "Tous les établissements ont une source de moins de deux ans.",
            ),
            queue(
                unplaced(at),
                "etablissements-a-placer",
                "Établissements à placer sur la carte",
                "établissement à placer|établissements à placer",
                "placer",
                "Placer",
                lambda facility: "point à la mairie",
                "Chaque établissement a son point.",
            ),
        ]


def queue(facilities, code, title, counter, chosen, label, note, empty):
    """One queue of facilities: how many, and the first of them."""
    count = facilities.count()
    shown = facilities.select_related("kind", "commune")[:QUEUE_ROWS] if count else []
    rows = [
        WorkRow(
            title=facility.name,
            url=reverse(CHANGE, args=[facility.pk]),
            note=f"{facility.kind.label}, {facility.commune.name} · {note(facility)}",
            action_label=label,
            action_url=reverse(CHANGE, args=[facility.pk]),
            marker=facility.kind,
        )
        for facility in shown
    ]
    return WorkQueue(
        code=code, title=title, counter=counter, count=count, url=f"{reverse(CHANGELIST)}?{CHOSEN}={chosen}", empty=empty, rows=rows
    )


@admin.register(FacilityKind)
class FacilityKindAdmin(Coded, RecordAdmin):
    menu_position = 3
    list_display = ["label", "position", "active", "shape", "glyph", "tone", "finess"]
    list_filter = ["active", "itinerant", "schema_type"]
    search_fields = ["label__unaccent", "plural_label__unaccent", "code"]
    search_help_text = "Libellé ou code, sans souci des accents."
    fieldsets = [
        ("Ce que lit le visiteur", {"fields": ["label", "plural_label", "definition", "code", ("position", "active"), "itinerant"]}),
        ("Repère sur la carte", {"fields": [("shape", "glyph", "tone")], "description": "Forme, dessin et mot se lisent sans la couleur."}),
        ("Données", {"fields": ["finess_categories", "schema_type"]}),
    ]

    @admin.display(description="catégories FINESS")
    def finess(self, kind):
        return ", ".join(kind.finess_categories)
