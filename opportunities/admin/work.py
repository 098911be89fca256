"""What the offers put on the first page of the staff side: five queues, each row with its one action."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from opportunities import presenters
from opportunities.admin.filters import EXPIRES_WITHIN_DAYS, expiring, to_confirm
from opportunities.enums import State
from opportunities.models import Opportunity

CHANGELIST = "admin:opportunities_opportunity_changelist"
CHANGE = "admin:opportunities_opportunity_change"
VERB = "admin:opportunities_opportunity_verb"


def queues(at):
    """The five queues, in the order of a day: two queries for the counts and one for the rows of each."""
    counts = _counts(at)
    return [
        _queue(
            "a-relire",
            "À relire",
            "à relire",
            counts["submitted"],
            f"?state__exact={State.SUBMITTED}",
            Opportunity.objects.filter(state=State.SUBMITTED).order_by("updated_at", "pk"),
            lambda offer: _follow(offer, "Relire", f"reçue {ago(offer.updated_at, at)}"),
            tone="ochre",
            empty="Aucune offre n’attend de relecture.",
        ),
        _queue(
            "a-confirmer",
            "À confirmer",
            "à confirmer",
            counts["to_confirm"],
            "?a_faire=confirmer",
            to_confirm(at),
            lambda offer: _post(offer, "confirm", "Confirmer", f"confirmée {ago(offer.confirmed_at, at)}"),
            tone="ochre",
            empty="Toutes les offres publiées ont été confirmées depuis moins d’un mois.",
        ),
        _queue(
            "expirent",
            f"Expirent dans {EXPIRES_WITHIN_DAYS} jours",
            "expirent bientôt",
            counts["expiring"],
            "?a_faire=expirent",
            expiring(at),
            lambda offer: _post(offer, "extend", "Prolonger", f"jusqu’au {french.date(timezone.localtime(offer.expires_at))}"),
            empty="Aucune offre n’expire dans les quinze jours.",
        ),
        _queue(
            "expirees",
            "Expirées, à clore",
            "expirées à clore",
            counts["expired"],
            f"?state__exact={State.EXPIRED}",
            Opportunity.objects.filter(state=State.EXPIRED).order_by("closed_at", "pk"),
            lambda offer: _post(offer, "fill", "Pourvue", f"expirée {ago(offer.closed_at or offer.expires_at, at)}"),
            tone="brick",
            empty="Aucune offre expirée n’attend une suite.",
        ),
        _queue(
            "brouillons",
            "Brouillons",
            "brouillons",
            counts["draft"],
            f"?state__exact={State.DRAFT}",
            Opportunity.objects.filter(state=State.DRAFT).order_by("-updated_at", "-pk"),
            lambda offer: _follow(offer, "Continuer", f"modifié {ago(offer.updated_at, at)}"),
            empty="Aucun brouillon.",
        ),
    ]


def _counts(at):
    """One pass over the few offers that are waiting for something."""
    waiting = [State.SUBMITTED, State.DRAFT, State.EXPIRED]
    counts = Opportunity.objects.filter(state__in=waiting).aggregate(**{state: Count("pk", filter=Q(state=state)) for state in waiting})
    return {**counts, "to_confirm": to_confirm(at).count(), "expiring": expiring(at).count()}


def _queue(code, title, counter, count, query, offers, row, *, tone="", empty):
    rows = []
    if count:
        shown = offers.select_related("kind", "commune__epci").defer("search_text", "search_vector", "description")[:QUEUE_ROWS]
        rows = [row(offer) for offer in shown]
    return WorkQueue(code, title, counter, count, reverse(CHANGELIST) + query, tone if count else "", empty, rows)


def _row(offer, note, **action):
    place = presenters.place(offer) if offer.commune_id else "lieu à préciser"
    return WorkRow(
        title=offer.title or "Sans titre",
        url=reverse(CHANGE, args=[offer.pk]),
        note=f"{offer.kind.label}, {place} · {note}",
        marker=offer.kind,
        **action,
    )


def _follow(offer, label, note):
    return _row(offer, note, action_label=label, action_url=reverse(CHANGE, args=[offer.pk]))


def _post(offer, verb, label, note):
    return _row(offer, note, action_label=label, action_url=reverse(VERB, args=[offer.pk, verb]), is_post=True)


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
        return f"il y{french.NBSP}a {days}{french.NBSP}jours"
    return f"il y{french.NBSP}a {days // 30}{french.NBSP}mois"
