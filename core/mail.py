"""Mail: written once for an event and a person, in the transaction of the row it speaks of; sent by the worker until it is accepted.

A message is a template of plain French (`templates/mail/base.txt` says how): its first line is the subject, `{% button "Libellé" url %}` on
a line of its own is a button, `{% link "Libellé" url %}` on lines of their own are plain links, lines that begin with `> ` are what
somebody else wrote. The HTML part is made of the same lines.

    with transaction.atomic():
        request.save()
        mail.post(event=f"contacts.receipt:{request.pk}", recipient=request.email, template="contacts/mail/receipt.txt",
                  context={...}, reason="vous avez écrit à ...", about=request)

A message is sent at least once: a server may accept it just before we can note so. The copy then has the same Message-ID, and
mail programs show one. It is recorded once.
"""

import re
import secrets
import smtplib
import uuid
from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from core import french
from core.enums import MailState
from core.models import Mail

DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440)]
"""After each attempt that failed; after the last one a person has to look. Two days in all, as mail servers do."""
KEPT = timedelta(days=90)
"""How long words and address of a message are kept after its end (docs/registre.md)."""
MARK, SEPARATOR = "button_mark", "\t"
"""Name in the context of a message, and what stands between label and address, of its buttons (`core.templatetags.mailing`)."""
QUOTED = "> "
ASKING = (
    "contacts.confirm:",
    "contacts.alert_confirm:",
    "contacts.alert_already:",
    "contacts.alert_full:",
    "contacts.alert_link:",
    "contacts.need_confirm:",
    "interns.note_confirm:",
    "opportunities.draft:",
    "opportunities.new_contact:",
    "housing.draft:",
    "housing.new_contact:",
)
"""How the events begin of messages that leave because somebody typed an address, who may not be who reads it."""
ASKED_A_DAY = 5
"""Such messages that one address gets within a day, whatever the forms it is typed into."""
ASKED_ENOUGH = (
    "Cette adresse a déjà reçu plusieurs demandes de confirmation aujourd’hui. Rien n’est perdu\u00a0: "
    "ouvrez l’un de ces messages, réessayez demain, ou écrivez à l’équipe."
)
"""What whoever types an address is told once it was asked enough (`may_ask`), whoever typed it before."""
AWAY = "serveur injoignable\u00a0:"
"""How the problem of a message begins when there was nobody to talk to."""


def post(*, event, recipient, template, context, reason, about=None, reply_to="", unsubscribe_url="", at=None):
    """Write a message that the worker sends after this transaction; nothing if this person was told of this event already.

    `event` is a stable text, `app.what:key`. `reason` ends the sentence « Vous recevez ce message parce que ». `about` is the row whose
    screen shows the state of the message. `unsubscribe_url` makes it a subscription (RFC 8058). Returns the `Mail`, whose `is_new` is false
    when it was written before. Answers go to `reply_to`, by default to the team: nobody reads the address that sends.
    Raises `TransactionManagementError` outside of a transaction: the message and its row are saved together or not at all;
    `ValueError` without a recipient.
    """
    if not recipient or french.one_line(recipient) != recipient.strip():
        raise ValueError(f"{event}: a message has a recipient")
    if not connection.in_atomic_block:
        raise TransactionManagementError(f"{event}: a message is written in the transaction of its row")
    at = at or timezone.now()
    subject, text, html = compose(template, context, reason=reason, unsubscribe_url=unsubscribe_url)
    mail, created = Mail.objects.get_or_create(
        event=event,
        recipient_key=key_of(recipient),
        defaults={
            "recipient": recipient,
            "subject": subject,
            "text": text,
            "html": html,
            "reply_to": reply_to or settings.CONTACT_EMAIL,
            "unsubscribe_url": unsubscribe_url,
            "message_id": f"<{uuid.uuid4().hex}@{settings.MAIL_DOMAIN}>",
            "about": about,
            "due_at": at,
        },
    )
    mail.is_new = created
    if created:
        defer_delivery(mail.pk)
    return mail


def may_ask(recipient, at):
    """Whether one more message of `ASKING` may leave for this address; asked in the transaction that writes it.

    One at a time for an address. Whoever typed it is told the same either way.
    """
    one_at_a_time(recipient)
    asking = reduce(or_, (Q(event__startswith=event) for event in ASKING))
    return Mail.objects.filter(asking, recipient_key=key_of(recipient), created_at__gt=at - timedelta(days=1)).count() < ASKED_A_DAY


