"""A publisher asks for a doctor who said to be available; the doctor is asked; only when both agree does each learn who the other is."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contacts.actions import unsent
from contacts.enums import Answer
from contacts.models import Need, NeedMatch
from contacts.needs_links import keep_url
from contacts.rules import needs as rules
from contacts.rules.what_next import after_meeting, common_days
from core import french, mail, signed
from core.enums import MailState
from core.links import absolute
from core.models import Mail
from opportunities import presenters
from opportunities.models import Opportunity
from opportunities.private_link import keep_url as offer_keep_url

REQUEST, ANSWER = "contacts.needs_request", "contacts.needs_answer"
QUESTION = "contacts.need_asked"
"""How the events begin of the messages that ask the doctor."""
LIFETIME = timedelta(days=60)
REMIND_AFTER = timedelta(days=3)
SILENT_AFTER = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(days=7)
DOCTOR_REASON = "vous avez dit que les annonceurs peuvent vous proposer leurs offres"
PUBLISHER_REASON = "vous avez demandé une mise en relation pour votre offre"
OUTCOMES = {
    Answer.NO: "Le médecin ne souhaite pas donner suite pour cette offre.",
    Answer.LATER: "Le médecin préfère répondre plus tard\u00a0: nous l’interrogerons de nouveau dans une semaine.",
    Answer.SILENT: "Le médecin n’a pas répondu, ou n’est plus disponible\u00a0: n’attendez pas sa réponse.",
    Answer.OVER: "Votre offre n’est plus en ligne\u00a0: le médecin n’a plus à répondre.",
}
"""What a publisher is told, who still does not know of whom."""


class NotAvailable(Exception):
    """The doctor is no longer available, or the offer no longer open."""


def request_url(match):
    """The button of a publisher for one doctor without a name."""
    return absolute(reverse("contacts:needs_request", args=[signed.sign(REQUEST, match)]))


def answer_url(match, answer):
    """One of the three buttons of the doctor."""
    return absolute(reverse("contacts:needs_answer", args=[signed.sign(ANSWER, match), answer]))


@transaction.atomic
def request(*, match, at):
    """The publisher asks to be put in touch, and the doctor is asked. Twice is once. Raises `NotAvailable`."""
    match = _locked(match)
    if match.requested_at:
        return match
    if match.shown_at is None or not _both_stand(match, at):
        raise NotAvailable(match.pk)
    match.requested_at = match.asked_at = at
    match.save(update_fields=["requested_at", "asked_at"])
    _ask(match, at, "first")
    return match


@transaction.atomic
def send_fresh_request_link(*, match, at):
    """Send the publisher the button of this doctor again, once a day at most; returns the `Mail`, or None without an address."""
    offer = match.offer
    if not offer.contact_email:
        return None
    return mail.post(
        event=f"contacts.need_request_link:{match.pk}:{timezone.localdate(at):%Y%m%d}",
        recipient=offer.contact_email,
        template="contacts/mail/needs_request_link.txt",
        context={"offer": offer, "doctor": rules.availability(match.need, offer), "url": request_url(match)},
        reason="votre adresse est celle du contact de cette offre",
        about=match,
        at=at,
    )


@transaction.atomic
def send_fresh_question(*, match, at):
    """Send the doctor the question and its buttons again, once a day at most; returns the `Mail`, or None when it is settled."""
    match = _locked(match)
    is_open = match.requested_at and match.answer in ("", Answer.LATER) and _both_stand(match, at)
    return _ask(match, at, f"link:{timezone.localdate(at):%Y%m%d}") if is_open else None


@transaction.atomic
def answer(*, match, answer, at):
    """The doctor says yes, no or later. The first yes or no holds. Raises `NotAvailable` when there is nothing left to agree to."""
    match = _locked(match)
    if match.requested_at is None or match.answer not in ("", Answer.LATER, Answer.SILENT, Answer.OVER):
        return match
    if (answer == Answer.YES or match.answer == Answer.OVER) and not _both_stand(match, at):
        raise NotAvailable(match.pk)
    if match.answer == answer:
        return match
    match.answer, match.answered_at = answer, at
    match.save(update_fields=["answer", "answered_at"])
    if answer == Answer.YES:
        introduce(match=match, at=at)
    else:
        _tell_publisher(match, at)
    return match


def introduce(*, match, at):
    """Both agreed: each receives the address of the other, with what to do next. The one place where an address is told."""
    match.introduced_at = at
    match.save(update_fields=["introduced_at"])
    need, offer = match.need, match.offer
    days = common_days(need, offer)
    facts = {
        "offer": offer,
        "next": after_meeting(offer, days, timezone.localdate(at)),
        "url": absolute(offer.get_absolute_url()),
        "doctor": rules.availability(need, offer),
    }
    sides = (
        ("doctor", need.email, offer.contact_email, ANSWER, "contacts:needs_answer_days", keep_url(need)),
        ("publisher", offer.contact_email, need.email, REQUEST, "contacts:needs_request_days", offer_keep_url(offer)),
    )
    for side, recipient, other, purpose, calendar, page in sides:
        mail.post(
            event=f"contacts.need_introduced:{match.pk}:{side}",
            recipient=recipient,
            template="contacts/mail/needs_introduced.txt",
            context={
                **facts,
                "side": side,
                "other": other,
                "contact": offer.contact_name if side == "doctor" else "",
                "calendar_url": absolute(reverse(calendar, args=[signed.sign(purpose, match)])) if days else "",
                "keep_url": page,
            },
            reason=DOCTOR_REASON if side == "doctor" else PUBLISHER_REASON,
            about=match,
            reply_to=other,
            at=at,
        )


def follow(*, at):
    """Remind doctors who were asked, ask again those who said later, and tell publishers when nobody answers; returns how many steps."""
    return sum(_follow(pk, at) for pk in list(NeedMatch.objects.asked().order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _follow(pk, at):
    match = NeedMatch.objects.asked().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if match is None:
        return False
    if not _is_seen(match, at):
        return _end_with_offer(match, at)
    if not _both_stand(match, at):
        return _close(match, at)
    if match.answer == Answer.LATER:
        if match.answered_at > at - ASK_AGAIN_AFTER:
            return False
        match.answer, match.answered_at, match.asked_at = "", None, at
        match.save(update_fields=["answer", "answered_at", "asked_at"])
        return _ask(match, at, f"again:{timezone.localdate(at):%Y%m%d}").is_new
    if match.asked_at <= at - SILENT_AFTER:
        return _close(match, at)
    return match.asked_at <= at - REMIND_AFTER and _ask(match, at, f"remind:{timezone.localdate(match.asked_at):%Y%m%d}").is_new


def _close(match, at, outcome=Answer.SILENT):
    match.answer, match.answered_at = outcome, at
    match.save(update_fields=["answer", "answered_at"])
    _tell_publisher(match, at)
    return True


def _end_with_offer(match, at):
    """The offer is over before the doctor has answered: whoever read the question is told; one that has not left does not leave."""
    questions = Mail.objects.about(match).filter(event__startswith=f"{QUESTION}:{match.pk}:")
    unsent.take_back(mails=questions)
    if questions.filter(state=MailState.SENT).exists() and Need.objects.active(at).filter(pk=match.need_id).exists():
        mail.post(
            event=f"contacts.need_offer_over:{match.pk}:{match.requested_at:%Y%m%d}",
            recipient=match.need.email,
            template="contacts/mail/needs_offer_over.txt",
            context={"offer": match.offer, "keep_url": keep_url(match.need)},
            reason=DOCTOR_REASON,
            about=match,
            at=at,
        )
    return _close(match, at, Answer.OVER)


def close_requests(*, need, at):
    """The doctor is no longer available: publishers who wait for an answer are told."""
    for match in need.matches.asked().select_for_update(of=("self",)):
        _close(match, at)


def _both_stand(match, at):
    """Whether the offer can be seen, by a publisher who can be written to, and the doctor is available still."""
    return _is_seen(match, at) and Need.objects.active(at).filter(pk=match.need_id, available=True).exists()


def _is_seen(match, at):
    """Whether readers see the offer, and its publisher can be written to."""
    return Opportunity.objects.visible(at).filter(pk=match.offer_id).exclude(contact_email="").exists()


def _ask(match, at, once):
    """The question to the doctor, with the facts of the offer and three buttons."""
    offer = match.offer
    return mail.post(
        event=f"{QUESTION}:{match.pk}:{once}",
        recipient=match.need.email,
        template="contacts/mail/needs_asked.txt",
        context={
            "offer": offer,
            "place": presenters.place(offer),
            "when": presenters.period(offer),
            "url": absolute(offer.get_absolute_url()),
            "reminder": once != "first",
            "until": french.date(timezone.localtime(match.asked_at + SILENT_AFTER)),
            **{name: answer_url(match, value) for name, value in (("yes", Answer.YES), ("no", Answer.NO), ("later", Answer.LATER))},
        },
        reason=DOCTOR_REASON,
        about=match,
        at=at,
    )


def _tell_publisher(match, at):
    offer = match.offer
    if not offer.contact_email:
        return
    mail.post(
        event=f"contacts.need_outcome:{match.pk}:{match.answer}:{timezone.localdate(at):%Y%m%d}",
        recipient=offer.contact_email,
        template="contacts/mail/needs_outcome.txt",
        context={"offer": offer, "outcome": OUTCOMES[Answer(match.answer)], "doctor": rules.availability(match.need, offer)},
        reason=PUBLISHER_REASON,
        about=match,
        at=at,
    )


def _locked(match):
    rows = NeedMatch.objects.select_related("need__commune", "offer__commune__epci", "offer__kind")
    return rows.select_for_update(of=("self",)).get(pk=match.pk)
