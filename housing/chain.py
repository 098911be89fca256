"""From one semester to the next: the host of a stay that ends with a semester is asked, in time, what becomes of the room.

One message for a stay and a semester, whoever runs the job and however often; the page that it opens changes nothing on a GET. Each step is
one transaction: cut short, it has done nothing and the next run does it.
"""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Concat
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core import french, signed
from core.enums import State
from core.french import NBSP
from core.links import absolute
from core.private import opened_by
from housing import actions, letters, rules
from housing.actions import StayRefused, TransitionRefused
from housing.enums import BookingOrigin, BookingState, LetTo
from housing.models import Booking, Dwelling, DwellingOutcome
from territories import semesters

PURPOSE = "housing.next_semester"
KEY = "chain_key"
"""Of a stay and of its dwelling together: the link is void as soon as those of the dwelling are."""
LIFETIME = timedelta(days=120)
ASK_BEFORE = timedelta(days=60)
NEAR_END = timedelta(days=10)
"""How far from the last day of a semester a stay ends with it."""
REMIND_BEFORE = timedelta(days=7)
SHORT = timedelta(days=14)
"""Stays so short have no reminder of their end: that of their beginning was just sent."""
JUST_SAID = timedelta(days=2)
"""Nobody is reminded of what was confirmed the day before."""
ASKED = (State.PUBLISHED, State.PAUSED, State.EXPIRED, State.FILLED)
"""An announcement lasts 90 days and a stay six months: what is over while somebody stays there is asked about too."""
OVER = (State.EXPIRED, State.FILLED)
MAILS = {
    "next_semester": "housing/mail/next_semester.txt",
    "arrival": "housing/mail/arrival.txt",
    "departure": "housing/mail/departure.txt",
}
"""What a host is told of a stay, and its words."""
ANSWERS = {
    "libre": "Oui, elle est libre pour la suite",
    "reste": "L’interne reste",
    "non": "Non, elle n’est plus à louer",
}


class Next(NamedTuple):
    """The semester that follows a stay, and the nights that it would go on for."""

    semester: semesters.Semester
    start: object
    end: object


def next_of(stay, day):
    """What follows a stay that ends with a semester; None for any other. One query."""
    known = semesters.upcoming(day - timedelta(days=200), 4, current=True)
    for semester, after in pairwise(known):
        if abs(stay.period.upper - semester.end) <= NEAR_END:
            return Next(after, stay.period.upper, after.nights[1])
    return None


# --- Asking the host -------------------------------------------------------------------------


def ask_hosts(*, at):
    """Ask the hosts of stays that end with a semester within 60 days what becomes of the room; returns how many messages were written."""
    today = timezone.localdate(at)
    stays = Booking.objects.confirmed().filter(
        period__endswith__gt=today,
        period__endswith__lte=today + ASK_BEFORE,
        dwelling__state__in=ASKED,
    )
    gone = DwellingOutcome.objects.filter(dwelling=OuterRef("dwelling"), who=LetTo.NOBODY, at__gte=OuterRef("dwelling__closed_at"))
    keys = stays.of_somebody().exclude(Exists(gone)).order_by("pk").values_list("pk", flat=True)
    return sum(_ask(pk, at) for pk in list(keys))


@transaction.atomic
def _ask(pk, at):
    stay = _held(pk)
    going_on = stay and next_of(stay, timezone.localdate(at))
    if not going_on or stay.prolongations.confirmed().exists() or is_settled(stay, going_on):
        return False
    url = absolute(reverse("housing:next_semester", args=[signed.sign(PURPOSE, with_key(stay), KEY)]))
    context = {
        "semester": going_on.semester,
        "is_over": stay.dwelling.state in OVER,
        "answers": [{"label": label, "url": f"{url}?choix={code}"} for code, label in ANSWERS.items()],
    }
    return _write(stay, f"next_semester:{stay.pk}:{going_on.semester.code}", "next_semester", at, **context)


def is_settled(stay, going_on):
    """Whether readers find the room for the whole semester, or it is promised to somebody for some night of it; not if it is kept."""
    held = Booking.objects.holding(going_on.start, going_on.end).filter(dwelling=stay.dwelling_id, place=stay.place)
    origins = set(held.values_list("origin", flat=True))
    if origins:
        return origins != {BookingOrigin.KEPT}
    return _offered(stay.dwelling_id, going_on.start, going_on.end).exclude(state__in=OVER).exists()


def _offered(pk, start, end):
    return Dwelling.objects.offered(start, end).filter(pk=pk)


# --- Reminding the host ----------------------------------------------------------------------


