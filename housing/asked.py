"""What a search of dwellings asks besides simple filters: near which places, how much of the week there, for which nights.

Read from the address, whatever it holds: what means nothing is left out with a sentence in French, never an error.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from django import forms

from core import french
from core.filters import DayField
from core.geography import Point
from territories import anchors, semesters
from territories.models import TravelTime

MOST_HALF_DAYS = 12
"""Of a week, Sunday off."""
LONGEST_STAY_DAYS = 3 * 366
OPEN_STAY_DAYS = 30
"""Nights asked for when no departure is told."""
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


@dataclass(frozen=True)
class Near:
    """A place to be near, and how many half-days of the week are spent there."""

    anchor: anchors.Anchor
    half_days: int

    @property
    def point(self) -> Point:
        return self.anchor.point


class Stay(NamedTuple):
    """Nights from the day of arrival to the day of departure; the semester they are, if they are one."""

    start: date
    end: date
    semester: semesters.Semester | None = None

    @property
    def days(self):
        return (self.end - self.start).days

    @property
    def in_words(self):
        """`semestre d’hiver…`, `du 2 novembre 2026 au 3 mai 2027`."""
        if self.semester:
            return self.semester.label
        return french.date_range(self.start, self.end)


def read_places(texts, half_days):
    """The `Near`s of these texts with the half-days of the same rank, the `Asked` texts as fields show them, and what is wrong."""
    places = anchors.resolve(texts)
    found, problems = [], list(places.problems)
    for rank, asked in enumerate(places.asked):
        text = half_days[rank].strip() if rank < len(half_days) else ""
        share = _half_days(text)
        if share is None:
            problems.append(f"{french.quoted(text)} n’est pas un nombre de demi-journées par semaine\u00a0: de 1 à {MOST_HALF_DAYS}.")
        if asked.anchor:
            found.append(Near(asked.anchor, share or 1))
    return found, places.asked, problems


def _half_days(text):
    """1 for nothing, None for what is no number of half-days."""
    if not text:
        return 1
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= MOST_HALF_DAYS else None


def told_apart(near):
    """Whether half-days were chosen: the fields send 1 for whoever left them alone, which tells nothing of a week."""
    return any(place.half_days > 1 for place in near)


def written(near):
    """The places as pairs of an address, with half-days where one of them has more than one."""
    shares = [("demi", str(place.half_days)) for place in near] if told_apart(near) else []
    return [*(("lieu", place.anchor.token) for place in near), *shares]


def place_fields(asked, near, labels):
    """What the fields of places show, one a label: the `Asked` texts first, with their half-days, then empty ones."""
    shares = {place.anchor.token: place.half_days for place in near}
    shown = [(each.shown, each.token, shares.get(each.token, 1)) for each in asked if each.text]
    shown += [("", "", 1)] * (len(labels) - len(shown))
    return [
        {"rank": rank, "label": label, "value": value, "token": token, "half_days": share}
        for rank, (label, (value, token, share)) in enumerate(zip(labels, shown, strict=False), start=1)
    ]


def read_stay(data, today):
    """The `Stay` that `semestre`, `du` and `au` ask for, or None; what is wrong, and what readers are told of what was understood."""
    problems, notices = [], []
    start, end = (_day(data.get(name, ""), problems) for name in ("du", "au"))
    code = (data.get("semestre") or "").strip()
    semester = semesters.of_code(code) if code else None
    if code and semester is None:
        problems.append(f"{french.quoted(code)} n’est pas un semestre\u00a0: choisissez-en un dans la liste.")
    if start or end:
        stay = _from_days(start, end, today, problems, notices)
        if stay and semester:
            notices.append("Vos dates passent avant le semestre.")
        return stay, problems, notices
    if semester is None:
        return None, problems, notices
    if semester.end <= today:
        problems.append(f"Ce semestre est passé\u00a0: {semester.label}.")
        return None, problems, notices
    start, end = semester.nights
    # A semester under way is asked for from today: nobody sleeps there yesterday.
    return Stay(max(start, today), end, semester), problems, notices


def _from_days(start, end, today, problems, notices):
    if start is None:
        problems.append("Indiquez aussi le jour d’arrivée\u00a0: le jour de départ seul est laissé de côté.")
        return None
    if end is None:
        end = start + timedelta(days=OPEN_STAY_DAYS)
        notices.append(f"Sans jour de départ, voici ce qui est libre au moins {OPEN_STAY_DAYS} nuits.")
    if end <= start:
        problems.append("Le jour de départ vient avant le jour d’arrivée, ou le même jour\u00a0: ces dates sont laissées de côté.")
    elif end <= today:
        problems.append("Ces dates sont passées\u00a0: elles sont laissées de côté.")
    elif (end - start).days > LONGEST_STAY_DAYS:
        problems.append("Un séjour de plus de trois ans ne se cherche pas ici\u00a0: ces dates sont laissées de côté.")
    else:
        return Stay(max(start, today), end)
    return None


def _day(text, problems):
    text = text.strip()
    if not text:
        return None
    wrong = "{} n’est pas une date de séjour\u00a0: écrivez jour/mois/année, par exemple 02/11/2026."
    field = DayField(required=False, input_formats=DATE_FORMATS, error_messages={"invalid": wrong})
    try:
        return field.clean(text)
    except forms.ValidationError as error:
        problems.extend(error.messages)
        return None


class Commute:
    """The way from dwellings to the places that somebody wants to be near (`near`), in kilometres and in minutes of road."""

    def __init__(self, near):
        self.near = near

    @cached_property
    def minutes(self):
        """Minutes of road one way, `{(commune, commune of a place): minutes}`. One query, none without places."""
        return TravelTime.objects.minutes_to([place.anchor.commune_id for place in self.near])

    @cached_property
    def weekly(self):
        """Minutes of road a week by commune."""
        return weekly_minutes(self.near, self.minutes) if self.minutes else {}

    @property
    def is_shared_out(self):
        """Whether the half-days of the week were chosen, so that its minutes mean something."""
        return told_apart(self.near)

    @property
    def by_road(self):
        """Whether times of the road are known, so that places are told in minutes and sorted by them."""
        return bool(self.weekly)

    def in_order(self, dwellings):
        """These dwellings, the least way first; without places the latest published."""
        if not self.near:
            return dwellings.order_by("-published_at", "-pk")
        weights = Counter()  # two services of one hospital stand at one point
        for place in self.near:
            weights[place.point] += place.half_days
        return dwellings.by_road(self.weekly, weights) if self.by_road else dwellings.by_distance(weights)


def weekly_minutes(near, minutes):
    """Minutes of road a week by commune, there and back on each day; a day is two half-days.

    `minutes`: one way by `(commune, commune of a place)`. A commune from which one of the places is not known is left out.
    """
    communes = {commune for commune, _ in minutes} | {place.anchor.commune_id for place in near}
    found = {commune: [one_way(commune, place, minutes) for place in near] for commune in communes}
    return {
        commune: sum(2 * way * -(-place.half_days // 2) for way, place in zip(ways, near, strict=True))
        for commune, ways in found.items()
        if None not in ways
    }


def one_way(commune_id, place, minutes):
    """Minutes from a commune to a place, 0 within one commune, None when nobody measured it."""
    if commune_id == place.anchor.commune_id:
        return 0
    return minutes.get((commune_id, place.anchor.commune_id))
