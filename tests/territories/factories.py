"""Places: the real ones, read from the reference data that every test finds, and invented ones."""

from datetime import date

import factory
from django.utils.text import slugify

from territories.models import Commune, Cpts, Epci, FacilityKind, HealthFacility, KeyFigure, Profession, Zoning


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

    insee = factory.Sequence(lambda n: f"{84_900 + n}")
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


class FacilityKindFactory(factory.django.DjangoModelFactory):
    """A kind of facility of the initial list; any other code makes an invented kind."""

    class Meta:
        model = FacilityKind
        django_get_or_create = ("code",)

    code = "msp"
    label = factory.LazyAttribute(lambda kind: f"Type {kind.code}")
    plural_label = factory.LazyAttribute(lambda kind: f"Types {kind.code}")


class CptsFactory(factory.django.DjangoModelFactory):
    """An invented CPTS, without communes."""

    class Meta:
        model = Cpts

    name = factory.Sequence(lambda n: f"CPTS Exemple {n}")
    short_name = factory.LazyAttribute(lambda cpts: cpts.name.removeprefix("CPTS "))
    slug = factory.LazyAttribute(lambda cpts: slugify(cpts.short_name))


class FacilityFactory(factory.django.DjangoModelFactory):
    """An open facility at its own address, a maison de santé unless told otherwise."""

    class Meta:
        model = HealthFacility

    kind = factory.SubFactory(FacilityKindFactory)
    name = factory.Sequence(lambda n: f"Maison de santé {n}")
    commune = factory.SubFactory(CommuneFactory)
    address = "3 place de la Mairie"
    latitude = 44.06
    longitude = 5.06
    point_precision = "address"
    source = "Recensement de l’équipe"
    source_date = date(2026, 5, 1)


class ZoningFactory(factory.django.DjangoModelFactory):
    """A zoning of a commune by the ARS, not confirmed."""

    class Meta:
        model = Zoning

    commune = factory.SubFactory(CommuneFactory)
    scheme = "gp"
    zone = "zip"
    source = "Arrêté exemple"
    source_date = date(2026, 1, 5)


class FigureFactory(factory.django.DjangoModelFactory):
    """A key figure of the département, published and not yet due for review at `tests.conftest.NOW`."""

    class Meta:
        model = KeyFigure

    code = factory.Sequence(lambda n: f"figure-{n}")
    title = factory.Sequence(lambda n: f"Mesure {n}")
    label = "choses mesurées"
    value = 12
    source = "Relevé inventé"
    observed_on = date(2026, 1, 1)
    review_on = date(2027, 1, 1)
