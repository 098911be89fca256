"""What may be done to an offer. Each verb is one transaction on the stored row, which it locks.

A verb takes the caller's instance, reloads it under lock (unsaved changes are lost, save them
first with `save_offer`) and leaves it as stored. A refusal raises `TransitionRefused` and changes
nothing. Times are arguments: `at` is the moment of the verb, an aware datetime.
"""

import re
import unicodedata
from math import pi, sqrt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import french, mail
from core.links import absolute
from core.models import new_link_key
from opportunities import rules
from opportunities.enums import REASON_REQUIRED, TRANSITIONS, LocationPrecision, ReportReason, State
from opportunities.models import Opportunity, SearchWord, StateChange, year_reference
from territories.models import Commune

HISTORY_REASON_LENGTH = 100
CLOSED = {State.FILLED, State.EXPIRED, State.WITHDRAWN}
"""States in which an offer is over; `closed_at` says since when."""


class TransitionRefused(Exception):
    """The verb cannot be done now; `messages` says why, in French, one text per problem."""

    def __init__(self, *messages):
        super().__init__(" ".join(messages))
        self.messages = list(messages)


# --- Life of an offer --------------------------------------------------------------------------


@transaction.atomic
def submit(*, offer, actor=None, at=None):
    """Hand a draft over to the team for reading."""
    _lock(offer)
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
    if expires_at is None and (offer.expires_at is None or offer.expires_at <= at):
        expires_at = rules.default_expiry(offer, at)
    offer.expires_at = expires_at or offer.expires_at
    problems = rules.missing_for_publication(offer, at)
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))
    if offer.state != State.PAUSED or offer.published_at is None:
        offer.published_at = at
    offer.confirmed_at = at
    offer.reference = offer.reference or year_reference(timezone.localdate(at).year, offer.pk)
    refresh_search(offer)
    return _move(offer, State.PUBLISHED, actor=actor, at=at)


@transaction.atomic
def pause(*, offer, actor=None, at=None, reason=""):
    """Hide a published offer for a while."""
    _lock(offer)
    return _move(offer, State.PAUSED, actor=actor, at=at, reason=reason)


@transaction.atomic
def fill(*, offer, actor=None, at=None, reason=""):
    """Say that somebody was found: the offer keeps its page and leaves every list."""
    _lock(offer)
    return _move(offer, State.FILLED, actor=actor, at=at, reason=reason)


@transaction.atomic
def withdraw(*, offer, reason="", actor=None, at=None):
    """Take an offer away for a stated reason (DSA-01); refused without one."""
    _lock(offer)
    return _move(offer, State.WITHDRAWN, actor=actor, at=at, reason=reason)


@transaction.atomic
def send_back(*, offer, reason="", actor=None, at=None):
    """Return an offer to its writer as a draft, for a stated reason; refused without one."""
    _lock(offer)
    return _move(offer, State.DRAFT, actor=actor, at=at, reason=reason)


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


# --- Content of an offer -----------------------------------------------------------------------


@transaction.atomic
def save_offer(*, offer, actor=None, reason=""):
    """Save the content of an offer with everything that follows from it: place shown, search text, words.

    Does not touch the state. Call `refresh_derived` after its other places have changed. Links sent to a former contact are void.
    """
    if offer.pk and not Opportunity.objects.filter(pk=offer.pk, contact_email=offer.contact_email).exists():
        offer.link_key = new_link_key()
    refresh_place(offer)
    refresh_search(offer)
    _save(offer, actor, reason)
    return offer


@transaction.atomic
def refresh_derived(*, offer):
    """Store again what depends on the other places of an offer, without an entry of history."""
    refresh_place(offer)
    refresh_search(offer)
    Opportunity.objects.filter(pk=offer.pk).update(
        commune_ids=offer.commune_ids,
        other_commune_ids=offer.other_commune_ids,
        search_text=offer.search_text,
        updated_at=timezone.now(),
    )
    return offer


def refresh_search_texts(*, offers):
    """Store the search text of each of these offers where it is no longer the one its facts give; returns how many.

    What an offer is found by repeats names that live elsewhere: of its kind, its setting, its communes. The offer itself has
    not changed, so its date of change stays. Each offer is a transaction of its own: running it twice, or stopping it, does no harm.
    """
    done = 0
    for pk in list(offers.order_by("pk").values_list("pk", flat=True)):
        done += _refresh_search_text(pk)
    return done


