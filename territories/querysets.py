"""What the rest of the portal may ask about communes."""

from typing import NamedTuple

from django.db import models

from territories.names import Match, Place, Wanted, best_answers

SHORTEST_PART = 3
"""Letters or digits from which the beginning of a name, if it fits one commune best, designates it."""

SUGGESTED = 3
"""Names proposed for a text that fits no commune."""


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

    def resolve(self, text):
        """The commune that the text designates, as a `Resolution`, in one query.

        A complete name or code designates its commune. An incomplete one too, from three characters,
        when a single commune answers best. A resemblance never does: it only suggests.
        """
        found = self.matching(text)
        if not found:
            return Resolution()
        wanted = Wanted.read(text)
        if found[0].match == Match.NEAR and wanted.name:
            return Resolution(suggestions=tuple(found[:SUGGESTED]))
        best = tuple(commune for commune in found if commune.match == found[0].match)
        if len(best) == 1 and (best[0].match == Match.EXACT or len(wanted.name + wanted.code) >= SHORTEST_PART):
            return Resolution(commune=best[0])
        return Resolution(choices=best)
