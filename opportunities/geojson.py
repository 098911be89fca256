"""The offers of a search as GeoJSON: one feature an offer, or groups counted by the database when there are too many."""

from json.encoder import encode_basestring as encode

from core.geojson import POINTS_CEILING, groups, written
from core.links import address
from opportunities import presenters
from opportunities.enums import LocationPrecision

COLUMNS = ("pk", "kind_id", "slug", "title", "latitude", "longitude", "radius_km", "location_precision", "commune_id")


def collection(search, view=None):
    """The FeatureCollection of a `Search` as JSON text, in list order.

    `view` is the box that the map shows. When the search (or the part in view) holds more than
    `POINTS_CEILING` offers, features are groups with a count `n` and their bounds `b` (west, south,
    east, north), and `grouped` tells the map to ask again when it moves. `total` is how many offers
    the features stand for.
    """
    offers = search.offers.filter(latitude__isnull=False)
    rows = _rows(search, offers)
    grouped = rows is None
    if grouped and view:
        offers = offers.within(view)
        rows = _rows(search, offers)
    if rows is None:
        grouped_points = groups(offers, view)
        total, features = sum(group["properties"]["n"] for group in grouped_points), written(grouped_points)[1:-1]
    else:
        total, features = len(rows), ",".join(_features(search.lists, rows))
    head = {"type": "FeatureCollection", "total": total, "grouped": grouped, "kinds": _kinds(search)}
    if commune := search.filterset.center:
        head["circle"] = {"center": [commune.longitude, commune.latitude], "km": search.filterset.radius_km}
    return f'{written(head)[:-1]},"features":[{features}]}}'


def _rows(search, offers):
    """What `_features` reads, in list order; None when there are too many offers to show one by one."""
    if search.sort == "distance" and offers.order_by()[POINTS_CEILING : POINTS_CEILING + 1].exists():
        return None  # asked apart, for no index serves this order: all of them would be sorted to learn it
    rows = list(search.in_order(offers).values_list(*COLUMNS)[: POINTS_CEILING + 1])
    return rows if len(rows) <= POINTS_CEILING else None


def _kinds(search):
    kinds = search.lists.kinds.values()
    return {kind.code: {"label": kind.label, "shape": kind.shape, "glyph": kind.glyph, "tone": kind.tone} for kind in kinds}


def _features(lists, rows):
    """One feature an offer: kind, title, place as readers are told it, address, kilometres of the area if it is one.

    JSON written by hand: a thousand offers take a quarter of the time of dictionaries.
    """
    base, secret = address("opportunities:offer_list"), LocationPrecision.EPCI.value
    kinds = {kind.pk: encode(kind.code) for kind in lists.kinds.values()}
    places, areas = (
        {pk: encode(presenters.place_name(place, precision)) for pk, place in lists.places.items()}
        for precision in (LocationPrecision.COMMUNE, LocationPrecision.EPCI)
    )
    for pk, kind, slug, title, latitude, longitude, radius, precision, commune in rows:
        place = (areas if precision == secret else places)[commune]
        area = f',"r":{radius:.1f}' if radius else ""
        yield (
            f'{{"type":"Feature","id":{pk},"geometry":{{"type":"Point","coordinates":[{longitude:.5f},{latitude:.5f}]}},'
            f'"properties":{{"k":{kinds[kind]},"t":{encode(title)},"p":{place},"u":"{base}{pk}-{slug}/"{area}}}}}'
        )
