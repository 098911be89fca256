"""The reference files themselves, and what their reader refuses."""

import csv
import json
import shutil

import pytest

from core.geography import Point
from territories.importers import REFERENCE_DIR, public_name
from territories.reference import CommuneRow, InconsistentReference, contains, interior_point, reach_km, read_reference


@pytest.fixture
def folder(tmp_path):
    """A copy of the reference files that a test may spoil."""
    for name in ("communes.csv", "communes.geojson", "epci.csv", "epci.geojson"):
        shutil.copy(REFERENCE_DIR / name, tmp_path)
    return tmp_path


def edit(path, code, **values):
    """Rewrite cells of the row of a CSV file whose first column is `code`; returns the line that it stands on."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    line = next(number for number, row in enumerate(rows, start=1) if row[0] == code)
    for column, value in values.items():
        rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return line


def test_the_files_hold_the_whole_departement():
    reference = read_reference(REFERENCE_DIR)
    assert reference.rejections == []
    assert {commune.insee for commune in reference.communes} == {f"84{number:03d}" for number in range(1, 152)}
    assert len(reference.epcis) == 14
    # Municipal populations in force in 2026, summed from @etalab/decoupage-administratif 6.0.0.
    assert sum(commune.population for commune in reference.communes) == 572_056
    # The département covers 3,567 km² (IGN); simplified outlines give it within one per cent.
    assert sum(commune.area_km2 for commune in reference.communes) == pytest.approx(3_567, rel=0.01)
    assert len({commune.name for commune in reference.communes}) == 151


def test_names_take_the_french_apostrophe():
    names = {commune.insee: commune.name for commune in read_reference(REFERENCE_DIR).communes}
    assert names["84054"] == "L’Isle-sur-la-Sorgue"
    assert not any("'" in name for name in names.values())


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"population": "0"}, "population doit être entre 0 et 10000000"),
        ({"population": "beaucoup"}, "population n’est pas un nombre"),
        ({"population": "9" * 30}, "population doit être entre 0 et 10000000"),
        ({"superficie_km2": "nan"}, "superficie_km2 doit être entre 0 et 20000"),
        ({"codes_postaux": "8440"}, "un code postal compte cinq chiffres"),
        ({"codes_postaux": ""}, "un code postal compte cinq chiffres"),
        ({"nom": "  "}, "nom est vide"),
        ({"nom": "A" * 81}, "nom est trop long"),
        ({"coord_source": ""}, "coord_source est vide"),
        ({"lat": "43.9", "lon": "4.8"}, "la mairie est hors du contour de la commune"),
        ({"lat": ""}, "lat n’est pas un nombre"),
    ],
)
def test_a_row_that_cannot_be_true_is_left_out_with_its_reason(folder, values, reason):
    line = edit(folder / "communes.csv", "84003", **values)
    reference = read_reference(folder)
    assert len(reference.communes) == 150
    (rejection,) = reference.rejections
    assert (rejection.file, rejection.line, rejection.code) == ("communes.csv", line, "84003")
    assert rejection.reason.startswith(reason)
    assert f"communes.csv, ligne {line} (84003)\u00a0: {reason}" in str(rejection)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "pas de contour dans le fichier GeoJSON"),
        ({"type": "Point", "coordinates": [5.4, 43.9]}, "pas de contour dans le fichier GeoJSON"),
        ({"type": "Polygon", "coordinates": [[5.4, 43.9]]}, "contour illisible dans le fichier GeoJSON"),
        ({"type": "Polygon"}, "contour illisible dans le fichier GeoJSON"),
    ],
)
def test_a_commune_without_a_sound_outline_is_left_out(folder, geometry, reason):
    path = folder / "communes.geojson"
    collection = json.loads(path.read_text())
    next(feature for feature in collection["features"] if feature["properties"]["insee"] == "84003")["geometry"] = geometry
    path.write_text(json.dumps(collection))
    assert [(rejection.code, rejection.reason) for rejection in read_reference(folder).rejections] == [("84003", reason)]


def test_communes_of_an_epci_left_out_are_left_out_too(folder):
    edit(folder / "epci.csv", "200000628", type="SYNDICAT")
    reference = read_reference(folder)
    assert [(rejection.code, rejection.reason) for rejection in reference.rejections] == [
        ("200000628", "nature inconnue\u00a0: SYNDICAT"),
        *[(code, "intercommunalité inconnue ou écartée\u00a0: 200000628") for code in ("84019", "84063", "84064", "84078", "84083")],
    ]
    assert len(reference.communes) == 146


def test_an_epci_without_any_sound_commune_is_left_out(folder):
    edit(folder / "communes.csv", "84089", population="?")  # Pertuis, alone of its métropole here
    reference = read_reference(folder)
    assert [rejection.code for rejection in reference.rejections] == ["84089", "200054807"]
    assert "aucune de ses communes" in str(reference.rejections[1])
    assert len(reference.epcis) == 13


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "epci.csv").unlink(), "Fichier introuvable\u00a0: epci.csv"),
        (lambda folder: (folder / "epci.geojson").write_text("[1]"), "epci.geojson\u00a0: pas une collection GeoJSON"),
        (lambda folder: (folder / "communes.geojson").write_text("{"), "communes.geojson\u00a0: pas une collection GeoJSON"),
        (lambda folder: (folder / "communes.csv").write_bytes(b"insee,nom\n84001,\xe9\n"), "communes.csv n’est pas écrit en UTF-8"),
        (
            lambda folder: (folder / "communes.csv").write_text("insee,nom\n84001,Apt\n"),
            "communes.csv\u00a0: il manque la colonne codes_postaux",
        ),
        (lambda folder: (folder / "communes.csv").write_text(""), "communes.csv\u00a0: il manque la colonne insee"),
        (lambda folder: append(folder / "communes.csv", "84001,Althen\n"), "communes.csv, ligne 153\u00a0: le nombre de colonnes"),
        (
            lambda folder: append(folder / "communes.csv", last_line(folder)),
            "communes.csv, ligne 153\u00a0: le code 84151 figure deux fois",
        ),
        (lambda folder: edit(folder / "communes.csv", "84003", epci_siren="248400053"), "l’intercommunalité de 84003"),
        (lambda folder: edit(folder / "communes.csv", "84003", insee="84152"), "l’intercommunalité de 84003, 84152"),
    ],
)
def test_files_that_contradict_each_other_or_cannot_be_read_are_refused(folder, spoil, message):
    spoil(folder)
    with pytest.raises(InconsistentReference) as refusal:
        read_reference(folder)
    assert message in str(refusal.value)


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def last_line(folder):
    return (folder / "communes.csv").read_text(encoding="utf-8").splitlines()[-1] + "\n"


@pytest.mark.parametrize(
    ("official", "public"),
    [
        ("CC Ventoux Sud", "Ventoux Sud"),
        ("CA Luberon Monts de Vaucluse", "Luberon Monts de Vaucluse"),
        ("CA du Grand Avignon (COGA)", "Grand Avignon"),
        ("CC Aygues-Ouvèze en Provence (CCAOP)", "Aygues-Ouvèze en Provence"),
        ("CC Territoriale Sud-Luberon", "Sud-Luberon"),
        ("CA des Sorgues du Comtat", "Les Sorgues du Comtat"),
        ("CC du Pays des Sorgues et des Monts de Vaucluse", "Pays des Sorgues et des Monts de Vaucluse"),
        ("CC Pays d’Apt-Luberon", "Pays d’Apt-Luberon"),
        ("Métropole d’Aix-Marseille-Provence", "Aix-Marseille-Provence"),
        ("CU de la Côte", "Côte"),
        ("Ventoux", "Ventoux"),
    ],
)
def test_public_name_of_an_epci(official, public):
    assert public_name(official) == public


# --- Points and outlines -------------------------------------------------------------------------

RING = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]


@pytest.mark.parametrize(("latitude", "longitude", "inside"), [(1, 1, True), (5, 5, False), (5, 3, True), (11, 5, False), (5, -1, False)])
def test_a_point_in_a_polygon_with_a_hole(latitude, longitude, inside):
    assert contains({"type": "Polygon", "coordinates": [RING, HOLE]}, Point(latitude, longitude)) is inside
    apart = [[[longitude + 20, latitude] for longitude, latitude in RING]]
    assert contains({"type": "MultiPolygon", "coordinates": [apart, [RING, HOLE]]}, Point(latitude, longitude)) is inside


def commune(latitude, longitude, population):
    return CommuneRow("84999", "Exemple", ["84999"], population, 1.0, Point(latitude, longitude), "mairie", "900000000", {})


def test_point_of_an_epci_is_where_its_people_are():
    outline = {"type": "Polygon", "coordinates": [RING]}
    assert interior_point([commune(1, 1, 3000), commune(1, 9, 1000)], outline) == Point(1, 3)


def test_point_of_an_epci_is_the_nearest_town_hall_when_the_middle_is_elsewhere():
    outline = {"type": "Polygon", "coordinates": [RING, HOLE]}
    assert interior_point([commune(5, 2, 1000), commune(5, 7, 1000), commune(5, 6.1, 1)], outline) == Point(5, 6.1)


def test_reach_goes_to_the_farthest_corner_and_is_rounded_up():
    square = {"type": "Polygon", "coordinates": [[[5.0, 44.0], [5.0, 44.1], [5.1, 44.1], [5.1, 44.0], [5.0, 44.0]]]}
    assert reach_km(Point(44.0, 5.0), square) == 13.7  # the diagonal measures 13.69 km
    assert reach_km(Point(44.0, 5.0), {"type": "MultiPolygon", "coordinates": [square["coordinates"]]}) == 13.7
