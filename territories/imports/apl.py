"""Import of the accessibility of general practitioners (APL of the DREES) of each commune, as key figures."""

import re
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from territories.enums import FigureLevel
from territories.importers.care import synchronise
from territories.imports.frame import INSEE_HEADERS, BadLine, ImportReport, by_commune
from territories.models import KeyFigure

CODE = "gp-accessibility"
APL_HEADERS = ("apl aux medecins generalistes", "apl medecins generalistes", "apl mg", "apl medecin generaliste", "apl")
MOST = 50
"""Consultations a year and inhabitant; the best endowed communes of France have some ten."""
GOOD_FOR = timedelta(days=365)
"""After which somebody looks whether the DREES has published a new one."""

FIGURE = {
    "title": "Accessibilité aux médecins généralistes (APL)",
    "label": "consultations de généraliste accessibles par habitant et par an (APL)",
    "unit": "consultations par an et par habitant",
    "note": "Calculée par la DREES avec la distance, l’âge des habitants et l’activité des médecins des environs.",
}


def load_apl(path, options):
    """The APL of each commune. A figure that did not change keeps the date of its next review."""
    report = ImportReport("Accessibilité (APL) des communes")
    found = by_commune(path, {"insee": INSEE_HEADERS, "apl": APL_HEADERS}, lambda row: accessibility(row["apl"]), report)
    told = {"source": options.source, "source_url": options.source_url, "observed_on": options.dated, "period": str(options.dated.year)}
    present = {figure.commune_id: figure for figure in KeyFigure.objects.order_by().filter(code=CODE, level=FigureLevel.COMMUNE)}
    review = max(options.dated, timezone.localdate()) + GOOD_FOR
    wanted = {}
    for commune, value in found.items():
        values, figure = FIGURE | told | {"value": value}, present.get(commune.pk)
        if figure is None or any(getattr(figure, name) != one for name, one in values.items()):
            values["review_on"] = review
        wanted[commune.insee] = (0, values)
    by_code = {commune.insee: commune for commune in found}
    known = {code: present[commune.pk] for code, commune in by_code.items() if commune.pk in present}
    key = lambda code: {"code": CODE, "level": FigureLevel.COMMUNE, "commune": by_code[code]}  # noqa: E731
    return synchronise(report, KeyFigure, "", known, wanted, key)


def accessibility(cell):
    """A decimal number, with a point or a comma."""
    text = cell.replace(",", ".").replace("\u00a0", "").replace("\u202f", "").strip()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,20})?", text):
        raise BadLine(f"l’APL n’est pas un nombre\u00a0: «\u00a0{cell[:40]}\u00a0»" if cell else "l’APL est vide")
    value = Decimal(text).quantize(Decimal("0.01"))
    if value > MOST:
        raise BadLine(f"l’APL est impossible\u00a0: {text[:20]} consultations par an et par habitant")
    return value
