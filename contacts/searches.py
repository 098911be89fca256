"""What can be searched and followed by an alert, one class a kind of things. Aids join `KINDS` with one more.

An instance is for one moment: what several searches share is read once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Q
from django.http import QueryDict

from agenda import presenters as event_presenters
from agenda.enums import State as EventState
from agenda.models import Event
from agenda.search import NOT_FOLLOWED, EventSearch
from core import french
from core.links import absolute, address
from housing import presenters as room_presenters
from housing.models import Dwelling
from housing.search import Search as RoomSearch
from opportunities import presenters
from opportunities.enums import State
from opportunities.lists import Lists
from opportunities.models import Opportunity
from opportunities.search import Search

TOLD_LENGTH = 400


@dataclass(frozen=True)
class Reading:
    """A search as it was understood: its one way to be written, its words, where it is seen; `problems` say what was left out and why."""

    query: str
    criteria: list
    url: str
    problems: list

    @property
    def title(self):
        return ", ".join(self.criteria) or "tout le Vaucluse"


@dataclass(frozen=True)
class Item:
    """One thing as a message tells it."""

    title: str
    lines: list
    url: str
    published_at: datetime
    told_as: str = ""
    """What would be wrong if it changed after the message: the day and the place of an event."""


class Searched:
    """What the kinds have in common: a search is read, written and told by its list, named `LIST`."""

    LIST = ""

    def __init__(self, at):
        self.at = at

    def written(self, query, problems=()):
        """The `Reading` of a query string that an earlier one wrote."""
        url = address(self.LIST) + (f"?{query}" if query else "")
        return Reading(query=query, criteria=self._search(query).criteria, url=url, problems=list(problems))

    def told_to_anybody(self, query):
        """The `Reading` of a query string for a message that somebody else may have asked for: without the words that they typed."""
        return without_words(self.written(query), query)

    def panel(self, query, url):
        """What `panel_template` reads to change this search at `url`."""
        return {"filters": self._search(query).filters(), "list_url": url}

    def changed_since(self, moment):
        """When each thing that appeared or changed after this moment was published, by its key."""
        changed = self._seen().filter(Q(updated_at__gt=moment) | Q(published_at__gt=moment))
        return dict(changed.order_by().values_list("pk", "published_at"))

    def items(self, keys):
        """Those of these things that readers may see now, as `Item`s by key."""
        return {row.pk: self._item(row) for row in self._seen().filter(pk__in=keys).for_cards().order_by()}

    def as_found(self, query, items):
        """These items by key as this search tells them: as any other."""
        return items


class Offers(Searched):
    """Offers of practice, by the search of their list: what readers do not see there, an alert does not tell."""

    LIST = "opportunities:offer_list"
    key = "offre"
    label = "offres d’exercice"
    one, many = "nouvelle offre", "nouvelles offres"
    panel_template = "opportunities/_filters.html"
    WITHOUT = ("depuis",)
    """Parameters that say what is new, as the alert itself does."""

    @cached_property
    def lists(self):
        return Lists()

    def _seen(self):
        return Opportunity.objects.visible(self.at)

    def _search(self, query, among=None):
        data = query if isinstance(query, QueryDict) else QueryDict(query)
        return Search(data, self.at, among=among, lists=self.lists)

    def read(self, query):
        """The `Reading` of a query string, or of the parameters of a request."""
        search = self._search(query)
        words = search.filterset.form.cleaned_data.get("q")
        problems = list(search.complaints.values())
        without = list(self.WITHOUT)
        if words and not Opportunity.objects.understands(words):
            problems.append(f"{french.quoted(words)} est trop vague pour chercher, ces mots sont laissés de côté.")
            without.append("q")
        return self.written(search.understood(without=without), problems)

    def found(self, query):
        """What the search finds today, in words."""
        count = self._search(query).filterset.qs.count()
        return french.plural(count, "offre d’exercice", self.label) if count else "aucune offre d’exercice"

    def matching(self, query, keys):
        """Those of these things that the search finds now, or None when it can no longer be asked as it was."""
        search = self._search(query, among=self._seen().filter(pk__in=keys))
        return None if search.complaints else set(search.filterset.qs.order_by().values_list("pk", flat=True))

    def known(self, query, until):
        """What the search finds that was published up to this moment, paused or not: nothing of it is new."""
        standing = Opportunity.objects.filter(state__in=(State.PUBLISHED, State.PAUSED), published_at__lte=until)
        return sorted(self._search(query, among=standing).filterset.qs.order_by().values_list("pk", flat=True))

    def _item(self, offer):
        card = presenters.card(offer, self.lists.kinds_by_pk[offer.kind_id], self.at)
        facts = " · ".join(f"{label}{french.NBSP}: {value}" for label, value in card.facts[:3])
        lines = [french.one_line(line) for line in (f"{card.kind_label}, {card.place}", facts, card.freshness) if line]
        title = french.one_line(f"{'[exemple] ' if card.is_demo else ''}{card.title}")
        return Item(title=title, lines=lines, url=absolute(card.url), published_at=offer.published_at)


class Rooms(Searched):
    """Rooms to let, by the search of their list, near its places and free for its nights."""

    LIST = "housing:dwelling_list"
    key = "logement"
    label = "logements"
    one, many = "nouveau logement", "nouveaux logements"
    panel_template = "housing/_filters.html"

    def _seen(self):
        """A room changes with its calendar too, which writes its `updated_at`."""
        return Dwelling.objects.visible(self.at)

    def _search(self, query, among=None):
        return RoomSearch(query if isinstance(query, QueryDict) else QueryDict(query), self.at, among=among)

    def read(self, query):
        """The `Reading` of a query string, or of the parameters of a request."""
        search = self._search(query)
        return self.written(search.understood(), search.complaints.values())

    def found(self, query):
        """What the search finds today, in words."""
        count = self._search(query).count
        return french.plural(count, "logement") if count else "aucun logement"

    def matching(self, query, keys):
        """Those of these rooms that the search finds now, or None when it can no longer be asked as it was: its nights are past, say."""
        search = self._search(query, among=self._seen().filter(pk__in=keys))
        return None if search.complaints else set(search.dwellings.values_list("pk", flat=True))

    def known(self, query, until):
        """What the search finds that was published up to this moment, paused or not: nothing of it is new.

        A room that is taken at these nights is not found, so it is new, once, when it comes free.
        """
        standing = Dwelling.objects.filter(state__in=(State.PUBLISHED, State.PAUSED), published_at__lte=until)
        return sorted(self._search(query, among=standing).dwellings.values_list("pk", flat=True))

    def _item(self, room):
        lines = [f"{room_presenters.kind_label(room)}, {room_presenters.place(room)}", room_presenters.rent(room)]
        title = french.one_line(f"{'[exemple] ' if room.is_demo else ''}{room.title}")
        url = absolute(room.get_absolute_url())
        return Item(title=title, lines=[french.one_line(line) for line in lines if line], url=url, published_at=room.published_at)

    def as_found(self, query, items):
        """These items by key as this search tells them: with how far each room is from its places."""
        search = self._search(query)
        if not search.near:
            return items
        rooms = Dwelling.objects.filter(pk__in=items).only("commune_id", "latitude", "longitude")
        ways = {room.pk: [f"{name}{french.NBSP}: {way}" for name, way in room_presenters.ways(room, search.commute)] for room in rooms}
        return {key: replace(item, lines=[*item.lines, *ways.get(key, ())]) for key, item in items.items()}


class Events(Searched):
    """Events of the agenda to come, by the search of their list; one that is cancelled or postponed is told to nobody."""

    LIST = "agenda:event_list"
    key = "rencontre"
    label = "rencontres"
    one, many = "nouvelle rencontre", "nouvelles rencontres"
    panel_template = "agenda/_filters.html"

    def _search(self, query, among=None):
        return EventSearch(query if isinstance(query, QueryDict) else QueryDict(query), self.at, among=among)

    def read(self, query):
        """The `Reading` of a query string, or of the parameters of a request."""
        search = self._search(query)
        return self.written(search.understood(NOT_FOLLOWED), search.complaints.values())

    def found(self, query):
        """What the search finds today, in words."""
        count = self._search(query).count
        return french.plural(count, "rencontre à venir", "rencontres à venir") if count else "aucune rencontre à venir"

    def _seen(self):
        return Event.objects.visible(self.at).taking_place().coming(self.at)

    def matching(self, query, keys):
        """Those of these events that the search finds now, or None when it can no longer be asked as it was."""
        search = self._search(query, among=self._seen().filter(pk__in=keys))
        return None if search.complaints else set(search.found.order_by().values_list("pk", flat=True))

    def known(self, query, until):
        """What the search finds that was published up to this moment and takes place: nothing of it is new; a new date is."""
        standing = self._seen().filter(published_at__lte=until)
        return sorted(self._search(query, among=standing).found.order_by().values_list("pk", flat=True))

    def _item(self, event):
        card = event_presenters.card(event, self.at)
        lines = [f"{card.kind_label}, {event_presenters.when(event)}", card.place, card.freshness]
        title = french.one_line(f"{'[exemple] ' if card.is_demo else ''}{card.title}")
        lines = [french.one_line(line) for line in lines if line]
        return Item(title, lines, absolute(card.url), event.published_at, told_as(event))


def told_as(event):
    """When and where an event takes place, in words, or that it does not: what is wrong to whoever read it, once it changes."""
    if event.state != EventState.PUBLISHED:
        return event.get_state_display()
    return f"{event_presenters.when(event)}, {event_presenters.where(event)}"[:TOLD_LENGTH]


def without_words(reading, query):
    """A reading without the words that somebody typed."""
    words = QueryDict(query).get("q")
    if not words:
        return reading
    criteria = [criterion for criterion in reading.criteria if criterion != french.quoted(words)]
    return replace(reading, criteria=[*criteria, "des mots choisis"])


KINDS = {kind.key: kind for kind in (Offers, Rooms, Events)}
