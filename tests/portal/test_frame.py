"""What every public page has around its content: menu, footer, metadata, no cookie, no dead link."""

from itertools import pairwise

import pytest
from django.urls import reverse

from tests.opportunities.factories import OpportunityFactory

RUBRIQUES = ["Exercer la médecine en Vaucluse", "S’installer", "Internes", "Agenda", "Le collectif VSA"]
PAGES = [
    "/",
    "/exercer/",
    "/exercer/offres/",
    "/s-installer/",
    "/s-installer/logement/",
    "/internes/",
    "/agenda/",
    "/collectif/",
    "/accessibilite/",
    "/mentions-legales/",
    "/sources/",
    "/territoires/",
    "/territoires/comparer/",
    "/territoires/trouver/",
    "/plan-du-site/",
    "/donnees-personnelles/",
    "/en/",
]

pytestmark = pytest.mark.usefixtures("shipped")


def menu(page, name="Menu principal"):
    """The entries of the main menu."""
    entries = page.html.split(f'aria-label="{name}"')[1].split("</ul>")[0]
    return [part.split("<")[0] for part in entries.split('">')[1:] if not part.startswith("\n")]


@pytest.mark.parametrize("address", [address for address in PAGES if address != "/en/"])
def test_the_five_rubriques_come_in_order_on_every_page(visit, address):
    assert menu(visit(address)) == RUBRIQUES


def test_an_english_page_has_its_frame_in_english(visit):
    page = visit("/en/")
    assert menu(page, "Main menu") == ["Practising in Vaucluse", "Settling here", "Interns", "Events", "Who we are"]
    header, _, rest = page.html.partition("<main")
    for french, english in (("Aller au contenu", "Skip to content"), ("Écrire à l’équipe", "Write to the team")):
        assert french not in page.html
        assert english in page.html
    assert ' lang="fr"' not in header.split("<body>")[1]
    assert '<footer class="site-footer" lang="en">' in rest
    assert '<footer class="site-footer" lang="fr">' in visit("/").html


@pytest.mark.parametrize(
    ("address", "marked", "value"),
    [
        ("/exercer/", "Exercer la médecine en Vaucluse", "page"),
        ("/exercer/offres/", "Exercer la médecine en Vaucluse", "true"),
        ("/s-installer/logement/", "S’installer", "true"),
        ("/agenda/", "Agenda", "page"),
    ],
)
def test_the_menu_says_where_one_is(visit, address, marked, value):
    assert f'aria-current="{value}">{marked}</a>' in visit(address).html


def test_no_rubrique_is_marked_outside_them(visit):
    assert 'aria-current="true"' not in visit("/sources/").html


@pytest.mark.parametrize("address", PAGES)
def test_a_page_sets_no_cookie(visit, address):
    response = visit(address).response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_first_heading_and_skips_no_level(visit, address):
    levels = [int(name[1]) for name, _ in visit(address).headings]
    assert levels.count(1) == 1
    main = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(main))


@pytest.mark.parametrize("address", PAGES)
def test_no_internal_link_is_dead(visit, client, address):
    """Every link of the header, the content and the footer leads somewhere, its fragment included."""
    OpportunityFactory()
    for target, text in visit(address).links:
        if target.startswith("/"):
            path, _, fragment = target.partition("#")
            response = client.get(path, follow=path == reverse("admin:index"))
            assert (response.status_code, bool(text)) == (200, True), target
            assert not fragment or f'id="{fragment}"' in response.content.decode(), target


def test_links_elsewhere_are_the_few_we_know(visit):
    """A page asks nothing of another site; a link to one is a decision."""
    hosts = {link.split("/")[2] for address in PAGES for link, _ in visit(address).links if link.startswith("http")}
    assert hosts == {
        "interoperable-europe.ec.europa.eu",
        "formulaire.defenseurdesdroits.fr",
        "www.defenseurdesdroits.fr",
        "www.cnil.fr",
        "leafletjs.com",
        "echodumardi.com",
        "www.concourspluripro.fr",
        "www.vaucluse-sante-attractivite.com",
        "www.cpts-synapse.fr",
        "www.cpts-avignon.fr",
    }


def test_the_footer_names_sources_and_licences(visit):
    text = visit("/").text
    for named in (
        "INSEE",
        "IGN Admin Express",
        "DILA",
        "La Poste",
        "GeoNames (CC BY 4.0)",
        "GSHHG/WDBII (LGPL)",
        "SIL OFL 1.1",
        "EUPL 1.2",
    ):
        assert named in text


def test_a_demonstration_says_so(visit, settings):
    ribbon = "Site de démonstration : ce qui est marqué « exemple » est inventé."
    assert ribbon in visit("/s-installer/").text
    settings.PRODUCTION = True
    assert ribbon not in visit("/s-installer/").text


def test_a_demonstration_offer_shows_the_ribbon_in_production_too(visit, settings):
    settings.PRODUCTION = True
    OpportunityFactory(is_demo=True)
    assert "Site de démonstration" in visit("/").text


def test_canonical_address_and_open_graph(visit, settings):
    settings.SITE_URL = "https://portail.example.org"
    page = visit("/agenda/?utm=1")
    assert '<link rel="canonical" href="https://portail.example.org/agenda/">' in page.html
    assert page.meta("og:url") == "https://portail.example.org/agenda/"
    assert page.meta("og:image") == "https://portail.example.org/static/og.png"
    assert page.meta("og:title") == "Agenda des rencontres en Vaucluse"
    assert page.meta("robots") is None


def test_the_team_is_written_to_at_the_address_of_the_settings(visit, settings):
    settings.CONTACT_EMAIL = "bonjour@example.org"
    links = [address for address, _ in visit("/contact/").links if address.startswith("mailto:")]
    assert links
    assert all(address.startswith("mailto:bonjour@example.org") for address in links)
