"""The messages of a conversation: to who wrote, to who receives, to the team. Each in the transaction of what it tells.

An event is told once to one person (`core.mail`); `key` distinguishes events of one sort within a conversation.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from contacts.enums import Side, Target
from contacts.rules.addresses import address_for
from contacts.rules.conversations import is_in_confidence, replies
from core import french, mail, signed
from core.links import absolute

CONFIRM, FOLLOW, ANSWER = "contacts.confirm", "contacts.follow", "contacts.answer"
"""Purposes of the signed links."""
LETTERS = {
    "confirm": "contacts/mail/confirm.txt",
    "held": "contacts/mail/held.txt",
    "held_team": "contacts/mail/held_team.txt",
    "refused": "contacts/mail/refused.txt",
    "receipt": "contacts/mail/receipt.txt",
    "relay": "contacts/mail/relay.txt",
    "redirected": "contacts/mail/redirected.txt",
    "redirected_sender": "contacts/mail/redirected_sender.txt",
    "remind": "contacts/mail/remind.txt",
    "handed_over": "contacts/mail/handed_over.txt",
    "handed_over_recipient": "contacts/mail/handed_over_recipient.txt",
    "not_forgotten": "contacts/mail/not_forgotten.txt",
    "team": "contacts/mail/team.txt",
    "more_team": "contacts/mail/more_team.txt",
    "more_recipient": "contacts/mail/more_recipient.txt",
    "more_sender": "contacts/mail/more_sender.txt",
    "introduced_sender": "contacts/mail/introduced_sender.txt",
    "introduced_recipient": "contacts/mail/introduced_recipient.txt",
    "room_listed": "contacts/mail/room_listed.txt",
    "room_stuck": "contacts/mail/room_stuck.txt",
    "room_twin": "contacts/mail/room_twin.txt",
    "room_proposed": "contacts/mail/room_proposed.txt",
    "room_passed": "contacts/mail/room_passed.txt",
    "room_visit_sender": "contacts/mail/room_visit_sender.txt",
    "room_visit_recipient": "contacts/mail/room_visit_recipient.txt",
    "room_undecided": "contacts/mail/room_undecided.txt",
    "room_booked_sender": "contacts/mail/room_booked_sender.txt",
    "room_booked_recipient": "contacts/mail/room_booked_recipient.txt",
    "room_prolonged": "contacts/mail/room_prolonged.txt",
    "room_shortened": "contacts/mail/room_shortened.txt",
    "room_prolongation_refused": "contacts/mail/room_prolongation_refused.txt",
    "room_prolongation_refused_team": "contacts/mail/room_prolongation_refused_team.txt",
    "room_taken_away": "contacts/mail/room_taken_away.txt",
    "room_arrival": "contacts/mail/room_arrival.txt",
    "room_departure": "contacts/mail/room_departure.txt",
    "room_cancelled_sender": "contacts/mail/room_cancelled_sender.txt",
    "room_cancelled_recipient": "contacts/mail/room_cancelled_recipient.txt",
    "room_cancelled_team": "contacts/mail/room_cancelled_team.txt",
    "room_over": "contacts/mail/room_over.txt",
    "room_gone": "contacts/mail/room_gone.txt",
    "room_late": "contacts/mail/room_late.txt",
    "locum_over": "contacts/mail/locum_over.txt",
    "event_changed": "contacts/mail/event_changed.txt",
    "call_promised": "contacts/mail/call_promised.txt",
    "question": "contacts/mail/question.txt",
    "remind_sender": "contacts/mail/remind_sender.txt",
    "no": "contacts/mail/no.txt",
    "filled": "contacts/mail/filled.txt",
    "gone": "contacts/mail/gone.txt",
    "over": "contacts/mail/over.txt",
    "lapsed": "contacts/mail/lapsed.txt",
    "withdrawn": "contacts/mail/withdrawn.txt",
    "withdrawn_team": "contacts/mail/withdrawn_team.txt",
    "erased": "contacts/mail/erased.txt",
    "lapsed_recipient": "contacts/mail/lapsed_recipient.txt",
    "link_sender": "contacts/mail/link_sender.txt",
    "link_recipient": "contacts/mail/link_recipient.txt",
    "masked": "contacts/mail/masked.txt",
    "attachments": "contacts/mail/attachments.txt",
    "undelivered": "contacts/mail/undelivered.txt",
    "undelivered_recipient": "contacts/mail/undelivered_recipient.txt",
    "disclose_candidate": "contacts/mail/disclose_candidate.txt",
    "disclose_doctor": "contacts/mail/disclose_doctor.txt",
    "told_profile": "contacts/mail/told_profile.txt",
    "told_commune": "contacts/mail/told_commune.txt",
    "disclosure_told": "contacts/mail/disclosure_told.txt",
    "disclosure_silent": "contacts/mail/disclosure_silent.txt",
    "disclosure_declined": "contacts/mail/disclosure_declined.txt",
    "disclosure_withdrawn": "contacts/mail/disclosure_withdrawn.txt",
}
"""What is written, by step, in about the order of a life."""
ANSWERS_FOR = {
    Target.OFFER: "le contact de l’offre «\u00a0{about}\u00a0»",
    Target.ROOM: "le contact du logement «\u00a0{about}\u00a0»",
    Target.EVENT: "celle de l’organisateur de la rencontre «\u00a0{about}\u00a0»",
}
"""What the address of a recipient is, in a footer."""
GIVEN = "cette adresse a été donnée avec un message écrit sur le portail"
"""Why who has confirmed nothing yet receives a mail."""
READ_BY_TEAM = ("confirm", "held", "refused", "not_forgotten")
"""Letters to the author that somebody of the team answers: the conversation itself is not open."""


def page(purpose, name, conversation, field="link_key"):
    """The address of a page that a signed link opens."""
    return absolute(reverse(f"contacts:{name}", args=[signed.sign(purpose, conversation, field)]))


def path_of(url):
    """The same address without scheme and host, for a page of ours that leads there."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def calendar_url(conversation, side):
    """The file of the days of a replacement, for the diary of one side."""
    if side == Side.SENDER:
        return page(FOLLOW, "conversation_days", conversation)
    return page(ANSWER, "conversation_answer_days", conversation, "answer_key")


