"""Every public page that is not the list, and each state of an offer: axe finds nothing, in both schemes, wide and on a phone."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.browser.conftest import PHONE, WIDE
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory, PhotoFactory

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", PHONE)], ids=["light", "dark"])
PAGES = [
    *("/", "/exercer/", "/s-installer/", "/s-installer/logement/", "/internes/", "/agenda/", "/collectif/"),
    *("/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/sources/", "/plan-du-site/", "/glossaire/", "/en/"),
    *("/exercer/pourquoi-le-vaucluse/", "/exercer/equipements-de-sante/", "/s-installer/choisir-son-mode-d-exercice/"),
    *("/collectif/comment-fonctionne-vsa/", "/collectif/qui-fait-quoi/", "/collectif/realisations/", "/collectif/presse/"),
    *("/collectif/temoignages/", "/collectif/actualites/", "/territoires/", "/territoires/chiffres/", "/territoires/etablissements/"),
    *("/territoires/communes/sault/", "/territoires/cpts/synapse-comtat-venaissin/", "/territoires/trouver/?hopital=beaucoup"),
    *("/territoires/comparer/?commune=apt&commune=sault", "/recherche/", "/recherche/?q=apt", "/recherche/?q=zzzzzz"),
]
"""As the demonstration shows them."""
STATES = {
    "published": {},
    "discreet": {"in_epci": True, "succession": True},
    "exact": {"exact": True, "salaried": True},
    "paused": {"paused": True},
    "filled": {"filled": True},
    "expired": {"expired": True},
    "withdrawn": {"withdrawn": True},
}


@pytest.fixture
def demonstration():
    """The texts that the project ships and the invented records."""
    for name in ("load_content", "load_demo"):
        call_command(name, stdout=StringIO())


@LOOKS
def test_lasting_pages(demonstration, open_page, axe, scheme, viewport):
    page = open_page(color_scheme=scheme, viewport=viewport)
    for path in PAGES:
        assert page.goto(path).status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
        axe(page)


@LOOKS
def test_an_offer_in_each_state(open_page, axe, scheme, viewport):
    page = open_page(color_scheme=scheme, viewport=viewport)
    for state, traits in STATES.items():
        offer = OpportunityFactory(title=f"Offre {state}", **traits)
        if state == "published":
            PhotoFactory(opportunity=offer)
            OtherPlaceFactory(opportunity=offer)
        page.goto(offer.get_absolute_url())
        assert page.locator("h1").inner_text() == f"Offre {state}"
        axe(page)


@LOOKS
def test_a_page_that_does_not_exist(open_page, axe, scheme, viewport):
    page = open_page(color_scheme=scheme, viewport=viewport)
    assert page.goto("/exercer/offres/999999-rien/").status == 404
    axe(page)
    page.faults.clear()  # the browser itself logs the 404
