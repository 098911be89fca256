"""One search of the directory of health facilities: what was asked, what was found, in the words of the page.

List, map and table build the same `Directory` from the same address, so that they cannot disagree.
"""

from functools import cached_property

from django.db.models import Count, Value
from django.utils import timezone

from core import french, prepared
from core.links import address
from territories import presenters
from territories.enums import FacilityStatus, Service
from territories.filters import FacilityFilterSet
from territories.listing import PlaceListing
from territories.models import Cpts, Epci, HealthFacility
from territories.querysets import facility_rows
from territories.rows import Territory
from territories.surroundings import known_kinds


class Directory(PlaceListing):
    """The facilities that `data` (the GET parameters) asks for, among those that readers may see."""

    PARAMETERS = frozenset({*FacilityFilterSet.base_filters, "tri"})
    LIST, MAP = "territories:facility_list", "territories:facility_map"
    SORTS = {"type": "type", "nom": "nom", "distance": "distance"}
    ONE, MANY = "établissement", "établissements"

    def __init__(self, data):
        self.data = data
        self.today = timezone.localdate()
        self.kinds = {kind.code: kind for kind in known_kinds()}
        self.epcis, self.cpts = {}, {}
        for is_cpts, *territory in sorted(prepared.rows(every_territory), key=lambda row: row[3]):
            (self.cpts if is_cpts else self.epcis)[territory[1]] = Territory(*territory)
        choices = {"type": self.kinds, "epci": self.epcis, "cpts": self.cpts}
        self.filterset = FacilityFilterSet(data, HealthFacility.objects.visible(), choices=choices)
        self.complaints = self.filterset.complaints

    @cached_property
    def by_kind(self):
        """Facilities found of each kind, whatever kinds were asked for, by the key of the kind."""
        if self.is_narrowed:
            return self.filterset.qs.count_by_kind()
        return {kind.pk: kind.shown for kind in self.kinds.values() if kind.shown}

    @property
    def is_narrowed(self):
        """Whether something else than kinds leaves facilities out."""
        return any(value for name, value in self.filterset.form.cleaned_data.items() if name not in ("type", "rayon"))

    @cached_property
    def count(self):
        wanted = self.filterset.kinds
        return sum(self.by_kind.get(kind.pk, 0) for kind in wanted) if wanted else sum(self.by_kind.values())

    @property
    def facilities(self):
        """The facilities found, in the order asked for."""
        found = self.filterset.qs
        if self.filterset.kinds:
            found = found.of_kinds([kind.pk for kind in self.filterset.kinds])
        center = self.filterset.center
        if center:
            found = found.with_distance(center)
        return found.by_distance(center) if self.sort == "distance" else in_order(found, self.sort)

    @property
    def rows(self):
        """The facilities found as light rows, for the map."""
        return self.facilities.rows(self.kinds_by_pk)

    @cached_property
    def kinds_by_pk(self):
        return {kind.pk: kind for kind in self.kinds.values()}

    @cached_property
    def cards(self):
        """The cards of the current page; that of all facilities, which most readers see first, is a query kept as text."""
        page = self.window.rows
        if self.is_narrowed or self.filterset.kinds:
            rows = self.facilities[page].rows(self.kinds_by_pk)
        else:
            rows = facility_rows(prepared.rows(all_facilities, self.sort, page.start, page.stop), self.kinds_by_pk)
        return [presenters.card(facility, self.today) for facility in rows]

    # In words

    @property
    def title(self):
        kinds = self.filterset.kinds
        if not self.count:
            return "Aucun établissement de santé"
        if len(kinds) == 1:
            one, many = kinds[0].label, kinds[0].plural_label
            return french.plural(self.count, lowered(one), lowered(many))
        return french.plural(self.count, "établissement de santé", "établissements de santé")

    @property
    def missing(self):
        """Kinds of which the directory holds nothing yet: a silence that readers must not take for a zero."""
        return [kind.plural_label for kind in self.kinds.values() if not kind.shown]

    def counts(self, url):
        """How many facilities of each kind were found, each with the address that shows those alone."""
        if len(self.by_kind) < 2:
            return []
        return [
            {
                "label": french.plural(count, lowered(kind.label), lowered(kind.plural_label)),
                "url": url + self.query(type=kind.code),
                "current": self.filterset.kinds == [kind],
            }
            for kind in self.kinds.values()
            if (count := self.by_kind.get(kind.pk))
        ]

    def chosen_codes(self):
        """See `PlaceListing`."""
        labels = {
            "type": lambda code: self.kinds[code].label,
            "service": lambda code: Service(code).label,
            "statut": lambda code: FacilityStatus(code).label,
            "epci": lambda code: self.epcis[code].short_name,
            "cpts": lambda code: f"CPTS {self.cpts[code].short_name}",
        }
        return self.labelled(labels)

    def context(self, origin):
        """Everything that the templates of the list read, ready to print; `origin` begins canonical links."""
        return {
            **super().context(origin),
            "counts": self.counts(address(self.LIST)),
            "missing": self.missing,
            "table_url": address("territories:facility_table") + self.query(),
        }

    def filters(self):
        """The state of the filter panel: every option, and whether it is on."""
        on = {name: set(self.data.getlist(name)) for name in ("type", "service", "statut", "epci", "cpts")}
        return {
            **super().filters(),
            "kinds": [
                {
                    "code": kind.code,
                    "label": kind.plural_label,
                    "shape": kind.shape,
                    "glyph": kind.glyph,
                    "tone": kind.tone,
                    "checked": kind.code in on["type"],
                }
                for kind in self.kinds.values()
                if kind.shown or kind.code in on["type"]
            ],
            "services": [{"code": code, "label": label, "checked": code in on["service"]} for code, label in Service.choices],
            "statuses": [{"code": code, "label": label, "checked": code in on["statut"]} for code, label in FacilityStatus.choices],
            "epcis": [{"slug": code, "label": each.short_name, "selected": code in on["epci"]} for code, each in self.epcis.items()],
            "cpts": [{"slug": code, "label": each.short_name, "selected": code in on["cpts"]} for code, each in self.cpts.items()],
        }


