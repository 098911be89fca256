"""Offers of practice as staff would have saved them: every row satisfies the database constraints, and what
is derived from its place and its text (`latitude`, `radius_km`, `commune_ids`, `search_text`) agrees with them.
"""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from PIL import Image

from core.images import store_photo
from opportunities import actions
from opportunities.enums import KindField, LocationPrecision, SalaryPeriod, State
from opportunities.models import Opportunity, OpportunityKind, OpportunityPhoto, OtherPlace, PracticeSetting
from tests.territories.factories import ProfessionFactory, real_commune


def days(count):
    """The moment that many days from now; negative: ago."""
    return timezone.now() + timedelta(days=count)


def day(count):
    """The date that many days from today."""
    return timezone.localdate() + timedelta(days=count)


class KindFactory(factory.django.DjangoModelFactory):
    """A kind of offer: the portal's own one that has this code, else an invented one that asks for nothing."""

    class Meta:
        model = OpportunityKind
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"kind_{n}")
    label = factory.LazyAttribute(lambda kind: f"Type {kind.code}")
    definition = "Un type d’offre inventé pour un test."
    shown_fields = factory.LazyFunction(lambda: list(KindField.values))


class SettingFactory(factory.django.DjangoModelFactory):
    """A setting of practice: the portal's own one that has this code, else an invented one."""

    class Meta:
        model = PracticeSetting
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"setting_{n}")
    label = factory.LazyAttribute(lambda setting: f"Cadre {setting.code}")


class OpportunityFactory(factory.django.DjangoModelFactory):
    """A published collaboration in Carpentras, without dates, confirmed three days ago.

    State: `draft`, `submitted`, `published` (the default), `paused`, `filled`, `expired`, `withdrawn`.
    Place: `town="Apt"`, then `exact` (a point and an address of its own), or `in_epci` (the commune is not told).
    Terms: `locum` (dates in two weeks, 80 % of the fees), `regular_locum` (Thursdays), `succession`, `salaried`.
    """

    class Meta:
        model = Opportunity

    class Params:
        town = "Carpentras"
        exact = factory.Trait(
            location_precision=LocationPrecision.EXACT,
            workplace="Maison médicale des Platanes",
            address="12 cours des Platanes",
            latitude=factory.LazyAttribute(lambda offer: offer.commune.latitude + 0.004),
            longitude=factory.LazyAttribute(lambda offer: offer.commune.longitude - 0.003),
        )
        in_epci = factory.Trait(location_precision=LocationPrecision.EPCI)

        draft = factory.Trait(state=State.DRAFT, reference=None, published_at=None, expires_at=None, confirmed_at=None)
        submitted = factory.Trait(state=State.SUBMITTED, reference=None, published_at=None, expires_at=None, confirmed_at=None)
        published = factory.Trait(state=State.PUBLISHED)
        paused = factory.Trait(state=State.PAUSED)
        filled = factory.Trait(state=State.FILLED, closed_at=factory.LazyFunction(lambda: days(-1)))
        expired = factory.Trait(
            state=State.EXPIRED,
            expires_at=factory.LazyFunction(lambda: days(-1)),
            closed_at=factory.LazyFunction(lambda: days(-1)),
        )
        withdrawn = factory.Trait(state=State.WITHDRAWN, closed_at=factory.LazyFunction(lambda: days(-1)))

        locum = factory.Trait(
            kind=factory.SubFactory(KindFactory, code="locum_occasional"),
            title=factory.Sequence(lambda n: f"Remplacement de deux semaines {n}"),
            starts_on=factory.LazyFunction(lambda: day(14)),
            ends_on=factory.LazyFunction(lambda: day(27)),
            fee_share=Decimal("80.00"),
        )
        regular_locum = factory.Trait(
            kind=factory.SubFactory(KindFactory, code="locum_regular"),
            title=factory.Sequence(lambda n: f"Remplacement tous les jeudis {n}"),
            starts_on=factory.LazyFunction(lambda: day(14)),
            days_per_week=Decimal("1.0"),
            half_days=factory.LazyFunction(lambda: [6, 7]),
            fee_share=Decimal("75.00"),
        )
        succession = factory.Trait(
            kind=factory.SubFactory(KindFactory, code="succession"),
            title=factory.Sequence(lambda n: f"Succession au cœur du village {n}"),
            starts_on=factory.LazyFunction(lambda: day(120)),
            patient_list=1150,
        )
        salaried = factory.Trait(
            kind=factory.SubFactory(KindFactory, code="salaried_post"),
            title=factory.Sequence(lambda n: f"Poste en centre de santé {n}"),
            setting=factory.SubFactory(SettingFactory, code="health_centre"),
            salary_min=6500,
            salary_max=7500,
            salary_period=SalaryPeriod.MONTH,
        )

    reference = factory.Sequence(lambda n: f"VSA-2026-{5000 + n}")
    kind = factory.SubFactory(KindFactory, code="collaboration")
    profession = factory.SubFactory(ProfessionFactory)
    title = factory.Sequence(lambda n: f"Collaboration dans un cabinet de deux médecins {n}")
    summary = "Un cabinet calme, un secrétariat sur place, une équipe qui déjeune ensemble."
    description = "Le cabinet se trouve près de la place du marché."

    commune = factory.LazyAttribute(lambda offer: real_commune(offer.town))

    contact_name = "Docteur Fabre"
    contact_email = "cabinet@example.org"

    state = State.PUBLISHED
    published_at = factory.LazyFunction(lambda: days(-10))
    confirmed_at = factory.LazyFunction(lambda: days(-3))
    expires_at = factory.LazyFunction(lambda: days(80))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return actions.save_offer(offer=model_class(*args, **kwargs))


class OtherPlaceFactory(factory.django.DjangoModelFactory):
    """A second place of work of an offer, in Apt."""

    class Meta:
        model = OtherPlace

    class Params:
        town = "Apt"

    opportunity = factory.SubFactory(OpportunityFactory)
    commune = factory.LazyAttribute(lambda place: real_commune(place.town))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        place = super()._create(model_class, *args, **kwargs)
        actions.refresh_derived(offer=place.opportunity)
        return place


class PhotoFactory(factory.django.DjangoModelFactory):
    """A photograph of an offer, plain ochre, stored as an upload would be."""

    class Meta:
        model = OpportunityPhoto

    opportunity = factory.SubFactory(OpportunityFactory)
    image = factory.LazyFunction(lambda: store_photo(Image.new("RGB", (320, 240), "#c2721f"), "offres"))
    alternative_text = "La façade du cabinet, sur une place plantée de platanes"
