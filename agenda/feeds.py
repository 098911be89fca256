"""Feeds of any search of the agenda, with the same parameters as the list: for readers of feeds, and for diaries."""

from datetime import UTC, timedelta

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from agenda import presenters
from agenda.enums import State
from agenda.search import EventSearch
from core import diary
from core.french import NBSP, one_line
from core.links import absolute

FEED_ITEMS = 50
DIARY_ITEMS = 500
BEHIND = timedelta(days=60)
"""How long events that are over remain in the diaries that follow the feed."""
WORDS = {State.CANCELLED: "ANNULÉE", State.POSTPONED: "REPORTÉE"}


def title(event):
    """The title with what one must not miss: that it is cancelled, postponed, or an example."""
    marks = [WORDS[event.state]] if event.state in WORDS else []
    marks += ["exemple"] if event.is_demo else []
    return one_line(f"[{', '.join(marks)}] {event.title}" if marks else event.title)


def name(search):
    """What the feed of a search is called: its filters."""
    return one_line(", ".join(["Rencontres en Vaucluse", *(chip["label"] for chip in search.chips)]))


class EventFeed(Feed):
    """The events to come of a search, what was announced or changed last first; one that changed is told again."""

    feed_type = Atom1Feed
    item_guid_is_permalink = False

    def get_object(self, request):
        return EventSearch(request.GET, timezone.now())

    def title(self, search):
        return name(search)

    def subtitle(self, search):
        return "Rencontres, visites et formations pour les médecins et futurs médecins, annoncées par Vaucluse Santé Attractivité."

    def link(self, search):
        return reverse("agenda:event_list") + search.query(without=["tri"])

    def feed_url(self, search):
        return reverse("agenda:feed") + search.query(without=["tri"])

    def items(self, search):
        return search.found.for_cards().order_by("-updated_at", "-pk")[:FEED_ITEMS]

    def item_title(self, event):
        return title(event)

    def item_description(self, event):
        reason = f"{event.get_state_display()}{NBSP}: {event.state_reason}" if event.state in WORDS else ""
        told = (reason, presenters.when(event), presenters.where(event), event.summary)
        return one_line(". ".join(part.rstrip(".") for part in told if part))

    def item_link(self, event):
        return event.get_absolute_url()

    def item_guid(self, event):
        return f"tag:vaucluse-sante-attractivite.com,2026:rencontre/{event.pk}"

    def item_pubdate(self, event):
        return event.published_at

    def item_updateddate(self, event):
        return event.updated_at

    def item_categories(self, event):
        return [event.kind.label]


def calendar(calendar_name, events):
    """These events for a diary, as bytes: the same ones as long as none changes."""
    book = diary.book("Agenda", calendar_name)
    book.add("x-published-ttl", "PT6H")
    for event in events:
        book.add_component(entry(event))
    return book.to_ical()


def of_search(search):
    """The events of a search to come, and those that ended lately, by day."""
    recent = search.filterset.qs.coming(search.now - BEHIND)
    return recent.by_day().for_lines()[:DIARY_ITEMS]


def entry(event):
    """One event. A postponed one is cancelled for diaries too: its day is no longer true, and they have no word for it."""
    found = diary.entry(f"rencontre-{event.pk}", title(event), event.updated_at)
    if event.is_all_day:
        diary.set_days(found, event.first_day, event.last_day)
    else:
        found.add("dtstart", event.starts_at.astimezone(UTC))
        if event.end_time or event.first_day != event.last_day:
            found.add("dtend", event.ends_at.astimezone(UTC))
    found.add("status", "CANCELLED" if event.state in WORDS else "CONFIRMED")
    found.add("sequence", event.sequence)
    found.add("created", event.published_at)
    found.add("last-modified", event.updated_at)
    found.add("location", presenters.street(event) or presenters.where(event))
    if event.commune:
        found.add("geo", (event.latitude, event.longitude))
    found.add("url", absolute(event.get_absolute_url()))
    found.add("categories", [event.kind.label])
    found.add("description", description(event))
    return found


def description(event):
    """What a person reads in a diary: why it is cancelled, what it is, how to take part, where to read more."""
    if event.state in WORDS:
        reason = f"{event.get_state_display()}{NBSP}: {event.state_reason}"
        return "\n".join([reason, event.summary, absolute(event.get_absolute_url())])
    joining = " ".join(filter(None, [event.how_to_join, event.join_url]))
    online = f"Pour y assister à distance{NBSP}: {event.online_url}" if event.online_url else ""
    return "\n".join(filter(None, [event.summary, joining, online, absolute(event.get_absolute_url())]))
