"""What templates of the collective show of its records."""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from collective.enums import AchievementKind, Circle
from core import french


class Plate(NamedTuple):
    """What `components/partner_plate.html` and the circles read of a partner; equal plates look the same."""

    get_absolute_url: str
    usual_name: str
    caption: str
    slug: str
    text: bool
    image: bool
    src: str
    image_width: int
    image_height: int


def plate(partner):
    """The name plate of a partner."""
    image = bool(partner.image)
    return Plate(
        partner.get_absolute_url(),
        partner.usual_name,
        partner.caption,
        partner.slug,
        bool(partner.text),
        image,
        partner.src if image else "",
        partner.image_width,
        partner.image_height,
    )


@dataclass(frozen=True, slots=True)
class Ring:
    """One circle of the collective: its name, what it does, where its ring is drawn (1 inside), its partners."""

    code: str
    label: str
    note: str
    number: int
    partners: tuple


RINGS = (
    (Circle.PILOT, "Pilote", "Elle coordonne le collectif et répond aux médecins."),
    (Circle.MEMBER, "Membres du collectif", "Les institutions qui décident ensemble."),
    (Circle.REFLECTION, "Groupe de réflexion", "Ceux qui ont pensé ce portail avec les membres."),
)
"""The three circles that are drawn, from the inside; event partners and CPTS come apart."""


def rings(partners):
    """The circles drawn for readers, from all visible partners in their order; an empty one is left out."""
    found = []
    for number, (code, label, note) in enumerate(RINGS, start=1):
        inside = tuple(plate(partner) for partner in partners if partner.circle == code)
        if inside:
            found.append(Ring(code, label, note, number, inside))
    return found


@dataclass(frozen=True, slots=True)
class Network:
    """A CPTS in the list of the opening page: its page, its site, and of the partner that stands for it the page or the anchor."""

    name: str
    url: str
    website: str
    anchor: str = ""
    partner_url: str = ""


def networks(cptss, partners):
    """Each CPTS once, with the partner that stands for it; then the other partners of that circle."""
    others = [one for one in partners if one.circle == Circle.CPTS]
    found = []
    for cpts in cptss:
        partner = next((one for one in others if one.cpts_id == cpts.pk), None)
        if partner is None:
            found.append(Network(cpts.name, cpts.get_absolute_url(), cpts.website))
            continue
        others.remove(partner)
        website = cpts.website or partner.website
        own = {"partner_url": partner.get_absolute_url()} if partner.text else {"anchor": partner.slug}
        found.append(Network(cpts.name, cpts.get_absolute_url(), website, **own))
    for one in others:
        told = (one.get_absolute_url(), one.website, "") if one.text else (one.website, "", one.slug)
        found.append(Network(one.name, *told))
    return found


@dataclass(frozen=True, slots=True)
class NewsCard:
    """One piece of news in a list."""

    title: str
    summary: str
    url: str
    rubrique: str
    date: str
    iso: str
    territory: str
    is_demo: bool


def news_card(news):
    """The card of a piece of news; nothing more is asked of the database if it was read `for_cards()`."""
    day = timezone.localdate(news.published_at)
    return NewsCard(
        title=news.title,
        summary=news.summary,
        url=news.get_absolute_url(),
        rubrique=news.get_rubrique_display(),
        date=french.date(day),
        iso=day.isoformat(),
        territory=territory_name(news.territory),
        is_demo=news.is_demo,
    )


def territory_name(territory):
    """A commune, a CPTS or an intercommunalité as it is said; nothing for all of Vaucluse."""
    return str(territory) if territory else ""


def day(moment):
    """A moment as a date for readers, and as `datetime` writes it."""
    local = timezone.localdate(moment)
    return {"text": french.date(local), "iso": local.isoformat()}


def latest_day(rows):
    """The day on which one of these records last changed; None when there is none."""
    return day(max(row.updated_at for row in rows)) if rows else None


def by_year(facts):
    """Achievements or articles by year of their date, newest first: `(year, [facts])`."""
    years = {}
    for fact in facts:
        years.setdefault(fact.happened_on.year, []).append(fact)
    return list(years.items())


def counted(achievements):
    """How many achievements of each sort are told: `1 installation, 2 rencontres`."""
    plurals = {
        AchievementKind.COLLECTIVE: ("étape du collectif", "étapes du collectif"),
        AchievementKind.SETTLEMENT: ("récit d’installation", "récits d’installation"),
        AchievementKind.RECRUITMENT: ("campagne de recrutement", "campagnes de recrutement"),
        AchievementKind.EVENT: ("rencontre", "rencontres"),
        AchievementKind.SERVICE: ("service ouvert", "services ouverts"),
    }
    numbers = {kind: sum(1 for one in achievements if one.kind == kind) for kind in plurals}
    return [french.plural(number, *plurals[kind]) for kind, number in numbers.items() if number]


def article(news, url, image_url):
    """The NewsArticle of schema.org; `url` and `image_url` are absolute, the latter may be empty."""
    data = {
        "@type": "NewsArticle",
        "headline": news.title,
        "description": news.summary,
        "datePublished": timezone.localtime(news.published_at).isoformat(),
        "dateModified": timezone.localtime(news.changed_at).isoformat(),
        "author": {"@type": "Organization", "name": news.author},
        "publisher": {"@type": "Organization", "name": "Vaucluse Santé Attractivité"},
        "mainEntityOfPage": url,
        "inLanguage": "fr",
    }
    if image_url:
        data["image"] = [image_url]
    if news.territory:
        data["contentLocation"] = {"@type": "Place", "name": territory_name(news.territory)}
    return data