def one_at_a_time(recipient):
    """Until the transaction under way ends, whoever else asks this for the same address waits: what is counted or told holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"core.mail:{key_of(recipient)}"])


def defer_delivery(pk):
    """With the transaction under way: the worker sends this message once it is saved."""
    app.configure_task("core.tasks.deliver_mail").defer(pk=pk)


def key_of(recipient):
    """What stands for an address once it is erased; upper and lower case are one person."""
    return salted_hmac("core.mail", recipient.strip().lower()).hexdigest()


def compose(template, context, *, reason, unsubscribe_url=""):
    """Subject, plain text and HTML of a message."""
    mark = secrets.token_hex(8)
    source = plain(template, {**context, MARK: mark})
    subject, _, body = source.strip().partition("\n")
    subject = french.one_line(subject)[:200]
    parts = list(parts_of(body, mark))
    frame = {"reason": reason, "unsubscribe_url": unsubscribe_url, "adviser": settings.ADVISER, "contact": settings.CONTACT_EMAIL}
    text = plain("mail/base.txt", {**frame, "body": "\n\n".join(map(written, parts))})
    html = render_to_string("mail/base.html", {**frame, "subject": subject, "parts": parts})
    return subject, text.strip() + "\n", html


def plain(template, context):
    """A template of plain text, typeset in French: what it shows is not escaped."""
    return french.typeset(get_template(template).template.render(Context(context, autoescape=False)))


def parts_of(body, mark):
    """Parts of a message as `(kind, content)`: `text` and `quote` with their lines, `button` with label and address, `links` with several.

    The first button is the one to press, and is `main`: it alone is filled.

    `mark` is what the buttons of this one message begin with: whoever wrote a name or a title could not know it.
    """
    main = True
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = block.split("\n")
        if block.startswith(mark + SEPARATOR):
            links = (line.removeprefix(mark + SEPARATOR).split(SEPARATOR) for line in lines)
            yield "links", [{"label": label, "url": url} for label, url in links]
        elif block.startswith(mark):
            label, url = block.removeprefix(mark).split(SEPARATOR)
            yield "button", {"label": label, "url": url, "main": main}
            main = False
        elif all(line.startswith(QUOTED.strip()) for line in lines):
            yield "quote", [line[len(QUOTED) :] for line in lines]
        else:
            yield "text", lines


def written(part):
    """A part of a message in plain text."""
    kind, content = part
    if kind == "button":
        return f"{content['label']}{french.NBSP}: {content['url']}"
    if kind == "links":
        return "\n".join(written(("button", link)) for link in content)
    return "\n".join(QUOTED + line for line in content) if kind == "quote" else "\n".join(content)


def quote(text):
    """What a person wrote, as the quotation of a message: no line of it can pass for one of ours."""
    return "\n".join(QUOTED + french.one_line(line) for line in text.strip().splitlines())


@transaction.atomic
def deliver(*, pk, at):
    """Send one message that is due, if nobody else is sending it. Returns its new state, or None when there was nothing to do."""
    mail = Mail.objects.due(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if mail is None:
        return None
    mail.attempts += 1
    try:
        if not envelope(mail).send():
            raise ValueError("nobody to send it to")
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = next(iter(refusal.recipients.values()))
        note_failure(mail, f"{code} {decoded(words)}", at, for_good=code >= 500)
    except smtplib.SMTPResponseException as refusal:
        note_failure(mail, f"{refusal.smtp_code} {decoded(refusal.smtp_error)}", at)
    except (smtplib.SMTPException, OSError) as trouble:
        note_failure(mail, f"{AWAY} {type(trouble).__name__} {trouble}", at)
    except Exception as fault:
        note_failure(mail, f"{type(fault).__name__} {fault}", at, for_good=True)
    else:
        mail.state, mail.sent_at, mail.problem = MailState.SENT, at, ""
    mail.save()
    return mail.state


def note_failure(mail, words, at, *, for_good=False):
    mail.problem = words[:300]
    if for_good or mail.attempts > len(DELAYS):
        mail.state = MailState.FAILED
    else:
        mail.due_at = at + DELAYS[mail.attempts - 1]


def decoded(words):
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def envelope(mail):
    """The message as it leaves, with its two parts and the headers that mail programs and servers read."""
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.unsubscribe_url:
        headers |= {"List-Unsubscribe": f"<{mail.unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    sender = settings.DEFAULT_FROM_EMAIL
    box, _, domain = settings.INBOUND_ADDRESS.partition("@")
    if box and mail.reply_to.startswith(f"{box}+") and mail.reply_to.endswith(f"@{domain}"):
        # What cannot be delivered comes back to where replies are read: the address of the envelope is not the one that people see.
        headers["From"], sender = sender, mail.reply_to
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        from_email=sender,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def deliver_due(*, at):
    """Send every message that is due: those whose job was lost with its worker, and those to try again. Returns how many were tried.

    Stops when the server is away: the next run, a minute later, asks it again for one message, not for each in turn.
    """
    tried = 0
    for pk in list(Mail.objects.due(at).order_by("due_at", "pk").values_list("pk", flat=True)):
        state = deliver(pk=pk, at=at)
        tried += state is not None
        if state == MailState.WAITING and Mail.objects.filter(pk=pk, problem__startswith=AWAY).exists():
            break
    return tried


@transaction.atomic
def send_again(*, mails, at=None):
    """Try again messages that were given up, with the same Message-ID; returns how many."""
    failed = mails.failed().exclude(recipient="").select_for_update()
    keys = [mail.pk for mail in failed]
    Mail.objects.filter(pk__in=keys).update(state=MailState.WAITING, attempts=0, due_at=at or timezone.now(), problem="")
    for pk in keys:
        defer_delivery(pk)
    return len(keys)


def drop(*, mails):
    """Put aside messages that were given up, once somebody has looked; returns how many."""
    return mails.failed().update(state=MailState.DROPPED)


def take_back(*, mails):
    """Put aside those of these messages, a queryset, that no server took yet: their events may be told anew. Returns them.

    One that is being sent this very moment leaves.
    """
    taken = list(mails.unsent().select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    for mail in taken:
        mail.state, mail.event = MailState.DROPPED, f"{mail.event}:{mail.pk}"
        mail.save(update_fields=["state", "event"])
    return taken


ERASED = {"recipient": "", "subject": "", "text": "", "html": "", "reply_to": "", "unsubscribe_url": "", "problem": ""}


def erase_old(*, at):
    """Forget words and addresses of messages that ended long ago; what stays tells that they were sent. Returns how many."""
    return Mail.objects.to_erase(at - KEPT).update(**ERASED)


def erase(*, about):
    """Forget at once what was written about a row that is erased; what has not left does not leave any more. Returns how many."""
    return erase_all(mails=Mail.objects.about(about))


@transaction.atomic
def erase_all(*, mails):
    """Forget at once these messages, a queryset; what waits or was given up is dropped. Returns how many."""
    mails.exclude(state=MailState.SENT).update(state=MailState.DROPPED)
    return mails.exclude(recipient="").update(**ERASED)
