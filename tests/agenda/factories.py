"""Events, all invented."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import factory

from agenda.models import Event, EventActor, EventKind
from tests.territories.factories import CommuneFactory

PUBLISHED = datetime(2026, 5, 20, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


class EventKindFactory(factory.django.DjangoModelFactory):
    """A kind of the initial list; any other code makes an invented one."""

    class Meta:
        model = EventKind
        django_get_or_create = ("code",)

    code = "peers"
    label = factory.LazyAttribute(lambda kind: f"Type {kind.code}")


class EventFactory(factory.django.DjangoModelFactory):
    """A published evening ten days after `tests.conftest.NOW`, at its own address, open to everybody; its organiser takes messages."""

    class Meta:
        model = Event

    kind = factory.SubFactory(EventKindFactory)
    title = factory.Sequence(lambda n: f"Soirée des Oliviers {n}")
    summary = "Un repas entre soignants installés et futurs soignants."
    first_day = date(2026, 6, 25)
    start_time = time(18, 30)
    end_time = time(22, 0)
    commune = factory.SubFactory(CommuneFactory)
    venue = "Salle des fêtes"
    address = "3 place de la Mairie"
    latitude = 44.06
    longitude = 5.06
    point_precision = "address"
    contact_email = factory.Sequence(lambda n: f"organisateur-{n}@example.org")
    takes_messages = True
    state = "published"
    published_at = PUBLISHED


class DraftFactory(EventFactory):
    """An event that no reader has seen."""

    state = "draft"
    published_at = None


class ActorFactory(factory.django.DjangoModelFactory):
    """The organiser of an event."""

    class Meta:
        model = EventActor

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"CPTS Exemple {n}")
    role = "organiser"
    kind = "cpts"