def remind_hosts(*, at):
    """Remind hosts of arrivals and departures a week ahead; returns how many messages were written."""
    today = timezone.localdate(at)
    stays = Booking.objects.confirmed().of_somebody().filter(confirmed_at__lte=at - JUST_SAID)
    first = Q(prolongs=None) | ~Q(prolongs__state=BookingState.CONFIRMED)
    soon = {
        "arrival": stays.filter(first, period__startswith__range=(today, today + REMIND_BEFORE)),
        "departure": stays.filter(period__endswith__range=(today, today + REMIND_BEFORE)),
    }
    return sum(_remind(pk, step, at) for step, found in soon.items() for pk in list(found.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk, step, at):
    stay = _held(pk)
    if stay is None:
        return False
    day = stay.period.lower if step == "arrival" else stay.period.upper
    if step == "departure" and (day - stay.arrival < SHORT or stay.prolongations.confirmed().exists()):
        return False
    return _write(stay, f"{step}:{stay.pk}:{day:%Y%m%d}", step, at, day=french.weekday(day))


def _held(pk):
    """The stay, locked, if it is still confirmed and no other worker holds it."""
    stays = Booking.objects.confirmed().select_for_update(skip_locked=True, of=("self",)).select_related("dwelling")
    return stays.filter(pk=pk).first()


def _write(stay, event, template, at, **context):
    """One message to the host about a whole stay; whether it was written now."""
    last = stay.departure if template == "arrival" else stay.period.upper  # of the others, this is the last part
    context |= {"stay": stay, "dates": french.date_range(stay.arrival, last)}
    return letters.to_host(stay.dwelling, event, MAILS[template], at, **context)


# --- The host's answer -----------------------------------------------------------------------


def with_key(stay):
    """The stay with the key that its link is signed with."""
    stay.chain_key = stay.link_key + stay.dwelling.link_key
    return stay


@opened_by(
    PURPOSE,
    lambda: Booking.objects.select_related("dwelling").annotate(**{KEY: Concat("link_key", "dwelling__link_key")}),
    LIFETIME,
    what="votre logement",
    again="Ouvrez le calendrier de votre page privée\u00a0: vous y offrez le semestre d’un clic.",
    key=KEY,
)
def next_semester(request, stay):
    """The page of the three answers."""
    today, problems, done = timezone.localdate(), [], ""
    going_on = next_of(stay, today) if stay.place and stay.ended_at is None else None
    choice = request.POST.get("choix", "") if request.method == "POST" else request.GET.get("choix", "")
    if request.method == "POST" and going_on and choice in ANSWERS:
        try:
            done = answer(stay=stay, going_on=going_on, choice=choice, at=timezone.now())
        except StayRefused as refusal:
            problems = refusal.messages
    elif request.method == "POST":
        problems = ["Ce bouton n’a plus d’effet."]
    longer = stay.prolongations.confirmed().first()
    until = longer.period.upper if longer else going_on and going_on.end
    settled = going_on is not None and is_settled(stay, going_on)
    answers = {"reste": ANSWERS["reste"]} if settled else ANSWERS
    shown = [] if done or longer or going_on is None or going_on.end <= today else sorted(answers, key=lambda code: code != choice)
    context = {
        "stay": stay,
        "dwelling": stay.dwelling,
        "dates": french.date_range(stay.period.lower, stay.period.upper),
        "going_on": going_on,
        "answers": [(code, ANSWERS[code]) for code in shown],
        "is_offered": settled and not longer and not done,
        "longer": longer,
        "law": rules.outlived(stay.dwelling, stay.arrival, until) if longer or "reste" in shown else "",
        "done": done,
        "problems": problems,
        "robots": "noindex",
    }
    return render(request, "housing/next_semester.html", context)


@transaction.atomic
def answer(*, stay, going_on, choice, at):
    """Do what the host answers; what to tell them. Whoever waits for that semester leaves the waiting list when the room is offered."""
    nights = {"start": max(going_on.start, timezone.localdate(at)), "end": going_on.end}
    if choice == "libre":
        actions.free_room(dwelling=stay.dwelling, place=stay.place, **nights, at=at)
        kept = _keep_others(stay, going_on, at)
        shown = _show(Dwelling.objects.get(pk=stay.dwelling_id), at)
        actions.offer(dwelling=stay.dwelling, **nights, at=at)
        return f"C’est noté{NBSP}: la chambre est offerte {french.date_range(**nights)}{shown}{kept}"
    if choice == "reste":
        longer = actions.prolong_stay(booking=stay, start=going_on.start, end=going_on.end, at=at)
        return f"C’est noté{NBSP}: le séjour continue jusqu’au {french.date(longer.period.upper)}."
    if stay.dwelling.places > 1:
        actions.keep_room(stay=stay, **nights, at=at)
    return f"C’est noté{NBSP}: cette chambre n’est pas offerte après ce séjour. Le calendrier vous laisse changer d’avis."


def _keep_others(stay, going_on, at):
    """Keep the rooms of a residence of which the host has said nothing yet, before the first that is free has the whole offered; say so."""
    dwelling, today = stay.dwelling, timezone.localdate(at)
    start, end = max(going_on.start, going_on.semester.start + NEAR_END), going_on.end
    if dwelling.places == 1 or _offered(dwelling.pk, start, end).exists():
        return ""
    rooms = []
    for other in Booking.objects.confirmed().of_somebody().ahead(today).filter(dwelling=dwelling).exclude(place=stay.place):
        follows = next_of(other, today)
        if follows and follows.semester == going_on.semester:
            kept = actions.keep_room(stay=other, start=max(follows.start, today), end=follows.end, at=at)
            rooms += [kept.place] if kept else []
    if not rooms:
        return ""
    *some, last = map(str, sorted(rooms))
    which = f"Les chambres {', '.join(some)} et {last}" if some else f"La chambre {last}"
    return f" {which}, dont vous n’avez encore rien dit, {'attendent' if some else 'attend'} votre réponse."


def _show(dwelling, at):
    """Have readers find an announcement that the team has read, and say so; what the team took away, or must read, stays where it is."""
    if dwelling.state == State.PUBLISHED:
        actions.confirm(dwelling=dwelling, at=at)
        return ", et l’annonce est confirmée d’aujourd’hui."
    if dwelling.state not in ASKED:
        return f". L’annonce est {dwelling.get_state_display()}{NBSP}: écrivez à l’équipe pour qu’elle revienne en ligne."
    try:
        actions.publish(dwelling=dwelling, at=at)
    except TransitionRefused as refusal:
        return f". L’annonce n’est pas revenue en ligne{NBSP}: {' '.join(refusal.messages)} Corrigez-la sur votre page privée."
    return ", et l’annonce est de nouveau en ligne."
