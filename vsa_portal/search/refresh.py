"""What the search learns again every night, and when the portal starts."""

from opportunities.models import SearchWord
from territories.models import Commune, HealthFacility
from vsa_portal.search.finders import FINDERS
from vsa_portal.search.words import learn


def refresh(*, at):
    """Facilities are found by the names of today of their kind and commune; mistyped words are corrected by the words of today.

    Returns how many words are known.
    """
    stale = []
    for facility in HealthFacility.objects.select_related("kind", "commune").defer("search_vector"):
        words = facility.public_words()
        if words != facility.search_text:
            facility.search_text = words
            stale.append(facility)
    HealthFacility.objects.bulk_update(stale, ["search_text"], batch_size=500)
    places = (name for names in Commune.objects.values_list("search_name", flat=True) for name in names.split())
    return learn(finders=FINDERS.values(), at=at, known=[*SearchWord.objects.values_list("word", flat=True), *places])
