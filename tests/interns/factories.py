"""Training places and what is said of them, all invented."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import factory

from interns.models import Specialty, TrainingCapacity, TrainingNote, TrainingPlace
from tests.territories.factories import CommuneFactory

CONFIRMED = datetime(2026, 5, 20, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


class SpecialtyFactory(factory.django.DjangoModelFactory):
    """A specialty of the initial list; any other code makes an invented one."""

    class Meta:
        model = Specialty
        django_get_or_create = ("code",)

    code = "general_practice"
    label = factory.LazyAttribute(lambda specialty: f"Spécialité {specialty.code}")


class PlaceFactory(factory.django.DjangoModelFactory):
    """A practice that readers may see, at its own address, open to first-year interns."""

    class Meta:
        model = TrainingPlace

    name = factory.Sequence(lambda n: f"Cabinet des Oliviers {n}")
    setting = "ambulatory"
    levels = factory.LazyFunction(lambda: ["intern_foundation"])
    specialty = factory.SubFactory(SpecialtyFactory)
    commune = factory.SubFactory(CommuneFactory)
    address = "3 place de la Mairie"
    latitude = 44.06
    longitude = 5.06
    point_precision = "address"
    source = "Recensement de l’équipe"
    source_date = date(2026, 5, 1)
    published = True


class CapacityFactory(factory.django.DjangoModelFactory):
    """Two places in the first semester after `tests.conftest.NOW`."""

    class Meta:
        model = TrainingCapacity

    place = factory.SubFactory(PlaceFactory)
    semester = "2026-11"
    places = 2


class NoteFactory(factory.django.DjangoModelFactory):
    """A description whose author has confirmed the address, and that the team has not read yet."""

    class Meta:
        model = TrainingNote

    place = factory.SubFactory(PlaceFactory)
    semester = "2025-11"
    text = "On y apprend les gestes du quotidien, avec du temps pour en parler."
    email = factory.Sequence(lambda n: f"interne-{n}@example.org")
    state = "to_read"
    confirmed_at = CONFIRMED
    written_at = CONFIRMED
