"""Ask the travel times that are missing of a routing service, and say in French what came."""

from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import french
from territories import routing

FASTEST = 50
"""Requests a second."""
AGAIN = "Relancez la commande\u00a0: elle ne demande que ce qui manque."
KEPT = f"Ce qui est venu est enregistré. {AGAIN}"


class Command(BaseCommand):
    help = (
        "Demande à un service d’itinéraire les temps de trajet qui manquent entre les communes, par petits lots. "
        "Peut être arrêtée et relancée\u00a0: seuls les trajets sans durée sont demandés."
    )

    def add_arguments(self, parser):
        parser.add_argument("--service", choices=routing.SERVICES, required=True, help="l’interface du service")
        parser.add_argument("--url", required=True, help="son adresse, par exemple http://localhost:5000 pour OSRM")
        parser.add_argument("--rate", type=rate, default=5, help="requêtes par seconde au plus (5)")
        parser.add_argument("--limit", type=count, help="trajets demandés au plus")
        parser.add_argument("--source", default="", help="la source telle que la lisent les visiteurs, si ce n’est pas celle d’usage")

    def handle(self, *, service, url, rate, limit, source, verbosity, **options):
        try:
            asked = routing.service(service, url, rate)
        except ValueError as error:
            raise CommandError(
                f"Ce n’est pas l’adresse d’un service\u00a0: {french.quoted(url)}. Exemple\u00a0: http://localhost:5000."
            ) from error
        if len(source) > 200:
            raise CommandError("La source tient en 200 caractères.")
        progress = self.progress if verbosity else lambda filling: None
        try:
            filling = routing.fill(asked, day=timezone.localdate(), source=source, limit=limit, progress=progress)
        except routing.GivenUp as error:
            raise CommandError(f"Arrêt après plusieurs échecs de suite\u00a0: {error}. {KEPT}") from error
        except KeyboardInterrupt as error:
            raise CommandError(f"Arrêté. {KEPT}") from error
        self.tell(filling)

    def progress(self, filling):
        self.stdout.write(
            f"  {french.plural(filling.written, 'trajet enregistré', 'trajets enregistrés')}, {french.number(filling.left)} à faire."
        )

    def tell(self, filling):
        self.stdout.write(f"{written(filling)}.")
        if filling.without_route:
            self.stdout.write(f"{french.plural(filling.without_route, 'trajet')} sans itinéraire selon le service.")
        if filling.failed:
            failed = french.plural(filling.failed, "trajet demandé sans réponse utile", "trajets demandés sans réponse utile")
            self.stdout.write(self.style.WARNING(f"{failed}\u00a0: {filling.trouble}. {AGAIN}"))
        if filling.left:
            self.stdout.write(f"{french.plural(filling.left, 'trajet')} encore sans durée\u00a0: le portail y montre les distances.")


def written(filling):
    return french.plural(filling.written, "trajet enregistré", "trajets enregistrés")


def rate(text):
    """A number of requests a second."""
    found = float(text)
    if not 0.01 <= found <= FASTEST:
        raise ArgumentTypeError(f"de 0.01 à {FASTEST} requêtes par seconde")
    return found


def count(text):
    """A number of pairs."""
    found = int(text)
    if found < 1:
        raise ArgumentTypeError("au moins 1")
    return found
