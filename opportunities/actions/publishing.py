"""What a publisher does without an account: a draft, its address, its way to the team, changes, whom it found; and what is erased."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.public import ASKED_ENOUGH
from core import mail
from core.french import NBSP
from opportunities import rules
from opportunities.actions.content import delete_offer, save_offer
from opportunities.actions.derived import refresh_place
from opportunities.actions.life import TransitionRefused, _lock, fill, submit
from opportunities.actions.telling import REASON, tell
from opportunities.enums import ChangeState, LocationPrecision, State
from opportunities.models import ContactChange, DayViews, OfferOutcome, Opportunity, ProposedChange
from opportunities.private_link import CONTACT_KEPT, CONTACT_LIFETIME, contact_url, keep_url

EDITABLE = (State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.PAUSED, State.EXPIRED)
"""States in which publishers change their offer themselves."""
READ_AGAIN = (State.PUBLISHED, State.PAUSED, State.EXPIRED)
"""Those in which the team has read it, and reads sensitive changes again."""


# --- Draft and submission ----------------------------------------------------------------------


@transaction.atomic
def begin(*, offer, confirmed, send, at):
    """Keep the first draft of a publisher and write them their private link, once.

    `confirmed`: this browser has confirmed the address. Then `send` hands the draft over at once; else the button behind the link does.
    The message repeats no word of the draft: whoever wrote it may not be who receives it. Refused when the address was asked enough today.
    """
    if not confirmed and not mail.may_ask(offer.contact_email, at):
        raise TransitionRefused(ASKED_ENOUGH)
    offer.by_publisher = True
    offer.contact_confirmed_at = at if confirmed else None
    save_offer(offer=offer, reason="écrite par l’annonceur")
    mail.post(
        event=f"opportunities.draft:{offer.pk}",
        recipient=offer.contact_email,
        template="opportunities/mail/draft.txt",
        context={
            "kind": offer.kind.label,
            "keep_url": keep_url(offer),
            "send": send,
            "confirmed": confirmed,
            "days": rules.UNCONFIRMED_DAYS,
        },
        reason="cette adresse a été donnée comme contact d’une offre en préparation",
        about=offer,
        at=at,
    )
    if send and confirmed:
        hand_over(offer=offer, at=at)
    return offer


@transaction.atomic
def confirm_contact(*, offer, at):
    """Note that whoever reads the address of this offer has acted behind its link."""
    if offer.contact_confirmed_at is None:
        offer.contact_confirmed_at = at
        Opportunity.objects.filter(pk=offer.pk).update(contact_confirmed_at=at)


@transaction.atomic
def hand_over(*, offer, at):
    """A publisher gives a draft to the team. Raises `TransitionRefused` with every fact that is missing."""
    _lock(offer)
    Opportunity.objects.filter(pk=offer.pk).update(expires_at=rules.kept_expiry(offer, at))
    problems = rules.missing_to_submit(offer, at)
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))
    submit(offer=offer, at=at)
    tell(offer, "submitted", at)
    return offer


@transaction.atomic
def drop_draft(*, offer):
    """Delete an offer that was never public, with its versions and what was written about it."""
    _lock(offer)
    if offer.published_at is not None or offer.state not in (State.DRAFT, State.SUBMITTED):
        raise TransitionRefused("Cette offre a été publiée\u00a0: elle se met en pause, ou se déclare pourvue.")
    pk = offer.pk
    mail.erase(about=offer)
    delete_offer(offer=offer)
    Opportunity.history.filter(id=pk).delete()


# --- Changes -----------------------------------------------------------------------------------


@transaction.atomic
def change(*, offer, values, at):
    """Give an offer what its publisher wrote (`values` by column). What the team must read first waits; returns the columns that wait."""
    _lock(offer)
    if offer.state not in EDITABLE:
        raise TransitionRefused(f"Une offre {offer.get_state_display()} ne se modifie plus ici. Écrivez à l’équipe.")
    held = rules.to_read_again(offer, values) if offer.state in READ_AGAIN else set()
    at_once = {name: value for name, value in values.items() if name not in held and getattr(offer, name) != value}
    if at_once:
        _give(offer, at_once, at)
        save_offer(offer=offer, reason="modifiée par l’annonceur")
    _propose(offer, values, {name: values[name] for name in sorted(held)}, at)
    return held


def _give(offer, values, at):
    """Set these columns. An exact place that has moved waits for its point; a dated locum ends with its last day."""
    moved = any(getattr(offer, name) != values[name] for name in values.keys() & {*rules.PLACE} - {"workplace"})
    dated = any(getattr(offer, name) != values[name] for name in values.keys() & {"ends_on", "kind_id"})
    for name, value in values.items():
        setattr(offer, name, value)
    if moved and offer.location_precision == LocationPrecision.EXACT:
        offer.latitude = offer.longitude = None
    if dated and offer.kind.is_locum and offer.expires_at and rules.default_expiry(offer, at) > at:
        offer.expires_at = rules.default_expiry(offer, at)


def _propose(offer, values, held, at):
    """What waits for the team: `held`, and what waited already and is not among the `values` written now."""
    waiting = offer.proposed_changes.select_for_update().filter(state=ChangeState.OPEN).first()
    before = read_values(waiting.values) if waiting else {}
    wanted = {name: value for name, value in before.items() if name not in values} | held
    if wanted == before:
        return
    if waiting:
        offer.proposed_changes.filter(pk=waiting.pk).update(state=ChangeState.REPLACED, decided_at=at)
    if wanted:
        ProposedChange.objects.create(opportunity=offer, values=wanted, created_at=at)


def with_waiting(offer):
    """The offer as its publisher wants it, with the change that waits for the team, which is returned; not to be saved."""
    waiting = offer.proposed_changes.filter(state=ChangeState.OPEN).first() if offer.state in READ_AGAIN else None
    for name, value in read_values(waiting.values if waiting else {}).items():
        setattr(offer, name, value)
    return waiting


@transaction.atomic
def approve(*, proposal, actor, at):
    """Give a published offer the change that its publisher proposed. Raises `TransitionRefused` when it could not be published so."""
    offer = _decide(proposal, ChangeState.APPROVED, at)
    if offer.state not in READ_AGAIN:
        raise TransitionRefused(f"L’offre est {offer.get_state_display()}\u00a0: cette modification n’a plus d’objet. Refusez-la.")
    was_agreed = rules.is_agreed(offer)
    _give(offer, read_values(proposal.values), at)
    if offer.location_precision == LocationPrecision.EXACT and offer.point is None:
        raise TransitionRefused("L’adresse exacte a changé\u00a0: ouvrez l’offre, écrivez-la et placez le point, puis approuvez.")
    refresh_place(offer)
    if offer.is_confidential and was_agreed:
        # All they had read, and their own words, which the team has read now. Else somebody else's words are among them.
        offer.text_agreed = rules.shown_digest(offer)
    problems = rules.missing_for_publication(offer, at) if offer.state == State.PUBLISHED else []
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))
    save_offer(offer=offer, actor=actor, reason="modification de l’annonceur, approuvée")
    tell(offer, "change_approved", at, to_agree=rules.may_agree(offer))
    return offer


@transaction.atomic
def refuse(*, proposal, reason, actor, at):
    """Leave an offer as it is, for a stated reason, told to its publisher."""
    if not reason.strip():
        raise TransitionRefused("Écrivez le motif de cette décision.")
    proposal.reason = reason.strip()
    offer = _decide(proposal, ChangeState.REFUSED, at)
    tell(offer, "change_refused", at, decision=mail.quote(reason))
    return offer


def _decide(proposal, state, at):
    """The offer, locked, of a proposal that nobody has decided yet."""
    offer = Opportunity.objects.select_for_update(of=("self",)).select_related("kind").get(pk=proposal.opportunity_id)
    done = ProposedChange.objects.filter(pk=proposal.pk, state=ChangeState.OPEN).update(state=state, decided_at=at, reason=proposal.reason)
    if not done:
        raise TransitionRefused("Cette modification a déjà reçu une réponse.")
    proposal.refresh_from_db()
    return offer


def read_values(values):
    """The values of a proposal as an offer holds them, from JSON."""
    read = {}
    for name, value in values.items():
        field = Opportunity._meta.get_field(name.removesuffix("_id"))
        read[name] = value if value is None or field.is_relation else field.to_python(value)
    return read


# --- Contact -----------------------------------------------------------------------------------


@transaction.atomic
def ask_contact(*, offer, email, at):
    """The publisher, behind the link sent to the old address, names a new one; it counts once somebody has answered there."""
    _lock(offer)
    if not mail.may_ask(email, at):
        raise TransitionRefused(ASKED_ENOUGH)
    offer.contact_changes.all().delete()
    asked = ContactChange.objects.create(opportunity=offer, email=email, created_at=at)
    mail.post(
        event=f"opportunities.new_contact:{asked.pk}",
        recipient=email,
        template="opportunities/mail/new_contact.txt",
        context={"url": contact_url(asked), "days": CONTACT_LIFETIME.days, "kind": offer.kind.label},
        reason="l’annonceur d’une offre a donné cette adresse comme nouveau contact",
        about=offer,
        at=at,
    )
    return asked


@transaction.atomic
def take_contact(*, asked, at):
    """The new address answered: it becomes the contact, links sent to the old one are void, and the old one is told.

    Returns the offer, whose contact this address is then; None when another one was asked for meanwhile.
    """
    offer = Opportunity.objects.select_for_update(of=("self",)).select_related("kind", "commune__epci").get(pk=asked.opportunity_id)
    if not ContactChange.objects.select_for_update().filter(pk=asked.pk).exists():
        return offer if offer.contact_email == asked.email else None
    former = offer.contact_email
    offer.contact_email, offer.contact_confirmed_at = asked.email, at
    save_offer(offer=offer, reason="nouvelle adresse du contact")
    if former:
        mail.post(
            event=f"opportunities.contact_changed:{asked.pk}",
            recipient=former,
            template="opportunities/mail/contact_changed.txt",
            context={"offer": offer},
            reason=REASON,
            about=offer,
            at=at,
        )
    tell(offer, "link", at)
    asked.delete()
    return offer


# --- Outcome, views, erasure -------------------------------------------------------------------


@transaction.atomic
def declare_filled(*, offer, who="", how="", note="", at):
    """The publisher says that somebody was found, who and how in the words of closed lists."""
    fill(offer=offer, at=at, reason=note)
    return OfferOutcome.objects.create(opportunity=offer, who=who, how=how, at=at)


@transaction.atomic
def complete_outcome(*, offer, who="", how="", at):
    """With whom and how an offer was filled, said later: what was left out is completed, what was said stays."""
    _lock(offer)
    if offer.state != State.FILLED:
        raise TransitionRefused(f"L’offre est maintenant {offer.get_state_display()}{NBSP}: il n’y a rien à compléter.")
    outcome = offer.outcomes.filter(at__gte=offer.closed_at).first() or OfferOutcome(opportunity=offer, at=at)
    outcome.who, outcome.how = outcome.who or who, outcome.how or how
    outcome.save()
    return outcome


def count_view(*, pk, at):
    """Count one opening of the page of a visible offer; returns whether it was."""
    if not Opportunity.objects.visible(at).filter(pk=pk).exists():
        return False
    row = DayViews.objects.filter(opportunity_id=pk, day=timezone.localdate(at))
    if row.update(count=F("count") + 1):
        return True
    try:
        with transaction.atomic():
            DayViews.objects.create(opportunity_id=pk, day=timezone.localdate(at), count=1)
    except IntegrityError:  # another reader opened it at that very moment
        row.update(count=F("count") + 1)
    return True


def erase_drafts(*, at):
    """Delete drafts of publishers that nobody confirmed, or that nobody touched for long; returns how many."""
    drafts = Opportunity.objects.filter(state=State.DRAFT, by_publisher=True, published_at__isnull=True)
    unconfirmed = Q(contact_confirmed_at__isnull=True, created_at__lte=at - timedelta(days=rules.UNCONFIRMED_DAYS))
    old = drafts.filter(unconfirmed | Q(updated_at__lte=at - timedelta(days=rules.ABANDONED_DAYS)))
    return sum(_erase_draft(old, pk) for pk in list(old.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _erase_draft(drafts, pk):
    offer = drafts.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if offer is None:
        return 0
    drop_draft(offer=offer)
    return 1


@transaction.atomic
def erase_contacts(*, at):
    """Forget the contact of offers that ended a year ago, or that nobody touched or decided for a year; returns how many offers.

    And new addresses that nobody confirmed, and what was proposed and decided long ago.
    """
    ContactChange.objects.filter(created_at__lte=at - CONTACT_LIFETIME - CONTACT_KEPT).delete()
    decided = ProposedChange.objects.exclude(state=ChangeState.OPEN)
    decided.filter(decided_at__lte=at - timedelta(days=rules.DECIDED_KEPT_DAYS)).delete()
    year_ago = at - timedelta(days=rules.CONTACT_KEPT_DAYS)
    left = Q(state__in=(State.DRAFT, State.SUBMITTED), updated_at__lte=year_ago)
    old = Opportunity.objects.filter(Q(closed_at__lte=year_ago) | left)
    known = old.exclude(contact_name="", contact_email="", contact_phone="")
    offers = list(known.select_for_update(of=("self",)).values_list("pk", flat=True))
    for proposal in ProposedChange.objects.filter(opportunity__in=offers, values__has_any_keys=rules.CONTACT):
        proposal.values = {name: value for name, value in proposal.values.items() if name not in rules.CONTACT}
        proposal.save(update_fields=["values"])
    # The date stays: it hides nothing of an offer that the team has read, and says nothing of anybody.
    return Opportunity.objects.filter(pk__in=offers).update(contact_name="", contact_email="", contact_phone="")
