"""What the rest of the portal may ask about communes."""

from typing import NamedTuple

from django.db import models
from django.db.models import F

from core.geography import DistanceKm
from core.search import Match, answer_to_name, fold, mistyped_letters

LONGEST_TEXT = 100
"""Characters read of what a person types; no name of commune comes near."""

SHORTEST_PART = 3
"""Letters or digits from which the beginning of a name, if it fits one commune best, designates it."""

SUGGESTED = 3
"""Names proposed for a text that fits no commune."""


class Wanted(NamedTuple):
    """What a person typed: a folded name and a code (postal or INSEE, maybe only its beginning); either may be empty."""

    name: str
    code: str

    @classmethod
    def read(cls, text):
        """`84800 L’Isle-sur-la-Sorgue`, `Apt (84400)`, `84 400`, `Avignon cedex 9`..."""
        words = fold(text[:LONGEST_TEXT]).split()
        if "cedex" in words:
            words = words[: words.index("cedex")]
        digits = [word for word in words if word.isascii() and word.isdigit()]
        return cls(" ".join(word for word in words if word not in digits), "".join(digits))


class Place(NamedTuple):
    """The part of a commune that a text is compared with: its folded name and its codes."""

    name: str
    postal_codes: list
    insee: str


class Resolution(NamedTuple):
    """What a typed text designates: one commune, or several to choose from, or at best names that resemble it."""

    commune: models.Model | None = None
    choices: tuple = ()
    suggestions: tuple = ()


class CommuneQuerySet(models.QuerySet):
    def matching(self, text):
        """The list of communes whose name, words of the name or postal code begin like the text, best answers first.

        Case, accents, hyphens, apostrophes and leading articles do not count. When nothing begins
        so: the commune of that INSEE code, or names within a letter or two. Equal answers come by
        population. Each commune bears how it answers in `match` (a `Match`) and its EPCI's name in
        `epci_short_name`. One query; none when the text holds neither letter nor digit.
        """
        wanted = Wanted.read(text)
        if not any(wanted):
            return []
        names = [field.attname for field in self.model._meta.concrete_fields]
        name, codes, insee = (names.index(attribute) for attribute in ("search_name", "postal_codes", "insee"))
        rows = list(self.order_by("-population", "name").values_list(*names, "epci__short_name"))
        found = []
        for match, _, rank in best_answers(wanted, [Place(row[name], row[codes], row[insee]) for row in rows]):
            commune = self.model.from_db(self.db, names, rows[rank][:-1])
            commune.match, commune.epci_short_name = match, rows[rank][-1]
            found.append(commune)
        return found

    def reached_from(self, point, km):
        """Communes some part of which may lie within `km` kilometres of `point`; none that does is left out.

        Annotates `distance_km`, from `point` to the town hall.
        """
        return self.annotate(distance_km=DistanceKm(point)).filter(distance_km__lte=km + F("reach_km"))

    def resolve(self, text):
        """The commune that the text designates, as a `Resolution`, in one query for a name in full and two at most.

        A complete name or code designates its commune. An incomplete one too, from three characters,
        when a single commune answers best. A resemblance never does: it only suggests.
        """
        wanted = Wanted.read(text)
        if wanted.name and not wanted.code and len(named := self.filter(search_name=wanted.name)[:2]) == 1:
            return Resolution(commune=named[0])
        found = self.matching(text)
        if not found:
            return Resolution()
        if found[0].match == Match.NEAR and wanted.name:
            return Resolution(suggestions=tuple(found[:SUGGESTED]))
        best = tuple(commune for commune in found if commune.match == found[0].match)
        if len(best) == 1 and (best[0].match == Match.EXACT or len(wanted.name + wanted.code) >= SHORTEST_PART):
            return Resolution(commune=best[0])
        return Resolution(choices=best)


def best_answers(wanted, places):
    """Sorted `(match, errors, rank)` of the places that answer, `rank` being their position among `places`.

    `errors` counts mistyped letters, 0 unless the match is `NEAR`; `NEAR` answers are looked for
    only when there is no better one. Some INSEE codes are also postal codes: the postal code,
    which people know, wins.
    """
    if not any(wanted):
        return []
    found = [(match, 0, rank) for rank, place in enumerate(places) if (match := answer(wanted, place)) is not None]
    if not found:
        found = [(Match.NEAR, errors, rank) for rank, place in enumerate(places) if (errors := errors_of(wanted, place)) is not None]
    return sorted(found)


def answer(wanted, place):
    """The match of a place, from `EXACT` to `WORDS`, or None."""
    if not wanted.name:
        return answer_to_code(wanted.code, place.postal_codes)
    if wanted.code and answer_to_code(wanted.code, place.postal_codes) is None:
        return None
    return answer_to_name(wanted.name, place.name)


def errors_of(wanted, place):
    """Mistyped letters of a place that does not answer but may be meant, or None; a wrong postal code counts for nothing."""
    if not wanted.name:
        return 0 if wanted.code == place.insee else None
    return 0 if answer_to_name(wanted.name, place.name) is not None else mistyped_letters(wanted.name, place.name)


def answer_to_code(code, postal_codes):
    """The match of a postal code, or of its beginning, or None."""
    if code in postal_codes:
        return Match.EXACT
    return Match.PREFIX if any(postal_code.startswith(code) for postal_code in postal_codes) else None
