"""What search engines are told exists: visible offers and the lasting pages."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from opportunities.models import Opportunity


class OfferSitemap(Sitemap):
    """Every offer that readers may see now, and no other."""

    limit = 5000
    changefreq = "daily"

    def items(self):
        return Opportunity.objects.visible(timezone.now()).by_freshness().only("slug", "updated_at", "confirmed_at")

    def lastmod(self, offer):
        return offer.updated_at


class PageSitemap(Sitemap):
    """Pages that are always there."""

    def items(self):
        return [
            "home",
            "opportunities:landing",
            "opportunities:offer_list",
            "aids:landing",
            "housing:landing",
            "interns:landing",
            "agenda:landing",
            "collective:landing",
        ]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"pages": PageSitemap, "offres": OfferSitemap}
