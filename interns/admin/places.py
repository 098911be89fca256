"""Training places: list, form with the point on a map, places by semester, preview, what waits for staff."""

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
from core.french import NBSP
from core.links import origin
from core.staff import FIELDS, Coded, RecordAdmin
from interns import actions, detail, presenters
from interns.forms import TrainingPlaceForm
from interns.models import Specialty, TrainingCapacity, TrainingPlace
from territories.presenters import RECHECK_AFTER_DAYS, is_old

CHANGELIST = "admin:interns_trainingplace_changelist"
CHANGE = "admin:interns_trainingplace_change"
PREVIEW = "admin:interns_trainingplace_preview"
CHOSEN = "a_faire"
DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')


def stale(at):
    """Places that nobody has said anything of for two years, the oldest first."""
    day = timezone.localdate(at) - timedelta(days=RECHECK_AFTER_DAYS)
    return TrainingPlace.objects.stale(day).order_by("source_date", "name", "pk")


class ToDoFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = CHOSEN

    def lookups(self, request, model_admin):
        return [("verifier", "à vérifier (source de plus de deux ans)"), ("lire", "note interne à lire")]

    def queryset(self, request, queryset):
        if self.value() == "lire":
            return queryset.exclude(staff_note="")
        return queryset.filter(pk__in=stale(timezone.now()).order_by().values("pk")) if self.value() == "verifier" else queryset


class CapacityInline(admin.TabularInline):
    model = TrainingCapacity
    extra = 0
    formfield_overrides = FIELDS
    verbose_name_plural = "Places par semestre"


@admin.register(TrainingPlace)
class TrainingPlaceAdmin(RecordAdmin):
    form = TrainingPlaceForm
    inlines = [CapacityInline]
    menu_position = 1
    list_display = ["title", "setting", "specialty", "commune", "levels_told", "source_told", "published"]
    list_filter = [ToDoFilter, "published", "setting", "specialty", "lodging", "commune__cpts", "commune__epci", "is_demo"]
    list_select_related = ["specialty", "commune"]
    search_fields = ["name__unaccent", "commune__name__unaccent", "specialty__label__unaccent", "facility__name__unaccent"]
    search_help_text = "Nom, commune, spécialité ou établissement, sans souci des accents."
    raw_id_fields = ["facility"]
    ordering = ["name", "pk"]
    actions = ["verify", "forget_supervisor"]
    fieldsets = [
        ("Le terrain", {"fields": ["name", ("setting", "specialty"), "levels", "description", "equipment"]}),
        (
            "Le lieu",
            {
                "fields": ["facility", "commune", ("address", "postal_code"), "point_precision", ("latitude", "longitude"), "transport"],
                "description": "Dans un établissement du répertoire, commune, adresse et point sont les siens.",
            },
        ),
        ("Le logement", {"fields": [("lodging", "lodging_note")]}),
        (
            "Le maître de stage",
            {
                "fields": ["supervisor_name", ("supervisor_consent_on", "supervisor_proof")],
                "description": "Son nom ne paraît que sur la page du terrain, et seulement avec son accord. "
                "Pour tout effacer\u00a0: «\u00a0Effacer le nom du maître de stage\u00a0», dans la liste.",
            },
        ),
        ("La source", {"fields": ["source", "source_url", ("source_date", "verified_on")]}),
        ("La publication", {"fields": [("published", "is_demo"), "staff_note"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    @admin.display(description="terrain", ordering="name")
    def title(self, place):
        return place.name + DEMO_TAG if place.is_demo else place.name

    @admin.display(description="niveaux")
    def levels_told(self, place):
        return presenters.levels(place)

    @admin.display(description="source du", ordering="source_date")
    def source_told(self, place):
        known = [day for day in (place.source_date, place.verified_on) if day]
        told = french.date(max(known)) if known else "sans date"
        return format_html('<span class="late">{}</span>', told) if is_old(place, timezone.localdate()) else told

    @admin.action(description="Vérifiés ce jour", permissions=["change"])
    def verify(self, request, queryset):
        count = actions.verify_places(places=list(queryset.order_by("pk")), at=timezone.now())
        messages.success(request, f"{french.plural(count, 'terrain vérifié', 'terrains vérifiés')} ce jour.")

    @admin.action(description="Effacer le nom du maître de stage", permissions=["change"])
    def forget_supervisor(self, request, queryset):
        count = sum(actions.forget_supervisor(place=place) for place in queryset.order_by("pk"))
        messages.success(request, f"{french.plural(count, 'nom effacé', 'noms effacés')}, avec l’accord et sa preuve.")

    def view_on_site(self, place):
        """The public page, or for staff alone the same page of what readers do not see."""
        return place.get_absolute_url() if place.published else reverse(PREVIEW, args=[place.pk])

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/apercu/", preview, name="interns_trainingplace_preview"), *super().get_urls()]

    def preview_view(self, request, pk):
        """The public page of a place, shown or not, for staff only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        place = get_object_or_404(TrainingPlace.objects.for_detail(), pk=pk)
        context = detail.context(place, origin=origin(request), preview=True)
        response = render(request, "interns/trainingplace_detail.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response

    def work_queues(self, request, at):
        waiting = stale(at)
        count = waiting.count()
        return [
            WorkQueue(
                code="terrains-a-verifier",
                title="Terrains de stage à vérifier",
                counter="terrains à vérifier",
                count=count,
                url=f"{reverse(CHANGELIST)}?{CHOSEN}=verifier",
                empty="Tous les terrains de stage ont une source de moins de deux ans.",
                rows=[
                    WorkRow(
                        title=place.name,
                        url=(url := reverse(CHANGE, args=[place.pk])),
                        note=f"{place.commune.name} · {presenters.freshness(place)}",
                        action_label="Vérifier",
                        action_url=url,
                        marker=place.kind,
                    )
                    for place in (waiting.select_related("commune")[:QUEUE_ROWS] if count else [])
                ],
            )
        ]


@admin.register(Specialty)
class SpecialtyAdmin(Coded, admin.ModelAdmin):
    menu_position = 3
    list_display = ["label", "code", "position", "active"]
    list_editable = ["position"]
    list_filter = ["active"]
    search_fields = ["label__unaccent", "code"]
    search_help_text = f"Libellé ou code{NBSP}: sans souci des accents."
    fields = ["label", "code", ("position", "active")]
