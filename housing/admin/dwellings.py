"""The dwellings: what `core.announced.admin` does for whatever is announced, with what is particular to rooms."""

from http import HTTPStatus

from django.contrib import admin
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.announced.admin import AnnouncedAdmin
from core.announced.admin_queues import FreshnessFilter
from core.announced.admin_records import BoundedInline
from core.french import NBSP
from core.links import origin
from housing import actions, detail, host_calendar, rules
from housing.admin import work
from housing.enums import BookingOrigin
from housing.forms import DwellingForm, PhotoForm
from housing.freshness import FRESHNESS
from housing.models import Availability, Booking, Dwelling, DwellingPhoto
from housing.preview import meter_of

ON_WITHDRAWAL = {
    BookingOrigin.PORTAL: "Si vous retirez l’annonce, la personne qui l’a demandé par le portail l’apprend, "
    "et sa conversation vous attend parmi les messages à suivre.",
    BookingOrigin.HOST: "L’hôte l’a noté lui-même\u00a0: le portail ne prévient personne.",
}
"""What becomes of the people of a stay when the team withdraws the announcement, by who wrote the stay down."""


class PhotoInline(BoundedInline):
    model = DwellingPhoto
    form = PhotoForm
    fields = ["image", "alternative_text", ("credit", "position")]
    max_num = 12


class CalendarInline(admin.TabularInline):
    """The calendar is its host's: staff read it here, and write in it on a page of its own (`calendar_view`)."""

    extra = 0
    can_delete = False

    readonly_fields = ["nights"]

    @admin.display(description="du jour d’arrivée au jour de départ")
    def nights(self, row):
        return french.date_range(row.period.lower, row.period.upper)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class AvailabilityInline(CalendarInline):
    model = Availability
    fields = ["nights"]
    verbose_name_plural = "Périodes où il est proposé"


class BookingInline(CalendarInline):
    model = Booking
    fields = ["nights", "place", "state", "origin"]
    verbose_name_plural = "Séjours"


class PlacedFilter(admin.SimpleListFilter):
    title = "point sur la carte"
    parameter_name = "a_placer"

    def lookups(self, request, model_admin):
        return [("oui", "à placer")]

    def queryset(self, request, queryset):
        return queryset.to_place() if self.value() == "oui" else queryset


@admin.register(Dwelling)
class DwellingAdmin(AnnouncedAdmin):
    def get_readonly_fields(self, request, obj=None):
        """Rooms of a dwelling that was public change in its calendar, which knows who holds them."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "places"] if obj and obj.published_at else fields

    life, freshness = actions.LIFE, FRESHNESS
    form = DwellingForm
    menu_position = 1
    inlines = [PhotoInline, AvailabilityInline, BookingInline]
    list_filter = [FreshnessFilter, PlacedFilter, "state", "kind", "host_kind", "lease", "energy_class", "is_demo"]
    list_select_related = ["commune"]
    search_fields = ["reference", "title", "commune__name", "organisation", "contact_name", "contact_email"]
    search_help_text = "Référence, titre, commune, organisme ou contact"
    version_relations = ("commune",)
    restore_excluded = actions.LIFE_COLUMNS
    restore_note = "L’état, les dates de publication et d’expiration, le calendrier, le lieu exact et les photographies ne changent pas."
    readonly_fields = [*AnnouncedAdmin.readonly_fields, "charter_accepted_at", "calendar"]
    for_preview = ("commune__epci", "facility")
    worded = rules.WORDED
    fieldsets = [
        (
            "Le logement",
            {
                "fields": [
                    *("kind", "title", ("places", "capacity", "room_count"), ("living_area_m2", "is_furnished"), "equipment"),
                    *(("internet", "parking"), ("step_free", "car_needed"), "other_occupants"),
                ]
            },
        ),
        (
            "Le lieu",
            {
                "fields": ["commune", "address", ("exact_latitude", "exact_longitude")],
                "description": "L’adresse et le point exact ne sont jamais publiés\u00a0: les lecteurs voient un cercle décalé.",
            },
        ),
        (
            "La location",
            {
                "fields": [
                    *("lease", ("rent", "charges", "charges_mode"), ("deposit", "agency_fee", "inventory_fee"), "right_to_let"),
                    *(("min_stay_days", "max_stay_days"), "calendar"),
                ]
            },
        ),
        (
            "L’énergie",
            {
                "fields": [
                    *(("energy_class", "climate_class"), "energy_exempt_reason"),
                    *(("energy_cost_min", "energy_cost_max", "energy_price_year"), "energy_diagnosed_on"),
                ]
            },
        ),
        ("La vie sur place", {"fields": ["audience", ("pets", "smoking", "visitors"), "rules_note", "description"]}),
        (
            "L’hôte",
            {
                "fields": [
                    ("host_kind", "organisation"),
                    "facility",
                    ("contact_name", "contact_email", "contact_phone"),
                    "charter_accepted_at",
                ],
                "description": f"Le contact reste privé{NBSP}: seule l’équipe le voit.",
            },
        ),
        ("La publication", {"fields": [("reference", "published", "confirmed"), "expires_at", "is_demo", "mails"]}),
    ]

    def get_urls(self):
        view = self.admin_site.admin_view(self.calendar_view)
        return [path("<int:pk>/calendrier/", view, name="housing_dwelling_calendar"), *super().get_urls()]

    def calendar_view(self, request, pk):
        """The calendar as its host has it, for those who telephone; each change is in the journal of the team."""
        row = self._row_to_change(request, pk)
        hidden = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        response = host_calendar.answered(request, row, staff_url=self.url("change", pk), hidden=hidden)
        if response.status_code == HTTPStatus.FOUND:
            self.log_change(request, row, f"Calendrier{NBSP}: {host_calendar.DONE[request.POST['verb'].partition(':')[0]]}")
        return response

    def at_stake(self, rows):
        """Stays that are confirmed and not over: they hold until somebody cancels them on the calendar."""
        stays = Booking.objects.confirmed().of_somebody().ahead(timezone.localdate()).filter(dwelling__in=rows)
        return [
            (
                f"Séjour confirmé {french.date_range(stay.period.lower, stay.period.upper)}, «{NBSP}{stay.dwelling.title}{NBSP}»{NBSP}: "
                f"il tient tant que personne ne l’annule. {ON_WITHDRAWAL[stay.origin]}",
                self.url("calendar", stay.dwelling_id),
            )
            for stay in stays.select_related("dwelling").order_by("period")
        ]

    @admin.display(description="calendrier")
    def calendar(self, row):
        """The way to it, once the record is saved."""
        if row.pk is None:
            return "Après l’enregistrement."
        words = "Offrir ou fermer des dates, noter, prolonger ou annuler un séjour"
        return format_html('<a href="{}">{}</a>', self.url("calendar", row.pk), words)

    def preview(self, request, row):
        """The public page."""
        context = detail.context(row, now=timezone.now(), origin=origin(request), preview=True)
        return render(request, "housing/dwelling_detail.html", context)

    def meter(self, row):
        """With its dates and photographs."""
        return meter_of(row, may_add=True)

    def twins(self, row):
        """Other open announcements at the same place."""
        return Dwelling.objects.twins_of(row)

    def wording_warnings(self, row):
        """As the rules say."""
        return rules.wording_warnings(row)

    def work_queues(self, request, at):
        return work.QUEUES(at)
