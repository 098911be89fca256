"""What search engines are told exists: visible offers and the lasting pages."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from agenda.models import Event
from collective.models import News, Partner
from housing.models import Dwelling
from interns.models import TrainingPlace
from opportunities.models import Opportunity
from pages.enums import RUBRIQUES
from pages.models import Page
from territories.models import Commune, Cpts, Epci, HealthFacility


class PortalSitemap(Sitemap):
    """Addresses as canonical links write them: those of `SITE_URL` when it is set, else of the request."""

    def get_urls(self, page=1, site=None, protocol=None):
        origin = urlsplit(settings.SITE_URL)
        if origin.netloc:
            site, protocol = SimpleNamespace(domain=origin.netloc), origin.scheme
        return super().get_urls(page, site, protocol)


class OfferSitemap(PortalSitemap):
    """Every offer that readers may see now, and no other."""

    limit = 5000
    changefreq = "daily"

    def items(self):
        return Opportunity.objects.visible(timezone.now()).by_freshness().only("slug", "updated_at", "confirmed_at")

    def lastmod(self, offer):
        return offer.updated_at

    def get_latest_lastmod(self):
        return self.items().aggregate(latest=Max("updated_at"))["latest"]


class DwellingSitemap(PortalSitemap):
    """Every dwelling that readers may see now, the invented ones of a demonstration apart."""

    limit = 5000
    changefreq = "daily"

    def items(self):
        return Dwelling.objects.visible(timezone.now()).filter(is_demo=False).by_freshness().only("slug", "updated_at", "confirmed_at")

    def lastmod(self, dwelling):
        return dwelling.updated_at


class PageSitemap(PortalSitemap):
    """Pages that are always there."""

    def items(self):
        return [
            "home",
            "opportunities:landing",
            "opportunities:offer_list",
            "places:index",
            "places:finder",
            "places:compare",
            "territories:facility_list",
            "aids:landing",
            "housing:dwelling_list",
            "interns:landing",
            "interns:place_list",
            "interns:together",
            "agenda:landing",
            "agenda:event_list",
            "contacts:needs_new",
            "contacts:needs_counts",
            "collective:landing",
            "pages:glossary",
            "territories:figures",
            "collective:desks",
            "collective:achievements",
            "collective:press",
            "collective:testimonials",
            "collective:news_list",
        ]

    def location(self, name):
        return reverse(name)


class PlaceSitemap(PortalSitemap):
    """A page for each commune, each CPTS and each intercommunalité."""

    changefreq = "weekly"

    def items(self):
        return [*Commune.objects.only("slug"), *Cpts.objects.only("slug"), *Epci.objects.only("slug")]


class KeptSitemap(PortalSitemap):
    """Every record of a directory that readers may see, the invented ones of a demonstration apart."""

    limit = 5000
    changefreq = "monthly"
    model = None

    def items(self):
        return self.model.objects.visible().filter(is_demo=False).order_by("pk").only("slug", "updated_at")

    def lastmod(self, row):
        return row.updated_at

    def get_latest_lastmod(self):
        return self.items().aggregate(latest=Max("updated_at"))["latest"]


class FacilitySitemap(KeptSitemap):
    model = HealthFacility


class TrainingSitemap(KeptSitemap):
    model = TrainingPlace


class EventSitemap(PortalSitemap):
    """Every event that readers may see, the past ones of the archive among them, the invented ones of a demonstration apart."""

    limit = 5000
    changefreq = "weekly"

    def items(self):
        return Event.objects.visible(timezone.now()).filter(is_demo=False).latest_first().only("slug", "updated_at")

    def lastmod(self, event):
        return event.updated_at


class EditorialSitemap(PortalSitemap):
    """Pages that readers may see now, each with its versions in other languages; rubriques are among the lasting pages."""

    def items(self):
        pages = Page.objects.visible(timezone.now()).exclude(path__in=RUBRIQUES)
        return pages.in_tree_order().only("path", "updated_at", "language", "translation_of")

    def lastmod(self, page):
        return page.updated_at

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        versions = {}
        for url in urls:
            versions.setdefault(url["item"].translation_of_id or url["item"].pk, []).append(url)
        for same in versions.values():
            alternates = [{"location": url["location"], "lang_code": url["item"].language} for url in same]
            for url in same if len(same) > 1 else []:
                url["alternates"] = alternates
        return urls


class PartnerSitemap(PortalSitemap):
    """Partners about whom there is something to read."""

    def items(self):
        return Partner.objects.visible(timezone.now()).with_page().for_plates()

    def lastmod(self, partner):
        return partner.updated_at


class NewsSitemap(PortalSitemap):
    """News whose publication has come, the invented ones of a demonstration apart."""

    def items(self):
        return News.objects.visible(timezone.now()).filter(is_demo=False).defer("body", "search_vector").by_date()

    def lastmod(self, news):
        return news.updated_at


SITEMAPS = {
    "pages": PageSitemap,
    "territoires": PlaceSitemap,
    "offres": OfferSitemap,
    "logements": DwellingSitemap,
    "etablissements": FacilitySitemap,
    "terrains": TrainingSitemap,
    "rencontres": EventSitemap,
    "contenus": EditorialSitemap,
    "partenaires": PartnerSitemap,
    "actualites": NewsSitemap,
}
