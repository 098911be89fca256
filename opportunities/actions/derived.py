"""What follows from the content of an offer: the place that readers are shown, the words it is found by."""

import re
import unicodedata
from math import pi, sqrt

from opportunities.enums import LocationPrecision
from opportunities.models import SearchWord
from territories.models import Commune


def refresh_place(offer):
    """Set what readers may know of the place from `location_precision`; does not save.

    Only an exact place keeps its own point. A point of the commune is its town hall, with the radius
    in kilometres of a disc of the commune's area. At the precision of the intercommunalité, nothing
    tells the commune: point, radius and list of communes are those of the whole EPCI, and other
    places of work are not told.
    """
    told = offer.pk and offer.location_precision != LocationPrecision.EPCI
    others = sorted(set(offer.other_places.values_list("commune_id", flat=True))) if told else []
    offer.other_commune_ids = others
    communes = set(others)
    if offer.location_precision == LocationPrecision.EXACT:
        offer.radius_km = 0
    else:
        offer.latitude = offer.longitude = None
        offer.radius_km = 0
    if offer.commune_id:
        commune = offer.commune
        if offer.location_precision == LocationPrecision.EPCI:
            _show_area(offer, commune.epci)
            communes.update(Commune.objects.filter(epci_id=commune.epci_id).values_list("pk", flat=True))
        else:
            communes.add(commune.pk)
            if offer.location_precision == LocationPrecision.COMMUNE:
                _show_area(offer, commune)
    offer.commune_ids = sorted(communes)


def _show_area(offer, area):
    offer.latitude, offer.longitude = area.latitude, area.longitude
    offer.radius_km = round(sqrt(area.area_km2 / pi), 2)


def refresh_search(offer):
    """Set `search_text` to what readers may find the offer by, and learn its words once it is public; does not save the offer."""
    offer.search_text = "\n".join(filter(None, _public_texts(offer)))
    if offer.published_at is None:
        return
    words = fold_words(f"{offer.title} {offer.search_text}")
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in sorted(words)], ignore_conflicts=True)


def _public_texts(offer):
    """Texts that stand on the page of the offer; a contact, and a commune kept back, never do."""
    yield from (offer.kind.label, offer.kind.definition, offer.profession.label)
    yield offer.setting.label if offer.setting_id else ""
    if offer.commune_id:
        if offer.location_precision != LocationPrecision.EPCI:
            yield offer.commune.name
        yield offer.commune.epci.short_name
    if offer.location_precision == LocationPrecision.EXACT:
        yield offer.workplace
    if offer.pk and offer.location_precision != LocationPrecision.EPCI:
        for place in offer.other_places.select_related("commune"):
            yield f"{place.commune.name} {place.label}"
    yield from (offer.software, offer.team, offer.equipment, offer.organisation, offer.summary, offer.description)


def fold_words(text):
    """The distinct words of 3 to 60 letters of a text, lower-case and without accents, as PostgreSQL's `unaccent` leaves them."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return set(re.findall(r"\b[a-z]{3,60}\b", "".join(char for char in folded if not unicodedata.combining(char))))
