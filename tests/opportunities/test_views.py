"""Public pages of the offers: what they show, in each state, to each kind of request, and what they never give away."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from opportunities import actions
from opportunities.enums import State
from opportunities.models import Opportunity
from tests.conftest import NOW
from tests.opportunities.factories import KindFactory, OpportunityFactory, OtherPlaceFactory, PhotoFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

NB = "\u00a0"
LANDING, LIST, MAP, FEED = (reverse(f"opportunities:{name}") for name in ("landing", "offer_list", "offer_map", "offer_feed"))
HTMX = {"HX-Request": "true"}
PRIVATE = {
    "contact_name": "Docteur Philibert Fabre",
    "contact_email": "philibert.fabre@cabinet.example",
    "contact_phone": "04 90 99 88 77",
}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def card_url(offer):
    return reverse("opportunities:offer_card", args=[offer.pk])


def every_address(offer):
    return [LANDING, LIST, MAP, FEED, offer.get_absolute_url(), card_url(offer)]


def text_of(response):
    """The visible text of a page, plain spaces folded."""
    visible = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.text))
    return re.sub(r"[ \n]+", " ", unescape(visible))


# --- The rubrique --------------------------------------------------------------------------------


def test_the_rubrique_counts_what_is_open_by_kind(client):
    OpportunityFactory.create_batch(2, locum=True)
    OpportunityFactory(succession=True)
    OpportunityFactory(succession=True, filled=True)
    KindFactory(code="put_away", label="Rangé", active=False)
    page = client.get(LANDING)
    counts = {kind["code"]: kind["count"] for kind in page.context["kinds"]}
    assert counts | {"locum_occasional": 2, "succession": 1, "collaboration": 0} == counts
    assert page.context["total"] == 3
    assert "put_away" not in counts
    assert f'<a href="{LIST}?type=succession">Succession</a>' in page.text


# --- The list ------------------------------------------------------------------------------------


def test_the_list_shows_visible_offers_and_no_other(client):
    shown = [OpportunityFactory(title="Tous les jeudis à Sault", town="Sault"), OpportunityFactory(title="Deux semaines à Apt", town="Apt")]
    hidden = [OpportunityFactory(**{state: True}) for state in ("draft", "submitted", "paused", "filled", "expired", "withdrawn")]
    page = client.get(LIST)
    for offer in shown:
        assert page.text.count(f'<li data-offer="{offer.pk}">') == 1
        assert f'<a href="{offer.get_absolute_url()}">{offer.title}</a>' in page.text
    for offer in hidden:
        assert f'data-offer="{offer.pk}"' not in page.text
    assert f'<h1 id="titre" tabindex="-1">2{NB}offres d’exercice</h1>' in page.text


def test_numbers_that_scripts_and_browsers_read_are_not_typeset(client):
    """French groups thousands for readers only: the map finds a card by its number, a browser the size of a picture."""
    offer = OpportunityFactory(pk=1234567)
    PhotoFactory(opportunity=offer)
    offer.photos.update(width=1600, height=1200)
    assert '<li data-offer="1234567">' in client.get(LIST).text
    assert 'width="1600" height="1200"' in client.get(offer.get_absolute_url()).text


def test_an_offer_leaves_the_list_at_its_very_expiry(client, time_machine):
    offer = OpportunityFactory(expires_at=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(minutes=59, seconds=59), tick=False)
    assert offer.title in client.get(LIST).text
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    assert offer.title not in client.get(LIST).text


def test_an_empty_list_offers_a_way_on(client):
    page = client.get(f"{LIST}?type=succession")
    assert "Aucune offre d’exercice" in text_of(page)
    assert "Écrire à l’équipe" in text_of(page)
    assert f'<a class="chip" href="{LIST}">' in page.text
    assert '<meta name="robots" content="noindex">' in page.text


def test_what_the_reader_typed_is_shown_as_text(client):
    page = client.get(LIST, {"q": '"><script>alert(1)</script>', "commune": "<b>Apt</b>", "type": "<i>x</i>"})
    assert "<script>alert" not in page.text
    assert "<b>Apt" not in page.text
    assert "<i>x" not in page.text
    assert "&lt;i&gt;x&lt;/i&gt;" in page.text


def test_the_list_names_itself_to_search_engines(client):
    OpportunityFactory(succession=True)
    page = client.get(f"{LIST}?type=succession&utm_source=lettre&tri=debut")
    assert '<link rel="canonical" href="http://testserver/exercer/offres/?type=succession">' in page.text
    assert f'<link rel="alternate" type="application/atom+xml" title="1{NB}offre d’exercice" href="{FEED}?type=succession">' in page.text
    assert '<meta property="og:url" content="http://testserver/exercer/offres/?type=succession">' in page.text


def test_canonical_addresses_follow_the_settings(client, settings):
    settings.SITE_URL = "https://portail.example"
    offer = OpportunityFactory()
    assert '<link rel="canonical" href="https://portail.example/exercer/offres/">' in client.get(LIST).text
    assert f'<link rel="canonical" href="https://portail.example{offer.get_absolute_url()}">' in client.get(offer.get_absolute_url()).text


def test_htmx_gets_the_part_that_it_swaps(client):
    offer = OpportunityFactory()
    part, whole = client.get(LIST, headers=HTMX), client.get(LIST)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert 'id="filtres"' not in part.text
    for piece in (f'<li data-offer="{offer.pk}">', f'id="resultats" data-map-source="{MAP}"', 'id="titre"', 'id="carte-resume"'):
        assert part.text.count(piece) == whole.text.count(piece) == 1


def test_going_back_gets_the_whole_page(client):
    client.get(LIST, headers=HTMX)
    assert "<html" in client.get(LIST, headers={**HTMX, "HX-History-Restore-Request": "true"}).text


# --- The page of an offer ------------------------------------------------------------------------


def test_the_page_tells_the_facts(client):
    offer = OpportunityFactory(
        locum=True, exact=True, town="Sault", title="Deux semaines à Sault", organisation="MSP du Ventoux", patients_per_day=22, **PRIVATE
    )
    OtherPlaceFactory(opportunity=offer, town="Apt", label="Antenne")
    PhotoFactory(opportunity=offer)
    page = client.get(offer.get_absolute_url())
    text = text_of(page)
    for fact in (
        "Deux semaines à Sault",
        "du 29 juin au 12 juillet 2026",
        f"80{NB}%",
        "12 cours des Platanes, 84390 Sault",
        "MSP du Ventoux",
        "Antenne, Apt",
        "Patients par jour 22",
        offer.reference,
        "Le contrat va à l’Ordre",
    ):
        assert fact in text
    assert 'alt="La façade du cabinet, sur une place plantée de platanes"' in page.text
    assert "<title>Deux semaines à Sault, Sault, Ventoux Sud | Vaucluse Santé Attractivité</title>" in page.text
    assert 'name="robots"' not in page.text


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_was_never_public_has_no_page(client, state):
    offer = OpportunityFactory(**{state: True}, title="Secret")
    response = client.get(offer.get_absolute_url())
    assert response.status_code == 404
    assert "Secret" not in response.text


def test_what_was_withdrawn_before_it_was_public_has_no_page(client):
    offer = OpportunityFactory(draft=True)
    actions.withdraw(offer=offer, reason="doublon")
    assert client.get(offer.get_absolute_url()).status_code == 404


def test_what_was_sent_back_to_its_writer_has_no_page(client):
    offer = OpportunityFactory(withdrawn=True)
    actions.send_back(offer=offer, reason="à reprendre")
    assert client.get(offer.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("paused", "Offre en pause"),
        ("filled", "Offre pourvue le 14 juin 2026"),
        ("expired", "Offre expirée le 14 juin 2026"),
        ("withdrawn", "Offre retirée le 14 juin 2026"),
    ],
)
def test_what_is_over_keeps_its_page_and_says_so(client, state, title):
    """And search engines forget it; another offer is proposed instead."""
    offer = OpportunityFactory(salaried=True, **{state: True})
    other = OpportunityFactory(salaried=True)
    page = client.get(offer.get_absolute_url())
    assert title in text_of(page)
    assert '<meta name="robots" content="noindex">' in page.text
    assert 'rel="canonical"' not in page.text
    assert "application/ld+json" not in page.text
    assert "JobPosting" not in page.text
    assert other.get_absolute_url() in page.text
    assert "Cette offre n’est plus ouverte" in text_of(page)


def test_what_has_reached_its_end_is_over_before_any_job_has_run(client):
    offer = OpportunityFactory(salaried=True, published_at=NOW - timedelta(days=9), expires_at=NOW)
    page = client.get(offer.get_absolute_url())
    assert offer.state == State.PUBLISHED
    assert "Offre expirée" in text_of(page)
    assert '<meta name="robots" content="noindex">' in page.text
    assert "application/ld+json" not in page.text


@pytest.mark.parametrize("state", ["published", "paused", "filled", "expired", "withdrawn"])
def test_no_public_answer_gives_a_private_contact(client, state):
    offer = OpportunityFactory(salaried=True, exact=True, **{state: True}, **PRIVATE)
    OpportunityFactory(salaried=True)
    for address in every_address(offer):
        answer = client.get(address).text
        for secret in (*PRIVATE.values(), "Philibert", "philibert", "cabinet.example", "99 88 77"):
            assert secret not in answer, address


def test_an_old_address_leads_to_the_new_one(client):
    offer = OpportunityFactory(title="Ancien titre")
    old = offer.get_absolute_url()
    offer.title = "Nouveau titre"
    actions.save_offer(offer=offer)
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, f"{LIST}{offer.pk}-nouveau-titre/")


def test_a_draft_is_not_told_by_a_redirection(client):
    offer = OpportunityFactory(draft=True, title="Secret")
    assert client.get(f"{LIST}{offer.pk}-autre/").status_code == 404


@pytest.mark.parametrize(
    "address", ["999999999-rien/", "99999999999999999999999-rien/", "999999999/fiche/", "99999999999999999999999/fiche/", "0-x/"]
)
def test_what_does_not_exist_is_not_found(client, address):
    response = client.get(LIST + address)
    assert response.status_code == 404
    assert "<h1" in response.text


def test_similar_offers_are_of_the_same_kind_then_near(client):
    here = OpportunityFactory(locum=True, town="Apt")
    near, far = OpportunityFactory(locum=True, town="Gargas"), OpportunityFactory(locum=True, town="Bollène")
    other_kind = OpportunityFactory(succession=True, town="Apt")
    OpportunityFactory(succession=True, town="Bollène")
    OpportunityFactory(locum=True, town="Apt", filled=True)
    assert [card.pk for card in client.get(here.get_absolute_url()).context["similar"]] == [near.pk, far.pk, other_kind.pk]


# --- The popup of the map ------------------------------------------------------------------------


def test_the_popup_shows_the_facts_of_a_visible_offer(client):
    offer = OpportunityFactory(locum=True, town="Sault", is_demo=True)
    popup = client.get(card_url(offer))
    assert "<html" not in popup.text
    assert f'<a href="{offer.get_absolute_url()}">{offer.title}</a>' in popup.text
    for fact in ("Sault, Ventoux Sud", "du 29 juin au 12 juillet 2026", "exemple", "Confirmée le 12 juin 2026"):
        assert fact in text_of(popup)


@pytest.mark.parametrize("state", ["draft", "submitted", "paused", "filled", "expired", "withdrawn"])
def test_the_popup_of_what_is_not_visible_is_not_found(client, state):
    assert client.get(card_url(OpportunityFactory(**{state: True}))).status_code == 404


# --- Queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_queries_for_one_and_three(client, django_assert_num_queries, count):
    """Version, choices, figures, cards."""
    OpportunityFactory.create_batch(count, town="Apt", lodging=True, half_days=[6])
    with django_assert_num_queries(4):
        assert client.get(LIST).text.count("<li data-offer=") == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_asks_the_same_queries_for_one_and_three(client, django_assert_num_queries, count):
    """Version, offer, towns around, similar offers (of the kind, communes near, of other kinds), photographs, other places, recipient."""
    offer = OpportunityFactory(succession=True)
    OpportunityFactory.create_batch(count)
    PhotoFactory.create_batch(count, opportunity=offer)
    OtherPlaceFactory.create_batch(count, opportunity=offer)
    with django_assert_num_queries(9):
        assert len(client.get(offer.get_absolute_url()).context["photos"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_rubrique_asks_the_same_queries_for_one_and_three(client, django_assert_num_queries, count):
    """Version, counts, kinds, editorial pages."""
    OpportunityFactory.create_batch(count)
    with django_assert_num_queries(4):
        client.get(LANDING)


def test_a_popup_asks_one_query(client, django_assert_num_queries):
    offer = OpportunityFactory()
    with django_assert_num_queries(1):
        client.get(card_url(offer))


# --- HTTP ----------------------------------------------------------------------------------------


def test_no_public_answer_sets_a_cookie_or_depends_on_one(client):
    offer = OpportunityFactory()
    for address in every_address(offer):
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


def test_a_reader_who_has_the_page_is_told_so_by_one_query(client, django_assert_num_queries):
    offer = OpportunityFactory()
    for address in (LANDING, LIST, MAP, FEED, offer.get_absolute_url()):
        etag = client.get(address)["ETag"]
        with django_assert_num_queries(1):
            again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b""), address


def change_title(offer):
    offer.title = "Autre titre"
    actions.save_offer(offer=offer)


CHANGES = {
    "title": change_title,
    "filled": lambda offer: actions.fill(offer=offer),
    "paused": lambda offer: actions.pause(offer=offer),
    "withdrawn": lambda offer: actions.withdraw(offer=offer, reason="doublon"),
    "confirmed": lambda offer: actions.confirm(offer=offer),
    "deleted": lambda offer: actions.delete_offer(offer=offer),
    "another place": lambda offer: OtherPlaceFactory(opportunity=offer),
    "another offer": lambda offer: OpportunityFactory(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows_at_the_next_request(client, time_machine, change):
    """A second later, in the minute of the first request; another offer, older or newer, may be the last one changed."""
    offer = OpportunityFactory()
    time_machine.move_to(NOW + timedelta(seconds=1), tick=False)
    OpportunityFactory()
    before = {address: client.get(address)["ETag"] for address in (LANDING, LIST, MAP, FEED)}
    time_machine.move_to(NOW + timedelta(seconds=2), tick=False)
    change(Opportunity.objects.get(pk=offer.pk))
    for address, etag in before.items():
        after = client.get(address, headers={"If-None-Match": etag})
        assert after.status_code == 200, address
        assert after["ETag"] != etag, address


def test_a_filled_offer_is_gone_from_every_list_at_once(client):
    offer = OpportunityFactory(title="Tous les jeudis à Sault")
    for address in (LIST, MAP, FEED):
        assert "Tous les jeudis" in client.get(address).text
    actions.fill(offer=offer, at=timezone.now())
    for address in (LIST, MAP, FEED):
        assert "Tous les jeudis" not in client.get(address).text, address


def test_head_is_get_without_its_body(client):
    offer = OpportunityFactory()
    for address in every_address(offer):
        head, get = client.head(address), client.get(address)
        assert (head.status_code, head.content) == (200, b""), address
        assert head["Content-Type"] == get["Content-Type"], address
        assert get.content, address


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_are_only_read(client, method):
    for address in every_address(OpportunityFactory()):
        response = getattr(client, method)(address)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD"), address


def test_the_head_of_an_offer_leads_to_the_form_under_the_name_of_its_panel(client):
    offer = OpportunityFactory()
    page = client.get(offer.get_absolute_url()).text
    form = reverse("contacts:write_offer", args=[offer.pk])
    assert page.count(f'href="{form}"') == page.count("Écrire à l’annonceur") == 2
