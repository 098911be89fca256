"""The offers of a search as GeoJSON: one feature an offer, or groups counted by the database when there are too many."""

from django.db.models import Avg, Count, Max, Min
from django.db.models.functions import Floor
from django.urls import reverse

from opportunities.enums import LocationPrecision

POINTS_CEILING = 3000
"""Beyond it the database groups the points; a phone draws groups faster than it reads thousands of points."""
CELLS_ACROSS = 12


def collection(search, view=None):
    """The FeatureCollection of a `Search`, in list order.

    `view` is the box that the map shows. When the search (or the part in view) holds more than
    `POINTS_CEILING` offers, features are groups with a count `n` and their bounds `b` (west, south,
    east, north), and `grouped` tells the map to ask again when it moves. `total` is how many offers
    the features stand for.
    """
    offers = search.offers.filter(latitude__isnull=False)
    grouped = many = _exceed_ceiling(offers)
    if grouped and view:
        offers = offers.within(view)
        many = _exceed_ceiling(offers)
    features = _groups(offers, view) if many else _points(search, offers)
    total = sum(feature["properties"].get("n", 1) for feature in features)
    answer = {"type": "FeatureCollection", "total": total, "grouped": grouped, "kinds": _kinds(search)}
    if commune := search.filterset.center:
        answer["circle"] = {"center": [commune.longitude, commune.latitude], "km": search.filterset.radius_km}
    answer["features"] = features
    return answer


def _exceed_ceiling(offers):
    return offers.order_by()[: POINTS_CEILING + 1].count() > POINTS_CEILING


def _kinds(search):
    return {kind.code: {"label": kind.label, "shape": kind.shape, "glyph": kind.glyph, "tone": kind.tone} for kind in search.kinds.values()}


def _points(search, offers):
    codes = {kind.pk: kind.code for kind in search.kinds.values()}
    base = reverse("opportunities:offer_list")
    rows = search.in_order(offers).values_list(
        "pk",
        "kind_id",
        "slug",
        "title",
        "latitude",
        "longitude",
        "radius_km",
        "location_precision",
        "commune__name",
        "commune__epci__short_name",
    )
    features = []
    for pk, kind, slug, title, latitude, longitude, radius, precision, commune, epci in rows:
        place = f"Secteur {epci}" if precision == LocationPrecision.EPCI else f"{commune}, {epci}"
        properties = {"k": codes[kind], "t": title, "p": place, "u": f"{base}{pk}-{slug}/"}
        if radius:
            properties["r"] = round(radius, 1)
        features.append(
            {
                "type": "Feature",
                "id": pk,
                "geometry": {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]},
                "properties": properties,
            }
        )
    return features


def _groups(offers, view):
    width = (view.east - view.west) if view else 1.2
    cell = max(width / CELLS_ACROSS, 0.001)
    rows = (
        offers.order_by()
        .annotate(
            column=Floor("longitude", function="FLOOR", template=f"FLOOR(%(expressions)s / {cell:.6f})"),
            row=Floor("latitude", template=f"FLOOR(%(expressions)s / {cell * 0.72:.6f})"),
        )
        .values("column", "row")
        .annotate(
            n=Count("pk"),
            lon=Avg("longitude"),
            lat=Avg("latitude"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
        )
        .order_by("-n", "column", "row")
    )
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 5), round(row["lat"], 5)]},
            "properties": {"n": row["n"], "b": [round(row[side], 5) for side in ("west", "south", "east", "north")]},
        }
        for row in rows
    ]
