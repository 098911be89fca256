"""Atom feed of any search of dwellings: same parameters as the list, newest publication first."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from core.french import one_line
from housing import presenters
from housing.search import Search

FEED_ITEMS = 50


class DwellingFeed(Feed):
    """The latest dwellings of a search; one that is no longer visible leaves at once."""

    feed_type = Atom1Feed
    description_template = None

    def get_object(self, request):
        return Search(request.GET, now=timezone.now())

    def title(self, search):
        return ", ".join(["Logements pour soignants en Vaucluse", *search.criteria])

    def subtitle(self, search):
        return "Chambres et logements pour internes, remplaçants et médecins qui s’installent, vérifiés par Vaucluse Santé Attractivité."

    def link(self, search):
        return reverse("housing:dwelling_list") + search.query(without=["tri"])

    def feed_url(self, search):
        return reverse("housing:dwelling_feed") + search.query(without=["tri"])

    def items(self, search):
        return search.dwellings.for_cards().order_by("-published_at", "-pk")[:FEED_ITEMS]

    def item_title(self, dwelling):
        return one_line(f"{'[exemple] ' if dwelling.is_demo else ''}{presenters.kind_label(dwelling)}\u00a0: {dwelling.title}")

    def item_description(self, dwelling):
        facts = " · ".join(f"{label}\u00a0: {value}" for label, value in presenters.card_facts(dwelling))
        parts = (presenters.place(dwelling), presenters.rent(dwelling), facts, presenters.freshness(dwelling))
        return one_line(" · ".join(part for part in parts if part))

    def item_link(self, dwelling):
        return dwelling.get_absolute_url()

    def item_guid(self, dwelling):
        return f"tag:vaucluse-sante-attractivite.com,2026:logement/{dwelling.pk}"

    item_guid_is_permalink = False

    def item_pubdate(self, dwelling):
        return dwelling.published_at

    def item_updateddate(self, dwelling):
        return dwelling.updated_at

    def item_categories(self, dwelling):
        return [presenters.KINDS[dwelling.kind]]
