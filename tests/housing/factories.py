"""Dwellings as their hosts would have announced them: every row satisfies the database constraints, and what is derived from its
place (`latitude`, `radius_km`) agrees with it.
"""

from datetime import timedelta
from decimal import Decimal

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core.enums import State
from housing import actions
from housing.enums import BookingState, ChargesMode, DwellingKind, EnergyClass, HostKind, Lease
from housing.models import Availability, Block, Booking, Dwelling
from tests.territories.factories import real_commune


def days(count):
    """The moment that many days from now; negative: ago."""
    return timezone.now() + timedelta(days=count)


def day(count):
    """The date that many days from today."""
    return timezone.localdate() + timedelta(days=count)


class DwellingFactory(factory.django.DjangoModelFactory):
    """A published room in a private home of Vaison-la-Romaine, 380 € with charges, confirmed three days ago, its place known.

    State: `draft`, `submitted`, `published` (the default), `paused`, `filled`, `expired`, `withdrawn`.
    Place: `town="Apt"`; `unplaced` (nobody placed its point yet). Calendar: `offered=(first, last)` makes one availability.
    """

    class Meta:
        model = Dwelling
        skip_postgeneration_save = True

    class Params:
        town = "Vaison-la-Romaine"
        unplaced = factory.Trait(exact_latitude=None, exact_longitude=None)
        residence = factory.Trait(kind=DwellingKind.RESIDENCE, host_kind=HostKind.HOSPITAL, organisation="Centre inventé", places=6)

        draft = factory.Trait(state=State.DRAFT, reference=None, published_at=None, expires_at=None, confirmed_at=None)
        submitted = factory.Trait(state=State.SUBMITTED, reference=None, published_at=None, expires_at=None, confirmed_at=None)
        published = factory.Trait(state=State.PUBLISHED)
        paused = factory.Trait(state=State.PAUSED)
        filled = factory.Trait(state=State.FILLED, closed_at=factory.LazyFunction(lambda: days(-1)))
        expired = factory.Trait(
            state=State.EXPIRED,
            published_at=factory.LazyFunction(lambda: days(-100)),
            expires_at=factory.LazyFunction(lambda: days(-1)),
            closed_at=factory.LazyFunction(lambda: days(-1)),
        )
        withdrawn = factory.Trait(state=State.WITHDRAWN, closed_at=factory.LazyFunction(lambda: days(-1)))

    reference = factory.Sequence(lambda n: f"LOG-2026-{n:04d}")
    kind = DwellingKind.ROOM
    host_kind = HostKind.PRIVATE
    title = factory.Sequence(lambda n: f"Chambre calme {n}")
    description = "Une chambre au calme, inventée pour un test."
    commune = factory.LazyAttribute(lambda dwelling: real_commune(dwelling.town))
    address = "7 chemin des Platanes"
    exact_latitude = factory.LazyAttribute(lambda dwelling: dwelling.commune.latitude + 0.004)
    exact_longitude = factory.LazyAttribute(lambda dwelling: dwelling.commune.longitude - 0.003)
    living_area_m2 = Decimal("14.0")
    lease = Lease.LODGER
    rent = Decimal(350)
    charges = Decimal(30)
    charges_mode = ChargesMode.FLAT
    deposit = Decimal(0)
    agency_fee = Decimal(0)
    inventory_fee = Decimal(0)
    right_to_let = True
    energy_class = EnergyClass.D
    climate_class = EnergyClass.C
    energy_cost_min = 800
    energy_cost_max = 1100
    energy_price_year = 2024
    contact_name = "Camille Exemple"
    contact_email = factory.Sequence(lambda n: f"hote{n}@example.org")
    state = State.PUBLISHED
    published_at = factory.LazyFunction(lambda: days(-10))
    expires_at = factory.LazyFunction(lambda: days(80))
    confirmed_at = factory.LazyFunction(lambda: days(-3))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        dwelling = model_class(*args, **kwargs)
        actions.refresh_place(dwelling)
        dwelling.save()
        return dwelling

    @factory.post_generation
    def offered(self, create, extracted, **kwargs):
        """`offered=(first, last)`: the host offers it from the first day to the last (departure)."""
        if extracted:
            AvailabilityFactory(dwelling=self, period=DateRange(*extracted))


class AvailabilityFactory(factory.django.DjangoModelFactory):
    """A year from today."""

    class Meta:
        model = Availability

    dwelling = factory.SubFactory(DwellingFactory)
    period = factory.LazyFunction(lambda: DateRange(day(0), day(365)))


class BookingFactory(factory.django.DjangoModelFactory):
    """A confirmed stay of a month, from tomorrow, in the first place."""

    class Meta:
        model = Booking

    dwelling = factory.SubFactory(DwellingFactory)
    place = factory.LazyAttribute(lambda stay: 1 if stay.state == BookingState.CONFIRMED else None)
    period = factory.LazyFunction(lambda: DateRange(day(1), day(31)))
    state = BookingState.CONFIRMED
    confirmed_at = factory.LazyAttribute(lambda stay: timezone.now() if stay.state == BookingState.CONFIRMED else None)


class BlockFactory(factory.django.DjangoModelFactory):
    """A week closed by the host, from tomorrow."""

    class Meta:
        model = Block

    dwelling = factory.SubFactory(DwellingFactory)
    period = factory.LazyFunction(lambda: DateRange(day(1), day(8)))
