"""Import of the communes and EPCI, keyed on their INSEE and SIREN codes."""

import re

from django.db import transaction
from django.utils.text import slugify

from core.search import fold
from territories.importers.report import Report
from territories.models import Commune, CommuneOutline, Epci, EpciOutline
from territories.reference import InconsistentReference, interior_point, reach_km, read_reference

LEGAL_PREFIX = re.compile(r"^(?:CC|CA|CU|Métropole) (?:Territoriale )?(?:du |de la |de l’|de |d’)?(?=(?P<plural>des )?)")
ACRONYM = re.compile(r" \([^)]*\)$")
USUAL_NAMES = {"248400053": "Ventoux-Comtat Venaissin (CoVe)"}
"""By SIREN, the public names that do not follow from the official one: people know this one as "la CoVe"."""


@transaction.atomic
def load_territory(folder):
    """Load EPCI then communes from a reference folder; the two reports, in this order."""
    reference = read_reference(folder)
    return [import_epcis(reference), import_communes(reference)]


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
