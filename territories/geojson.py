"""Health facilities as GeoJSON, for the map beside a list."""

import json

from territories import presenters


def collection(facilities, circle=None):
    """The FeatureCollection of these facilities, in their order, as JSON text; `circle` is (point, kilometres) of the search."""
    facilities = list(facilities)
    kinds = {facility.kind.code: facility.kind for facility in facilities}
    data = {
        "type": "FeatureCollection",
        "total": len(facilities),
        "grouped": False,
        "kinds": {code: {"label": kind.label, "shape": kind.shape, "glyph": kind.glyph, "tone": kind.tone} for code, kind in kinds.items()},
        "features": [feature(facility) for facility in facilities],
    }
    if circle:
        point, km = circle
        data["circle"] = {"center": [point.longitude, point.latitude], "km": km}
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def feature(facility):
    """Kind, name, commune, address of the page; kilometres of the area when only the commune is known."""
    properties = {
        "k": facility.kind.code,
        "t": f"{facility.name} (exemple)" if facility.is_demo and "exemple" not in facility.name.lower() else facility.name,
        "p": facility.commune.name,
        "u": facility.get_absolute_url(),
    }
    if radius := presenters.radius_km(facility):
        properties["r"] = radius
    return {
        "type": "Feature",
        "id": facility.pk,
        "geometry": {"type": "Point", "coordinates": [round(facility.longitude, 5), round(facility.latitude, 5)]},
        "properties": properties,
    }
