"""The life of what a former intern says of a place, and what is done to places. Times are arguments; a message is written once."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import mail, signed
from core.links import absolute
from interns import rules
from interns.enums import NoteState
from interns.models import TrainingNote, TrainingPlace

CONFIRM, WITHDRAW = "interns.note_confirm", "interns.note_withdraw"
"""Purposes of the links that an author receives."""
MAILS = {
    "confirm": "interns/mail/note_confirm.txt",
    "received": "interns/mail/note_received.txt",
    "published": "interns/mail/note_published.txt",
    "refused": "interns/mail/note_refused.txt",
}
REASON = "vous avez décrit un terrain de stage sur le portail"


@transaction.atomic
def record_note(*, note, known, at):
    """Keep a description and ask its address to confirm, unless this browser is known.

    Returns it, or None when that address is asked enough (`core.mail.may_ask`).
    """
    if not known and not mail.may_ask(note.email, at):
        return None
    note.written_at, note.state, note.flags = at, NoteState.WAITING, rules.flags(note.text)
    note.save()
    if known:
        confirm_note(note=note, at=at)
    else:
        write(note, "confirm", at, url=absolute(reverse("interns:note_confirm", args=[signed.sign(CONFIRM, note)])))
    return note


@transaction.atomic
def confirm_note(*, note, at):
    """The address answers: the team may read. Twice is once."""
    note = _locked(note)
    if note and note.state == NoteState.WAITING:
        note.state, note.confirmed_at = NoteState.TO_READ, at
        note.save(update_fields=["state", "confirmed_at", "updated_at"])
        write(note, "received", at)
    return note


@transaction.atomic
def send_fresh_confirmation(*, note, at):
    """Send the button of confirmation again, once a day at most; returns the `Mail`, or None when there is nothing to ask any more."""
    if note.state != NoteState.WAITING or not mail.may_ask(note.email, at):
        return None
    url = absolute(reverse("interns:note_confirm", args=[signed.sign(CONFIRM, note)]))
    return write(note, "confirm", at, once=f"{timezone.localdate(at):%Y%m%d}", url=url)


@transaction.atomic
def publish_note(*, note, at, actor=None):
    """Show a description to readers and tell its author. Returns whether something changed."""
    return _decide(note, NoteState.PUBLISHED, "", at, actor)


@transaction.atomic
def refuse_note(*, note, reason, at, actor=None):
    """Refuse a description, or take back one that is shown; the author is told why. Returns whether something changed."""
    return _decide(note, NoteState.REFUSED, reason, at, actor)


def _decide(note, state, reason, at, actor):
    note = _locked(note)
    if note is None or note.state in (NoteState.WAITING, state):
        return False
    note.state, note.reason, note.decided_at, note.decided_by = state, reason, at, actor
    note.save(update_fields=["state", "reason", "decided_at", "decided_by", "updated_at"])
    if note.email:
        write(note, state.value, at, once=f"{at:%Y%m%d%H%M%S}")
    return True


@transaction.atomic
def withdraw_note(*, note):
    """Erase a description at the wish of its author, with what was written to them."""
    mail.erase(about=note)
    note.delete()


@transaction.atomic
def erase_old_notes(*, at):
    """Forget what was never confirmed, what was refused 90 days ago, and the addresses of what was published then. Returns how many."""
    notes = TrainingNote.objects.select_for_update(skip_locked=True, of=("self",))
    gone = [*notes.never_confirmed(at - rules.CONFIRM_WITHIN), *notes.refused_before(at - rules.ADDRESS_KEPT)]
    for note in gone:
        mail.erase(about=note)
        note.delete()
    nameless = list(notes.with_address_decided_before(at - rules.ADDRESS_KEPT))
    for note in nameless:
        mail.erase(about=note)
        note.email = ""
        note.save(update_fields=["email", "updated_at"])
    return len(gone) + len(nameless)


@transaction.atomic
def forget_supervisor(*, place):
    """Erase the name of a supervisor with the agreement and its proof, at their wish. Returns whether there was one."""
    had = bool(place.supervisor_name)
    place.supervisor_name = place.supervisor_proof = ""
    place.supervisor_consent_on = None
    place.save(update_fields=["supervisor_name", "supervisor_proof", "supervisor_consent_on", "updated_at"])
    return had


@transaction.atomic
def verify_places(*, places, at):
    """Say that somebody has checked today that these places are as told. Returns how many."""
    for place in places:
        place.verified_on = timezone.localdate(at)
        place.save(update_fields=["verified_on", "updated_at"])
    return len(places)


def refresh_places():
    """Have places follow the names of today and the point of their facility. Returns how many changed."""
    changed = 0
    for place in TrainingPlace.objects.select_related("specialty", "facility__commune", "commune").defer("search_vector"):
        before = _followed(place)
        place.complete()
        if _followed(place) != before:
            TrainingPlace.objects.filter(pk=place.pk).update(**_followed(place), updated_at=timezone.now())
            changed += 1
    return changed


def _followed(place):
    names = ("commune_id", "address", "postal_code", "latitude", "longitude", "point_precision", "search_text")
    return {name: getattr(place, name) for name in names}


def write(note, step, at, *, once="", **context):
    """One message to the author of a description, with the link that takes it back."""
    place = note.place
    links = {
        "place_url": absolute(place.get_absolute_url()),
        "note_url": absolute(place.get_note_url()),
        "withdraw_url": absolute(reverse("interns:note_withdraw", args=[signed.sign(WITHDRAW, note)])),
    }
    return mail.post(
        event=":".join(filter(None, [f"interns.note_{step}", str(note.pk), once])),
        recipient=note.email,
        template=MAILS[step],
        context={"place": place, "words": mail.quote(note.text), "reason": note.reason, **links, **context},
        reason=REASON,
        about=note,
        at=at,
    )


def _locked(note):
    """The description, until the end of the transaction, or None when its author erased it in the meantime."""
    return TrainingNote.objects.select_for_update(of=("self",)).select_related("place").filter(pk=note.pk).first()
