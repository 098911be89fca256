"""Opening pages of the rubriques and plain pages say something true and lead somewhere."""

import pytest

from collective import importers
from tests.opportunities.factories import OpportunityFactory, PhotoFactory


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/exercer/", "Exercer la médecine en Vaucluse"),
        ("/s-installer/", "S’installer"),
        ("/s-installer/logement/", "Aucun logement"),
        ("/internes/", "Internes"),
        ("/agenda/", "Agenda"),
        ("/collectif/", "Le collectif VSA"),
    ],
)
def test_a_page_opens_on_its_name(visit, address, heading):
    page = visit(address)
    assert page.headings[0] == ("h1", heading)
    assert page.address_of("Accueil") == "/"


def test_the_collective_names_its_three_circles(visit):
    importers.load()
    page = visit("/collectif/")
    titles = [text for _, text in page.headings]
    pilot = titles.index("Pilote")
    assert titles[pilot : pilot + 3] == ["Pilote", "Membres du collectif", "Groupe de réflexion"]
    partners = [address for address, _ in page.links if address.startswith("/collectif/partenaires/")]
    assert partners[:11] == [
        f"/collectif/partenaires/{slug}/"
        for slug in (
            "vaucluse-provence-attractivite",
            *("ars", "region-sud", "departement-de-vaucluse", "ordre-des-medecins", "assurance-maladie", "msa-alpes-vaucluse"),
            *("cpts", "urps-medecins-liberaux", "dac", "centre-hospitalier-avignon"),
        )
    ]


def test_interns_reach_training_places(visit):
    opening = visit("/internes/")
    assert opening.address_of("Terrains de stage") == "/internes/terrains/"
    assert "Retirer le filtre Terrain de stage" in visit(opening.address_of("les annonces de lieux qui accueillent")).text


def test_housing_reaches_offers_with_lodging(visit):
    OpportunityFactory(lodging=True, title="Avec un toit")
    OpportunityFactory(title="Sans toit")
    page = visit(visit("/s-installer/logement/").address_of("Offres avec logement possible"))
    assert ("h3", "Avec un toit") in page.headings
    assert ("h3", "Sans toit") not in page.headings


def test_a_photograph_has_its_text_its_size_and_its_widths(visit):
    offer = OpportunityFactory()
    photo = PhotoFactory(opportunity=offer, alternative_text="La façade, un matin", credit="Commune de Sault")
    page = visit(offer.get_absolute_url())
    image = next(attrs for tag, attrs in page.attributes if tag == "img")
    assert (image["alt"], image["width"], image["height"]) == ("La façade, un matin", str(photo.width), str(photo.height))
    assert image["srcset"].endswith(f" {photo.width}w")
    assert "Photo : Commune de Sault" in page.text