def in_order(facilities, sort):
    """These facilities by name or by kind."""
    return facilities.by_name() if sort == "nom" else facilities.by_kind()


def lowered(text):
    """A label inside a sentence: `Hôpitaux` gives `hôpitaux`, `EHPAD` stays."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


COUNTED = ("msp", "health_centre")
"""Kinds counted by intercommunalité (mission M51)."""


def by_epci(epcis):
    """How many maisons de santé and centres de santé each of these intercommunalités holds, in one query; the last row is the sum.

    Invented facilities are counted apart, so that nobody takes a demonstration for a fact.
    """
    url = address("territories:facility_list")
    counts = {tuple(key): count for *key, count in prepared.rows(counted_by_epci)}
    rows = [
        {
            "name": epci.short_name,
            "cells": [
                {
                    "count": counts.get((epci.pk, code, False), 0),
                    "demo": counts.get((epci.pk, code, True), 0),
                    "url": f"{url}?type={code}&epci={epci.slug}",
                }
                for code in COUNTED
            ],
        }
        for epci in epcis
    ]
    total = [{key: sum(row["cells"][rank][key] for row in rows) for key in ("count", "demo")} for rank in range(len(COUNTED))]
    return {"rows": rows, "total": [cell | {"url": f"{url}?type={code}"} for cell, code in zip(total, COUNTED, strict=True)]}


# Queries for `core.prepared`


def all_facilities(sort, start, stop):
    """One page of the whole directory, for `facility_rows`."""
    return in_order(HealthFacility.objects.visible(), sort)[start:stop].for_rows()


def every_territory():
    """EPCI and CPTS, as `Territory`s after whether it is a CPTS."""
    epcis, cpts = (
        model.objects.order_by().values_list(Value(is_cpts), *Territory._fields) for model, is_cpts in ((Epci, False), (Cpts, True))
    )
    return epcis.union(cpts, all=True)


def counted_by_epci():
    """How many facilities that readers may see there are of each counted kind, by EPCI, invented ones apart."""
    counted = HealthFacility.objects.visible().filter(kind__code__in=COUNTED)
    return counted.order_by().values_list("commune__epci", "kind__code", "is_demo").annotate(Count("pk"))
