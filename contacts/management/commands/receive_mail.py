"""Read one mail from the standard input, as a mail server pipes it."""

import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from contacts import inbound

NO_USER, TEMPORARY = 67, 75
"""Exit codes that mail servers understand (sysexits.h): no such address; try again later."""


class Command(BaseCommand):
    help = "Lit un courriel sur l’entrée standard et le transmet à la conversation dont il porte l’adresse."

    def add_arguments(self, parser):
        parser.add_argument("--to", default="", help="destinataire de l’enveloppe, si le serveur de courrier le donne")

    def handle(self, *args, to, **options):
        try:
            outcome = inbound.receive(sys.stdin.buffer.read(), to=to, at=timezone.now())
        except inbound.Unknown:
            self.stderr.write("Cette adresse n’est celle d’aucune conversation ouverte.")
            sys.exit(NO_USER)
        except DatabaseError as trouble:
            self.stderr.write(f"La base de données ne répond pas\u00a0: {trouble}")
            sys.exit(TEMPORARY)
        self.stdout.write(outcome)
