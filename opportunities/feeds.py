"""Feeds of any search of offers, with the same parameters as the list: for readers of feeds, and the days of locums for diaries."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from core import diary
from core.french import one_line
from core.links import absolute
from opportunities import presenters
from opportunities.search import Search

FEED_ITEMS = 50
DIARY_ITEMS = 500


def item_title(offer):
    """What the offer is, whether it is an example, its title; reads `offer.card`."""
    return one_line(f"{'[exemple] ' if offer.is_demo else ''}{offer.card.kind_label}\u00a0: {offer.title}")


def item_description(offer):
    """What a reader compares; reads `offer.card`."""
    facts = " · ".join(f"{label}\u00a0: {value}" for label, value in offer.card.facts)
    return one_line(" · ".join(part for part in (offer.card.place, offer.summary, facts, offer.card.freshness) if part))


def with_cards(search, offers):
    """These offers, each with its `card`."""
    kinds = search.lists.kinds_by_pk
    for offer in offers:
        offer.card = presenters.card(offer, kinds[offer.kind_id], search.now)
    return offers


def calendar(search):
    """The locums of a search with a first and a last day, for a diary, as bytes. One that is filled, paused or over has left it."""
    filters = [chip["label"] for chip in search.chips]
    book = diary.book("Offres", one_line(", ".join(["Remplacements en Vaucluse", *filters])))
    book.add("x-published-ttl", "PT6H")
    dated = search.offers.filter(kind__is_locum=True, starts_on__isnull=False, ends_on__isnull=False).for_cards()
    for offer in with_cards(search, dated.order_by("starts_on", "pk")[:DIARY_ITEMS]):
        book.add_component(_entry(offer))
    return book.to_ical()


def _entry(offer):
    """The days of one locum. They keep nobody's own days: whoever follows the feed is free."""
    url = absolute(offer.get_absolute_url())
    entry = diary.entry(f"offre-{offer.pk}", item_title(offer), offer.updated_at)
    diary.set_days(entry, offer.starts_on, offer.ends_on)
    entry.add("transp", "TRANSPARENT")
    entry.add("created", offer.published_at)
    entry.add("last-modified", offer.updated_at)
    entry.add("location", offer.card.place)
    entry.add("url", url)
    entry.add("categories", [offer.card.kind_label])
    entry.add("description", f"{item_description(offer)}\n{url}")
    return entry


class OfferFeed(Feed):
    """The latest offers of a search; an offer that is no longer visible leaves at once."""

    feed_type = Atom1Feed
    description_template = None

    def get_object(self, request):
        return Search(request.GET, now=timezone.now())

    def title(self, search):
        filters = [chip["label"] for chip in search.chips]
        return ", ".join(["Offres d’exercice en Vaucluse", *filters])

    def subtitle(self, search):
        return "Remplacements, successions, collaborations et postes pour médecins, vérifiés par Vaucluse Santé Attractivité."

    def link(self, search):
        return reverse("opportunities:offer_list") + search.query(without=["tri"])

    def feed_url(self, search):
        return reverse("opportunities:offer_feed") + search.query(without=["tri"])

    def items(self, search):
        return with_cards(search, search.offers.for_cards().order_by("-published_at", "-pk")[:FEED_ITEMS])

    def item_title(self, offer):
        return item_title(offer)

    def item_description(self, offer):
        return item_description(offer)

    def item_link(self, offer):
        return offer.get_absolute_url()

    def item_guid(self, offer):
        return f"tag:vaucluse-sante-attractivite.com,2026:offre/{offer.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, offer):
        return offer.published_at

    def item_updateddate(self, offer):
        return offer.updated_at

    def item_categories(self, offer):
        return [offer.card.kind_label]
