"""The care that lies around a point: what is near, by kind, and what keeps a doctor from being alone (need N11).

Distances are kilometres in a straight line to the point that the map shows. The portal knows only what it was given: a
sort of facility that it holds no record of, examples apart, is "not imported", never none.
"""

from typing import NamedTuple

from django.db.models import Count, Q

from core import prepared
from core.french import NBSP, kilometres, plural
from core.geography import HERE, KM, WithinKm, circle_asked, distance_km
from territories.enums import PointPrecision
from territories.models import FacilityKind, HealthFacility
from territories.querysets import facility_rows
from territories.rows import FacilityRow, Kind

NEAR_KM, WIDE_KM = 10, 20
NOT_IMPORTED = "données non importées"
HOSPITALS = frozenset({"hospital", "hospital_site"})
WORKING_PARTNERS = HOSPITALS | {"clinic"}
"""Kinds that are told even when they lie beyond `WIDE_KM`."""


class Found(NamedTuple):
    """A facility and how far it is."""

    km: float
    facility: FacilityRow

    @property
    def url(self):
        """The page of the facility."""
        return self.facility.get_absolute_url()

    @property
    def away(self):
        """`à 12 km`, `à environ 12 km` when the point is that of its commune only, `sur place` under one kilometre."""
        if self.km < 1:
            return "sur place"
        about = "environ " if self.facility.point_precision == PointPrecision.COMMUNE else ""
        return f"à {about}{kilometres(self.km)}"


class KindCount(NamedTuple):
    """How many facilities of one kind are near, and which is the nearest."""

    kind: Kind
    near: int
    wide: int
    nearest: Found


class Presence(NamedTuple):
    """One line of the non-isolation indicator; `is_known` is false when the portal holds no such facility at all."""

    label: str
    icon: str
    text: str
    is_known: bool
    is_near: bool
    nearest: Found | None = None


def is_hospital(facility):
    """Whether a doctor sends people there as to a hospital: one, save those of mental health alone, or a site of one with acute care."""
    acute = facility.emergency or facility.maternity or bool(facility.beds)
    return (acute and facility.kind.code in HOSPITALS) or (facility.kind.code == "hospital" and not facility.psychiatry)


class Sort(NamedTuple):
    """What a line of the indicator is about: kinds by their codes, or a service (a field of the facility)."""

    label: str
    icon: str
    codes: frozenset = frozenset()
    service: str = ""

    def takes(self, facility):
        """Whether a facility is of this sort; of the sites of hospitals, those that give acute care."""
        if self.service:
            return getattr(facility, self.service)
        return facility.kind.code in self.codes and (facility.kind.code not in HOSPITALS or is_hospital(facility))


SORTS = (
    Sort("Hôpital ou clinique", "k-hospital", WORKING_PARTNERS),
    Sort("Service d’urgences", "k-emergency", service="emergency"),
    Sort("Maison ou centre de santé", "k-msp", frozenset({"msp", "health_centre"})),
    Sort("Pharmacie", "k-pharmacy", frozenset({"pharmacy"})),
    Sort("Laboratoire", "k-flask", frozenset({"laboratory"})),
    Sort("Imagerie", "k-imaging", frozenset({"imaging"})),
)
"""Who a doctor works with, in the order of need N11. Fellow doctors and nurses are in no file that the portal reads."""


def counted_kinds():
    """The kinds of facility that are shown, as `Kind`s, for `core.prepared`: examples were imported from nowhere."""
    shown, real = Q(facilities__is_open=True), Q(facilities__is_open=True, facilities__is_demo=False)
    counted = {"shown": Count("facilities", filter=shown), "real": Count("facilities", filter=real)}
    kinds = FacilityKind.objects.filter(active=True).annotate(**counted)
    return kinds.order_by("position", "label").values_list(*Kind._fields)  # a query that counts forgets the order of its model


def known_kinds():
    """The `Kind`s, in the order staff gave them. One query."""
    return list(map(Kind._make, prepared.rows(counted_kinds)))


def every_facility():
    """All facilities that readers may see, for `core.prepared`."""
    return HealthFacility.objects.visible().order_by("name", "pk").for_rows()


def facilities_around():
    """Those within a circle, and beyond it those that are told wherever they are, nearest first, for `core.prepared`."""
    beyond = Q(emergency=True) | Q(maternity=True) | Q(kind__code__in=WORKING_PARTNERS)
    return HealthFacility.objects.visible().filter(WithinKm(HERE, KM) | beyond).by_distance(HERE).for_rows()


