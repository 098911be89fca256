"""The lists that every page of offers needs: kinds, settings, intercommunalités and CPTS with their communes."""

from functools import cached_property
from typing import NamedTuple

from django.db import connection


class Option(NamedTuple):
    """A choice of the filter panel; the drawing is that of a kind, the communes those of an EPCI or a CPTS."""

    group: str
    pk: int
    code: str
    label: str
    active: bool = True
    shape: str = ""
    glyph: str = ""
    tone: str = ""
    communes: list | None = None
    names: list | None = None
    siren: str = ""

    @property
    def short_name(self):
        """As an `Epci` is called."""
        return self.label


class Place(NamedTuple):
    """A commune by name, and the intercommunalité it belongs to (an `Option`)."""

    name: str
    epci: Option


OPTIONS = """
SELECT 'kind', id, code, label, active, shape, glyph, tone, NULL::bigint[], NULL::text[], '', position FROM opportunities_opportunitykind
UNION ALL
SELECT 'setting', id, code, label, true, '', '', '', NULL, NULL, '', position FROM opportunities_practicesetting
UNION ALL
SELECT 'epci', e.id, e.slug, e.short_name, true, '', '', '', array_agg(c.id), array_agg(c.name), e.siren, 0
FROM territories_epci e JOIN territories_commune c ON c.epci_id = e.id GROUP BY e.id
UNION ALL
SELECT 'cpts', t.id, t.slug, t.name, true, '', '', '', array_agg(c.id), NULL, '', 0
FROM territories_cpts t JOIN territories_commune c ON c.cpts_id = t.id GROUP BY t.id
"""
"""In SQL because every list page asks it: building the same union with the ORM costs five times the query itself."""


class Lists:
    """Kinds, settings, EPCI and CPTS by code, in the order staff gave them. One query, when it is made."""

    def __init__(self):
        groups = {"kind": {}, "setting": {}, "epci": {}, "cpts": {}}
        with connection.cursor() as cursor:
            cursor.execute(OPTIONS)
            rows = cursor.fetchall()
        for *row, _ in sorted(rows, key=lambda row: (row[-1], row[3])):
            option = Option(*row)
            groups[option.group][option.code] = option
        self.kinds, self.settings, self.epcis, self.cptss = groups.values()

    @cached_property
    def kinds_by_pk(self):
        return {kind.pk: kind for kind in self.kinds.values()}

    @cached_property
    def _epci_of(self):
        return {pk: epci for epci in self.epcis.values() for pk in epci.communes}

    @cached_property
    def _name_of(self):
        names = {}
        for epci in self.epcis.values():
            names.update(zip(epci.communes, epci.names, strict=True))
        return names

    def place(self, commune_id):
        """The `Place` of a commune, or None."""
        epci = self._epci_of.get(commune_id)
        return epci and Place(self._name_of[commune_id], epci)

    @property
    def places(self):
        """The `Place` of each commune by its primary key."""
        return {pk: self.place(pk) for pk in self._name_of}
