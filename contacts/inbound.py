"""Ordinary mail that answers a conversation: read from a pipe, passed on, or explained.

A mail server hands each message for `reponse+...@` to `manage.py receive_mail`. What people write above our line goes to the other side;
attachments do not, and their sender is told. A bounce tells that an address does not answer; an out-of-office note is written down and
is no answer. The same message read twice is passed on once (its Message-ID).
"""

import re
from email import message_from_bytes, policy
from email.utils import getaddresses, parseaddr
from html import unescape

from django.db import transaction
from django.utils.html import strip_tags

from contacts.actions import conversations as verbs
from contacts.actions import letters, steps
from contacts.enums import Channel, Handover, Side
from contacts.models import Conversation
from contacts.rules import conversations as rules
from contacts.rules.addresses import is_sealed, parse
from core import french
from core.guard import ADDRESS, PHONE

LONGEST = 8000
"""Characters of a reply that are passed on."""
BIGGEST = 30 * 1024 * 1024
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "X-Envelope-To", "To", "Cc")
ATTRIBUTION = re.compile(
    r"^(?:>\s*)?(?:Le\b.{0,200}a écrit\s*:|On\b.{0,200}wrote:|-{2,}\s*(?:Message d.origine|Original Message).*|_{10,})\s*$", re.I | re.S
)
"""The line with which programs of mail begin what they quote."""
HEADER_BLOCK = re.compile(r"^\*?(?:De|From|Expéditeur)\s*:\*?\s.+", re.I)
AWAY_SUBJECT = re.compile(
    r"^(?:réponse automatique|automatic reply|out of (?:the )?office|absence du bureau|(?:message|notification) d.absence)"
    r"(?:\s*[:\-–(].*)?$",
    re.I,
)
"""What programs write as a subject by themselves. People write of absences too: other words decide nothing without a header."""
ABSENCE = re.compile(r"absen(?:t|ce)|congés|out of (?:the )?office", re.I)

LATER = "(coordonnées échangées plus tard)"
"""In the place of addresses and numbers, in a signature mostly: nobody has said yet that they may be told. Who wrote hears of it."""
WHOSE = {Side.RECIPIENT: "du destinataire", Side.SENDER: "de l’auteur", Side.ADVISER: "de l’équipe"}


class Unknown(Exception):
    """The message is for no conversation of ours."""


def receive(raw, *, to="", at):
    """Read one message as bytes; `to` is the envelope's recipient when the mail server tells it. Returns in a word what became of it.

    Raises `Unknown`, so that the mail server can tell who wrote.
    """
    message = message_from_bytes(raw[:BIGGEST], policy=policy.default)
    conversation, side = _addressed(message, to)
    if is_bounce(message):
        return _bounce(conversation, side, at) if is_final(message) else "delayed"
    if is_automatic(message):
        return _away(conversation, side, at)
    text, refused = reply_of(message), attachments_of(message)
    return _pass_on(conversation, side, text, refused, _identity(message), at)


def _addressed(message, to):
    """The conversation and the side of the first sealed address."""
    values = [to, *(str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, []))]
    for _, address in getaddresses(values):
        found = parse(address)
        conversation = found and Conversation.objects.filter(pk=found[0], erased_at__isnull=True).first()
        if conversation and is_sealed(conversation, found[1], found[2]):
            return conversation, found[1]
    raise Unknown("no conversation has this address")


def _identity(message):
    return str(message.get("Message-ID", "")).strip()[:300] or None


def is_bounce(message):
    """A report of a mail server that could not deliver what we sent (RFC 3464)."""
    if message.get_content_type() == "multipart/report" and message.get_param("report-type") in ("delivery-status", None):
        return True
    return parseaddr(str(message.get("From", "")))[1].lower().startswith(("mailer-daemon@", "postmaster@"))


def is_final(message):
    """Whether the server gave up, or does not say; a delay is no failure."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            found = re.search(r"^Action:\s*(\w+)", part.as_string(), re.M | re.I)
            return found is None or found[1].lower() == "failed"
    return True


def is_automatic(message):
    """An out-of-office note, or anything that a machine wrote (RFC 3834)."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    marked = message.get("X-Autoreply") or message.get("X-Autorespond") or message.get("X-Auto-Response-Suppress") == "OOF"
    precedence = str(message.get("Precedence", "")).strip().lower()
    return bool(submitted != "no" or marked or _is_told_by_subject(message)) or precedence in ("auto_reply", "bulk", "junk")


def _is_told_by_subject(message):
    """The subject that a program writes; one that speaks of an absence only where something else says that no person wrote."""
    subject = str(message.get("Subject", "")).strip()
    unanswerable = message.get("X-Auto-Response-Suppress") or str(message.get("Return-Path", "")).strip() == "<>"
    return AWAY_SUBJECT.match(subject) or (unanswerable and ABSENCE.search(subject))