def everything():
    """All facilities and their kinds, for the surroundings of several points. Two queries."""
    kinds = known_kinds()
    return facility_rows(prepared.rows(every_facility), {kind.pk: kind for kind in kinds}), kinds


def measured(point, facilities):
    """Facilities with their distance to a point, nearest first; equals keep their order."""
    return sorted((Found(distance_km(point, facility), facility) for facility in facilities), key=lambda one: one.km)


class Surroundings:
    """Facilities around a point, nearest first: all of those within `WIDE_KM`, and hospitals, clinics, emergency, maternity beyond.

    Two queries, none when `facilities` and `kinds` are given, as `everything` reads them. Past `WIDE_KM` the rest is unknown to it.
    """

    def __init__(self, point, facilities=None, kinds=None):
        self.kinds = known_kinds() if kinds is None else kinds
        self.imported = {kind.code for kind in self.kinds if kind.real}
        self.found = self._read(point) if facilities is None else measured(point, facilities)

    def _read(self, point):
        rows = prepared.rows(facilities_around, **circle_asked(point, WIDE_KM))
        facilities = facility_rows(rows, {kind.pk: kind for kind in self.kinds}, measured=True)
        return [Found(facility.distance_km, facility) for facility in facilities]

    def within(self, km):
        """Facilities within `km`, nearest first."""
        return [one for one in self.found if one.km <= km]

    def nearest(self, test):
        """The nearest facility that passes `test`, wherever it is, or None."""
        return next((one for one in self.found if test(one.facility)), None)

    @property
    def hospital(self):
        """The nearest hospital."""
        return self.nearest(is_hospital)

    @property
    def emergency(self):
        """The nearest emergency department."""
        return self.nearest(lambda facility: facility.emergency)

    @property
    def maternity(self):
        """The nearest maternity ward."""
        return self.nearest(lambda facility: facility.maternity)

    def by_kind(self):
        """A `KindCount` for each kind that has a facility within `WIDE_KM`, in the order staff gave the kinds."""
        found = {}
        for one in self.within(WIDE_KM):
            found.setdefault(one.facility.kind.pk, []).append(one)
        of_kinds = [(kind, found[kind.pk]) for kind in self.kinds if kind.pk in found]
        return [KindCount(kind, sum(one.km <= NEAR_KM for one in own), len(own), own[0]) for kind, own in of_kinds]

    def none_within(self):
        """Kinds that the portal holds records of, but none within `WIDE_KM`."""
        near = {one.facility.kind.pk for one in self.within(WIDE_KM)}
        return [kind for kind in self.kinds if kind.code in self.imported and kind.pk not in near]

    def not_imported(self):
        """Kinds that the portal holds no real record of, and none near: nothing can be said of them."""
        near = {one.facility.kind.pk for one in self.within(WIDE_KM)}
        return [kind for kind in self.kinds if kind.code not in self.imported and kind.pk not in near]

    def presences(self):
        """The lines of the non-isolation indicator."""
        return [presence(sort, self.found, self.is_imported(sort)) for sort in SORTS]

    def is_imported(self, sort):
        """Whether the portal holds at least one real facility of this sort, anywhere."""
        if sort.service:
            return any(sort.takes(one.facility) for one in self.found)
        return bool(sort.codes & self.imported)


def presence(sort, found, is_imported):
    """One line of the indicator for facilities that are `found`, nearest first."""
    own = [one for one in found if sort.takes(one.facility)]
    near = sum(one.km <= NEAR_KM for one in own)
    wide = sum(one.km <= WIDE_KM for one in own)
    if not is_imported and not wide:
        return Presence(sort.label, sort.icon, NOT_IMPORTED, False, False)
    if near:
        more = f", {wide} à moins de {WIDE_KM}{NBSP}km" if wide > near else ""
        return Presence(sort.label, sort.icon, f"{near} à moins de {NEAR_KM}{NBSP}km{more}", True, True, own[0])
    if wide:
        return Presence(sort.label, sort.icon, f"{wide} à moins de {WIDE_KM}{NBSP}km", True, False, own[0])
    return Presence(sort.label, sort.icon, f"aucun établissement connu à moins de {WIDE_KM}{NBSP}km", True, False, own[0] if own else None)


def summary(presences):
    """`4 appuis sur 6 à moins de 10 km`: how many lines are near, of those that the portal knows something of."""
    known = [one for one in presences if one.is_known]
    near = sum(one.is_near for one in known)
    if not known:
        return NOT_IMPORTED
    return f"{plural(near, 'appui', 'appuis')} sur {len(known)} à moins de {NEAR_KM}{NBSP}km"
