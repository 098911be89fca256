"""Import of the health facilities, CPTS and FRR zoning of the reference files.

A facility is found by its FINESS number, or by the code that stands for it; a CPTS by its slug. What staff have
changed by hand (`Kept`) stays as it is and is told in the report; so does whether a facility is open, which the files do not say.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from territories.care_reference import read_care
from territories.enums import ZoningScheme
from territories.importers.report import Report
from territories.models import Commune, Cpts, FacilityKind, HealthFacility, Zoning
from territories.reference import Rejection, is_code

REASON = "Fichiers de référence"


@transaction.atomic
def load_care(folder):
    """Load CPTS, facilities then FRR zoning from a reference folder; the three reports, in this order."""
    reference = read_care(folder)
    communes = {commune.insee: commune for commune in Commune.objects.order_by()}
    return [import_cpts(reference, communes), import_facilities(reference, communes), import_frr(reference, communes)]


def report_of(reference, label, file, *, masculine=False):
    return Report(label, masculine, rejections=[each for each in reference.rejections if each.file == file])


def located(report, file, rows, communes):
    """The rows whose communes are all known; the others are rejected."""
    for row in rows:
        if unknown := [code for code in row.insee if code not in communes]:
            report.rejections.append(Rejection(file, row.line, row.code, f"commune inconnue\u00a0: {', '.join(unknown)}"))
        else:
            yield row


def import_facilities(reference, communes):
    """Create or update the facilities of a `CareReference`."""
    report = report_of(reference, "Établissements", "facilities.csv", masculine=True)
    kinds = {kind.code: kind for kind in FacilityKind.objects.order_by()}
    present = {
        facility.finess or facility.code: facility for facility in HealthFacility.objects.order_by().select_related("commune", "kind")
    }
    wanted = {}
    for row in located(report, "facilities.csv", reference.facilities, communes):
        kind = kinds.get(row.values["kind"])
        if kind is None:
            report.rejections.append(Rejection("facilities.csv", row.line, row.code, f"type inconnu\u00a0: {row.values['kind'][:40]}"))
            continue
        wanted[row.code] = (row.line, row.values | {"kind": kind, "commune": communes[row.insee[0]]})
    key = lambda code: {"finess": code} if is_code(code, 9) else {"code": code}  # noqa: E731
    return synchronise(report, HealthFacility, "facilities.csv", present, wanted, key)


def import_cpts(reference, communes):
    """Create or update the CPTS of a `CareReference`, and which communes belong to them."""
    report = report_of(reference, "CPTS", "cpts.csv")
    present = {cpts.slug: cpts for cpts in Cpts.objects.order_by()}
    rows = list(located(report, "cpts.csv", reference.cpts, communes))
    wanted = {row.code: (row.line, row.values) for row in rows}
    synchronise(report, Cpts, "cpts.csv", present, wanted, lambda code: {"slug": code})
    found = {cpts.slug: cpts for cpts in Cpts.objects.order_by()}
    newer = {row.code for row in rows if row.code in found and is_newer(found[row.code], row.values)}
    held = {cpts.pk for slug, cpts in found.items() if "communes" in cpts.kept_fields or slug in newer}
    moved = []
    for row in rows:
        cpts = found.get(row.code)
        elsewhere = [communes[code] for code in row.insee if cpts and communes[code].cpts_id != cpts.pk]
        free = [] if cpts is None or cpts.pk in held else [commune for commune in elsewhere if commune.cpts_id not in held]
        if len(free) < len(elsewhere):
            report.kept.setdefault(row.code, []).append("communes")
        for commune in free:
            commune.cpts = cpts
        moved += free
        if free and row.code not in report.created:
            report.unchanged -= row.code not in report.changed
            report.changed.setdefault(row.code, []).append("communes")
    if moved:
        Commune.objects.bulk_update(moved, ["cpts"])
        Cpts.objects.update(updated_at=timezone.now())  # pages that show their communes are made anew
    return report


def import_frr(reference, communes):
    """Create or update the FRR zoning of a `CareReference`."""
    report = report_of(reference, "Zonage FRR", "frr.csv", masculine=True)
    present = {zoning.commune.insee: zoning for zoning in Zoning.objects.order_by().of_scheme(ZoningScheme.FRR).select_related("commune")}
    rows = located(report, "frr.csv", reference.zonings, communes)
    wanted = {row.code: (row.line, row.values) for row in rows}
    key = lambda code: {"commune": communes[code], "scheme": ZoningScheme.FRR}  # noqa: E731
    return synchronise(report, Zoning, "frr.csv", present, wanted, key)


def synchronise(report, model, file, present, wanted, key):
    """Bring the rows of `model` to the values `wanted` by code, but for the fields that staff keep; fill the report.

    `wanted` gives the line of the file with the values, `key` the fields of a new row that say which it is. Each change
    leaves a version in the history. Nothing is written when nothing changes.
    """
    new, touched, written = [], [], set()
    for code, (line, values) in wanted.items():
        row = present.get(code) or model(**key(code))
        fields, kept = differences(row, values)
        if kept:
            report.kept[code] = labels(model, kept)
        if not fields:
            report.unchanged += 1
            continue
        for name in fields:
            setattr(row, name, values[name])
        if reason := refusal(row):
            report.rejections.append(Rejection(file, line, code, reason))
        elif row.pk is None:
            new.append(row)
            report.created.append(code)
        else:
            touched.append(row)
            written.update(fields)
            report.changed[code] = labels(model, fields)
    write(model, new, touched, written)
    return report


def differences(row, values):
    """Names of the fields of a row that `values` would change, and of those that staff keep; a new row takes all, a newer one none."""
    if row.pk is None:
        return list(values), []
    if is_newer(row, values):
        return [], []
    different = [name for name, value in values.items() if getattr(row, name) != value]
    return [name for name in different if name not in row.kept_fields], [name for name in different if name in row.kept_fields]


def is_newer(row, values):
    """Whether a row comes from a source of a later day than these values: an official file imported since, or staff."""
    day, offered = getattr(row, "source_date", None), values.get("source_date")
    return bool(day and offered and day > offered)


def write(model, new, touched, fields):
    """Write new rows, and these fields of the rows touched, each with a version in the history."""
    if new:
        bulk_create_with_history(new, model, default_change_reason=REASON)
    if touched:
        now = timezone.now()
        for row in touched:
            row.updated_at = now
        follows = {"slug", "latitude", "longitude", "point_precision", "search_text"} if model is HealthFacility else set()
        bulk_update_with_history(touched, model, sorted(fields | follows | {"updated_at"}), default_change_reason=REASON)


def refusal(row):
    """Why the database would not take a row, or nothing; what follows from its other fields is filled in."""
    if isinstance(row, HealthFacility):
        row.complete()
    try:
        row.full_clean(exclude=[field.name for field in row._meta.fields if field.is_relation and field.name != "commune"])
    except ValidationError as error:
        return " ".join(error.messages).rstrip(".")
    return ""


def labels(model, names):
    return [str(model._meta.get_field(name).verbose_name) for name in names]
