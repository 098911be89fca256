"""CPTS with their communes, and the zoning of communes with what waits to be confirmed."""

from django.contrib import admin, messages
from django.db.models import Count
from django.urls import reverse

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from territories import actions
from territories.admin.kept import KeptAdmin
from territories.forms import CptsForm, ZoningForm
from territories.models import Cpts, Zoning

CHANGELIST = "admin:territories_zoning_changelist"
CHANGE = "admin:territories_zoning_change"


@admin.register(Cpts)
class CptsAdmin(KeptAdmin):
    form = CptsForm
    menu_position = 4
    list_display = ["name", "communes_here", "website", "email", "source_date"]
    search_fields = ["name__unaccent", "communes__name__unaccent"]
    search_help_text = "Nom de la CPTS, ou d’une de ses communes, sans souci des accents."
    ordering = ["short_name", "pk"]
    readonly_fields = ["kept_told"]
    fieldsets = [
        ("La CPTS", {"fields": ["name", ("short_name", "slug"), "mission"]}),
        ("Contacts", {"fields": ["website", ("email", "phone")]}),
        ("Le territoire", {"fields": ["communes", "outside_note"], "classes": ["choices"]}),
        ("La source", {"fields": ["source", "source_url", "source_date", "staff_note", "kept_told"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(commune_count=Count("communes", distinct=True))

    @admin.display(description="communes en Vaucluse", ordering="commune_count")
    def communes_here(self, cpts):
        return cpts.commune_count

    def get_readonly_fields(self, request, obj=None):
        """The end of its address is chosen once: pages and reference files rely on it."""
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["short_name"]}

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.assign_communes(cpts=form.instance, communes=form.cleaned_data["communes"])

    def has_delete_permission(self, request, obj=None):
        """Only one that covers nothing: the others are named by the reference files, and have a page."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.communes.exists())


@admin.register(Zoning)
class ZoningAdmin(KeptAdmin):
    form = ZoningForm
    menu_position = 5
    list_display = ["commune", "scheme", "zone", "confirmed", "told", "source", "source_date"]
    list_filter = ["confirmed", "scheme", "zone", "commune__epci"]
    list_select_related = ["commune"]
    search_fields = ["commune__name__unaccent", "commune__insee", "source__unaccent"]
    search_help_text = "Commune, code INSEE ou source, sans souci des accents."
    ordering = ["commune__name", "scheme"]
    actions = ["confirm", "give_back"]
    readonly_fields = ["told", "kept_told"]
    fieldsets = [
        ("Le zonage", {"fields": ["commune", ("scheme", "zone"), "note"]}),
        (
            "La source",
            {
                "fields": ["source", "source_url", "source_date", "confirmed", "told", "kept_told"],
                "description": "Une aide peut en dépendre\u00a0: ne confirmez qu’après avoir lu l’arrêté ou la liste en vigueur.",
            },
        ),
    ]

    @admin.display(description="ce que lisent les visiteurs")
    def told(self, zoning):
        return zoning.text if zoning.pk else "Après l’enregistrement."

    @admin.action(description="Confirmer (arrêté ou liste officielle lus)", permissions=["change"])
    def confirm(self, request, queryset):
        confirmed, left = actions.confirm_zonings(zonings=list(queryset.select_related("commune").order_by("pk")))
        if confirmed:
            messages.success(request, f"{french.plural(len(confirmed), 'zonage confirmé', 'zonages confirmés')}.")
        if left:
            names = ", ".join(str(zoning.commune) for zoning in left[:10])
            messages.error(request, f"Sans source datée, laissés en l’état\u00a0: {names}.")

    def work_queues(self, request, at):
        zonings = Zoning.objects.unconfirmed().order_by("commune__name", "scheme")
        count = zonings.count()
        shown = zonings.select_related("commune")[:QUEUE_ROWS] if count else []
        return [
            WorkQueue(
                code="zonages-a-confirmer",
                title="Zonages à confirmer",
                counter="zonage à confirmer|zonages à confirmer",
                count=count,
                url=f"{reverse(CHANGELIST)}?confirmed__exact=0",
                tone="ochre",
                empty="Aucun zonage n’attend d’être confirmé.",
                rows=[
                    WorkRow(
                        title=zoning.commune.name,
                        url=reverse(CHANGE, args=[zoning.pk]),
                        note=f"{zoning.get_scheme_display()}\u00a0: {zoning.get_zone_display()} · {zoning.source or 'sans source'}",
                        action_label="Lire",
                        action_url=reverse(CHANGE, args=[zoning.pk]),
                    )
                    for zoning in shown
                ],
            )
        ]
