"""What a person does with their alerts. Each verb is one transaction that locks the person.

Whoever asks for an alert learns from the page nothing of the address that they typed: all that depends on it is said by mail.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contacts.enums import Asked, Rhythm
from contacts.models import Alert, AlertOpinion, Subscriber
from contacts.models.alerts import WORD_LENGTH
from contacts.rules.alerts import MOST
from contacts.searches import KINDS
from core import french, mail, signed
from core.links import absolute

CONFIRM, MANAGE, STOP = "contacts.alert_confirm", "contacts.alerts", "contacts.alert_stop"
OFF, OPINION, RENEW = "contacts.alerts_off", "contacts.alert_opinion", "contacts.alerts_renew"
"""What each link of a message is for."""
MESSAGES = {
    "confirm": "contacts/mail/alerts_confirm.txt",
    "already": "contacts/mail/alerts_already.txt",
    "full": "contacts/mail/alerts_full.txt",
    "begun": "contacts/mail/alerts_begun.txt",
    "link": "contacts/mail/alerts_link.txt",
}
EVENTS = "contacts.alert"
"""How the event of every message about alerts begins."""


class AlertRefused(Exception):
    """The verb cannot be done now; the text says why, in French."""


def private_url(name, purpose, row):
    """The address that opens this row for this purpose."""
    return absolute(reverse(f"contacts:{name}", args=[signed.sign(purpose, row)]))


def manage_url(person):
    """The address of the page of all the alerts of a person."""
    return private_url("alerts_manage", MANAGE, person)


@transaction.atomic
def ask(*, email, kind, query, rhythm, known, at):
    """Ask for an alert; its address confirms it by mail, unless this browser is `known` by it. Returns what became of it (`Asked`).

    `query` is as `Reading.query` writes it, so that the same search twice is the same alert. Raises `AlertRefused` when the address was
    asked enough, whatever it follows.
    """
    if not known and not mail.may_ask(email, at):
        raise AlertRefused(mail.ASKED_ENOUGH)
    defaults = {"created_at": at, "renewed_at": at}
    person, _ = Subscriber.objects.select_for_update().get_or_create(email=email, defaults=defaults)
    found = person.alerts.filter(kind=kind, query=query).first()
    if found and found.is_active:
        _tell_person(person, found, "already", at)
        return Asked.ALREADY if known else Asked.MAIL
    if person.alerts.active().count() >= MOST:
        _tell_person(person, found, "full", at)
        return Asked.FULL if known else Asked.MAIL
    alert = found or Alert(subscriber=person, kind=kind, query=query)
    alert.rhythm, alert.created_at, alert.confirmed_at, alert.stopped_at = rhythm, at, None, None
    alert.save()
    if not known:
        send_confirmation(alert=alert, at=at)
        return Asked.MAIL
    _begin(alert, at)
    _tell_person(person, alert, "begun", at)
    return Asked.BEGUN


@transaction.atomic
def confirm(*, alert, at):
    """Begin an alert that its person confirms; one that runs already goes on."""
    _lock(alert)
    if alert.is_active:
        return alert
    if alert.subscriber.alerts.active().count() >= MOST:
        raise AlertRefused(f"Vous suivez déjà {MOST} recherches{french.NBSP}: arrêtez-en une, puis revenez à cette page.")
    return _begin(alert, at)


def _begin(alert, at):
    """What the search finds at this moment is known: only what comes after is told."""
    alert.confirmed_at, alert.stopped_at, alert.began_at, alert.checked_at = at, None, at, at
    alert.known_ids = KINDS[alert.kind](at).known(alert.query, at)
    alert.save()
    _alive(alert.subscriber, at)
    return alert


@transaction.atomic
def change(*, alert, query, at):
    """Follow another search in place of this one; what appeared since its last message and answers the new search is still to tell."""
    _lock(alert)
    if alert.subscriber.alerts.filter(kind=alert.kind, query=query).exclude(pk=alert.pk).exists():
        raise AlertRefused("Vous suivez déjà cette recherche par une autre alerte.")
    alert.query, alert.began_at = query, alert.checked_at
    alert.known_ids = KINDS[alert.kind](at).known(query, alert.checked_at)
    alert.save()
    _alive(alert.subscriber, at)
    return alert


@transaction.atomic
def set_rhythm(*, alert, rhythm, at):
    """Write as often as this from now on."""
    _lock(alert)
    alert.rhythm = Rhythm(rhythm)
    alert.save(update_fields=["rhythm"])
    _alive(alert.subscriber, at)
    return alert


@transaction.atomic
def stop(*, person, alert=None, at):
    """Stop one alert of a person, or all of them; returns how many were running."""
    Subscriber.objects.select_for_update().get(pk=person.pk)
    alerts = person.alerts.active() if alert is None else person.alerts.active().filter(pk=alert.pk)
    return alerts.update(stopped_at=at)


@transaction.atomic
def renew(*, person, at):
    """Note that a person wants to go on."""
    _alive(Subscriber.objects.select_for_update().get(pk=person.pk), at)


@transaction.atomic
def forget(*, person):
    """Erase a person, their alerts, and what was written to them about alerts; what the portal counts has no name."""
    person = Subscriber.objects.select_for_update().filter(pk=person.pk).first()
    if person:
        mail.erase(about=person)
        person.delete()


@transaction.atomic
def judge(*, alert, useful, word="", at):
    """Note whether an alert was useful; the last answer counts."""
    values = {"kind": alert.kind, "rhythm": alert.rhythm, "useful": useful, "word": word[:WORD_LENGTH], "at": at}
    return AlertOpinion.objects.update_or_create(alert=alert, defaults=values)[0]


def _lock(alert):
    Subscriber.objects.select_for_update().get(pk=alert.subscriber_id)
    alert.refresh_from_db()


def _alive(person, at):
    """Whatever a person does with their alerts says that they want them."""
    Subscriber.objects.filter(pk=person.pk).update(renewed_at=at)


# --- Messages -------------------------------------------------------------------------------------


@transaction.atomic
def send_confirmation(*, alert, at):
    """Ask the address whether it wants this alert, once a day at most; returns the `Mail`, or None when it was asked enough today."""
    if not mail.may_ask(alert.subscriber.email, at):
        return None
    url = private_url("alerts_confirm", CONFIRM, alert)
    return _write(f"confirm:{alert.pk}", alert.subscriber, alert, "confirm", at, confirm_url=url)


@transaction.atomic
def send_link(*, email, at):
    """Send the address the link to its alerts, if it has any; returns the `Mail` or None."""
    person = Subscriber.objects.filter(email=email, alerts__confirmed_at__isnull=False).first()
    return send_fresh_link(person=person, at=at) if person else None


@transaction.atomic
def send_fresh_link(*, person, at):
    """Send a person the link to their alerts, once a day at most."""
    return _write(f"link:{person.pk}", person, None, "link", at) if mail.may_ask(person.email, at) else None


def _tell_person(person, alert, what, at):
    """What the page must not say to whoever typed this address."""
    if what == "begun" or mail.may_ask(person.email, at):
        _write(f"{what}:{alert.pk if alert else person.pk}", person, alert, what, at)


def _write(event, person, alert, template, at, **context):
    return mail.post(
        event=f"{EVENTS}_{event}:{timezone.localdate(at):%Y%m%d}",
        recipient=person.email,
        template=MESSAGES[template],
        context={
            "alert": alert,
            "search": KINDS[alert.kind](at).told_to_anybody(alert.query) if alert else None,
            "label": KINDS[alert.kind].label if alert else "",
            "manage_url": manage_url(person),
            "most": MOST,
            **context,
        },
        reason="votre adresse a été donnée pour une alerte du portail",
        about=person,
        at=at,
    )
