"""What the offers put on the first page of the staff side: five queues, each row with its one action."""

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from opportunities import presenters, rules
from opportunities.admin.filters import EXPIRES_WITHIN_DAYS, expiring, to_confirm
from opportunities.enums import State
from opportunities.models import Opportunity

CHANGELIST = "admin:opportunities_opportunity_changelist"
CHANGE = "admin:opportunities_opportunity_change"
VERB = "admin:opportunities_opportunity_verb"


def queues(at):
    """The five queues, in the order of a day: three queries for the counts and one for the rows of each that has some."""
    counts = _counts(at)
    return [queue(at, counts) for queue in (_to_read, _to_confirm, _expiring, _expired, _drafts)]


def _to_read(at, counts):
    waiting = Opportunity.objects.filter(state=State.SUBMITTED).with_twins().order_by(F("submitted_at").asc(nulls_first=True), "pk")
    rows = list(_first(counts["submitted"], waiting))
    return WorkQueue(
        code="a-relire",
        title="Offres à relire",
        counter="offre à relire|offres à relire",
        count=counts["submitted"],
        url=_list_of(State.SUBMITTED),
        tone="brick" if any(_is_late(offer, at) for offer in rows) else "ochre",
        empty="Aucune offre n’attend de relecture.",
        rows=[_follow(offer, "Relire", _since(offer, at)) for offer in rows],
    )


def _received(offer):
    return offer.submitted_at or offer.updated_at


def _is_late(offer, at):
    """Whether the answer that publishers were promised is overdue."""
    return rules.answer_due(_received(offer)) < at


def _since(offer, at):
    notes = [
        f"reçue {ago(_received(offer), at)}",
        "réponse en retard" if _is_late(offer, at) else "",
        "peut-être un double" if offer.has_twin else "",
    ]
    return ", ".join(filter(None, notes))


def _to_confirm(at, counts):
    return WorkQueue(
        code="a-confirmer",
        title="Offres à confirmer",
        counter="offre à confirmer|offres à confirmer",
        count=counts["to_confirm"],
        url=reverse(CHANGELIST) + "?a_faire=confirmer",
        tone="ochre",
        empty="Toutes les offres publiées ont été confirmées depuis moins d’un mois.",
        rows=[
            _post(offer, "confirm", "Confirmer", f"confirmée {ago(offer.confirmed_at, at)}")
            for offer in _first(counts["to_confirm"], to_confirm(at))
        ],
    )


def _expiring(at, counts):
    return WorkQueue(
        code="expirent",
        title=f"Offres qui expirent dans {EXPIRES_WITHIN_DAYS} jours",
        counter="offre expire bientôt|offres expirent bientôt",
        count=counts["expiring"],
        url=reverse(CHANGELIST) + "?a_faire=expirent",
        empty="Aucune offre n’expire dans les quinze jours.",
        rows=[
            _post(offer, "extend", "Prolonger", f"jusqu’au {french.date(timezone.localtime(offer.expires_at))}")
            for offer in _first(counts["expiring"], expiring(at))
        ],
    )


def _expired(at, counts):
    return WorkQueue(
        code="expirees",
        title="Offres expirées, à clore",
        counter="offre expirée à clore|offres expirées à clore",
        count=counts["expired"],
        url=_list_of(State.EXPIRED),
        tone="brick",
        empty="Aucune offre expirée n’attend une suite.",
        rows=[
            _follow(offer, "Décider", f"expirée {ago(offer.closed_at or offer.expires_at, at)}")
            for offer in _first(counts["expired"], Opportunity.objects.filter(state=State.EXPIRED).order_by("closed_at", "pk"))
        ],
    )


def _drafts(at, counts):
    return WorkQueue(
        code="brouillons",
        title="Offres en brouillon",
        counter="offre en brouillon|offres en brouillon",
        count=counts["draft"],
        url=_list_of(State.DRAFT),
        empty="Aucun brouillon.",
        rows=[
            _follow(offer, "Continuer", f"modifié {ago(offer.updated_at, at)}")
            for offer in _first(
                counts["draft"], Opportunity.objects.known_to_team().filter(state=State.DRAFT).order_by("-updated_at", "-pk")
            )
        ],
    )


def _counts(at):
    """One pass over the few offers that are waiting for something."""
    waiting = [State.SUBMITTED, State.DRAFT, State.EXPIRED]
    counts = (
        Opportunity.objects.known_to_team()
        .filter(state__in=waiting)
        .aggregate(**{state: Count("pk", filter=Q(state=state)) for state in waiting})
    )
    return {**counts, "to_confirm": to_confirm(at).count(), "expiring": expiring(at).count()}


def _list_of(state):
    return f"{reverse(CHANGELIST)}?state__exact={state}"


def _first(count, offers):
    """The rows that the page shows; nothing is asked when there is none."""
    return offers.select_related("kind", "commune__epci").defer("search_text", "search_vector", "description")[:QUEUE_ROWS] if count else []


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
        return f"il{french.NBSP}y{french.NBSP}a {days}{french.NBSP}jours"
    return f"il{french.NBSP}y{french.NBSP}a {days // 30}{french.NBSP}mois"
