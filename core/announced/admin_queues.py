"""What announcements put on the first page of the staff side: five queues, each row with its one action."""

from abc import ABC, abstractmethod
from datetime import timedelta

from django.contrib import admin
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from core.announced import rules
from core.enums import State

EXPIRES_WITHIN_DAYS = 15


def to_confirm(rows, at):
    """Published rows to ask about that nobody has confirmed for 30 days, the oldest first."""
    return rows.silent_since(at - timedelta(days=rules.CONFIRM_AFTER_DAYS)).asked_about(at).order_by("confirmed_at", "pk")


def expiring(rows, at):
    """Published rows that end within 15 days and may be extended, the nearest first."""
    ends_soon = rows.published().extendable().filter(expires_at__gt=at, expires_at__lte=at + timedelta(days=EXPIRES_WITHIN_DAYS))
    return ends_soon.order_by("expires_at", "pk")


class FreshnessFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = "a_faire"
    choices_to_querysets = {"confirmer": to_confirm, "expirent": expiring}

    def lookups(self, request, model_admin):
        return [
            ("confirmer", f"à confirmer (plus de {rules.CONFIRM_AFTER_DAYS} jours)"),
            ("expirent", f"expirent dans {EXPIRES_WITHIN_DAYS} jours"),
        ]

    def queryset(self, request, queryset):
        chosen = self.choices_to_querysets.get(self.value())
        if chosen is None:
            return queryset
        return queryset.filter(pk__in=chosen(queryset.model.objects.all(), timezone.now()).values("pk"))


