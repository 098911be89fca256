"""Atom feed of any search of offers: same parameters as the list, newest publication first."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from core.french import one_line
from opportunities import presenters
from opportunities.search import Search

FEED_ITEMS = 50


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
        kinds = search.lists.kinds_by_pk
        offers = search.offers.for_cards().order_by("-published_at", "-pk")[:FEED_ITEMS]
        for offer in offers:
            offer.card = presenters.card(offer, kinds[offer.kind_id], search.now)
        return offers

    def item_title(self, offer):
        return one_line(f"{'[exemple] ' if offer.is_demo else ''}{offer.card.kind_label}\u00a0: {offer.title}")

    def item_description(self, offer):
        facts = " · ".join(f"{label}\u00a0: {value}" for label, value in offer.card.facts)
        return one_line(" · ".join(part for part in (offer.card.place, offer.summary, facts, offer.card.freshness) if part))

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
