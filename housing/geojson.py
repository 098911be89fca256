"""The dwellings of a search as GeoJSON: one feature a dwelling, at the point that readers are shown, or groups when there are too many."""

from core.geojson import POINTS_CEILING, groups, written
from housing import presenters
from housing.enums import MARKERS, DwellingKind
from housing.rows import dwelling_address

COLUMNS = ("pk", "kind", "slug", "title", "latitude", "longitude", "radius_km", "commune__name", "monthly_total", "is_demo")
KINDS = {
    code: {"label": label, "shape": MARKERS[code].shape, "glyph": MARKERS[code].glyph, "tone": MARKERS[code].tone}
    for code, label in DwellingKind.choices
}


def collection(search, view=None):
    """The FeatureCollection of a `Search` as JSON text, in list order; `view` is the box that the map shows, for groups.

    `total` is how many dwellings the features stand for, `grouped` tells the map to ask again when it moves.
    """
    found = search.dwellings
    rows = _rows(search, found)
    grouped = rows is None
    if grouped and view:
        found = found.within(view)
        rows = _rows(search, found)
    features = groups(found, view) if rows is None else [_feature(*row) for row in rows]
    total = sum(group["properties"]["n"] for group in features) if rows is None else len(features)
    return written({"type": "FeatureCollection", "total": total, "grouped": grouped, "kinds": KINDS, "features": features})


def _rows(search, found):
    """What `_feature` reads, in list order; None when there are too many dwellings to show one by one."""
    rows = list(search.in_order(found).values_list(*COLUMNS)[: POINTS_CEILING + 1])
    return rows if len(rows) <= POINTS_CEILING else None


def _feature(pk, kind, slug, title, latitude, longitude, radius, commune, total, is_demo):
    """Kind, title with its rent, commune, address of the page, kilometres of the area."""
    name = f"{title} (exemple)" if is_demo else title
    return {
        "type": "Feature",
        "id": pk,
        "geometry": {"type": "Point", "coordinates": [round(longitude, 4), round(latitude, 4)]},
        "properties": {
            "k": kind,
            "t": f"{name}, {presenters.a_month(total)}" if total else name,
            "p": commune,
            "u": dwelling_address(pk, slug),
            "r": round(radius, 1),
        },
    }
