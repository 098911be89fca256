"""Records of the collective as staff would have saved them."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from collective.enums import AchievementKind, Circle, DeskTheme, PartnerKind
from collective.models import Achievement, Desk, News, Partner, PressItem, Testimonial, TestimonialTag


class PartnerFactory(factory.django.DjangoModelFactory):
    """A member of the collective; `pilot`, `reflection` and `event` put it in another circle."""

    class Meta:
        model = Partner

    class Params:
        pilot = factory.Trait(circle=Circle.PILOT)
        reflection = factory.Trait(circle=Circle.REFLECTION)
        event = factory.Trait(circle=Circle.EVENT)

    circle = Circle.MEMBER
    kind = PartnerKind.INSURANCE
    name = factory.Sequence(lambda n: f"Organisme {n}")
    slug = factory.Sequence(lambda n: f"organisme-{n}")
    role = "Membre du collectif"
    summary = "Un organisme inventé pour un test."
    text = "<p>Il fait ce qu’il dit.</p>"
    source = "Communiqué d’essai"
    source_date = "2025"


class DeskFactory(factory.django.DjangoModelFactory):
    """A question that a partner answers."""

    class Meta:
        model = Desk

    question = factory.Sequence(lambda n: f"À qui demander la chose numéro {n}\u00a0?")
    anchor = factory.Sequence(lambda n: f"chose-{n}")
    theme = DeskTheme.ORDER
    partner = factory.SubFactory(PartnerFactory)
    answer = "Ce guichet répond."


class AchievementFactory(factory.django.DjangoModelFactory):
    """Something done in April 2024."""

    class Meta:
        model = Achievement

    kind = AchievementKind.COLLECTIVE
    title = factory.Sequence(lambda n: f"Réalisation {n}")
    happened_on = date(2024, 4, 22)
    source = "Communiqué d’essai"


class PressItemFactory(factory.django.DjangoModelFactory):
    """An article of April 2025."""

    class Meta:
        model = PressItem

    title = factory.Sequence(lambda n: f"Article {n}")
    outlet = "Le Journal d’essai"
    url = factory.Sequence(lambda n: f"https://example.org/article-{n}")
    happened_on = date(2025, 4, 3)


class TagFactory(factory.django.DjangoModelFactory):
    """What a testimonial speaks of."""

    class Meta:
        model = TestimonialTag
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"sujet-{n}")
    label = factory.LazyAttribute(lambda tag: tag.code.replace("-", " "))


class TestimonialFactory(factory.django.DjangoModelFactory):
    """Words that their author has agreed to; `draft` has no agreement."""

    class Meta:
        model = Testimonial
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(consent_on=None, consent_proof="")

    quote = factory.Sequence(lambda n: f"Je me suis installé ici, {n} fois plutôt qu’une.")
    name = factory.Sequence(lambda n: f"Camille Exemple {n}")
    role = "médecin généraliste"
    place = "dans le bassin d’essai"
    consent_on = date(2025, 1, 10)
    consent_proof = "courriel du 10 janvier 2025"

    @factory.post_generation
    def tagged(self, create, codes, **kwargs):
        for code in codes or ():
            self.tags.add(TagFactory(code=code))


class NewsFactory(factory.django.DjangoModelFactory):
    """News published yesterday; `scheduled` comes tomorrow, `draft` has no date."""

    class Meta:
        model = News

    class Params:
        scheduled = factory.Trait(published_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)))
        draft = factory.Trait(published_at=None)

    title = factory.Sequence(lambda n: f"Une nouvelle numéro {n}")
    summary = "Ce qui s’est passé, en une phrase."
    body = "<p>Le reste de l’histoire.</p>"
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