@transaction.atomic
def _refresh_search_text(pk):
    offer = Opportunity.objects.select_for_update().filter(pk=pk).first()
    if offer is None:
        return 0
    before = offer.search_text
    refresh_search(offer)
    if offer.search_text == before:
        return 0
    return Opportunity.objects.filter(pk=pk).update(search_text=offer.search_text)


CONTENT_EXCLUDED = {
    "id",
    "reference",
    "state",
    "published_at",
    "expires_at",
    "confirmed_at",
    "closed_at",
    "is_demo",
    "created_at",
    "updated_at",
    "slug",
}
"""What an earlier version never brings back: the life of the offer is not its content."""


@transaction.atomic
def restore(*, offer, version, actor=None, at=None):
    """Give an offer the content it had in `version` (a row of its history); its life goes on unchanged.

    Raises `TransitionRefused` when the offer is published and the old content could not be.
    """
    at = at or timezone.now()
    _lock(offer)
    for field in version.tracked_fields:
        if field.name not in CONTENT_EXCLUDED:
            setattr(offer, field.attname, getattr(version, field.attname))
    refresh_place(offer)
    try:
        offer.clean_fields(exclude=CONTENT_EXCLUDED)
        offer.validate_constraints()
    except ValidationError as error:
        raise TransitionRefused(*error.messages) from error
    if offer.state == State.PUBLISHED:
        problems = rules.missing_for_publication(offer, at)
        if problems:
            raise TransitionRefused(*(problem.message for problem in problems))
    return save_offer(offer=offer, actor=actor, reason=f"retour à la version du {french.moment(version.history_date)}")


@transaction.atomic
def delete_offer(*, offer):
    """Delete an offer for good, and the files of its photographs once the transaction has ended."""
    for photo in offer.photos.all():
        photo.delete()
    return offer.delete()


def refresh_place(offer):
    """Set what readers may know of the place from `location_precision`; does not save.

    Only an exact place keeps its own point. A point of the commune is its town hall, with the radius
    in kilometres of a disc of the commune's area. At the precision of the intercommunalité, nothing
    tells the commune: point, radius and list of communes are those of the whole EPCI, and other
    places of work are not told.
    """
    told = offer.pk and offer.location_precision != LocationPrecision.EPCI
    others = sorted(set(offer.other_places.values_list("commune_id", flat=True))) if told else []
    offer.other_commune_ids = others
    communes = set(others)
    if offer.location_precision == LocationPrecision.EXACT:
        offer.radius_km = 0
    else:
        offer.latitude = offer.longitude = None
        offer.radius_km = 0
    if offer.commune_id:
        commune = offer.commune
        if offer.location_precision == LocationPrecision.EPCI:
            _show_area(offer, commune.epci)
            communes.update(Commune.objects.filter(epci_id=commune.epci_id).values_list("pk", flat=True))
        else:
            communes.add(commune.pk)
            if offer.location_precision == LocationPrecision.COMMUNE:
                _show_area(offer, commune)
    offer.commune_ids = sorted(communes)


def _show_area(offer, area):
    offer.latitude, offer.longitude = area.latitude, area.longitude
    offer.radius_km = round(sqrt(area.area_km2 / pi), 2)


def refresh_search(offer):
    """Set `search_text` to what readers may find the offer by, and learn its words; does not save the offer."""
    offer.search_text = "\n".join(filter(None, _public_texts(offer)))
    words = fold_words(f"{offer.title} {offer.search_text}")
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in sorted(words)], ignore_conflicts=True)


def _public_texts(offer):
    """Texts that stand on the page of the offer; a contact, and a commune kept back, never do."""
    yield from (offer.kind.label, offer.kind.definition, offer.profession.label)
    yield offer.setting.label if offer.setting_id else ""
    if offer.commune_id:
        if offer.location_precision != LocationPrecision.EPCI:
            yield offer.commune.name
        yield offer.commune.epci.short_name
    if offer.location_precision == LocationPrecision.EXACT:
        yield offer.workplace
    if offer.pk and offer.location_precision != LocationPrecision.EPCI:
        for place in offer.other_places.select_related("commune"):
            yield f"{place.commune.name} {place.label}"
    yield from (offer.software, offer.team, offer.equipment, offer.organisation, offer.summary, offer.description)


def fold_words(text):
    """The distinct words of 3 to 60 letters of a text, lower-case and without accents, as PostgreSQL's `unaccent` leaves them."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return set(re.findall(r"\b[a-z]{3,60}\b", "".join(char for char in folded if not unicodedata.combining(char))))


VERBS = {verb.__name__: verb for verb in (submit, publish, pause, fill, withdraw, send_back, extend, confirm)}
"""Verbs that staff may choose on an offer, by name."""
