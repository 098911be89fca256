"""Load the texts that the project ships: the partners of the collective, the pages of the rubriques."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from collective import importers as collective
from core.supply import SupplyError
from pages import importers as pages

LOADERS = (collective.load, pages.load)
"""Functions that load one sort of content, `load(*, dry_run) -> list of lines in French`. What staff edited since is left as it is."""


class Command(BaseCommand):
    help = "Charge les contenus fournis avec le portail (partenaires, pages). Ce que l’équipe a modifié depuis est laissé tel quel."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien écrire")

    @transaction.atomic
    def handle(self, *, dry_run, **options):
        if dry_run:
            self.stdout.write("Essai\u00a0: rien n’est écrit.")
        try:
            for load in LOADERS:
                for line in load(dry_run=dry_run):
                    self.stdout.write(line)
        except SupplyError as error:
            raise CommandError(str(error)) from error