def confirm_url(conversation):
    """The page whose button confirms an address and lets the message go."""
    return page(CONFIRM, "conversation_confirm", conversation)


def follow_url(conversation):
    """« Où en est mon message », for who wrote."""
    return page(FOLLOW, "conversation_follow", conversation)


def answer_url(conversation):
    """The page of who received the message."""
    return page(ANSWER, "conversation_answer", conversation, "answer_key")


def facts(conversation):
    """What the recipient wants to know first, as `(label, value)`."""
    rows = [("Qui", conversation.name), ("Situation", conversation.get_standing_display())]
    if conversation.aim:
        rows.append(("But", conversation.get_aim_display()))
    if conversation.topic:
        rows.append(("Sujet", conversation.get_topic_display()))
    if conversation.purpose:
        rows.append(("Pour", conversation.purpose))
    if conversation.people:
        rows.append(("Personnes", str(conversation.people)))
    if conversation.starts_on and conversation.ends_on:
        days = french.date_range(conversation.starts_on, conversation.ends_on)
        rows.append(("Séjour", days) if conversation.target == Target.ROOM else ("Dates", f"{days}{_beside_those_asked(conversation)}"))
    elif conversation.starts_on:
        rows.append(("À partir du", french.date(conversation.starts_on)))
    elif conversation.ends_on:
        rows.append(("Jusqu’au", french.date(conversation.ends_on)))
    return rows


def _beside_those_asked(conversation):
    """How the days of an author lie beside those of a dated replacement, as the end of a sentence (journey 2: a part may do)."""
    offer = conversation.offer
    if offer is None or not offer.kind.is_locum or not (offer.starts_on and offer.ends_on):
        return ""
    asked = french.date_range(offer.starts_on, offer.ends_on)
    if (conversation.starts_on, conversation.ends_on) == (offer.starts_on, offer.ends_on):
        return ", toutes celles de l’offre"
    if offer.starts_on <= conversation.starts_on and conversation.ends_on <= offer.ends_on:
        return f", une partie de celles de l’offre ({asked})"
    return f" (l’offre dit {asked})"


def buttons(conversation):
    """The answers in one click, as `(label, address)`."""
    url = answer_url(conversation)
    return [(label, f"{url}?choix={answer.value}") for answer, label in replies(conversation)]


def to_sender(conversation, step, at, *, key="", **context):
    """Tell who wrote."""
    return _post(
        conversation,
        step,
        at,
        key=key,
        recipient=conversation.email,
        reason=GIVEN if step == "confirm" else "vous avez écrit par le portail, et cette adresse est la vôtre",
        reply_to="" if step in READ_BY_TEAM else address_for(conversation, Side.SENDER),
        context={"follow_url": follow_url(conversation), **context},
    )


def to_recipient(conversation, step, at, *, key="", **context):
    """Tell who receives; nobody when there is no address."""
    if conversation.recipient is None:
        return None
    what = ANSWERS_FOR.get(conversation.target, "celle de ce service").format(about=conversation.about)
    return _post(
        conversation,
        step,
        at,
        key=key,
        recipient=conversation.recipient.email,
        reason=f"votre adresse est {what}",
        reply_to="" if is_in_confidence(conversation) else address_for(conversation, Side.RECIPIENT),
        context={"answer_url": answer_url(conversation), "buttons": buttons(conversation), **context},
    )


def to_team(conversation, step, at, *, key="", **context):
    """Tell the team, which reads and answers on its own screen."""
    return _post(
        conversation,
        step,
        at,
        key=key,
        recipient=settings.CONTACT_EMAIL,
        reason="vous êtes de l’équipe, et une conversation du portail vous attend",
        reply_to=address_for(conversation, Side.ADVISER),
        context={"screen_url": absolute(reverse("admin:contacts_conversation_change", args=[conversation.pk])), **context},
    )


def _post(conversation, step, at, *, key, recipient, reason, reply_to, context):
    about = context.pop("about", conversation)
    return mail.post(
        event=f"contacts.{step}:{conversation.pk}{':' if key else ''}{key}",
        recipient=recipient,
        template=LETTERS[step],
        context={"conversation": conversation, "facts": facts(conversation), "quoted": mail.quote(conversation.text), **context},
        reason=reason,
        reply_to=reply_to,
        about=about,
        at=at,
    )
