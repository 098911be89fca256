"""Import of the key figures of the reference files. What staff have changed by hand (`Kept`) stays as it is."""

from django.db import transaction
from django.utils import timezone

from territories import actions
from territories.figure_reference import FILE, NAMED_LEVELS, read_figures
from territories.importers.care import synchronise
from territories.importers.report import Report
from territories.models import Commune, Cpts, Epci, FacilityKind, KeyFigure
from territories.reference import Rejection

OFFICIAL_CODES = {"commune": (Commune, "insee"), "epci": (Epci, "siren"), "cpts": (Cpts, "slug")}


@transaction.atomic
def load_figures(folder):
    """Load the key figures of a reference folder, whose territories are in the database; when some changed, count what can be counted."""
    reference = read_figures(folder)
    report = Report("Chiffres clés", masculine=True, rejections=list(reference.rejections))
    kinds = {kind.code: kind for kind in FacilityKind.objects.order_by()}
    territories = named_territories(reference.figures)
    present = {key_of(figure): figure for figure in KeyFigure.objects.order_by().with_territory()}
    wanted, keys = {}, {}
    for row in reference.figures:
        place = territories.get((row.level, row.territory)) if row.territory else None
        if row.territory and place is None:
            report.rejections.append(Rejection(FILE, 0, row.name, f"territoire inconnu\u00a0: {row.territory[:40]}"))
        elif row.counted_kind and row.counted_kind not in kinds:
            report.rejections.append(Rejection(FILE, 0, row.name, f"type d’établissement inconnu\u00a0: {row.counted_kind[:40]}"))
        else:
            wanted[row.name] = (0, row.values | {"counted_kind": kinds.get(row.counted_kind)})
            keys[row.name] = {"code": row.code, "level": row.level} | ({NAMED_LEVELS[row.level]: place} if place else {})
    found = {name: figure for name, key in keys.items() if (figure := present.get(key_of(KeyFigure(**key))))}
    synchronise(report, KeyFigure, FILE, found, wanted, keys.__getitem__)
    if not report.is_idle:
        actions.recount_figures(at=timezone.now())
    return [report]


def key_of(figure):
    """What makes a figure the same as another."""
    return figure.code, figure.level, figure.commune_id, figure.epci_id, figure.cpts_id


def named_territories(rows):
    """The territories that some rows name, by level and official code; a query for each level that is named."""
    found = {}
    for level, name in NAMED_LEVELS.items():
        if codes := {row.territory for row in rows if row.level == level}:
            model, field = OFFICIAL_CODES[name]
            found |= {(level, getattr(one, field)): one for one in model.objects.filter(**{f"{field}__in": codes})}
    return found
