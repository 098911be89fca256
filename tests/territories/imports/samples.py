"""Small files in the layout of the official ones, written by the tests."""

HOSPITAL, UNKNOWN_CATEGORY, PHARMACY, MSP, MENTAL_HEALTH = "355", "246", "620", "603", "292"
LAMBERT = "1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole)"
AVIGNON_TOWN_HALL = (844968.6, 6318357.6)
"""43.9493, 4.8060 in Lambert-93."""


def structure(finess="840099991", commune="007", category=PHARMACY, **cells):
    """A row of the section `structureet`."""
    values = {
        "finess": finess,
        "entity": "840099990",
        "short_name": "PHARMACIE",
        "long_name": "PHARMACIE DE LA REPUBLIQUE",
        "number": "12",
        "repetition": "",
        "way": "R",
        "street": "DE LA REPUBLIQUE",
        "department": "84",
        "post": "84000 AVIGNON",
        "phone": "0490814242",
        "sph_name": "",
        **cells,
    }
    row = ["structureet", values["finess"], values["entity"], values["short_name"], values["long_name"], "", ""]
    row += [values["number"], values["way"], values["street"], values["repetition"], "", commune]
    row += [values["department"], "VAUCLUSE", values["post"], values["phone"], "", category, "Libellé", "3201", "Agrégat"]
    row += ["34055600000018", "4773Z", "01", "Tarif libre", "9", values["sph_name"], "1990-09-20", "1985-11-22", "2006-09-05", ""]
    return ";".join(row)


def place(finess="840099991", easting=AVIGNON_TOWN_HALL[0], northing=AVIGNON_TOWN_HALL[1]):
    """A row of the section `geolocalisation`."""
    return f"geolocalisation;{finess};{easting};{northing};{LAMBERT};2026-03-01"


def finess_file(folder, *rows, first="finess;etalab;98;2026-03-11", encoding="utf-8", name="finess.csv"):
    """An extract with these rows; its path."""
    path = folder / name
    path.write_bytes("\n".join([first, *rows, ""]).encode(encoding))
    return path


def table(folder, *lines, encoding="utf-8", name="table.csv"):
    """A file with these lines; its path."""
    path = folder / name
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path
