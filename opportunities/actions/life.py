"""The life of an offer: verbs that change its state, and what is told of each step."""

from django.db import transaction
from django.utils import timezone

from core import french, mail
from core.links import absolute
from opportunities import rules
from opportunities.actions.derived import refresh_place, refresh_search
from opportunities.actions.telling import tell
from opportunities.enums import REASON_REQUIRED, TRANSITIONS, ChangeState, ReportReason, State
from opportunities.models import OfferOutcome, Opportunity, StateChange, year_reference

HISTORY_REASON_LENGTH = 100
CLOSED = {State.FILLED, State.EXPIRED, State.WITHDRAWN}
"""States in which an offer is over; `closed_at` says since when."""


class TransitionRefused(Exception):
    """The verb cannot be done now; `messages` says why, in French, one text per problem."""

    def __init__(self, *messages):
        super().__init__(" ".join(messages))
        self.messages = list(messages)


@transaction.atomic
def submit(*, offer, actor=None, at=None):
    """Hand a draft over to the team for reading."""
    at = at or timezone.now()
    _lock(offer)
    offer.submitted_at = at
    return _move(offer, State.SUBMITTED, actor=actor, at=at)


@transaction.atomic
def publish(*, offer, actor=None, at=None, expires_at=None):
    """Show the offer to readers from `at` until `expires_at` (by default `rules.default_expiry`).

    A first publication gives the reference. Coming back from a pause keeps the date of publication,
    so that a pause never makes an offer new again; any other return starts a new publication.
    Publishing confirms. Raises `TransitionRefused` with every fact that is missing.
    """
    at = at or timezone.now()
    _lock(offer)
    _check(offer, State.PUBLISHED)
    refresh_place(offer)
    # An expiry that is over belongs to the last publication; the one asked for now is judged.
    offer.expires_at = expires_at or rules.kept_expiry(offer, at) or rules.default_expiry(offer, at)
    problems = rules.missing_for_publication(offer, at)
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))
    if offer.state != State.PAUSED or offer.published_at is None:
        offer.published_at = at
    offer.confirmed_at = at
    offer.reference = offer.reference or year_reference(timezone.localdate(at).year, offer.pk)
    refresh_search(offer)
    before = offer.state
    _move(offer, State.PUBLISHED, actor=actor, at=at)
    if actor is not None and before in (State.DRAFT, State.SUBMITTED, State.WITHDRAWN):
        tell(offer, "published", at, url=absolute(offer.get_absolute_url()))
    return offer


@transaction.atomic
def pause(*, offer, actor=None, at=None, reason=""):
    """Hide a published offer for a while."""
    _lock(offer)
    return _move(offer, State.PAUSED, actor=actor, at=at, reason=reason)


@transaction.atomic
def fill(*, offer, actor=None, at=None, reason=""):
    """Say that somebody was found: the offer keeps its page and leaves every list. Said by staff, it counts, with whom and how unknown."""
    at = at or timezone.now()
    _lock(offer)
    _move(offer, State.FILLED, actor=actor, at=at, reason=reason)
    if actor is not None:
        OfferOutcome.objects.create(opportunity=offer, at=at)
    return offer


@transaction.atomic
def withdraw(*, offer, reason="", actor=None, at=None):
    """Take an offer away for a stated reason (DSA-01), told to its publisher; refused without one."""
    at = at or timezone.now()
    _lock(offer)
    _move(offer, State.WITHDRAWN, actor=actor, at=at, reason=reason)
    if actor is not None:
        tell(offer, "withdrawn", at, decision=mail.quote(reason))
    return offer


@transaction.atomic
def send_back(*, offer, reason="", actor=None, at=None):
    """Return an offer to its writer as a draft, for a stated reason, told to a publisher who wrote it; refused without one."""
    at = at or timezone.now()
    _lock(offer)
    _move(offer, State.DRAFT, actor=actor, at=at, reason=reason)
    if actor is not None and offer.by_publisher:
        tell(offer, "sent_back", at, decision=mail.quote(reason))
    return offer


@transaction.atomic
def extend(*, offer, actor=None, at=None, until=None):
    """Move the expiry of an offer that is published or paused to `until` (by default `rules.default_expiry`).

    Refused when `until` is over or brings nothing; a dated locum is never extended past its last day.
    """
    at = at or timezone.now()
    _lock(offer)
    if offer.state not in (State.PUBLISHED, State.PAUSED):
        raise TransitionRefused(f"Une offre {offer.get_state_display()} ne se prolonge pas{french.NBSP}: publiez-la de nouveau.")
    limit = rules.default_expiry(offer, at)
    until = until or limit
    if offer.kind.is_locum and offer.ends_on and until > limit:
        raise TransitionRefused("Un remplacement daté s’arrête avec sa dernière journée. Changez d’abord la date de fin.")
    if until <= at:
        raise TransitionRefused("La nouvelle date d’expiration est passée.")
    if offer.expires_at and until <= offer.expires_at:
        raise TransitionRefused(f"L’offre est déjà visible jusqu’au {french.date(timezone.localtime(offer.expires_at))}.")
    offer.expires_at = until
    _save(offer, actor, f"prolongée jusqu’au {french.date(timezone.localtime(until))}")
    return offer


