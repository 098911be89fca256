"""Atom feed of the news: same parameters as the list."""

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from collective.search import NewsSearch
from core.french import one_line

FEED_ITEMS = 30


class NewsFeed(Feed):
    """The latest news of a search, scheduled ones from their hour on."""

    feed_type = Atom1Feed
    item_guid_is_permalink = False

    def get_object(self, request):
        return NewsSearch(request.GET, timezone.now())

    def title(self, search):
        return one_line(f"{search.title} du collectif Vaucluse Santé Attractivité")

    def subtitle(self, search):
        return "Ce qui se passe en Vaucluse pour les médecins qui y vivent, ou qui pourraient y venir."

    def link(self, search):
        return reverse("collective:news_list") + search.query()

    def feed_url(self, search):
        return reverse("collective:news_feed") + search.query()

    def items(self, search):
        return search.found.for_cards().by_date()[:FEED_ITEMS]

    def item_title(self, news):
        return one_line(f"{'[exemple] ' if news.is_demo else ''}{news.title}")

    def item_description(self, news):
        return one_line(news.summary)

    def item_link(self, news):
        return news.get_absolute_url()

    def item_guid(self, news):
        return f"tag:vaucluse-sante-attractivite.com,2026:actualite/{news.pk}"

    def item_pubdate(self, news):
        return news.published_at

    def item_updateddate(self, news):
        return news.changed_at

    def item_author_name(self, news):
        return one_line(news.author)

    def item_categories(self, news):
        return [news.get_rubrique_display()]
