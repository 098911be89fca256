"""Places: the real ones, read from the reference data that every test finds, and invented ones."""

import factory
from django.utils.text import slugify

from territories.models import Commune, Epci, Profession


def real_commune(name):
    """The commune of Vaucluse that has this name, exactly as written officially."""
    return Commune.objects.get(name=name)


def real_epci(siren):
    """The intercommunalité of Vaucluse that has this SIREN."""
    return Epci.objects.get(siren=siren)


class ProfessionFactory(factory.django.DjangoModelFactory):
    """A profession; general practitioner unless told otherwise."""

    class Meta:
        model = Profession
        django_get_or_create = ("code",)

    code = "general_practitioner"
    label = factory.LazyAttribute(lambda profession: profession.code.replace("_", " "))


class EpciFactory(factory.django.DjangoModelFactory):
    """An invented intercommunalité, about ten kilometres wide."""

    class Meta:
        model = Epci

    siren = factory.Sequence(lambda n: f"9{n:08d}")
    name = factory.Sequence(lambda n: f"CC Exemple {n}")
    short_name = factory.LazyAttribute(lambda epci: epci.name.removeprefix("CC "))
    slug = factory.LazyAttribute(lambda epci: slugify(epci.short_name))
    legal_form = "CC"
    population = 9_000
    latitude = 44.05
    longitude = 5.05
    area_km2 = 89.0


class CommuneFactory(factory.django.DjangoModelFactory):
    """An invented commune, its town hall near Carpentras."""

    class Meta:
        model = Commune

    insee = factory.Sequence(lambda n: f"84{900 + n}")
    name = factory.Sequence(lambda n: f"Exemple-sur-Sorgue {n}")
    slug = factory.LazyAttribute(lambda commune: slugify(commune.name))
    search_name = factory.LazyAttribute(lambda commune: slugify(commune.name).replace("-", " "))
    postal_codes = factory.LazyFunction(lambda: ["84999"])
    population = 3_000
    area_km2 = 30.0
    latitude = 44.05
    longitude = 5.05
    point_source = "mairie"
    reach_km = 6.0
    epci = factory.SubFactory(EpciFactory)
