"""Load the reference folder (communes, EPCI, facilities, CPTS, zoning...), and say in French what changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from territories.importers import REFERENCE_DIR, InconsistentReference, load_reference


class Command(BaseCommand):
    help = (
        "Charge le dossier de référence\u00a0: communes, intercommunalités, établissements, CPTS, zonages. Peut être relancé sans risque."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dossier", type=Path, default=REFERENCE_DIR, help="dossier à lire (par défaut\u00a0: reference/)")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien écrire")

    def handle(self, *, dossier, dry_run, verbosity, **options):
        try:
            reports = load_reference(dossier, dry_run=dry_run)
        except InconsistentReference as error:
            raise CommandError(f"{error} Rien n’a été chargé.") from error
        if dry_run:
            self.stdout.write("Essai\u00a0: rien n’est écrit.")
        for report in reports:
            self.write_report(report, detailed=verbosity > 1)

    def write_report(self, report, *, detailed):
        self.stdout.write(f"{report.label}\u00a0: {report.counts}.")
        shown = report.changed.items() if detailed else list(report.changed.items())[:10]
        for code, fields in shown:
            self.stdout.write(f"  {code}\u00a0: {', '.join(fields)}")
        if len(report.changed) > len(shown):
            self.stdout.write(f"  … et {len(report.changed) - len(shown)} autres (--verbosity 2 les montre).")
        for code, fields in report.kept.items() if detailed else ():
            self.stdout.write(f"  {code}, tenu par l’équipe et laissé tel quel\u00a0: {', '.join(fields)}")
        if report.missing:
            self.stdout.write(self.style.WARNING(f"  Absentes des fichiers, conservées\u00a0: {', '.join(report.missing)}."))
        for rejection in report.rejections:
            self.stdout.write(self.style.WARNING(f"  Écartée\u00a0: {rejection}"))
