"""Whom a visitor may write to: one entry a kind of target, read from the address of the form."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from agenda import presenters as agenda_presenters
from agenda.models import Event
from collective.models import Partner
from contacts.enums import Aim, Handover, Target, Topic
from contacts.models import Conversation, Recipient
from contacts.rules import conversations as rules
from contacts.rules import promises
from contacts.rules.events import what_became
from core import french
from housing import presenters as housing_presenters
from housing.actions.stays import PURPOSE_LENGTH
from housing.asked import read_places, read_stay
from housing.models import Dwelling
from opportunities.models import Opportunity


@dataclass(slots=True)
class Addressee:
    """Who is written to, and what the form has to know."""

    target: Target
    title: str
    kind: str
    url: str
    offer: Opportunity | None = None
    partner: Partner | None = None
    dated: bool = False
    """Whether the author's dates matter from the first message on."""
    days_hint: str = ""
    """What the form says beside the dates."""
    promise: str = ""
    """How this recipient answers, when enough people wrote (N4)."""
    notice: str = ""
    """What the author must know before writing: absent, paused."""
    initial: dict | None = None
    relayed: bool = True
    """Whether somebody but the team receives the message."""
    confidential: bool = False
    """Whether the team receives in place of the publisher, whose other offers must not be known by this one (N23)."""
    dwelling: Dwelling | None = None
    event: Event | None = None

    @property
    def subject(self):
        """What a conversation keeps of whom it is for."""
        return {"offer": self.offer, "partner": self.partner, "dwelling": self.dwelling, "event": self.event}


def offer(pk):
    """The publisher of an offer that readers may see."""
    now = timezone.now()
    found = Opportunity.objects.visible(now).select_related("kind", "commune__epci").filter(pk=pk).first()
    if found is None:
        raise Http404
    recipient = None if found.is_confidential else Recipient.objects.filter(email=found.contact_email.strip().lower()).first()
    initial = {"aim": Aim.LOCUM if found.kind.is_locum else Aim.SALARY if found.kind.is_employment else Aim.SETTLE}
    takes_part = found.kind.is_locum and found.partial_coverage
    if found.kind.is_locum and not takes_part:
        initial |= {"starts_on": found.starts_on, "ends_on": found.ends_on}
    return Addressee(
        target=Target.OFFER,
        title=found.title,
        kind=found.kind.label,
        url=found.get_absolute_url(),
        offer=found,
        dated=found.kind.is_locum,
        days_hint=_part_of(found) if takes_part else "",
        promise=promise(recipient, now),
        notice=notice(recipient, now),
        initial=initial,
        confidential=found.is_confidential,
    )


def _part_of(offer):
    """Beside the dates of who writes about a locum of which a part will do: those of the offer, never filled in for them."""
    days = (
        f"Dates de l’offre{french.NBSP}: {french.date_range(offer.starts_on, offer.ends_on)}. " if offer.starts_on and offer.ends_on else ""
    )
    return f"{days}Une partie des dates convient aussi{french.NBSP}: donnez les vôtres."


def room(pk, data=None):
    """The host of a dwelling that readers may see; `data` are parameters of the search that one comes from."""
    now = timezone.now()
    found = Dwelling.objects.visible(now).for_detail().filter(pk=pk).first()
    if found is None:
        raise Http404
    recipient = Recipient.objects.filter(email=found.contact_email.strip().lower()).first() if found.contact_email else None
    initial, problems = _asked(data, timezone.localdate(now)) if data else ({}, [])
    return Addressee(
        target=Target.ROOM,
        title=found.title,
        kind=f"{housing_presenters.kind_label(found)}, {housing_presenters.place(found)}",
        url=found.get_absolute_url(),
        dwelling=found,
        dated=True,
        promise=promise(recipient, now),
        notice=" ".join(filter(None, [*problems, notice(recipient, now, "L’hôte")])),
        initial=initial,
        relayed=bool(found.contact_email),
    )


def _asked(data, today):
    """What a search of rooms says of a stay: its nights, and what for; and why nights that were given are left out."""
    stay, problems, _ = read_stay(data, today)
    near, _, _ = read_places(data.getlist("lieu"), [])
    dates = {"starts_on": stay.start, "ends_on": stay.end} if stay else {}
    return dates | {"purpose": french.one_line(", ".join(place.anchor.text for place in near))[:PURPOSE_LENGTH]}, problems


def event(pk):
    """The organiser of an event that is to take place, who takes messages; else the team, which asks them."""
    now = timezone.now()
    found = Event.objects.visible(now).for_lines().filter(pk=pk).first()
    if found is None or what_became(found, now):
        raise Http404
    email = found.contact_email.strip().lower() if found.takes_messages else ""
    recipient = Recipient.objects.filter(email=email).first() if email else None
    return Addressee(
        target=Target.EVENT,
        title=found.title,
        kind=", ".join(filter(None, [found.kind.label, agenda_presenters.when(found)])),
        url=found.get_absolute_url(),
        event=found,
        promise=promise(recipient, now),
        notice=notice(recipient, now, "L’organisateur"),
        initial={"aim": Aim.JOIN},
        relayed=bool(email),
    )


def partner(slug):
    """A partner of the collective: its own service when it gave an address, else the team, which passes on."""
    found = Partner.objects.filter(slug=slug, active=True).first()
    if found is None:
        raise Http404
    return Addressee(
        target=Target.PARTNER,
        title=found.name,
        kind="Partenaire",
        url=reverse("collective:landing") + f"#{found.slug}",
        partner=found,
        relayed=bool(found.email),
    )


SUBJECT_LENGTH = 120


def adviser(topic, subject=""):
    """The team; `topic` and `subject` are what the link that led here was about: one of the list, or words of an editorial page."""
    line = french.one_line(subject)[:SUBJECT_LENGTH]
    return Addressee(
        target=Target.ADVISER,
        title="Écrire à l’équipe VSA",
        kind="L’équipe",
        url=reverse("home"),
        initial={**({"topic": topic} if topic in Topic.values else {}), **({"text": f"{line}\n\n"} if line else {})},
    )


def promise(recipient, at):
    """In words, how somebody answered so far; empty while fewer than five people wrote. One query."""
    if recipient is None:
        return ""
    return promises.promise_in_words(Conversation.objects.filter(recipient=recipient).promise(at))


def notice(recipient, at, who="L’annonceur"):
    """What an author is told of an absence or of a pause; `who` begins the sentence."""
    if recipient is None:
        return ""
    received = Conversation.objects.of_recipient(recipient).filter(relayed_at__gte=rules.month_of(at)).count()
    refusal = rules.refusal_of(recipient, received)
    if refusal == Handover.PAUSED:
        return f"{who} ne prend pas de message en ce moment. L’équipe VSA reçoit le vôtre et vous répond."
    if refusal == Handover.CAPPED:
        return f"{who} a reçu ce mois-ci autant de demandes qu’il peut en suivre. L’équipe VSA reçoit la vôtre et vous répond."
    if rules.is_absent(recipient, at):
        day = french.date(recipient.absent_until)
        return f"{who} est absent jusqu’au {day}. Il reçoit votre message, et les rappels attendent son retour."
    return ""
