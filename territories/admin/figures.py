"""The key figures: list, form, what waits for a review and what the portal counts otherwise."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from territories import actions, rules
from territories.admin.kept import KeptAdmin
from territories.figures import announced, counted_mention
from territories.models import KeyFigure

CHANGELIST = "admin:territories_keyfigure_changelist"
CHANGE = "admin:territories_keyfigure_change"
CHOSEN = "a_faire"
DEPARTURES = ("doctors", "doctors-over-60", "doctors-over-65")
"""Codes of the figures that tell which retirements to prepare for (mission M102)."""


class ToDoFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = CHOSEN

    def lookups(self, request, model_admin):
        return [
            ("relire", "à relire"),
            ("ecart", "écart avec le compte du portail"),
            ("trouver", "valeur à trouver"),
            ("publier", "à confirmer"),
            ("departs", "départs de médecins à anticiper"),
        ]

    def queryset(self, request, queryset):
        chosen = {
            "relire": lambda: KeyFigure.objects.stale(timezone.now()),
            "ecart": KeyFigure.objects.with_gap,
            "trouver": lambda: KeyFigure.objects.filter(value__isnull=True),
            "publier": lambda: KeyFigure.objects.filter(published=False),
            "departs": lambda: KeyFigure.objects.filter(code__in=DEPARTURES),
        }.get(self.value())
        return queryset.filter(pk__in=chosen().order_by().values("pk")) if chosen else queryset


@admin.register(KeyFigure)
class KeyFigureAdmin(KeptAdmin):
    menu_position = 2
    list_display = ["name", "territory_told", "written", "year", "review", "count_told", "shown"]
    list_filter = [ToDoFilter, "level", "published", "featured", "count_of"]
    list_select_related = ["commune", "epci", "cpts", "counted_kind"]
    search_fields = [
        *("title__unaccent", "label__unaccent", "code", "source__unaccent"),
        *("commune__name__unaccent", "epci__short_name__unaccent", "cpts__name__unaccent"),
    ]
    search_help_text = "Intitulé, code, source ou territoire, sans souci des accents."
    ordering = ["position", "title", "pk"]
    actions = ["confirm", "publish", "give_back"]
    readonly_fields = ["written", "count_told", "kept_told"]
    fieldsets = [
        (
            "Le chiffre",
            {
                "fields": ["title", "code", ("value", "notation", "qualifier", "unit"), "label", "written", "note"],
                "description": "Le même code à plusieurs niveaux compare les valeurs, sur la page des chiffres et celles des territoires.",
            },
        ),
        ("Le territoire", {"fields": ["level", ("commune", "epci", "cpts")], "description": "Seul le territoire du niveau est rempli."}),
        ("La source", {"fields": ["source", "source_url", ("observed_on", "period"), "review_on", "kept_told"]}),
        ("La publication", {"fields": [("published", "featured", "position")]}),
        ("Le compte du portail", {"fields": [("count_of", "counted_kind"), "count_told"]}),
    ]

    @admin.display(description="chiffre", ordering="title")
    def name(self, figure):
        return format_html('{}<small class="cell-note">{}</small>', figure.title, figure.code)

    @admin.display(description="territoire", ordering="level")
    def territory_told(self, figure):
        return figure.territory_name

    @admin.display(description="tel qu’il se lit", ordering="value")
    def written(self, figure):
        return f"{figure.display} {figure.label}" if figure.pk else "Après l’enregistrement."

    @admin.display(description="année", ordering="observed_on")
    def year(self, figure):
        return figure.observed_on.year

    @admin.display(description="à revoir le", ordering="review_on")
    def review(self, figure):
        day = french.date(figure.review_on)
        return format_html('<span class="late">{}</span>', day) if rules.is_stale(figure, timezone.now()) else day

    @admin.display(description="compte du portail", ordering="counted")
    def count_told(self, figure):
        told = counted_mention(figure) or "pas compté"
        return format_html('<span class="late">{}</span>', told) if rules.has_gap(figure) else told

    @admin.display(description="publié", boolean=True, ordering="published")
    def shown(self, figure):
        return figure.published

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.count_of:
            actions.recount_figures(at=timezone.now())

    @admin.action(description="Relus ce jour\u00a0: bons pour un an", permissions=["change"])
    def confirm(self, request, queryset):
        count = actions.confirm_figures(figures=queryset.order_by("pk"), at=timezone.now())
        messages.success(request, f"{french.plural(count, 'chiffre relu', 'chiffres relus')}, à revoir dans un an.")

    @admin.action(description="Publier", permissions=["change"])
    def publish(self, request, queryset):
        count = actions.publish_figures(figures=queryset.filter(published=False).order_by("pk"))
        messages.success(request, f"{french.plural(count, 'chiffre publié', 'chiffres publiés')}.")

    def work_queues(self, request, at):
        return queues(at)


def queues(at):
    """What waits for staff: figures overdue for a review, and those that the portal counts otherwise."""
    stale, gaps = KeyFigure.objects.stale(at), KeyFigure.objects.with_gap().order_by("position", "pk")
    return [
        queue(
            "chiffres-a-relire", "Chiffres à relire", "chiffre à relire|chiffres à relire", stale, "relire", "Relire", review_note, "ochre"
        ),
        queue(
            "chiffres-ecarts",
            "Chiffres en écart avec le portail",
            "chiffre en écart|chiffres en écart",
            gaps,
            "ecart",
            "Vérifier",
            announced,
            "brick",
        ),
    ]


def queue(code, title, counter, figures, chosen, label, note, tone):
    count = figures.count()
    shown = figures.with_territory()[:QUEUE_ROWS] if count else []
    return WorkQueue(
        code=code,
        title=title,
        counter=counter,
        count=count,
        url=f"{reverse(CHANGELIST)}?{CHOSEN}={chosen}",
        tone=tone,
        empty="Tous les chiffres sont à jour." if chosen == "relire" else "Ce que le portail compte est ce qu’il annonce.",
        rows=[
            WorkRow(
                title=str(figure),
                url=reverse(CHANGE, args=[figure.pk]),
                note=note(figure),
                action_label=label,
                action_url=reverse(CHANGE, args=[figure.pk]),
            )
            for figure in shown
        ],
    )


def review_note(figure):
    return f"{figure.display}, {figure.dated} · à revoir depuis le {french.date(figure.review_on)}"
