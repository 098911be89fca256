"""Learn again the words that correct a mistyped search, and what facilities are found by."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from core import french
from vsa_portal.search import refresh


class Command(BaseCommand):
    help = "Apprend de nouveau les mots que la recherche du portail connaît\u00a0; la même tâche tourne chaque nuit."

    def handle(self, **options):
        self.stdout.write(f"{french.plural(refresh.refresh(at=timezone.now()), 'mot connu', 'mots connus')}.")
