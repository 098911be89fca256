"""Import of travel times between communes: one line a direction."""

import re
from decimal import ROUND_HALF_UP, Decimal

from core import french
from territories.imports.frame import BadLine, ImportReport, is_elsewhere, read_table
from territories.models import Commune, TravelTime
from territories.models.travel import LONGEST_MINUTES

COLUMNS = {
    "origin": ("origine", "code insee origine", "insee origine", "depart", "origin"),
    "destination": ("destination", "code insee destination", "insee destination", "arrivee"),
    "minutes": ("minutes", "duree", "duree minutes", "temps", "temps minutes"),
}


def load_travel_times(path, options):
    """The minutes of each pair of communes of the file. A time measured later than the file says stays. Two queries and the writes."""
    report = ImportReport("Temps de trajet", masculine=True)
    communes = dict(Commune.objects.values_list("insee", "pk"))
    present = {(time.origin_id, time.destination_id): time for time in TravelTime.objects.order_by()}
    found, changed, newer = read_pairs(path, communes, report), [], 0
    for (origin, destination), minutes in found.items():
        pair, code = (communes[origin], communes[destination]), f"{origin} → {destination}"
        known = present.get(pair)
        if known and known.measured_on > options.dated:
            newer += 1
        elif known and (known.minutes, known.source, known.measured_on) == (minutes, options.source, options.dated):
            report.unchanged += 1
        else:
            if known:
                report.changed[code] = ["minutes"] if known.minutes != minutes else ["source"]
            else:
                report.created.append(code)
            changed.append(TravelTime(origin_id=pair[0], destination_id=pair[1], minutes=minutes))
    TravelTime.objects.keep(changed, source=options.source, day=options.dated)
    if newer:
        report.notes.append(f"{french.plural(newer, 'trajet mesuré', 'trajets mesurés')} depuis la date du fichier, laissés tels quels")
    silent = len(communes) * (len(communes) - 1) - len(present.keys() | {(communes[a], communes[b]) for a, b in found})
    if silent:
        report.notes.append(f"{french.plural(silent, 'trajet')} entre communes toujours sans durée\u00a0: les distances y servent")
    return report


def read_pairs(path, communes, report):
    """Minutes by pair of INSEE codes; impossible lines are rejected, a commune to itself is of no use."""
    found, lines = {}, {}
    for number, row in read_table(path, COLUMNS):
        pair = row["origin"].upper(), row["destination"].upper()
        try:
            if any(is_elsewhere(code) for code in pair):
                report.elsewhere += 1
            elif unknown := [code for code in pair if code not in communes]:
                raise BadLine(f"aucune commune du portail n’a le code INSEE {unknown[0]}")
            elif pair[0] == pair[1]:
                report.ignored += 1
            elif pair in lines:
                raise BadLine(f"ce trajet figure déjà à la ligne {lines[pair]}")
            else:
                lines[pair] = number
                found[pair] = whole_minutes(row["minutes"])
        except BadLine as reason:
            report.reject(number, " → ".join(code[:20] for code in pair), reason)
    report.refuse_if_absurd(len(found))
    return found


def whole_minutes(cell):
    """A number of minutes, with a point or a comma, as a whole number from 1."""
    text = cell.replace(",", ".").strip()
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,20})?", text):
        raise BadLine(f"la durée n’est pas un nombre de minutes\u00a0: {french.quoted(cell)}" if cell else "la durée est vide")
    exact = Decimal(text)
    if not 0 < exact <= LONGEST_MINUTES:
        raise BadLine(f"la durée est impossible\u00a0: {text[:20]} minutes entre deux communes")
    return max(1, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))
