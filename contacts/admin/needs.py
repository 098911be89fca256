"""Needs and availabilities as the team sees them: what has to be read, what is urgent, what fits, what was said."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from contacts.actions import needs as actions
from contacts.models import Need, NeedMatch
from contacts.needs_words import days, rent, state, where
from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.admin_mail import mails_of

CHANGELIST = "admin:contacts_need_changelist"
CHANGE = "admin:contacts_need_change"


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [
            ("active", "en cours"),
            ("held", "à lire"),
            ("urgent", "urgentes"),
            ("appel", "rappel demandé"),
            ("waiting", "adresse à confirmer"),
            ("over", "terminées"),
        ]

    def queryset(self, request, queryset):
        at = timezone.now()
        words = {
            "active": lambda: queryset.active(at),
            "held": lambda: queryset.held_back(at),
            "urgent": lambda: queryset.urgent(at),
            "appel": lambda: queryset.to_call(),
            "waiting": lambda: queryset.filter(confirmed_at__isnull=True, stopped_at__isnull=True),
            "over": lambda: queryset.filter(Q(stopped_at__isnull=False) | Q(expires_at__lte=at), confirmed_at__isnull=False),
        }
        return words[self.value()]() if self.value() in words else queryset


class AreaFilter(admin.SimpleListFilter):
    title = "intercommunalité"
    parameter_name = "epci"

    def lookups(self, request, model_admin):
        epcis = Need.epcis.field.related_model.objects.order_by("short_name")
        return [*((epci.slug, epci.short_name) for epci in epcis), ("partout", "partout en Vaucluse")]

    def queryset(self, request, queryset):
        if self.value() == "partout":
            return queryset.filter(commune__isnull=True, epcis__isnull=True, places__isnull=True)
        slug = self.value()
        named = Q(commune__epci__slug=slug) | Q(epcis__slug=slug) | Q(places__commune__epci__slug=slug)
        return queryset.filter(named).distinct() if slug else queryset


class DecisionForm(ActionForm):
    """What goes with a decision: whoever is refused reads why (DSA-01)."""

    why = forms.CharField(label="Motif, pour «\u00a0Écarter\u00a0»", max_length=300, required=False)


@admin.register(Need)
class NeedAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["what", "where", "when", "standing", "uses", "state_told", "received", "found"]
    list_filter = [StateFilter, AreaFilter, "subject", "kinds", "standing", "available"]
    list_select_related = ["commune"]
    list_per_page = 50
    search_fields = ["email", "words", "commune__name", "places__label", "places__commune__name"]
    search_help_text = "Adresse, quelques mots, commune ou lieu"
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    actions = ["let_through", "refuse", "take_up"]
    action_form = DecisionForm
    fieldsets = [
        (None, {"fields": ["what", "where", "rent", "when", "standing", "words", "uses", "email"]}),
        ("Sa vie", {"fields": ["state_told", "held", "received", "confirmed_at", "expires_at", "stopped_at", "seen_at"]}),
        ("Ce qui convient", {"fields": ["fitting", "mails"]}),
    ]
    readonly_fields = ["what", "where", "rent", "when", "uses", "state_told", "received", "fitting", "mails"]

    def get_queryset(self, request):
        return (
            super().get_queryset(request).prefetch_related("kinds", "epcis", "places").annotate(match_count=Count("matches", distinct=True))
        )

    def has_decide_permission(self, request):
        return request.user.has_perm("contacts.change_need")

    @admin.display(description="cherche")
    def what(self, need):
        return ", ".join(kind.label for kind in need.kinds.all()) or need.get_subject_display()

    @admin.display(description="où")
    def where(self, need):
        return where(need)

    @admin.display(description="loyer")
    def rent(self, need):
        return rent(need) or "—"

    @admin.display(description="quand", ordering="starts_on")
    def when(self, need):
        return days(need) or "—"

    @admin.display(description="usage")
    def uses(self, need):
        return ", ".join(label for label, wanted in (("prévenir", need.notify), ("disponible", need.available)) if wanted) or "compter"

    @admin.display(description="état")
    def state_told(self, need):
        return state(need, timezone.now()) if need.confirmed_at else "adresse à confirmer"

    @admin.display(description="reçue le", ordering="created_at")
    def received(self, need):
        return french.moment(need.created_at)

    @admin.display(description="offres", ordering="match_count")
    def found(self, need):
        return need.match_count

    @admin.display(description="ce qui convient")
    def fitting(self, need):
        rows = need.matches.select_related("offer", "afterword").order_by("-found_at", "-pk")[:30]
        lines = ((reverse("admin:opportunities_opportunity_change", args=[row.offer_id]), row.offer.title, history(row)) for row in rows)
        rooms = need.lodgings.select_related("dwelling")[:30]
        told = ((room.dwelling.get_absolute_url(), room.dwelling.title, _told(room)) for room in rooms)
        return format_html_join("", '<div><a href="{}">{}</a> {}</div>', (*lines, *told)) or "rien"

    @admin.display(description="courriels")
    def mails(self, need):
        return format_html("{}{}", mails_of(need), format_html_join("", "{}", ((mails_of(row),) for row in _introduced(need))))

    @admin.action(description="Lue\u00a0: rien à redire", permissions=["decide"])
    def let_through(self, request, queryset):
        count = sum(bool(actions.let_through(need=need, at=timezone.now())) for need in queryset.exclude(held=""))
        messages.success(request, f"{french.plural(count, 'recherche compte', 'recherches comptent')} désormais.")

    @admin.action(description="Écarter, avec ce motif (la personne le lit)", permissions=["decide"])
    def refuse(self, request, queryset):
        why = french.typeset(request.POST.get("why", "").replace("\0", "")).strip()[:300]
        if not why:
            messages.error(request, "Écrivez le motif\u00a0: la personne le lira. Rien n’est changé.")
            return
        count = sum(bool(actions.refuse(need=need, why=why, at=timezone.now())) for need in queryset.filter(stopped_at__isnull=True))
        messages.success(request, f"{french.plural(count, 'recherche écartée', 'recherches écartées')}.")

    @admin.action(description="Prise en charge par l’équipe", permissions=["decide"])
    def take_up(self, request, queryset):
        keys = list(queryset.values_list("pk", flat=True))
        count = actions.take_up(needs=Need.objects.filter(pk__in=keys), at=timezone.now())
        messages.success(request, f"{french.plural(count, 'recherche prise', 'recherches prises')} en charge.")

    def work_queues(self, request, at):
        """What has to be read before it counts, who begins within a month, who wants to be called after a replacement."""
        return [self._queue(at, *each) for each in self._queues(at)]

    def _queues(self, at):
        yield (
            "recherches-a-lire",
            "Recherches à lire",
            "recherche à lire|recherches à lire",
            "held",
            Need.objects.held_back(at),
            "ochre",
            lambda need: need.held,
        )
        yield (
            "recherches-urgentes",
            "Recherches qui pressent",
            "recherche qui presse|recherches qui pressent",
            "urgent",
            Need.objects.urgent(at),
            "brick",
            days,
        )
        yield (
            "rappels-demandes",
            "Rappels demandés après un remplacement",
            "rappel demandé|rappels demandés",
            "appel",
            Need.objects.to_call(),
            "ochre",
            lambda need: need.email,
        )

    def _queue(self, at, code, title, counter, state_code, needs, tone, note):
        count = needs.count()
        rows = (
            needs.select_related("commune").prefetch_related("kinds", "epcis", "places").order_by("starts_on", "pk")[:QUEUE_ROWS]
            if count
            else []
        )
        return WorkQueue(
            code=code,
            title=title,
            counter=counter,
            count=count,
            url=f"{reverse(CHANGELIST)}?etat={state_code}",
            tone=tone,
            empty="Aucune recherche n’attend l’équipe.",
            rows=[
                WorkRow(
                    title=f"{self.what(need)}, {self.where(need)}",
                    url=(url := reverse(CHANGE, args=[need.pk])),
                    note=f"{need.get_standing_display()} · {note(need)}",
                    action_label="Lire",
                    action_url=url,
                )
                for need in rows
            ],
        )


def _introduced(need):
    return NeedMatch.objects.filter(need=need, requested_at__isnull=False).order_by("pk")


def _told(lodging):
    return f"dit le {french.moment(lodging.told_at)}" if lodging.told_at else "pas encore dit"


def history(match):
    """Who was told, who asked, who agreed, and when."""
    steps = [
        ("dite", match.told_at),
        ("annonceur prévenu", match.shown_at),
        ("demandée", match.requested_at),
        (f"réponse\u00a0: {match.get_answer_display()}", match.answered_at),
        ("mis en relation", match.introduced_at),
    ]
    told = ", ".join(f"{label} le {french.moment(moment)}" for label, moment in steps if moment) or "pas encore dite"
    after = getattr(match, "afterword", None)
    return f"{told}. Après le remplacement\u00a0: {', '.join(' '.join(fact) for fact in after.facts)}" if after else told
