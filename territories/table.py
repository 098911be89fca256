"""Health facilities as a CSV file that a spreadsheet opens."""

import csv
import io

from territories import presenters

COLUMNS = (
    *("finess", "nom", "type", "statut", "adresse", "code_postal", "commune", "insee"),
    *("latitude", "longitude", "precision_du_point", "services", "lits_mco", "site", "telephone", "source", "date_de_la_source", "exemple"),
)
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(facilities):
    """The text of the file: semicolons and a mark of encoding, as French spreadsheets expect; a cell never begins a formula."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for facility in facilities:
        writer.writerow([harmless(value) for value in cells(facility)])
    return f"\ufeff{file.getvalue()}"


def cells(facility):
    return (
        facility.finess or "",
        facility.name,
        facility.kind.label,
        presenters.STATUSES[facility.status],
        facility.address,
        presenters.postal_code(facility),
        facility.commune.name,
        facility.commune.insee,
        facility.latitude,
        facility.longitude,
        facility.get_point_precision_display(),
        ", ".join(presenters.services(facility)),
        facility.beds,
        facility.website,
        facility.phone,
        facility.source,
        facility.source_date,
        "oui" if facility.is_demo else "",
    )


def harmless(value):
    """A text that a spreadsheet would compute is shown as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(BEGINS_FORMULA) else value