def reply_of(message):
    """What was written above the text that the reply quotes; empty when nothing was."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = body.get_content()
    except (LookupError, UnicodeError):
        text = (body.get_payload(decode=True) or b"").decode("latin-1")
    if body.get_content_subtype() == "html":
        text = re.sub(r"(?is)<(style|script|blockquote)\b.*?</\1>", "", text)
        text = unescape(strip_tags(re.sub(r"(?i)<(?:br|/p|/div|/tr|/li)[^>]*>", "\n", text)))
    return _own_words(text.replace("\r\n", "\n").replace("\0", ""))[:LONGEST]


def _own_words(text):
    """Lines that quote nothing. A quotation marked with « > » may stand above an answer; one that is not marked ends it."""
    lines, kept, number = text.split("\n"), [], 0
    while number < len(lines):
        # Some programs break « Le jeudi ... a écrit : » over two lines.
        length = next((length for length in (1, 2) if ATTRIBUTION.match(" ".join(lines[number : number + length]))), 0)
        if _is_header_block(lines, number) or (length and not _is_marked(lines[number + length :])):
            break
        if not length and not lines[number].startswith(">"):
            kept.append(lines[number].rstrip())
        number += length or 1
    signature = next((position for position, line in enumerate(kept) if line == "--"), len(kept))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept[:signature])).strip()


def _is_marked(lines):
    return next((line for line in lines if line.strip()), "").startswith(">")


def _is_header_block(lines, number):
    """The copied headers with which some programs begin what they quote."""
    following = " ".join(lines[number + 1 : number + 4])
    return bool(HEADER_BLOCK.match(lines[number].strip()) and re.search(r"(?:Envoyé|Sent|Date|À|To|Objet|Subject)\s*:", following))


def attachments_of(message):
    """Names of the files that were attached; a picture that the text itself shows, such as a logo under a signature, is not told."""
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    shown = "".join((part.get_payload(decode=True) or b"").decode("latin-1") for part in pages)
    return [
        french.one_line(part.get_filename() or "sans nom")[:80]
        for part in message.walk()
        if part.get_content_disposition() in ("attachment", "inline") and not _is_shown(part, shown)
    ]


def _is_shown(part, html):
    """Whether a part is text, or a picture that the HTML names by its Content-ID."""
    identity = str(part.get("Content-ID", "")).strip("<> ")
    is_text = part.get_content_maintype() == "text" and not part.get_filename()
    return is_text or (bool(identity) and f"cid:{identity}" in html)


@transaction.atomic
def _pass_on(conversation, side, text, refused, identity, at):
    steps.lock(conversation)
    told = {Side.SENDER: letters.to_sender, Side.RECIPIENT: letters.to_recipient, Side.ADVISER: letters.to_team}[side]
    key = letters.mail.key_of(identity)[:16] if identity else steps.stamp(at)
    if not french.one_line(text):
        told(conversation, "undelivered", at, key=key, why="nous n’y avons lu aucun texte au-dessus du message cité.")
        return "empty"
    passed = PHONE.sub(LATER, ADDRESS.sub(LATER, text)) if rules.hides_contacts(conversation, side) else text
    try:
        said = verbs.say(conversation=conversation, side=side, text=passed, at=at, channel=Channel.MAIL, message_id=identity)
    except steps.ConversationRefused as refusal:
        told(conversation, "undelivered", at, key=key, why=str(refusal))
        return "refused"
    if said is None:
        return "known"
    if passed != text:
        told(conversation, "masked", at, key=key, is_author=side == Side.SENDER)
    if refused:
        told(conversation, "attachments", at, key=key, names=", ".join(refused[:10]))
    return "passed on"


@transaction.atomic
def _bounce(conversation, side, at):
    """What we sent did not arrive: the team takes over, for an author who cannot be reached as well."""
    _note_once(conversation, f"L’adresse {WHOSE[side]} ne répond pas", at)
    why = Handover.NO_AUTHOR if side == Side.SENDER else Handover.UNREACHABLE
    verbs.hand_over(conversation=conversation, why=why, at=at)
    return "bounce"


@transaction.atomic
def _away(conversation, side, at):
    """An out-of-office note is no answer: reminders and the team's turn come as if nothing had been received."""
    _note_once(conversation, f"Réponse automatique d’absence {WHOSE[side]}", at)
    return "away"


def _note_once(conversation, words, at):
    """Write down what a machine told us: the same report, or note, may come again."""
    steps.lock(conversation)
    if not conversation.messages.filter(side=Side.PORTAL, text=words).exists():
        steps.note(conversation, at, words)
