"""The home page: for whom, one search, doors, then the parts in the order of staff, each equal to its records."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from opportunities.models import OpportunityKind
from pages.models import HomeSection, Page
from territories.models import Epci, KeyFigure
from tests.agenda.factories import EventFactory
from tests.collective.factories import NewsFactory, PartnerFactory, TestimonialFactory
from tests.opportunities.factories import OpportunityFactory
from tests.pages.factories import PageFactory
from vsa_portal.home.doors import PAGES

pytestmark = pytest.mark.django_db

DOORS = ["Interne", "Remplaçant", "Je m’installe", "Fin de carrière"]


def put_forward(**values):
    """A key figure of the home page."""
    facts = {
        "code": f"essai-{KeyFigure.objects.count()}",
        "title": "Hôpitaux",
        "label": "hôpitaux d’essai",
        "value": 12,
        "source": "Source d’essai",
        "featured": True,
    }
    dates = {"observed_on": date(2025, 1, 1), "period": "2025", "review_on": timezone.localdate() + timedelta(days=300)}
    return KeyFigure.objects.create(**{**facts, **dates, **values})


def figures(page):
    """The figures of the page by their label."""
    block = page.html.split('<dl class="figures">')[1].split("</dl>")[0]
    rows = [row.split("</dt><dd>") for row in block.split("<dt>")[1:]]
    return {label: value.split("</dd>")[0] for label, value in rows}


def table(page):
    """Offers by intercommunalité, as the table says."""
    block = page.html.split("Offres par intercommunalité</caption>")[1].split("</table>")[0]
    rows = [row.split("</th>") for row in block.split('<th scope="row">')[1:]]
    return {name.split(">")[1].split("<")[0]: value.split(">")[1].split("<")[0] for name, value in rows}


# --- Who, and one search -------------------------------------------------------------------------


def test_one_sentence_says_for_whom_and_what(visit):
    assert visit("/").headings[0] == (
        "h1",
        "Médecin généraliste, interne ou bientôt retraité ? En Vaucluse, une équipe vous aide à trouver un cabinet, "
        "un remplacement, un stage, un logement et les aides auxquelles vous avez droit.",
    )


def test_the_search_asks_the_list(visit):
    page = visit("/")
    forms = [attrs for tag, attrs in page.attributes if tag == "form"]
    fields = {attrs["name"] for tag, attrs in page.attributes if tag in {"input", "select"} and "name" in attrs}
    assert [form["action"] for form in forms] == ["/exercer/offres/"]
    assert fields == {"q", "commune", "rayon"}


def test_the_three_tabs_lead_to_three_panels_without_script(visit):
    page = visit("/")
    for text in ("Un poste", "Un logement", "Une aide"):
        assert f'id="{page.address_of(text)[1:]}"' in page.html


# --- Doors ---------------------------------------------------------------------------------------


def test_the_doors_follow_a_career(visit):
    headings = [text for name, text in visit("/").headings if name == "h2"]
    assert headings[headings.index("Interne") :][:4] == DOORS


def test_each_door_leads_to_the_offers_it_counts(visit):
    OpportunityFactory(locum=True)
    OpportunityFactory.create_batch(2, succession=True)
    OpportunityFactory(salaried=True)
    page = visit("/")
    for text, count in (
        ("Remplacements sur des dates", 1),
        ("Reprendre, rejoindre un cabinet", 2),
        ("Être salarié, partager son temps", 1),
    ):
        address = page.address_of(text)
        assert f"{text}</a><b>{count}</b>" in page.html
        assert visit(address).html.count('<li data-offer="') == count


def test_a_kind_put_away_leaves_no_door(visit):
    OpportunityKind.objects.filter(code="new_practice").update(active=False)
    assert "Créer son cabinet" not in visit("/").text


def test_a_door_leads_to_a_page_only_while_readers_may_see_it(visit):
    assert "Docteur junior" not in [text for _, text in visit("/").links]
    page = PageFactory(title="Docteur junior", slug="docteur-junior", parent=Page.objects.get(path="internes"))
    assert page.path == PAGES["junior"]
    assert visit("/").address_of("Docteur junior") == "/internes/docteur-junior/"
    page.state = "draft"
    page.save()
    assert "Docteur junior" not in [text for _, text in visit("/").links]


# --- Figures -------------------------------------------------------------------------------------


def test_figures_equal_their_records_and_say_their_source(visit):
    KeyFigure.objects.update(featured=False)
    figure = put_forward()
    page = visit("/")
    assert figures(page) == {figure.label: figure.display}
    assert "Source : Source d’essai, 2025." in page.text
    figure.value = 13
    figure.save()
    assert figures(visit("/")) == {figure.label: "13"}


def test_a_stale_figure_says_so(visit):
    put_forward(review_on=date(2025, 6, 1))
    assert "chiffre de 2025, en cours de relecture" in visit("/").text


def test_without_figures_there_is_no_heading(visit):
    KeyFigure.objects.update(featured=False)
    assert "quelques chiffres" not in visit("/").text


# --- The map -------------------------------------------------------------------------------------


def test_the_table_and_the_map_count_what_the_list_finds(visit):
    OpportunityFactory(town="Apt")
    OpportunityFactory(town="Apt", locum=True)
    OpportunityFactory(town="Sault", in_epci=True)
    OpportunityFactory(town="Orange", draft=True)
    OpportunityFactory(town="Cavaillon", filled=True)
    page = visit("/")
    counted = {name: count for name, count in table(page).items() if count.isdigit()}
    assert counted == {"Pays d’Apt-Luberon": "2", "Ventoux Sud": "1"}
    assert len(table(page)) == Epci.objects.count()
    assert "3 offres dans 1 commune, comptées à l’instant" in page.text
    for name, count in counted.items():
        assert visit(page.address_of(name)).html.count('<li data-offer="') == int(count)
        assert f'aria-label="{name}&nbsp;: {count}\u00a0offre' in page.html
    assert page.html.split('class="h-counts"')[1].split("</g>")[0].count("<circle") == 2


def test_the_drawing_has_each_piece_that_the_page_names(visit, settings):
    OpportunityFactory()
    page = visit("/")
    drawing = (settings.BASE_DIR / "static/map/accueil.svg").read_text(encoding="utf-8")
    named = {attrs["href"].partition("#")[2] for tag, attrs in page.attributes if tag == "use" and "accueil.svg" in attrs["href"]}
    assert len([name for name in named if name.startswith("e-")]) == Epci.objects.count()
    assert all(f'id="{name}"' in drawing for name in named)


def test_without_offers_neither_map_nor_latest(visit):
    text = visit("/").text
    assert "Où êtes-vous attendu" not in text
    assert "Confirmées ces derniers jours" not in text


# --- Latest, testimonial, news, partners ---------------------------------------------------------


def test_the_latest_confirmed_offers_come_first(visit):
    offers = OpportunityFactory.create_batch(4)
    for age, offer in enumerate(offers):
        type(offer).objects.filter(pk=offer.pk).update(confirmed_at=offer.published_at.replace(year=2020 + age))
    titles = [offer.title for offer in offers]
    shown = [text for name, text in visit("/").headings if name == "h3" and text in titles]
    assert shown == titles[:0:-1]


def test_a_testimonial_shows_with_consent_and_never_without(visit):
    shown = TestimonialFactory()
    assert shown.quote in visit("/").text
    shown.consent_on, shown.consent_proof = None, ""
    shown.save()
    assert shown.quote not in visit("/").text


def test_news_come_when_their_hour_has_come(visit):
    NewsFactory(title="Parue", published_at=timezone.now() - timedelta(hours=1))
    NewsFactory(title="À paraître", published_at=timezone.now() + timedelta(hours=1))
    page = visit("/")
    assert "Parue" in page.text
    assert "À paraître" not in page.text


def test_partners_stand_in_their_circles(visit):
    PartnerFactory(name="Agence pilote", pilot=True)
    PartnerFactory(name="Membre")
    PartnerFactory(name="Retiré", active=False)
    text = visit("/").text
    assert text.index("Agence pilote") < text.index("Membre")
    assert "Retiré" not in text


# --- Order and cost ------------------------------------------------------------------------------


def everything():
    """Something to show in every part."""
    OpportunityFactory()
    put_forward()
    TestimonialFactory()
    NewsFactory(published_at=timezone.now() - timedelta(hours=1))
    PartnerFactory()
    EventFactory(first_day=timezone.localdate() + timedelta(days=10))


ANCHORS = {
    "figures": "chiffres",
    "map": "ou",
    "latest_offers": "dernieres",
    "events": "rencontres",
    "news": "actualites",
    "partners": "collectif",
    "adviser": "repond",
}


def test_staff_order_the_parts_and_switch_them_off(visit):
    everything()
    page = visit("/")
    places = [page.html.index(f'id="{anchor}"') for anchor in ANCHORS.values()]
    assert places == sorted(places)
    HomeSection.objects.filter(kind="news").update(position=0, title="Ce qui se passe", updated_at=timezone.now())
    HomeSection.objects.filter(kind="map").update(active=False, updated_at=timezone.now())
    page = visit("/")
    assert page.html.index('id="actualites"') < page.html.index('id="chiffres"')
    assert ("h2", "Ce qui se passe") in page.headings
    assert 'id="ou"' not in page.html


def test_the_next_events_stand_among_the_parts_until_there_is_none(visit, now):
    assert HomeSection.objects.filter(kind="events", active=True).exists()
    assert "Prochaines rencontres" not in visit("/").text
    EventFactory(title="Soirée passée", first_day=date(2026, 6, 1))
    EventFactory(title="Soirée annulée", state="cancelled", state_reason="grève")
    for title in ("Soirée une", "Soirée deux", "Soirée trois", "Soirée quatre"):
        EventFactory(title=title)
    page = visit("/")
    shown = [text for level, text in page.headings if level == "h3" and text.startswith("Soirée")]
    assert shown == ["Soirée une", "Soirée deux", "Soirée trois"]
    assert page.address_of("Tout l’agenda") == "/agenda/rencontres/"


def test_twelve_queries_whatever_the_number_of_records(client, django_assert_num_queries):
    """Version (2), kinds and intercommunalités, offers counted, pages, parts, figures, latest, events, testimonial, news, partners."""
    for _ in range(3):
        everything()
        with django_assert_num_queries(12):
            client.get(reverse("home"))
