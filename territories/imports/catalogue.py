"""The files that may be imported, and the one way to do it: all or nothing, a trial when asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from territories import actions
from territories.imports.apl import load_apl
from territories.imports.cpts import load_cpts
from territories.imports.finess import load_finess
from territories.imports.frame import RefusedFile
from territories.imports.travel import load_travel_times
from territories.imports.zonings import load_frr, load_gp_zoning


@dataclass(frozen=True)
class Importer:
    """One sort of file: what it is, what loads it, how its source is called when the operator does not say."""

    label: str
    load: Callable
    source: str
    says_its_date: bool = False


IMPORTERS = {
    "finess": Importer("extraction FINESS géolocalisée (etalab-cs1100507)", load_finess, "", says_its_date=True),
    "zonage-mg": Importer(
        "zonage des médecins généralistes (arrêté de l’ARS)", load_gp_zoning, "Arrêté de l’ARS Provence-Alpes-Côte d’Azur"
    ),
    "frr": Importer("communes de France ruralités revitalisation", load_frr, "Observatoire des territoires (ANCT), liste FRR"),
    "cpts": Importer("CPTS de chaque commune", load_cpts, "Liste des communes par CPTS"),
    "apl": Importer("accessibilité aux généralistes (APL) de chaque commune", load_apl, "DREES, accessibilité potentielle localisée (APL)"),
    "trajets": Importer("temps de trajet entre communes", load_travel_times, "Temps de trajet importés"),
}


def import_file(kind, path, options, *, dry_run=False):
    """Import a file; what was done as an `ImportReport`. Raises `RefusedFile`, and then nothing is written.

    In one transaction, undone at the end of a trial: what a trial tells is what would happen.
    """
    importer = IMPORTERS[kind]
    if options.dated is None and not importer.says_its_date:
        raise RefusedFile("Ce fichier ne dit pas sa date\u00a0: donnez avec --date le jour de l’arrêté ou du millésime.")
    if options.dated and options.dated > timezone.localdate():
        raise RefusedFile("La date est à venir.")
    with transaction.atomic():
        report = importer.load(path, replace(options, source=options.source or importer.source))
        if not report.is_idle:
            actions.recount_figures(at=timezone.now())
        transaction.set_rollback(dry_run)
    return report
