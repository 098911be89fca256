"""The host's calendar, behind the private link of the dwelling: a GET shows it, a POST does what one button says.

The team has the same page (`admin.dwellings`), for what hosts say by telephone.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.shortcuts import render
from django.utils import timezone

from core import french, told
from housing import actions, calendar, ical, imported, rules
from housing.actions import StayRefused
from housing.calendar_forms import CancelForm, ImportForm, NoteForm, PeriodForm, PlacesForm, ProlongForm
from housing.enums import BookingOrigin, BookingState
from housing.keep import opens_dwelling
from housing.models import Availability, Block, Booking
from territories import semesters

SHOWN_MONTHS = 6
SEMESTERS = 4
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
DONE = {
    "offer": "Ces dates sont offertes.",
    "semester": "Le semestre est offert.",
    "stop": "Ces dates ne sont plus offertes. Les séjours confirmés restent.",
    "close": "Ces jours sont fermés. Les séjours confirmés restent.",
    "reopen": "Ces jours sont rouverts.",
    "note": "Le séjour est noté.",
    "cancel": "Le séjour est annulé.",
    "prolong": "Le séjour est prolongé.",
    "let": "La chambre n’est plus gardée\u00a0: elle est proposée les nuits que vous offrez.",
    "places": "Le nombre de chambres est changé.",
    "import": "L’autre calendrier est ajouté\u00a0: il sera lu dans les minutes qui viennent, puis chaque heure.",
    "forget": "L’autre calendrier est retiré, avec les jours qu’il fermait.",
}
FORMS = {"offer": PeriodForm, "stop": PeriodForm, "close": PeriodForm, "reopen": PeriodForm, "note": NoteForm}
"""Verbs that take days, and what is asked with them."""
OF_A_STAY = {"cancel": CancelForm, "prolong": ProlongForm}
"""Verbs on one confirmed stay, and what is asked with them."""


@dataclass(frozen=True)
class Day:
    """One day of the grid: what of its night."""

    date: date
    state: str
    words: str
    mark: str
    asked: int = 0


class Diary:
    """Everything that the calendar of a dwelling holds from a day on, in four queries."""

    def __init__(self, dwelling, day):
        self.dwelling, self.today = dwelling, day
        self.offered = list(Availability.objects.ahead(day).filter(dwelling=dwelling))
        self.blocks = list(Block.objects.ahead(day).filter(dwelling=dwelling).select_related("calendar"))
        stays = list(Booking.objects.ahead(day).filter(dwelling=dwelling).exclude(state__in=(BookingState.REFUSED, BookingState.CANCELLED)))
        self.confirmed = [stay for stay in stays if stay.state == BookingState.CONFIRMED]
        self.kept = [stay for stay in self.confirmed if stay.origin == BookingOrigin.KEPT]
        self.pending = sorted((stay for stay in stays if stay not in self.confirmed), key=lambda stay: (stay.created_at, stay.pk))
        self.imported = list(dwelling.imported_calendars.all())

    @property
    def closed(self):
        """What the host closed."""
        return [block for block in self.blocks if block.calendar_id is None]

    def stays(self, failed):
        """The confirmed stays with the forms of what may be done to each; `failed` is the form that was refused, with its verb and key."""
        going_on, (refused, its_key, form) = {stay.prolongs_id for stay in self.confirmed}, failed
        for stay in self.confirmed:
            if stay in self.kept:
                continue
            key = str(stay.pk)
            forms = {verb: form if (verb, key) == (refused, its_key) and form else form_of(verb, key) for verb in OF_A_STAY}
            yield {"stay": stay, "goes_on": stay.pk in going_on, "law": self.law(stay), "twice": self.taken_elsewhere(stay), **forms}

    def law(self, stay):
        """What the host has to know of the lease of a long stay."""
        return rules.outlived(self.dwelling, stay.arrival, stay.period.upper)

    def taken_elsewhere(self, stay):
        """Nights of a stay that a calendar kept elsewhere says taken, in words."""
        periods = [(block.period.lower, block.period.upper) for block in self.blocks if block.calendar_id]
        return [french.date_range(*nights) for nights in imported.taken_twice(stay, periods)]

    def closed_by(self, calendar):
        """How many nights ahead a calendar kept elsewhere closes."""
        periods = [block.period for block in self.blocks if block.calendar_id == calendar.pk]
        return sum((period.upper - max(period.lower, self.today)).days for period in periods)

    def day(self, day):
        """The `Day` of this date."""
        held = sum(1 for stay in self.confirmed if day in stay.period)
        places, asked = self.dwelling.places, sum(1 for stay in self.pending if day in stay.period)
        if any(day in block.period for block in self.blocks):
            state, mark, words = "closed", "fermé", "fermé"
            words = f"fermé, {french.plural(held, 'séjour')}" if held else words
        elif held >= places:
            state, mark, words = "full", "pris", "pris"
        elif not any(day in period.period for period in self.offered):
            state, mark, words = "none", f"{held}/{places}" if held else "", "pas offert"
            words = f"{words}, {french.plural(held, 'séjour')}" if held else words
        elif held:
            state, mark, words = "part", f"{held}/{places}", f"{french.plural(held, 'chambre prise', 'chambres prises')} sur {places}"
        else:
            state, mark, words = "free", "libre", "libre"
        return Day(day, state, words, mark, asked)

    def month(self, first, today):
        """A month as weeks of seven days, None for those of its neighbours and those that are over."""
        after = calendar.starts(first, 2)[1]
        monday = first - timedelta(days=first.weekday())
        weeks = []
        while monday < after:
            days = [monday + timedelta(days=rank) for rank in range(7)]
            weeks.append([self.day(day) if max(first, today) <= day < after else None for day in days])
            monday += timedelta(days=7)
        weeks = [week for week in weeks if any(week)]
        return {"label": f"{french.MONTHS[first.month].capitalize()} {first.year}", "weeks": weeks}


@opens_dwelling
def host_calendar(request, dwelling):
    """The calendar of a dwelling, for its host."""
    return answered(request, dwelling, token=request.resolver_match.kwargs["token"])


def answered(request, dwelling, *, token="", staff_url="", hidden=""):
    """The page of the calendar, or the way back to it once a button has done what it says.

    `staff_url` leads the team to its record, whose forms carry `hidden` against forgery.
    """
    failed, problems = ("", "", None), []
    if request.method == "POST":
        verb, _, key = request.POST.get("verb", "").partition(":")
        form, problems = perform(request, dwelling, verb, key)
        if form is None and not problems:
            month = request.POST.get("mois", "")
            return told.redirect(f"{request.path}?mois={month}" if MONTH.fullmatch(month) else request.path, verb)
        failed = (verb, key, form)
    context = page(request, dwelling, failed) | {"token": token, "staff_url": staff_url, "hidden": hidden, "problems": problems}
    return render(request, "housing/calendar.html", context)


def perform(request, dwelling, verb, key):
    """Do what a button says: the form that keeps it from being done, and problems of no form; neither when it was done."""
    form = form_of(verb, key, request.POST)
    if form is not None and not form.is_valid():
        return form, []
    try:
        act = VERBS[verb]
    except KeyError:
        return None, ["Ce bouton n’existe pas."]
    try:
        act(dwelling, key, form.cleaned_data if form else {}, timezone.now())
    except StayRefused as refusal:
        if form is None:
            return None, refusal.messages
        form.add_error(None, refusal.messages)
        return form, []
    return None, []


def form_of(verb, key="", data=None):
    """The form of a verb, its fields named after it; None for a button that asks nothing."""
    if verb in FORMS:
        return FORMS[verb](data, prefix=verb)
    if verb in OF_A_STAY:
        return OF_A_STAY[verb](data, prefix=f"{verb}-{key}")
    if verb == "places":
        return PlacesForm(data, prefix=verb)
    return ImportForm(data, prefix=verb) if verb == "import" else None


def _offer_semester(dwelling, key, values, at):
    semester = semesters.of_code(key)
    if semester is None:
        raise StayRefused("Ce semestre n’existe pas.")
    start, end = semester.nights
    actions.offer(dwelling=dwelling, start=max(start, timezone.localdate(at)), end=end, at=at)


def _cancel(dwelling, key, values, at):
    actions.cancel_stay(booking=_confirmed(dwelling, key), reason=values["reason"], at=at)


def _prolong(dwelling, key, values, at):
    stay = _confirmed(dwelling, key)
    longer = actions.prolong_stay(booking=stay, start=stay.period.upper, end=values["until"], at=at)
    if longer.period.upper != values["until"]:
        raise StayRefused(f"Ce séjour est déjà prolongé jusqu’au {french.date(longer.period.upper)}.")


def _let(dwelling, key, values, at):
    """Let a room that was kept."""
    kept = _confirmed(dwelling, key)
    actions.free_room(dwelling=dwelling, place=kept.place, start=kept.period.lower, end=kept.period.upper, at=at)


def _confirmed(dwelling, key):
    """The confirmed stay of that key."""
    stay = dwelling.bookings.confirmed().filter(pk=_number(key)).first()
    if stay is None:
        raise StayRefused("Ce séjour n’est plus confirmé.")
    return stay


def _forget(dwelling, key, values, at):
    imported.forget(dwelling=dwelling, pk=_number(key), at=at)


def _number(text):
    """A key typed into a button; 0, which no row has, for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text, re.ASCII) else 0


