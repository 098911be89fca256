"""Two to four communes side by side: the same facts in the same order, read from the address."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from core.french import NBSP, kilometres, number, plural
from opportunities.models import Opportunity
from territories.forms import ambiguity, ignorance
from territories.models import Commune
from territories.poles import by_distance
from territories.querysets import LONGEST_TEXT
from territories.surroundings import NEAR_KM, SORTS, WIDE_KM, Surroundings, everything, presence
from vsa_portal.places import parts

FEWEST, MOST = 2, 4


class Column(NamedTuple):
    """One commune of the table, with the address of the table without it."""

    name: str
    url: str
    remove_url: str


class Row(NamedTuple):
    """One fact for each commune; `heading` opens a group of rows."""

    label: str
    texts: tuple
    heading: str = ""


class Shown(NamedTuple):
    """A row as the page shows it: each text with the name of its commune, said again where columns do not fit."""

    label: str
    cells: list
    heading: str


class Asked(NamedTuple):
    """What the address asks: communes in their order, and what of it could not be read."""

    communes: list
    messages: list


def read(values):
    """The communes that a list of texts names, each once, four at most, with a message for each that is left out.

    A text is the end of the address of a commune, or what a person types. Two queries, and two more for a typed name.
    """
    texts = list(dict.fromkeys(text.strip()[:LONGEST_TEXT] for text in values if text.strip()))
    slugs = [text for text in texts if text.isascii() and "\x00" not in text]
    rows = Commune.objects.filter(slug__in=slugs[: 5 * MOST]).select_related("epci", "cpts").prefetch_related("zonings")
    by_slug = {commune.slug: commune for commune in rows}
    communes, messages = [], []
    for text in texts[: 5 * MOST]:
        commune = by_slug.get(text) or _typed(text, messages, may_ask=len(messages) < MOST)
        if commune and commune not in communes:
            communes.append(commune)
    if len(communes) > MOST:
        left = ", ".join(commune.name for commune in communes[MOST:])
        messages.append(f"La comparaison tient en {MOST} communes\u00a0: {left} n’y figure pas. Retirez-en une pour l’ajouter.")
    return Asked(communes[:MOST], messages)


def _typed(text, messages, may_ask):
    """The commune that a typed text designates, or None and a message."""
    if not may_ask:
        return None
    found = Commune.objects.select_related("epci", "cpts").resolve(text)
    if found.commune:
        return found.commune
    messages.append(ambiguity(text, found.choices) if found.choices else ignorance(text, found.suggestions))
    return None


def context(asked, *, now, url):
    """Everything the template reads."""
    communes = asked.communes
    messages = list(asked.messages)
    if len(communes) == 1:
        messages.append(f"Ajoutez au moins une commune à {communes[0].name} pour comparer.")
    title = "Comparer " + ", ".join(commune.name for commune in communes) if communes else "Comparer des communes"
    return {
        "title": title,
        "columns": [column(commune, communes) for commune in communes],
        "rows": [named(row, communes) for row in rows(communes, now)] if len(communes) >= FEWEST else [],
        "messages_told": messages,
        "may_add": len(communes) < MOST,
        "slugs": [commune.slug for commune in communes],
        "canonical_url": url,
        "compare_url": "",
        "robots": "noindex" if communes else "",
        **parts.share_links(title, url),
    }


def address(communes):
    """The comparison of these communes."""
    query = urlencode([("commune", commune.slug) for commune in communes])
    return f"{reverse('places:compare')}{'?' if query else ''}{query}"


def column(commune, communes):
    return Column(commune.name, commune.get_absolute_url(), address([other for other in communes if other.pk != commune.pk]))


def named(row, communes):
    return Shown(row.label, list(zip((commune.name for commune in communes), row.texts, strict=True)), row.heading)


def rows(communes, now):
    """The table, row by row. Facilities are read once for all, offers counted for each commune."""
    facilities, kinds = everything()
    around = [Surroundings(commune.point, facilities, kinds) for commune in communes]
    offers = [Opportunity.objects.visible(now).near(commune.point, parts.OFFERS_KM).order_by().count() for commune in communes]
    poles = [{pole.name: km for km, pole in by_distance(commune.point)} for commune in communes]
    zonings = [parts.zonings(commune.zonings.all()) for commune in communes]
    table = [
        Row("Population", tuple(plural(commune.population, "habitant") for commune in communes), "La commune"),
        Row("Superficie", tuple(parts.area_text(commune.area_km2) for commune in communes)),
        Row("Densité", tuple(parts.density_text(commune.population, commune.area_km2) for commune in communes)),
        Row("Intercommunalité", tuple(commune.epci.short_name for commune in communes)),
        Row("CPTS", tuple(commune.cpts.name if commune.cpts else "non renseignée" for commune in communes)),
        Row("Hôpital", tuple(map(_found, (one.hospital for one in around))), "À quelle distance, à vol d’oiseau"),
        Row("Urgences", tuple(map(_found, (one.emergency for one in around)))),
        Row("Maternité", tuple(map(_found, (one.maternity for one in around)))),
    ]
    table += [Row(f"{name} (CHU)", tuple(f"{kilometres(found[name])}" for found in poles)) for name in poles[0]]
    for rank, sort in enumerate(SORTS):
        cells = tuple(presence(sort, one.found, one.is_imported(sort)).text for one in around)
        table.append(Row(sort.label, cells, "Ne pas exercer seul" if rank == 0 else ""))
    heading = "Établissements connus du portail"
    table.append(Row(f"À moins de {NEAR_KM}{NBSP}km", tuple(number(len(one.within(NEAR_KM))) for one in around), heading))
    table.append(Row(f"À moins de {WIDE_KM}{NBSP}km", tuple(number(len(one.within(WIDE_KM))) for one in around)))
    for rank in range(len(zonings[0])):
        table.append(Row(zonings[0][rank]["label"], tuple(one[rank]["text"] for one in zonings), "Zonages" if rank == 0 else ""))
    table.append(Row(f"Ouvertes à moins de {parts.OFFERS_KM}{NBSP}km", tuple(map(number, offers)), "Offres d’exercice"))
    return table


def _found(found):
    return f"{found.away} ({found.facility.name})" if found else "au-delà de ce que le portail connaît"
