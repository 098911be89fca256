"""What the page of an offer adds to its facts: surroundings, steps, duties, map, messages, preview."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from opportunities import actions, detail
from opportunities.enums import LocationPrecision, State
from opportunities.models import Opportunity
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory, OtherPlaceFactory, PhotoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB, THIN = "\u00a0", "\u202f"


def context(offer, **options):
    return detail.context(Opportunity.objects.for_detail().get(pk=offer.pk), now=NOW, origin="https://portail.example", **options)


# --- Around --------------------------------------------------------------------------------------

POLES = "CHU et facultés de médecine"


def around(offer):
    return [(fact["label"], fact["value"]) for fact in context(offer)["around"]]


def test_the_commune_its_intercommunalite_and_the_nearest_towns_are_around():
    offer = OpportunityFactory(town="Mazan")
    facts = around(offer)
    assert [label for label, _ in facts] == ["Mazan", "Intercommunalité", "Carpentras", "Pernes-les-Fontaines", "Monteux", POLES]
    assert facts[0][1].endswith(f"habitants, 38{NB}km²")
    assert facts[1][1].startswith("Ventoux-Comtat Venaissin (CoVe), ")
    assert facts[2][1] == f"à 6{NB}km à vol d’oiseau"
    assert facts[5][1] == f"Nîmes 66{NB}km, Marseille 87{NB}km, Montpellier 112{NB}km à vol d’oiseau"


def test_a_town_is_not_around_itself():
    assert "Apt" not in [label for label, _ in around(OpportunityFactory(town="Apt"))][1:]


def test_a_commune_that_is_kept_back_is_not_around():
    facts = around(OpportunityFactory(town="Sault", in_epci=True))
    assert facts[0][0] == "Intercommunalité"
    assert not any("Sault" in label + value for label, value in facts)
    assert POLES not in [label for label, _ in facts]


def test_the_page_leads_to_its_commune_only_when_readers_may_know_it(client):
    shown, kept_back = OpportunityFactory(town="Mazan"), OpportunityFactory(town="Sault", in_epci=True)
    assert 'href="/territoires/communes/mazan/"' in client.get(shown.get_absolute_url()).text
    page = client.get(kept_back.get_absolute_url()).text
    assert "/territoires/communes/" not in page
    assert 'href="/territoires/intercommunalites/ventoux-sud/"' in page


def test_nothing_is_around_a_place_that_is_not_known():
    assert around(OpportunityFactory(draft=True, commune=None)) == []


# --- The map -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("precision", "exact", "caption"),
    [
        (LocationPrecision.EXACT, True, "Lieu exact."),
        (LocationPrecision.COMMUNE, False, f"Zone approximative{NB}: l’adresse exacte n’est pas publiée."),
        (LocationPrecision.EPCI, False, f"Zone approximative{NB}: l’adresse exacte n’est pas publiée."),
    ],
)
def test_the_map_shows_a_point_or_an_area(precision, exact, caption):
    offer = OpportunityFactory(exact=True, location_precision=precision)
    shown = context(offer)["map"]
    assert (shown["precise"], shown["radius_km"] == 0, shown["caption"]) == (exact, exact, caption)
    assert (shown["latitude"], shown["longitude"]) == offer.point


def test_there_is_no_map_without_a_point():
    assert context(OpportunityFactory(draft=True, commune=None))["map"] is None


# --- Steps ---------------------------------------------------------------------------------------


def steps(offer):
    return [(f"{step['date']:%d/%m/%Y}", step["text"]) for step in context(offer)["trace"]]


def test_the_steps_of_a_visible_offer():
    offer = OpportunityFactory(
        published_at=NOW - timedelta(days=10), confirmed_at=NOW - timedelta(days=3), expires_at=NOW + timedelta(days=80)
    )
    assert steps(offer) == [
        ("05/06/2026", "publiée, relue par l’équipe VSA"),
        ("12/06/2026", "confirmée par l’annonceur"),
        ("03/09/2026", "fin de publication, sauf nouvelle confirmation"),
    ]


def test_publishing_is_not_told_twice():
    offer = OpportunityFactory(published_at=NOW - timedelta(days=3), confirmed_at=NOW - timedelta(days=3))
    assert [text for _, text in steps(offer)] == ["publiée, relue par l’équipe VSA", "fin de publication, sauf nouvelle confirmation"]


@pytest.mark.parametrize(("state", "last"), [("filled", "pourvue"), ("expired", "expirée"), ("withdrawn", "retirée")])
def test_the_last_step_of_what_is_over(state, last):
    assert steps(OpportunityFactory(**{state: True}))[-1] == ("14/06/2026", last)


def test_the_reason_of_a_withdrawal_is_not_told():
    offer = OpportunityFactory()
    offer.state_changes.create(before=State.PUBLISHED, after=State.WITHDRAWN, reason="plainte d’un confrère")
    assert "plainte" not in str(context(offer))


# --- Duties --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "titles"),
    [
        ({"locum": True}, ["Le contrat va à l’Ordre", "Après trois mois de remplacement"]),
        ({"succession": True}, ["Le contrat va à l’Ordre"]),
        ({"succession": True, "price": 0}, ["Le contrat va à l’Ordre", "Un droit de présentation"]),
        ({"salaried": True}, ["Le contrat va à l’Ordre"]),
        ({"kind__code": "internship_site"}, []),
        ({"kind__code": "new_practice"}, []),
    ],
)
def test_duties_go_with_the_kind(facts, titles):
    assert [reminder["title"] for reminder in context(OpportunityFactory(**facts))["reminders"]] == titles


# --- Messages ------------------------------------------------------------------------------------


def message(url):
    """Who a `mailto:` link writes to, its subject and its lines."""
    parts = urlsplit(url)
    fields = parse_qs(parts.query, strict_parsing=True)
    assert (parts.scheme, set(fields)) == ("mailto", {"subject", "body"})
    return parts.path, fields["subject"][0], fields["body"][0].split("\r\n")


def test_messages_are_ready_to_be_written():
    offer = OpportunityFactory(title="Deux jours & « plus » ?bcc=a@b.c", reference="VSA-2026-0042", town="Sault")
    page = context(offer)
    url = f"https://portail.example{offer.get_absolute_url()}"
    assert page["report_url"] == reverse("opportunities:offer_report", args=[page["offer"].pk])
    assert message(page["share_mail_url"]) == ("", offer.title, [offer.title, "Sault, Ventoux Sud", url, ""])


# --- Similar offers ------------------------------------------------------------------------------


def test_three_similar_offers_at_most_the_nearest_first():
    here = OpportunityFactory(succession=True, town="Apt")
    far, near, nearer, farther = (OpportunityFactory(succession=True, town=town) for town in ("Sault", "Gargas", "Apt", "Bollène"))
    assert [card.pk for card in context(here)["similar"]] == [nearer.pk, near.pk, far.pk]
    assert farther.pk not in [card.pk for card in context(here)["similar"]]


def test_what_is_over_is_never_similar():
    here = OpportunityFactory(succession=True)
    for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn"):
        OpportunityFactory(succession=True, **{state: True})
    assert context(here)["similar"] == []


# --- Preview -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State.values)
def test_staff_preview_any_state_as_readers_would_see_it(state):
    offer = OpportunityFactory(salaried=True, **{state: True})
    page = context(offer, preview=True)
    assert page["notice"] == {"title": "Aperçu", "text": f"Seule l’équipe voit cette page. État de l’offre{NB}: {State(state).label}."}
    assert (page["is_visible"], page["is_preview"], page["robots"], page["json_ld"]) == (True, True, "noindex", "")


@pytest.mark.parametrize("precision", LocationPrecision.values)
def test_an_empty_draft_can_be_previewed(precision):
    offer = OpportunityFactory(
        draft=True, commune=None, summary="", description="", setting=None, location_precision=precision, latitude=None, longitude=None
    )
    page = context(offer, preview=True)
    assert (page["card"].place, page["map"], page["around"], page["paragraphs"]) == ("Lieu à préciser", None, [], [])


def test_paragraphs_are_the_lines_that_say_something():
    assert context(OpportunityFactory(description="Un.\r\n\r\n  Deux. \n"))["paragraphs"] == ["Un.", "Deux."]


def test_other_places_are_told_with_their_commune():
    offer = OpportunityFactory()
    OtherPlaceFactory(opportunity=offer, town="Apt", label="Antenne")
    OtherPlaceFactory(opportunity=offer, town="Gargas", label="")
    assert context(offer)["places"] == ["Antenne, Apt", "Gargas"]


# --- What is not told ------------------------------------------------------------------------------


def test_a_discreet_offer_shows_neither_photographs_nor_other_places():
    offer = OpportunityFactory(in_epci=True)
    OtherPlaceFactory(opportunity=offer)
    PhotoFactory(opportunity=offer, alternative_text="La façade, place de la mairie")
    actions.refresh_derived(offer=offer)
    page = context(offer)
    assert (page["photos"], page["places"], offer.other_commune_ids) == ([], [], [])


def test_a_withdrawn_offer_keeps_its_title_and_nothing_else():
    offer = OpportunityFactory(withdrawn=True, summary="Une phrase", description="Un texte")
    page = context(offer)
    told = {name: page[name] for name in ("summary", "sections", "paragraphs", "photos", "places", "around", "map", "reminders")}
    assert told == {"summary": "", "sections": [], "paragraphs": [], "photos": [], "places": [], "around": [], "map": None, "reminders": []}
    assert page["notice"]["title"].startswith("Offre retirée")


@pytest.mark.parametrize("seconds", [-1, 0, 1])
@pytest.mark.parametrize("edge", ["published_at", "expires_at"])
def test_one_row_and_the_list_agree_on_visibility(edge, seconds):
    offer = OpportunityFactory()
    at = getattr(offer, edge) + timedelta(seconds=seconds)
    assert detail.is_visible(offer, at) is type(offer).objects.visible(at).filter(pk=offer.pk).exists()


def test_history_keeps_no_contact():
    offer = OpportunityFactory(contact_name="Docteur Fabre", contact_email="fabre@example.org")
    assert not {"contact_name", "contact_email", "contact_phone"} & {field.name for field in offer.history.model._meta.fields}