VERBS = {
    "offer": lambda dwelling, key, values, at: actions.offer(dwelling=dwelling, at=at, **values),
    "stop": lambda dwelling, key, values, at: actions.stop_offering(dwelling=dwelling, at=at, **values),
    "close": lambda dwelling, key, values, at: actions.close(dwelling=dwelling, at=at, **values),
    "reopen": lambda dwelling, key, values, at: actions.reopen(dwelling=dwelling, at=at, **values),
    "note": lambda dwelling, key, values, at: actions.note_stay(dwelling=dwelling, at=at, **values),
    "places": lambda dwelling, key, values, at: actions.change_places(dwelling=dwelling, at=at, **values),
    "import": lambda dwelling, key, values, at: imported.follow(dwelling=dwelling, at=at, **values),
    "semester": _offer_semester,
    "cancel": _cancel,
    "prolong": _prolong,
    "let": _let,
    "forget": _forget,
}


def page(request, dwelling, failed):
    """What the page shows; `failed` is the verb, the key and the form that was refused."""
    today = timezone.localdate()
    first = shown_month(request.GET.get("mois", ""), today)
    diary = Diary(dwelling, today)
    verb, _, form = failed
    forms = {name: form if form and name == verb else form_of(name) for name in (*FORMS, "import")}
    forms["places"] = form if form and verb == "places" else PlacesForm(initial={"places": dwelling.places}, prefix="places")
    del forms["reopen"]
    return {
        "dwelling": dwelling,
        "current": "calendrier",
        "robots": "noindex",
        "done": DONE.get(told.word(request), ""),
        "failed": form,
        "open": verb if form else "",
        "forms": forms,
        "months": [diary.month(month, today) for month in calendar.starts(first, SHOWN_MONTHS)],
        "month_shown": f"{first:%Y-%m}",
        "earlier": _moved(first, -SHOWN_MONTHS, today),
        "later": _moved(first, SHOWN_MONTHS, today),
        "offered": diary.offered,
        "closed": diary.closed,
        "stays": list(diary.stays(failed)),
        "kept": diary.kept,
        "pending": diary.pending,
        "semesters": [each for each in semesters.upcoming(today, SEMESTERS, current=True) if not _is_offered(each, diary, today)],
        "imported": [(calendar, diary.closed_by(calendar)) for calendar in diary.imported],
        "feed_url": ical.feed_url(dwelling),
    }


def shown_month(text, today):
    """The first month shown: the one asked for, kept between this month and the end of calendars."""
    found = MONTH.fullmatch(text)
    wanted = date(int(found[1]), int(found[2]), 1) if found and int(found[1]) else today
    return min(max(wanted, today), actions.horizon(today)).replace(day=1)


def _moved(first, count, today):
    """The month so many months later, as the address names it; empty where calendars have nothing."""
    months = first.year * 12 + first.month - 1 + count
    moved = date(months // 12, months % 12 + 1, 1)
    now = today.replace(day=1)
    if count < 0:
        return f"{max(moved, now):%Y-%m}" if first > now else ""
    return f"{moved:%Y-%m}" if moved <= actions.horizon(today) else ""


def _is_offered(semester, diary, today):
    """Whether the dwelling is offered for all that is left of a semester."""
    start, end = semester.nights
    return any(row.period.lower <= max(start, today) and row.period.upper >= end for row in diary.offered)