class Queues(ABC):
    """The five queues of one app, in the order of a day: three queries for the counts and one for the rows of each that has some."""

    model = None
    noun, nouns = "annonce", "annonces"
    prefix = ""
    """What tells its codes from those of another app."""

    # --- What an app says ----------------------------------------------------------------------

    def waiting(self):
        """Rows that are to be read, with what the queue tells of them: `has_twin`."""
        return self.model.objects.filter(state=State.SUBMITTED)

    def for_rows(self, rows):
        """With what a line of a queue reads."""
        return rows

    @abstractmethod
    def about(self, row):
        """Kind and place of a row, in words."""

    def marker(self, row):
        """What draws its kind, with `shape`, `glyph` and `tone`; or None."""
        return

    # -------------------------------------------------------------------------------------------

    def __call__(self, at):
        counts = self._counts(at)
        return [queue(at, counts) for queue in (self._to_read, self._to_confirm, self._expiring, self._expired, self._drafts)]

    def _queue(self, code, title, counter, **options):
        return WorkQueue(code=f"{self.prefix}{code}", title=title, counter=counter, **options)

    def _to_read(self, at, counts):
        waiting = self.waiting().order_by(F("submitted_at").asc(nulls_first=True), "pk")
        rows = list(self._first(counts["submitted"], waiting))
        return self._queue(
            "a-relire",
            f"{self.nouns.capitalize()} à relire",
            f"{self.noun} à relire|{self.nouns} à relire",
            count=counts["submitted"],
            url=self.list_of(State.SUBMITTED),
            tone="brick" if any(is_late(received(row), at) for row in rows) else "ochre",
            is_awaited=True,
            empty=f"Aucune {self.noun} n’attend de relecture.",
            rows=[self.follow(row, "Relire", self._since(row, at)) for row in rows],
        )

    def _since(self, row, at):
        notes = [
            f"reçue {ago(received(row), at)}",
            "réponse en retard" if is_late(received(row), at) else "",
            "peut-être un double" if row.has_twin else "",
        ]
        return ", ".join(filter(None, notes))

    def _to_confirm(self, at, counts):
        return self._queue(
            "a-confirmer",
            f"{self.nouns.capitalize()} à confirmer",
            f"{self.noun} à confirmer|{self.nouns} à confirmer",
            count=counts["to_confirm"],
            url=f"{self.url('changelist')}?a_faire=confirmer",
            tone="ochre",
            empty=f"Toutes les {self.nouns} publiées ont été confirmées depuis moins d’un mois.",
            rows=[
                self._post(row, "confirm", "Confirmer", f"confirmée {ago(row.confirmed_at, at)}")
                for row in self._first(counts["to_confirm"], to_confirm(self.model.objects, at))
            ],
        )

    def _expiring(self, at, counts):
        return self._queue(
            "expirent",
            f"{self.nouns.capitalize()} qui expirent dans {EXPIRES_WITHIN_DAYS} jours",
            f"{self.noun} expire bientôt|{self.nouns} expirent bientôt",
            count=counts["expiring"],
            url=f"{self.url('changelist')}?a_faire=expirent",
            empty=f"Rien n’expire dans les quinze jours parmi les {self.nouns}.",
            rows=[
                self._post(row, "extend", "Prolonger", f"jusqu’au {french.date(timezone.localtime(row.expires_at))}")
                for row in self._first(counts["expiring"], expiring(self.model.objects, at))
            ],
        )

    def _expired(self, at, counts):
        expired = self.model.objects.filter(state=State.EXPIRED).order_by("closed_at", "pk")
        return self._queue(
            "expirees",
            f"{self.nouns.capitalize()} expirées, à clore",
            f"{self.noun} expirée à clore|{self.nouns} expirées à clore",
            count=counts["expired"],
            url=self.list_of(State.EXPIRED),
            tone="brick",
            empty=f"Rien d’expiré n’attend une suite parmi les {self.nouns}.",
            rows=[
                self.follow(row, "Décider", f"expirée {ago(row.closed_at or row.expires_at, at)}")
                for row in self._first(counts["expired"], expired)
            ],
        )

    def _drafts(self, at, counts):
        drafts = self.model.objects.known_to_team().filter(state=State.DRAFT).order_by("-updated_at", "-pk")
        return self._queue(
            "brouillons",
            f"{self.nouns.capitalize()} en brouillon",
            f"{self.noun} en brouillon|{self.nouns} en brouillon",
            count=counts["draft"],
            url=self.list_of(State.DRAFT),
            empty="Aucun brouillon.",
            is_draft=True,
            rows=[self.follow(row, "Continuer", f"modifié {ago(row.updated_at, at)}") for row in self._first(counts["draft"], drafts)],
        )

    def _counts(self, at):
        """One pass over the few rows that are waiting for something."""
        waiting = [State.SUBMITTED, State.DRAFT, State.EXPIRED]
        known = self.model.objects.known_to_team().filter(state__in=waiting)
        counts = known.aggregate(**{state: Count("pk", filter=Q(state=state)) for state in waiting})
        rows = self.model.objects
        return {**counts, "to_confirm": to_confirm(rows, at).count(), "expiring": expiring(rows, at).count()}

    def url(self, page, *args):
        """The address of a staff page of these rows."""
        meta = self.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)

    def list_of(self, state):
        """The list of those in this state."""
        return f"{self.url('changelist')}?state__exact={state}"

    def _first(self, count, rows):
        """The rows that the page shows; nothing is asked when there is none."""
        return self.for_rows(rows).defer("search_text", "search_vector", "description")[:QUEUE_ROWS] if count else []

    def _row(self, row, note, **action):
        return WorkRow(
            title=row.title or "Sans titre",
            url=self.url("change", row.pk),
            note=f"{self.about(row)} · {note}",
            marker=self.marker(row),
            **action,
        )

    def follow(self, row, label, note):
        """A line that leads to the screen of the row."""
        return self._row(row, note, action_label=label, action_url=self.url("change", row.pk))

    def _post(self, row, verb, label, note):
        return self._row(row, note, action_label=label, action_url=self.url("verb", row.pk, verb), is_post=True)


def received(row):
    """When the team received it."""
    return row.submitted_at or row.updated_at


def is_late(moment, at):
    """Whether the answer that was promised for what came at that moment is overdue."""
    return rules.answer_due(moment) < at


def ago(moment, at):
    """`aujourd’hui`, `hier`, `il y a 12 jours`, `il y a 3 mois`: the distance in days of the calendar."""
    if moment is None:
        return "à une date inconnue"
    days = (timezone.localdate(at) - timezone.localdate(moment)).days
    if days <= 0:
        return "aujourd’hui"
    if days == 1:
        return "hier"
    if days < 60:
        return f"il{french.NBSP}y{french.NBSP}a {days}{french.NBSP}jours"
    return f"il{french.NBSP}y{french.NBSP}a {days // 30}{french.NBSP}mois"
