"""What alerts tell: one message a person and a run, with all their alerts that are due, each thing once.

Everything of one person is one transaction that locks them: two workers share the people, a worker that dies has told nothing, a second
run finds nothing due. A message that waits for a server is written again without what is no longer true.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from contacts.actions.alerts import (
    EVENTS,
    MANAGE,
    OFF,
    OPINION,
    RENEW,
    STOP,
    forget,
    manage_url,
    private_url,
    stop,
)
from contacts.models import Alert, AlertItem, AlertOpinion, LodgingMatch, NeedMatch, Subscriber
from contacts.rules import alerts as rules
from contacts.searches import KINDS, Offers, Rooms
from core import french, mail, signed
from core.enums import MailState
from core.links import absolute
from core.models import Mail

SHOWN = 10
"""Things of one alert that a message tells in full; a link leads to the others."""
REASON = "vous avez demandé une alerte sur le portail"


def send_due(*, at):
    """Look for every alert whose period has begun anew, and write to people for whom something is new; returns how many messages."""
    refresh_waiting(at=at)
    due = list(Alert.objects.due(at, rules.periods(at)).values_list("pk", "subscriber_id", "kind", "query", "checked_at"))
    searches = {name: kind(at) for name, kind in KINDS.items()}
    found = _found(due, searches)
    quiet = [pk for pk, _, kind, query, _ in due if found.get((kind, query)) == {}]
    Alert.objects.filter(pk__in=quiet, checked_at__lt=at).update(checked_at=at)
    people = sorted({person for _, person, kind, query, _ in due if found.get((kind, query)) != {}})
    return sum(_write_to(person, found, searches, at) for person in people)


def _found(due, searches):
    """For each kind and query of these alerts, what changed and is found, with when it was published; None when it cannot be asked."""
    found = {}
    for name, kind in searches.items():
        mine = [(query, checked_at) for _, _, of_kind, query, checked_at in due if of_kind == name]
        if not mine:
            continue
        changed = kind.changed_since(min(checked_at for _, checked_at in mine) - rules.LOOK_BACK)
        for query in sorted({query for query, _ in mine}):
            keys = kind.matching(query, list(changed)) if changed else set()
            found[name, query] = None if keys is None else {key: changed[key] for key in keys}
    return found


@transaction.atomic
def _write_to(pk, found, searches, at):
    """The message of one person about their alerts that are due, if anything is new to them."""
    person = Subscriber.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if person is None:
        return False
    mail.one_at_a_time(person.email)
    due = [alert for alert in person.alerts.due(at, rules.periods(at)) if (alert.kind, alert.query) in found]
    Alert.objects.filter(pk__in=[alert.pk for alert in due]).update(checked_at=at)
    for alert in due:
        if found[alert.kind, alert.query] is None:
            _tell_broken(person, alert, searches[alert.kind], at)
    news = []
    for name, kind in searches.items():
        news += _news(person, [alert for alert in due if alert.kind == name], kind, found, at)
    if not news:
        return False
    message = _post(person, news, searches, at)
    for item, _ in news:
        item.mail = message
    AlertItem.objects.bulk_create([item for item, _ in news])
    Alert.objects.filter(pk__in={item.alert_id for item, _ in news}).update(sent_at=at)
    return True


def _news(person, alerts, kind, found, at):
    """What is new to a person of one kind of things, as unsaved rows with what a message says of each.

    Not what an alert or a need of theirs told already, nor what was there when the alert began, unless it was published anew.
    """
    keys = {key for alert in alerts for key in found[alert.kind, alert.query] or ()}
    if not keys:
        return []
    told = set(person.items.filter(kind=kind.key, object_id__in=keys).values_list("object_id", flat=True))
    if kind.key == Offers.key:
        told |= set(NeedMatch.objects.told_to(person.email).filter(offer__in=keys).values_list("offer_id", flat=True))
    elif kind.key == Rooms.key:
        told |= set(LodgingMatch.objects.told_to(person.email).filter(dwelling__in=keys).values_list("dwelling_id", flat=True))
    visible, news = kind.items(keys - told), []
    for alert in alerts:
        published, known = found[alert.kind, alert.query] or {}, set(alert.known_ids)
        for key in visible.keys() & published.keys() - told:
            if published[key] > alert.began_at or key not in known:
                row = AlertItem(subscriber=person, alert=alert, kind=kind.key, object_id=key, told_at=at, told_as=visible[key].told_as)
                news.append((row, visible[key]))
                told.add(key)
    return news


def _post(person, news, searches, at):
    return mail.post(
        event=f"{EVENTS}_digest:{person.pk}:{at:%Y%m%dT%H%M%S}",
        recipient=person.email,
        template="contacts/mail/alerts_digest.txt",
        context=_context(person, news, searches),
        reason=REASON,
        about=person,
        unsubscribe_url=private_url("alerts_off", OFF, person),
        at=at,
    )


def _context(person, news, searches):
    """What a digest says: its alerts, each with the things that it found, newest first."""
    token = signed.sign(MANAGE, person)
    parts = {}
    for item, told in sorted(news, key=lambda pair: pair[1].published_at, reverse=True):
        parts.setdefault(item.alert, {})[item.object_id] = told
    kinds = {item.kind for item, _ in news}
    kind = searches[kinds.pop()] if len(kinds) == 1 else None
    return {
        "count": french.plural(len(news), kind.one if kind else "nouveauté", kind.many if kind else "nouveautés"),
        "parts": [_part(alert, found, searches[alert.kind], token) for alert, found in parts.items()],
        "manage_url": absolute(reverse("contacts:alerts_manage", args=[token])),
    }


def _part(alert, found, kind, token):
    search = kind.written(alert.query)
    shown = dict(list(found.items())[:SHOWN])
    return {
        "title": search.title,
        "label": kind.label,
        "items": list(kind.as_found(alert.query, shown).values()),
        "more": french.plural(len(found) - SHOWN, "autre") if len(found) > SHOWN else "",
        "url": absolute(search.url),
        "change_url": absolute(reverse("contacts:alerts_change", args=[token, alert.pk])),
        "stop_url": private_url("alerts_stop", STOP, alert),
        "useful_url": private_url("alerts_useful", OPINION, alert),
        "useless_url": private_url("alerts_useless", OPINION, alert),
    }


def _tell_broken(person, alert, kind, at):
    """Once for a search: what it asked for no longer exists, so it finds nothing any more."""
    mail.post(
        event=f"{EVENTS}_broken:{alert.pk}:{alert.began_at:%Y%m%dT%H%M%S}",
        recipient=person.email,
        template="contacts/mail/alerts_broken.txt",
        context={"search": kind.read(alert.query), "label": kind.label, "manage_url": manage_url(person)},
        reason=REASON,
        about=person,
        unsubscribe_url=private_url("alerts_off", OFF, person),
        at=at,
    )


# --- Messages that wait -----------------------------------------------------------------------------

UNSENT = (MailState.WAITING, MailState.FAILED)


def refresh_waiting(*, at):
    """Write again the messages that no server took yet and that tell of what is gone or no longer wanted; returns how many."""
    unsent = Mail.objects.filter(state__in=UNSENT, about_type=ContentType.objects.get_for_model(Subscriber))
    items = list(AlertItem.objects.filter(mail__in=unsent).select_related("alert").defer("alert__known_ids"))
    if not items:
        return 0
    searches = {name: kind(at) for name, kind in KINDS.items()}
    seen = _seen(items, searches)
    stale = {item.mail_id for item in items if not _holds(item, seen)}
    return sum(_refresh(pk, searches) for pk in sorted(stale))


def _seen(items, searches):
    """What readers see now of these things, by kind and key."""
    return {
        (name, key): told
        for name, kind in searches.items()
        for key, told in kind.items({item.object_id for item in items if item.kind == name}).items()
    }


def _holds(item, seen):
    """Whether readers see this thing and the person still wants to hear of it."""
    return (item.kind, item.object_id) in seen and item.alert is not None and item.alert.is_active


@transaction.atomic
def _refresh(pk, searches):
    message = Mail.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, state__in=UNSENT).first()
    if message is None:
        return False
    items = list(AlertItem.objects.filter(mail=message).select_related("alert__subscriber"))
    seen = _seen(items, searches)
    kept = [item for item in items if _holds(item, seen)]
    # Not told after all: what comes back may be told later.
    AlertItem.objects.filter(pk__in=[item.pk for item in items if item not in kept]).delete()
    if kept:
        context = _context(kept[0].alert.subscriber, [(item, seen[item.kind, item.object_id]) for item in kept], searches)
        message.subject, message.text, message.html = mail.compose(
            "contacts/mail/alerts_digest.txt", context, reason=REASON, unsubscribe_url=message.unsubscribe_url
        )
    else:
        message.state = MailState.DROPPED
    message.save()
    return True


# --- The end of an alert --------------------------------------------------------------------------


def ask_to_go_on(*, at):
    """Ask people silent for six months whether to go on, and stop the alerts of those who did not answer; returns how many acts."""
    silent = Subscriber.objects.silent_since(at - rules.ASK_AFTER).order_by("pk").values_list("pk", flat=True)
    return sum(_ask_to_go_on(pk, at) for pk in list(silent))


@transaction.atomic
def _ask_to_go_on(pk, at):
    silent = Subscriber.objects.silent_since(at - rules.ASK_AFTER)
    person = silent.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if person is None:
        return False
    event = f"{EVENTS}_renew:{person.pk}:{person.renewed_at:%Y%m%dT%H%M%S}"
    asked = Mail.objects.filter(event=event).first()
    if asked:
        # A message that waits asks nobody; one that no server takes will never be answered.
        late = asked.state != MailState.WAITING and asked.due_at <= at - rules.STOP_AFTER_ASKING
        return bool(late and stop(person=person, at=at))
    searches = [KINDS[alert.kind](at).written(alert.query).title for alert in person.alerts.active()]
    mail.post(
        event=event,
        recipient=person.email,
        template="contacts/mail/alerts_renew.txt",
        context={
            "searches": searches,
            "stops_on": french.date(timezone.localtime(at + rules.STOP_AFTER_ASKING)),
            "renew_url": private_url("alerts_renew", RENEW, person),
            "manage_url": manage_url(person),
        },
        reason=REASON,
        about=person,
        unsubscribe_url=private_url("alerts_off", OFF, person),
        at=at,
    )
    return True


def stop_unreachable(*, at):
    """Stop the alerts of people whose last messages were all given up: their address answers no more; returns how many people.

    A message that was put aside because nothing in it held any more says nothing of its address.
    """
    digests = Mail.objects.filter(event__startswith=f"{EVENTS}_digest:", about_type=ContentType.objects.get_for_model(Subscriber))
    digests = digests.exclude(state=MailState.DROPPED, attempts__lte=len(mail.DELAYS))
    failing = Subscriber.objects.with_active_alerts().filter(pk__in=digests.filter(state=MailState.FAILED).values("about_id"))
    stopped = 0
    for person in failing.order_by("pk"):
        last = list(digests.filter(about_id=person.pk).order_by("-pk").values_list("state", flat=True)[: rules.GIVEN_UP])
        if len(last) == rules.GIVEN_UP and set(last) <= {MailState.FAILED, MailState.DROPPED}:
            stopped += stop(person=person, at=at) > 0
    return stopped


@transaction.atomic
def erase_old(*, at):
    """Forget alerts that nobody confirmed, those stopped long ago, people without any and what was written to them, words of opinions.

    Returns how many alerts.
    """
    over = Alert.objects.over(at - rules.WAITING_KEPT, at - rules.STOPPED_KEPT)
    people = list(over.values_list("subscriber_id", flat=True))
    erased = over.delete()[1].get("contacts.Alert", 0)
    for person in Subscriber.objects.filter(pk__in=people).without_alerts().select_for_update(skip_locked=True).order_by("pk"):
        forget(person=person)
    AlertOpinion.objects.filter(at__lt=at - rules.WORDS_KEPT).exclude(word="").update(word="")
    return erased
