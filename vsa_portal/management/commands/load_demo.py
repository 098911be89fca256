"""Load the records of the demonstration, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from agenda.models import Event
from collective.models import News
from contacts.models import Need
from housing.models import Dwelling
from interns.models import TrainingPlace
from opportunities import actions
from opportunities.models import Opportunity
from territories.models import HealthFacility
from vsa_portal import demo_agenda, demo_collective, demo_facilities, demo_housing, demo_needs, demo_offers, demo_training

STAFF_EMAIL, STAFF_PASSWORD = "equipe@example.org", "vaucluse-demo"


class Command(BaseCommand):
    help = "Charge une fois les enregistrements de démonstration, tous inventés, et le compte de l’équipe."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="efface d’abord les enregistrements de démonstration")

    @transaction.atomic
    def handle(self, *args, reset, **options):
        if settings.PRODUCTION:
            raise CommandError("Les données de démonstration ne se chargent pas en production.")
        staff = self._staff()
        if reset:
            self._forget()
        if not HealthFacility.objects.filter(is_demo=True).exists():
            facilities = demo_facilities.create()
            self.stdout.write(f"{len(facilities)} établissements de démonstration créés.")
        if not TrainingPlace.objects.filter(is_demo=True).exists():
            self.stdout.write(f"{len(demo_training.create(now=timezone.now()))} terrains de stage de démonstration créés.")
        if not Event.objects.filter(is_demo=True).exists():
            self.stdout.write(f"{len(demo_agenda.create(now=timezone.now()))} rencontres de démonstration créées.")
        self._collective()
        if not Need.objects.filter(is_demo=True).exists():
            self.stdout.write(f"{len(demo_needs.create(now=timezone.now()))} recherches de démonstration créées.")
        if not Dwelling.objects.filter(is_demo=True).exists():
            self.stdout.write(f"{len(demo_housing.create(now=timezone.now(), actor=staff))} logements de démonstration créés.")
        if Opportunity.objects.filter(is_demo=True).exists():
            self.stdout.write("Les offres de démonstration sont déjà là.")
            return
        offers = demo_offers.create(now=timezone.now(), actor=staff)
        self.stdout.write(f"{len(offers)} offres de démonstration créées.")
        self.stdout.write(f"Équipe\u00a0: {STAFF_EMAIL}, mot de passe\u00a0: {STAFF_PASSWORD}")

    def _forget(self):
        for offer in Opportunity.objects.filter(is_demo=True).order_by("pk"):
            actions.delete_offer(offer=offer)
        TrainingPlace.objects.filter(is_demo=True).delete()
        Event.objects.filter(is_demo=True).delete()
        HealthFacility.objects.filter(is_demo=True).delete()
        News.objects.filter(is_demo=True).delete()
        Need.objects.filter(is_demo=True).delete()
        for dwelling in Dwelling.objects.filter(is_demo=True).order_by("pk"):
            for photo in dwelling.photos.all():
                photo.delete()
            dwelling.delete()

    def _collective(self):
        demo_collective.show_quotations()
        if not News.objects.filter(is_demo=True).exists():
            news = demo_collective.create(now=timezone.now())
            self.stdout.write(f"{len(news)} actualités de démonstration créées.")

    def _staff(self):
        staff, created = User.objects.get_or_create(
            email=STAFF_EMAIL, defaults={"first_name": "Équipe", "last_name": "Démonstration", "is_staff": True, "is_superuser": True}
        )
        if created:
            staff.set_password(STAFF_PASSWORD)
            staff.save()
        return staff
