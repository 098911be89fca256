"""Import an official file that the operator has downloaded, and say in French what it did."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import french
from core.days import past_day
from territories.imports.catalogue import IMPORTERS, import_file
from territories.imports.frame import Options, RefusedFile

SHOWN = 10
"""Lines of each sort told without --verbosity 2."""


class Command(BaseCommand):
    help = (
        "Importe un fichier officiel téléchargé\u00a0: " + "\u00a0; ".join(f"{code} ({one.label})" for code, one in IMPORTERS.items()) + "."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=IMPORTERS, help="la sorte de fichier")
        self.add_options(parser)

    def add_options(self, parser):
        """The file and what the operator says of it, whatever the kind."""
        parser.add_argument("file", type=Path, help="le fichier, en CSV (UTF-8 ou Windows)")
        parser.add_argument("--date", type=day, help="jour de l’arrêté ou du millésime, AAAA-MM-JJ (le fichier FINESS le dit lui-même)")
        parser.add_argument("--source", default="", help="la source telle que la lisent les visiteurs, si ce n’est pas celle d’usage")
        parser.add_argument("--source-url", default="", help="l’adresse de la source")
        parser.add_argument(
            "--confirmed", action="store_true", help="zonages\u00a0: le texte officiel a été lu, les lecteurs peuvent le voir"
        )
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien écrire")

    def handle(self, *, kind, file, date, source, source_url, confirmed, dry_run, verbosity, **options):
        try:
            report = import_file(kind, file, Options(date, source, source_url, confirmed), dry_run=dry_run)
        except RefusedFile as refusal:
            raise CommandError(f"{refusal} Rien n’a été écrit.") from refusal
        if dry_run:
            self.stdout.write("Essai\u00a0: rien n’est écrit.")
        self.tell(report, None if verbosity > 1 else SHOWN)

    def tell(self, report, shown):
        aside = f"{french.plural(report.elsewhere, 'ligne')} hors du Vaucluse, {french.plural(report.ignored, 'ligne')} sans usage ici"
        refused = french.plural(len(report.rejections), "ligne écartée", "lignes écartées")
        self.stdout.write(f"{report.label}\u00a0: {report.counts}, {refused}\u00a0; {aside}.")
        self.list("Créés", report.created, shown)
        self.list("Modifiés", [f"{code}\u00a0: {', '.join(fields)}" for code, fields in report.changed.items()], shown)
        self.list(
            "Tenus par l’équipe, laissés tels quels", [f"{code}\u00a0: {', '.join(what)}" for code, what in report.kept.items()], shown
        )
        self.list("À regarder", report.notes, shown, warn=True)
        self.list("Absents du fichier, conservés", report.missing, shown, warn=True)
        self.list("Écartés", [str(rejection) for rejection in report.rejections], None, warn=True)

    def list(self, title, lines, shown, *, warn=False):
        """The lines of one sort, cut short after some unless they are all asked for."""
        if not lines:
            return
        told = lines if shown is None else lines[:shown]
        more = [f"… et {len(lines) - len(told)} autres (--verbosity 2 les montre)"] if len(told) < len(lines) else []
        text = "\n".join([f"  {title}\u00a0:", *(f"    {line}" for line in [*told, *more])])
        self.stdout.write(self.style.WARNING(text) if warn else text)


def day(text):
    """A day as `2025-01-01`, which a file can be true of."""
    found = date.fromisoformat(text)
    try:
        past_day(found)
    except ValidationError as error:
        raise ArgumentTypeError(error.message) from error
    return found
