"""Count again what the portal can count of its key figures, and say in French where they differ."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from core import french
from territories import actions
from territories.figures import announced
from territories.models import KeyFigure


class Command(BaseCommand):
    help = "Recompte ce que le portail peut compter de ses chiffres clés et nomme les écarts. Se fait aussi chaque nuit."

    def handle(self, **options):
        gaps = actions.recount_figures(at=timezone.now())
        counted = KeyFigure.objects.countable().count()
        self.stdout.write(f"{french.plural(counted, 'chiffre recompté', 'chiffres recomptés')}, {french.plural(len(gaps), 'écart')}.")
        for figure in gaps:
            self.stdout.write(self.style.WARNING(f"  {figure}\u00a0: {announced(figure)}."))