@transaction.atomic
def confirm(*, offer, actor=None, at=None):
    """Note that the publisher says the offer still holds: it is shown for as long as one published today."""
    at = at or timezone.now()
    _lock(offer)
    if offer.state != State.PUBLISHED:
        raise TransitionRefused(f"Seule une offre publiée se confirme{french.NBSP}; celle-ci est {offer.get_state_display()}.")
    offer.confirmed_at = max(at, offer.confirmed_at)
    offer.expires_at = max(offer.expires_at, rules.default_expiry(offer, at))
    _save(offer, actor, "confirmée")
    who = "L’équipe" if actor else "L’annonceur"
    settle_reports(offer=offer, outcome=f"{who} a confirmé l’offre.", at=at, by_team=actor is not None)
    return offer


@transaction.atomic
def retire(*, offer, at=None):
    """End a published offer of which its publisher says nothing any more; one word of theirs brings it back."""
    _lock(offer)
    return _move(offer, State.EXPIRED, actor=None, at=at, reason="sans nouvelles de l’annonceur")


def expire_due(*, at):
    """Expire what is published or paused and has reached its end; returns how many.

    Safe to run twice, also at the same time: a row another run holds is left to it.
    """
    done = 0
    due = (
        Opportunity.objects.filter(state__in=(State.PUBLISHED, State.PAUSED), expires_at__lte=at)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in list(due):
        done += _expire(pk, at)
    return done


@transaction.atomic
def _expire(pk, at):
    row = (
        Opportunity.objects.select_for_update(skip_locked=True)
        .filter(pk=pk, state__in=(State.PUBLISHED, State.PAUSED), expires_at__lte=at)
        .first()
    )
    if row is None:
        return 0
    _move(row, State.EXPIRED, actor=None, at=at)
    return 1


def _lock(offer):
    """Reload the row under lock until the end of the transaction."""
    offer.refresh_from_db(from_queryset=Opportunity.objects.select_for_update())


def _check(offer, after, reason=""):
    """Raise `TransitionRefused` unless the table allows the step and a required reason is given."""
    if after not in TRANSITIONS[State(offer.state)]:
        raise TransitionRefused(f"Une offre {offer.get_state_display()} ne peut pas devenir {State(after).label}.")
    if after in REASON_REQUIRED and not reason.strip():
        raise TransitionRefused("Écrivez le motif de cette décision.")


def _move(offer, after, *, actor, at, reason=""):
    """The only place that changes `Opportunity.state`: checks, saves, and writes the step down."""
    at = at or timezone.now()
    _check(offer, after, reason)
    before, offer.state = offer.state, after
    offer.closed_at = (offer.closed_at if before in CLOSED and offer.closed_at else at) if after in CLOSED else None
    _save(offer, actor, f"{State(after).label}{french.NBSP}: {reason}" if reason else State(after).label)
    StateChange.objects.create(opportunity=offer, at=at, before=before, after=after, reason=reason.strip(), actor=actor)
    if after in (State.FILLED, State.WITHDRAWN):
        offer.proposed_changes.filter(state=ChangeState.OPEN).update(state=ChangeState.VOID, decided_at=at)
    settle_reports(offer=offer, outcome=f"L’offre est maintenant {State(after).label}.", at=at, by_team=actor is not None)
    return offer


@transaction.atomic
def settle_reports(*, offer, outcome, at, by_team=False, reports=None):
    """What readers reported is settled by what becomes of the offer, and who left an address is told, once a day.

    A text that may be unlawful is settled by the team alone (DSA-01). `reports` are those to settle, all that are open if None.
    """
    found = (offer.reports if reports is None else reports).open().select_for_update()
    for report in found if by_team else found.exclude(reason=ReportReason.UNLAWFUL):
        report.settled_at, report.outcome = at, outcome
        report.save(update_fields=["settled_at", "outcome"])
        if report.email:
            mail.post(
                event=f"opportunities.report_settled:{offer.pk}:{timezone.localdate(at):%Y%m%d}",
                recipient=report.email,
                template="opportunities/mail/report_settled.txt",
                context={"offer": offer, "outcome": outcome, "url": absolute(offer.get_absolute_url())},
                reason="vous avez signalé cette offre",
                about=report,
            )


def _save(offer, actor, reason):
    """Save with an entry of history signed and explained."""
    offer._history_user = actor
    offer._change_reason = reason[:HISTORY_REASON_LENGTH]
    offer.save()


VERBS = {verb.__name__: verb for verb in (submit, publish, pause, fill, withdraw, send_back, extend, confirm)}
"""Verbs that staff may choose on an offer, by name."""
