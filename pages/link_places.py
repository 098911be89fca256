"""Where links live: each record that shows some says so here, once. A new app adds its line to `PLACES`."""

import re
from dataclasses import dataclass
from html import unescape

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from collective.models import Achievement, Desk, News, Partner, PartnerContact, PartnerLink, PressItem, Testimonial
from core.prose import ProseField
from pages.models import Page, Redirect, Term
from territories.models import Cpts, HealthFacility, KeyFigure

HREF = re.compile(r'href="([^"]*)"')
URL = re.compile(r"https?://[^\s<>\"»]+")
FOUND_IN_BLOCKS = ("url", "source_url")


@dataclass(frozen=True)
class Place:
    """A model whose rows show links: in columns that hold one, and in rich or plain texts that may hold several."""

    model: type
    links: tuple = ()
    texts: tuple = ()
    owner: str = ""
    """The relation to the record that staff open, when the row is a part of it."""
    names_a_person: bool = False
    """Then the record is told by its number: words that their author takes back leave no name here."""

    def rows(self):
        queryset = self.model._default_manager.all()
        if hasattr(queryset, "visible"):
            try:
                queryset = queryset.visible(timezone.now())
            except TypeError:  # records that are visible whatever the moment
                queryset = queryset.visible()
        return queryset.select_related(self.owner) if self.owner else queryset


PLACES = (
    Place(Partner, links=("website", "source_url"), texts=("text",)),
    Place(PartnerLink, links=("url",), owner="partner"),
    Place(PartnerContact, links=("url",), owner="partner"),
    Place(Desk, links=("link_url", "source_url")),
    Place(Achievement, links=("link_url", "source_url")),
    Place(PressItem, links=("url",)),
    Place(Testimonial, links=("source_url",), names_a_person=True),
    Place(News, texts=("body",)),
    Place(HealthFacility, links=("website", "source_url")),
    Place(Cpts, links=("website",)),
    Place(KeyFigure, links=("source_url",)),
    Place(Term, links=("source_url",)),
    Place(Redirect, links=("url",)),
)


def collect():
    """Every link that readers may meet with the screens where staff change it: `{url: [{"label": ..., "url": ...}]}`."""
    found = {}
    for place in PLACES:
        for row in place.rows():
            record = getattr(row, place.owner) if place.owner else row
            name = f"n°\u00a0{record.pk}" if place.names_a_person else record
            for link in links_of(row, place):
                keep(found, link, record, name)
    for page in Page.objects.visible(timezone.now()).only("title", "content", "sources"):
        for link in links_of_page(page):
            keep(found, link, page, page)
    return found


def keep(found, link, record, name):
    where = {"label": f"{record._meta.verbose_name}\u00a0: {name}", "url": screen(record)}
    places = found.setdefault(link, [])
    if where not in places:
        places.append(where)


def screen(record):
    """Where staff change a record; the first page of the staff side for one without a screen of its own."""
    if not admin.site.is_registered(type(record)):
        return reverse("admin:index")
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def links_of(row, place):
    for name in place.links:
        yield from worth_checking([getattr(row, name) or ""])
    for name in place.texts:
        text = getattr(row, name) or ""
        is_rich = isinstance(row._meta.get_field(name), ProseField)
        yield from worth_checking(HREF.findall(text) if is_rich else URL.findall(text))


def links_of_page(page):
    """Links of the blocks of a page, and of its sources."""
    for block in page.content:
        for name, value in block.items():
            if isinstance(value, str):
                yield from worth_checking([value] if name in FOUND_IN_BLOCKS else HREF.findall(value))
    yield from worth_checking(URL.findall(page.sources))


def worth_checking(links):
    """Those that lead to a page, of the portal or elsewhere: mails, telephones and places of the same page are left out."""
    for link in links:
        link = unescape(link).partition("#")[0].strip()
        if link.startswith(("/", "http://", "https://")):
            yield link
