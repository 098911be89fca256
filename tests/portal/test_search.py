"""The search of the portal: what is found and how, what stays hidden, at what cost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pages.models import Page
from territories.models import Commune, FacilityKind, HealthFacility
from tests.collective.factories import (
    AchievementFactory,
    DeskFactory,
    NewsFactory,
    PartnerFactory,
    PressItemFactory,
    TestimonialFactory,
)
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import PageFactory, TermFactory
from tests.territories.factories import FacilityFactory
from vsa_portal.search.finders import FINDERS
from vsa_portal.search.refresh import refresh
from vsa_portal.search.results import SiteSearch
from vsa_portal.search.words import corrected, learn
from vsa_portal.tasks import refresh_search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def titles(text, only=""):
    """What a search finds, by code of kind."""
    return {section.code: [hit.title for hit in section.hits] for section in SiteSearch(text, NOW, only).found}


# --- What is found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["remplacement", "Remplacements", "REMPLACEMENT", "les remplacements à Sault", "remplacement l’été", "remplaçement"],
)
def test_an_offer_is_found_by_its_words(text):
    offer = OpportunityFactory(title="Remplacement d’été à Sault", town="Sault")
    assert titles(text)["offres"] == [offer.title]


def test_words_before_non_breaking_spaces_are_words():
    """PostgreSQL takes these spaces for letters."""
    offer = OpportunityFactory(title="Un cabinet\u00a0: lequel\u202f? «\u00a0Le Platane\u00a0»")
    for text in ("cabinet", "lequel", "platane"):
        assert titles(text)["offres"] == [offer.title]


def test_who_names_a_commune_reads_it_before_the_offers_around():
    OpportunityFactory(title="Remplacement à Sault", town="Sault")
    codes = [group.sections[0].code for group in SiteSearch("sault", NOW).groups]
    assert codes[0] == "communes"
    assert next(iter(titles("remplacement sault"))) == "offres"


def test_invented_records_come_after_real_ones():
    places = [FacilityFactory(name="Imagerie, imagerie du Ventoux", is_demo=True), FacilityFactory(name="Centre d’imagerie")]
    assert titles("imagerie")["etablissements"] == [place.name for place in reversed(places)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Apt", "Apt"),
        ("apt", "Apt"),
        ("84400", "Apt"),
        ("Sault", "Sault"),
        ("l'isle-sur-la-sorgue", "L’Isle-sur-la-Sorgue"),
        ("L’Isle sur la Sorgue", "L’Isle-sur-la-Sorgue"),
        ("isle", "L’Isle-sur-la-Sorgue"),
        ("Vaison la Romaine", "Vaison-la-Romaine"),
        ("st saturnin les apt", "Saint-Saturnin-lès-Apt"),
        ("menerbes", "Ménerbes"),
    ],
)
def test_a_commune_is_found_however_it_is_written(text, name):
    assert titles(text)["communes"][0] == name


@pytest.mark.parametrize(
    "text",
    [
        "MSP",
        "msp",
        "maison de santé",
        "maisons de sante",
        "sante maison",
        "qu’est-ce qu'une maison de santé",
        "pluripro",
        "équipe soignante",
    ],
)
def test_a_page_is_found_by_its_title_its_blocks_and_half_a_word(text):
    page = PageFactory(
        title="La MSP : maison de santé pluriprofessionnelle", slug="msp", search_text="Qu’est-ce que c’est ? Une équipe de soignants."
    )
    assert [page.title] in titles(text).values()


@pytest.mark.parametrize(
    "text", ["hopital avignon", "hôpitaux Avignon", "hopital 84000", "840001861", "CH d'Avignon urgences", "Henri Duff"]
)
def test_a_hospital_is_found_by_its_kind_its_place_its_services_and_its_number(text):
    avignon = HealthFacility.objects.get(finess="840001861")
    assert avignon.name in titles(text, "etablissements")["etablissements"]


def test_facilities_are_as_many_as_in_their_own_list(visit):
    page = visit("/recherche/?q=hôpital")
    [section] = [each for each in SiteSearch("hôpital", NOW).found if each.code == "etablissements"]
    assert section.count == HealthFacility.objects.visible().matching("hôpital").count() > len(section.hits)
    address = page.address_of(f"Tout voir : Établissements de santé ({section.count})")
    assert address.startswith("/territoires/etablissements/?q=")
    assert str(section.count) in visit(address).headings[0][1]


def test_the_collective_is_found():
    PartnerFactory(name="Caisse du Ventoux", short_name="CDV")
    DeskFactory(question="Qui tient la caisse\u202f?")
    NewsFactory(title="La caisse ouvre", published_at=NOW)
    NewsFactory(title="La caisse fermera", published_at=NOW + timedelta(minutes=1))
    TestimonialFactory(quote="La caisse m’a bien aidée.", name="Une interne")
    TestimonialFactory(quote="La caisse, dit-elle.", name="Sans accord", consent_on=None, consent_proof="")
    AchievementFactory(title="Une caisse est née")
    PressItemFactory(title="La caisse, un an après")
    TermFactory(term="CDV", expansion="Caisse du Ventoux")
    assert titles("caisses") == {
        "partenaires": ["Caisse du Ventoux"],
        "guichets": ["Qui tient la caisse\u202f?"],
        "actualites": ["La caisse ouvre"],
        "temoignages": ["Une interne"],
        "realisations": ["Une caisse est née"],
        "presse": ["La caisse, un an après"],
        "glossaire": ["CDV"],
    }
    assert titles("cdv")["partenaires"] == ["Caisse du Ventoux"]


def test_every_answer_leads_to_a_page(client):
    """Addresses are made from a few columns of a row: each must be one."""
    PartnerFactory(name="Lavande", slug="lavande")
    PartnerFactory(name="Lavande sans page", text="", reflection=True)
    PartnerFactory(name="Lavande d’un jour", text="", event=True)
    DeskFactory(question="Lavande\u202f?")
    NewsFactory(title="Lavande", published_at=NOW)
    TestimonialFactory(quote="Lavande.")
    AchievementFactory(title="Lavande")
    PressItemFactory(title="Lavande")
    TermFactory(term="Lavande")
    PageFactory(title="Lavande", slug="lavande")
    OpportunityFactory(title="Lavande")
    place = {"kind": FacilityKind.objects.get(code="msp"), "commune": Commune.objects.get(name="Apt")}
    HealthFacility.objects.create(name="Lavande", **place)
    hits = [hit for section in SiteSearch("lavande", NOW).found for hit in section.hits]
    hits += [hit for text in ("Apt", "Grand Avignon") for section in SiteSearch(text, NOW).found for hit in section.hits]
    assert len({hit.kind for hit in hits}) >= 12
    for hit in hits:
        path, _, anchor = hit.url.partition("#")
        response = client.get(path)
        assert response.status_code == 200, hit
        assert not anchor or f'id="{anchor}"' in response.text, hit


def test_pages_stand_under_their_rubrique():
    PageFactory(title="Zonage et aides", slug="zonage", parent=Page.objects.get(path="s-installer"))
    PageFactory(title="Zonage en bref", slug="zonage-en-bref")
    groups = {group.label: [section.code for section in group.sections] for group in SiteSearch("zonage", NOW).groups}
    assert groups == {"S’installer": ["pages-s-installer"], "Le portail": ["pages-portail"]}


def test_a_title_outranks_a_text():
    PageFactory(title="Autre chose", search_text="Il y est question de zonage.")
    PageFactory(title="Le zonage")
    assert titles("zonage") == {"pages-portail": ["Le zonage", "Autre chose"]}


# --- Typing mistakes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"), [("psychiatire", "psychiatrie"), ("zonnage", "zonage"), ("zorglub", "zorglub"), ("abc", "abc"), ("84401", "84401")]
)
def test_a_mistyped_word_gives_the_nearest_known_one(typed, read):
    PageFactory(title="Le zonage en psychiatrie")
    learn(finders=FINDERS.values(), at=NOW)
    assert corrected([typed]) == [read]


def test_a_search_that_finds_nothing_is_corrected_and_says_so(visit):
    PageFactory(title="Le zonage")
    learn(finders=FINDERS.values(), at=NOW)
    page = visit("/recherche/?q=zonnage")
    assert "Rien avec « zonnage » : voici ce que donne « zonage »." in page.text
    assert page.address_of("Le zonage").startswith("/page")


def test_a_rare_word_may_be_the_slip_of_a_common_one(visit):
    PageFactory(title="Des annonces qui ne remplacent pas un médecin")
    for number in range(3):
        PageFactory(title=f"Médecin remplaçant {number}")
    learn(finders=FINDERS.values(), at=NOW)
    links = dict(visit("/recherche/?q=médecin+remplacent").links)
    assert links["/recherche/?q=medecin+remplacant"].strip("«» ") == "medecin remplacant"
    for common in ("médecin+remplaçant", "annonces"):
        assert "Vouliez-vous dire" not in visit(f"/recherche/?q={common}").text


def test_a_word_that_finds_nothing_any_more_is_not_proposed(visit):
    PageFactory(title="Des annonces qui ne remplacent pas un médecin")
    gone = [PageFactory(title=f"Médecin remplaçant {number}") for number in range(3)]
    learn(finders=FINDERS.values(), at=NOW)
    for page in gone:
        page.delete()
    assert "Vouliez-vous dire" not in visit("/recherche/?q=médecin+remplacent").text


def test_words_that_no_record_holds_together_are_taken_apart(visit):
    PageFactory(title="Le zonage")
    PageFactory(title="La psychiatrie")
    learn(finders=FINDERS.values(), at=NOW)
    page = visit("/recherche/?q=zonage+psychiatrie")
    assert "voici ce qui en contient un au moins" in page.text
    assert {"Le zonage", "La psychiatrie"} <= {text for _, text in page.links}


def test_a_mistyped_commune_is_proposed(visit):
    page = visit("/recherche/?q=Sualt")
    assert "Vouliez-vous dire" in page.text
    assert page.address_of("Sault") == "/territoires/communes/sault/"


def test_what_is_no_longer_shown_is_not_learnt():
    PageFactory(title="Confidentiel", state="draft")
    OpportunityFactory(title="Cabinet mystérieux", draft=True)
    learn(finders=FINDERS.values(), at=NOW)
    assert corrected(["confidentel"]) == ["confidentel"]


# --- What stays hidden ---------------------------------------------------------------------------


def test_only_what_readers_may_see_is_found():
    for state in ("draft", "submitted", "paused", "filled", "withdrawn"):
        OpportunityFactory(title="Lavande", **{state: True})
    OpportunityFactory(title="Lavande", expires_at=NOW)
    PageFactory(title="Lavande", state="draft")
    PageFactory(title="Lavande", publish_at=NOW + timedelta(minutes=1))
    PageFactory(title="Lavande", unpublish_at=NOW)
    HealthFacility.objects.create(
        name="Lavande", kind=FacilityKind.objects.get(code="msp"), commune=Commune.objects.get(name="Apt"), is_open=False
    )
    assert titles("lavande") == {}


def test_a_discreet_offer_is_not_found_by_what_it_keeps_back():
    OpportunityFactory(title="Reprise en confiance", town="Sault", in_epci=True, contact_name="Docteur Mystère")
    assert "offres" not in titles("Sault")
    assert "offres" not in titles("Mystère")
    assert titles("reprise Sault", "offres") == {}
    assert titles("reprise")["offres"] == ["Reprise en confiance"]


# --- The page ------------------------------------------------------------------------------------


def test_the_answers_of_a_rubrique_are_counted_and_lead_to_the_same_list(visit):
    OpportunityFactory.create_batch(6, title="Remplacement")
    page = visit("/recherche/?q=remplacement")
    assert page.headings[0] == ("h1", "6 résultats pour « remplacement »")
    assert ("h3", "Offres d’exercice 6") in page.headings
    assert page.html.count("/exercer/offres/") >= 4
    address = page.address_of("Tout voir : Offres d’exercice (6)")
    assert address == "/exercer/offres/?q=remplacement"
    assert visit(address).html.count('<li data-offer="') == 6


def test_one_kind_alone(visit):
    PageFactory.create_batch(7, title="Zonage")
    page = visit("/recherche/?q=zonage")
    address = page.address_of("Tout voir : Pages (7)")
    alone = visit(address)
    assert [text for _, text in alone.links].count("Zonage") == 7
    assert alone.address_of("Chercher ces mots dans tout le portail") == "/recherche/?q=zonage"


def test_without_words_the_page_proposes_where_to_begin(visit):
    page = visit("/recherche/")
    assert page.headings[0] == ("h1", "Rechercher dans le portail")
    assert page.address_of("MSU") == "/recherche/?q=MSU"
    assert page.address_of("Agenda") == "/agenda/"


def test_when_nothing_is_found_the_page_helps(visit):
    page = visit("/recherche/?q=xylophone")
    assert page.headings[0] == ("h1", "Rien pour « xylophone »")
    assert any(address == "/contact/ecrire/" for address, text in page.links if text == "Écrire à l’équipe")


def test_words_that_say_nothing_are_told(visit):
    assert "Ces mots ne suffisent pas pour chercher" in visit("/recherche/?q=de+la").text


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "a" * 5000,
        "q='\"<script>",
        "q=%26%7C!():*",
        "q=a&dans=%00",
        "q=apt&dans=inconnu",
        "q=-",
        "q=or",
        "q=%F0%9F%98%80",
        "q=a+" * 200,
    ],
)
def test_absurd_addresses_get_a_page(visit, query):
    page = visit(f"/recherche/?{query}")
    assert page.status == 200
    assert "<script>" not in page.html


def test_a_search_is_never_indexed(visit):
    assert visit("/recherche/?q=apt").meta("robots") == "noindex"


def test_every_page_leads_to_the_search(visit):
    assert visit("/agenda/").address_of("Rechercher dans le portail") == "/recherche/"
    lost = visit("/nulle-part/")
    assert [attrs["action"] for tag, attrs in lost.attributes if tag == "form"] == ["/recherche/"]


# --- Suggestions ---------------------------------------------------------------------------------


def suggested(client, text):
    return client.get(reverse("search_suggest"), {"q": text}).json()["suggestions"]


def test_suggestions_are_titles_with_kind_and_address(client):
    PageFactory(title="Le remplacement en Vaucluse", slug="remplacement")
    assert suggested(client, "remplaceme") == [
        {"title": "Le remplacement en Vaucluse", "url": "/remplacement/", "detail": "", "kind": "Page", "is_demo": False}
    ]


def test_places_come_first_and_eight_is_the_most(client):
    PageFactory.create_batch(6, title="Saint Patron")
    OpportunityFactory.create_batch(6, title="Saint Patron")
    found = suggested(client, "saint")
    assert len(found) == 8
    assert [each["kind"] for each in found][:3] == ["Commune"] * 3


def test_a_name_in_full_gives_that_commune_first(client):
    assert suggested(client, "Apt")[0]["title"] == "Apt"
    assert [each["kind"] for each in suggested(client, "Apt")].count("Commune") == 1


@pytest.mark.parametrize("text", ["", " ", "de la", "\x00", "&|!", "x" * 3000])
def test_nothing_is_suggested_for_nothing(client, text):
    assert suggested(client, text) == []


def test_hidden_records_are_not_suggested(client):
    PageFactory(title="Lavande", state="draft")
    OpportunityFactory(title="Lavande", draft=True)
    assert suggested(client, "lavan") == []


# --- Cost ----------------------------------------------------------------------------------------


def test_five_queries_whatever_the_number_of_answers(client, django_assert_num_queries):
    """Offers (estimate, count, rows), communes, all other kinds in one; one more asks for a word nearby when little was found."""
    PageFactory(title="Xylophone")
    with django_assert_num_queries(5):
        client.get("/recherche/?q=xylophone")
    PageFactory.create_batch(2, title="Zonage")
    for _ in range(3):
        OpportunityFactory(title="Zonage à Apt", town="Apt")
        PageFactory(title="Zonage")
        with django_assert_num_queries(5):
            client.get("/recherche/?q=zonage")


def test_eleven_queries_at_most(client, django_assert_max_num_queries):
    """Nothing found, words corrected, found again."""
    OpportunityFactory(title="Zonage")
    PageFactory(title="Zonage")
    learn(finders=FINDERS.values(), at=NOW)
    with django_assert_max_num_queries(11):
        assert "Zonage" in client.get("/recherche/?q=zonnage").text


def test_three_queries_for_suggestions(client, django_assert_num_queries):
    OpportunityFactory(title="Zonage")
    PageFactory(title="Zonage")
    with django_assert_num_queries(3):
        suggested(client, "zona")
    with django_assert_num_queries(0):
        suggested(client, "de")


# --- What is learnt ------------------------------------------------------------------------------


def test_everything_is_learnt_at_night():
    OpportunityFactory(title="Remplacement en échographie")
    PageFactory(title="Le zonage")
    refresh_search.func(timestamp=0)
    assert corrected(["echografie", "zonnage", "carpentas"]) == ["echographie", "zonage", "carpentras"]


def test_a_facility_follows_the_name_of_its_kind():
    kind = FacilityKind.objects.get(code="msp")
    facility = HealthFacility.objects.create(name="Le Figuier", kind=kind, commune=Commune.objects.get(name="Apt"))
    FacilityKind.objects.filter(pk=kind.pk).update(label="Équipe de soins primaires")
    refresh(at=NOW)
    facility.refresh_from_db()
    assert facility.search_text.startswith("Équipe de soins primaires")


def test_a_territory_is_found_beside_its_communes():
    found = titles("grand avignon")
    assert found["intercommunalites"] == ["Grand Avignon"]
    assert found["cpts"] == ["CPTS Grand Avignon"]
