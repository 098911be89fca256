"""Import of the territory from the reference files: idempotent, keyed on official codes, all or nothing.

What is no longer in the files is reported and never deleted: offers point to it, and a commune that
disappears has merged with another, which is for a person to decide.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from core.search import fold
from territories.models import Commune, CommuneOutline, Epci, EpciOutline
from territories.reference import InconsistentReference, interior_point, reach_km, read_reference

__all__ = ["REFERENCE_DIR", "InconsistentReference", "Report", "import_communes", "import_epcis", "load_reference"]

REFERENCE_DIR = Path(settings.BASE_DIR) / "reference"

LEGAL_PREFIX = re.compile(r"^(?:CC|CA|CU|Métropole) (?:Territoriale )?(?:du |de la |de l’|de |d’)?(?=(?P<plural>des )?)")
ACRONYM = re.compile(r" \([^)]*\)$")
USUAL_NAMES = {"248400053": "Ventoux-Comtat Venaissin (CoVe)"}
"""By SIREN, the public names that do not follow from the official one: people know this one as "la CoVe"."""


@dataclass
class Report:
    """What an import did with one kind of territory; `changed` gives the fields by code."""

    label: str
    created: list = field(default_factory=list)
    changed: dict = field(default_factory=dict)
    unchanged: int = 0
    missing: list = field(default_factory=list)
    rejections: list = field(default_factory=list)

    @property
    def is_idle(self):
        """Whether the database already held exactly what the files say."""
        return not self.created and not self.changed


class DryRun(Exception):
    """Undoes the transaction of a trial."""


def load_reference(folder=REFERENCE_DIR, *, dry_run=False):
    """Load EPCI then communes from a reference folder; the two reports, in this order.

    One transaction: nothing is written when the files are refused (`InconsistentReference`) or when
    `dry_run` asks only what would change.
    """
    reference = read_reference(folder)
    reports = []
    try:
        with transaction.atomic():
            reports = [import_epcis(reference), import_communes(reference)]
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return reports


@transaction.atomic
def import_epcis(reference):
    """Create or update the EPCI of a `Reference`."""
    wanted = {}
    for row in reference.epcis:
        communes = [commune for commune in reference.communes if commune.epci_siren == row.siren]
        point = interior_point(communes, row.outline)
        short_name = USUAL_NAMES.get(row.siren) or public_name(row.name)
        wanted[row.siren] = {
            "name": row.name,
            "short_name": short_name,
            "slug": slug(short_name),
            "legal_form": row.legal_form,
            "population": row.population,
            "latitude": point.latitude,
            "longitude": point.longitude,
            "area_km2": round(sum(commune.area_km2 for commune in communes), 2),
        }
    report = Report("Intercommunalités", rejections=[r for r in reference.rejections if r.file == "epci.csv"])
    outlines = {row.siren: row.outline for row in reference.epcis}
    return synchronise(report, Epci, "siren", wanted, EpciOutline, "epci", outlines)


@transaction.atomic
def import_communes(reference):
    """Create or update the communes of a `Reference`, whose EPCI are in the database."""
    epcis = dict(Epci.objects.order_by().values_list("siren", "pk"))
    wanted = {
        row.insee: {
            "name": row.name,
            "slug": slug(row.name),
            "search_name": fold(row.name),
            "postal_codes": row.postal_codes,
            "population": row.population,
            "area_km2": row.area_km2,
            "latitude": row.point.latitude,
            "longitude": row.point.longitude,
            "point_source": row.point_source,
            "reach_km": reach_km(row.point, row.outline),
            "epci_id": epcis[row.epci_siren],
        }
        for row in reference.communes
    }
    report = Report("Communes", rejections=[r for r in reference.rejections if r.file == "communes.csv"])
    outlines = {row.insee: row.outline for row in reference.communes}
    return synchronise(report, Commune, "insee", wanted, CommuneOutline, "commune", outlines)


def synchronise(report, model, key, wanted, outline_model, owner, outlines):
    """Bring the rows of `model` and their outlines to the values `wanted` by official code; fill the report.

    Three writes at most, whatever the number of rows, and none when nothing changes.
    """
    present = {getattr(row, key): row for row in model.objects.order_by().select_related("outline")}
    refuse_twins(model, {code: row.slug for code, row in present.items()} | {code: values["slug"] for code, values in wanted.items()})
    new, touched, drawn = [], [], []
    for code, values in wanted.items():
        row = present.get(code)
        if row is None:
            new.append(model(**{key: code}, **values))
            report.created.append(code)
            continue
        fields = [name for name, value in values.items() if getattr(row, name) != value]
        redrawn = getattr(row, "outline", None) is None or row.outline.geometry != outlines[code]
        for name in fields:
            setattr(row, name, values[name])
        touched += [row] * bool(fields)
        drawn += [row] * redrawn
        if fields or redrawn:
            report.changed[code] = [str(model._meta.get_field(name).verbose_name) for name in fields] + ["contour"] * redrawn
        else:
            report.unchanged += 1
    model.objects.bulk_create(new)
    if touched:
        model.objects.bulk_update(touched, list(next(iter(wanted.values()))))
    shapes = [outline_model(**{owner: row}, geometry=outlines[getattr(row, key)]) for row in new + drawn]
    outline_model.objects.bulk_create(shapes, update_conflicts=True, update_fields=["geometry"], unique_fields=[owner])
    report.missing = sorted(present.keys() - wanted.keys())
    return report


def refuse_twins(model, slugs):
    """Two territories of the same name would share one address."""
    seen = {}
    for code, text in slugs.items():
        if text in seen:
            label = model._meta.verbose_name_plural
            raise InconsistentReference(f"{label}\u00a0: {seen[text]} et {code} auraient la même adresse, «\u00a0{text}\u00a0».")
        seen[text] = code


def public_name(official):
    """The name that people use: « CA du Grand Avignon (COGA) » gives « Grand Avignon », « CA des Sorgues » « Les Sorgues »."""
    name = ACRONYM.sub("", official)
    prefix = LEGAL_PREFIX.match(name)
    if not prefix:
        return name
    rest = name[prefix.end() :]
    return f"Les {rest.removeprefix('des ')}" if prefix["plural"] else rest[0].upper() + rest[1:]


def slug(name):
    """Address of a territory: « L’Isle-sur-la-Sorgue » gives `l-isle-sur-la-sorgue`."""
    return slugify(name.replace("’", "-"))
