"""The map beside the list, the map of one offer: the same offers, by finger, by pointer, by keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

from opportunities.models import Opportunity
from tests.opportunities.factories import OpportunityFactory

LIST = "/exercer/offres/"
TILE_HOST = "https://data.geopf.fr/**"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060606000000005000157cd8f8c0000000049454e44ae426082"
)


@pytest.fixture
def five_offers():
    """Three at one point of Carpentras, one in Apt, one in Sault, all far enough apart to stand alone on the map."""
    carpentras = [OpportunityFactory(title=f"Au centre-ville {n}", exact=True) for n in range(3)]
    return [*carpentras, OpportunityFactory(town="Apt", locum=True, exact=True), OpportunityFactory(town="Sault", succession=True)]


def open_map(page, address=LIST):
    page.goto(address)
    page.locator("[data-map][data-state=ready]").wait_for()
    expect(page.locator(".mkb").first).to_be_visible()


def markers(page):
    return page.locator(".mkb").all()


def names(page):
    return [marker.get_attribute("aria-label") for marker in markers(page)]


def total(page):
    """How many offers the markers of the map stand for."""
    return sum(int(marker.inner_text() or 1) for marker in markers(page))


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")


def test_the_map_shows_the_offers_of_the_list(page, five_offers):
    open_map(page)
    assert total(page) == len(five_offers) == page.locator("[data-offer]").count()
    page.get_by_role("checkbox", name="Succession").check()
    expect(page.locator(".mkb")).to_have_count(1)
    expect(page.locator("[data-offer]")).to_have_count(1)
    assert total(page) == 1
    assert five_offers[4].title in names(page)[0]


def test_markers_follow_the_order_of_the_list(page):
    offers = [OpportunityFactory(town=town, exact=True) for town in ("Sault", "Bollène", "Pertuis", "Apt", "Valréas")]
    open_map(page)
    in_list = [int(card.get_attribute("data-offer")) for card in page.locator("[data-offer]").all()]
    page.locator("[data-map-canvas]").focus()
    met = []
    for _ in offers:
        page.keyboard.press("Tab")
        met.append(focused(page))
    titles = {offer.pk: offer.title for offer in offers}
    assert [titles[pk] in name for pk, name in zip(in_list, met, strict=True)] == [True] * 5


def test_enter_opens_the_facts_and_escape_gives_the_focus_back(page, five_offers):
    apt = five_offers[3]
    open_map(page)
    marker = page.get_by_role("button", name=apt.title)
    assert marker.get_attribute("aria-label").startswith(f"{apt.kind.label}\u00a0: {apt.title}, Apt")
    marker.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name=apt.title)
    expect(panel.get_by_text("80")).to_be_visible()
    assert focused(page) == apt.title
    expect(panel.get_by_role("link", name=apt.title)).to_have_attribute("href", apt.get_absolute_url())
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


def test_tab_leaves_the_panel_for_the_next_marker(page, five_offers):
    open_map(page)
    first, second = names(page)[:2]
    page.get_by_role("button", name=first).focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-map-panel]")).to_be_visible()
    page.locator("[data-map-close]").focus()
    page.keyboard.press("Tab")
    assert focused(page) == second
    expect(page.locator("[data-map-panel]")).to_be_hidden()
    markers(page)[-1].press("Enter")
    page.locator("[data-map-close]").focus()
    page.keyboard.press("Tab")
    expect(page.locator("[data-map-end]")).to_be_focused()


def test_offers_at_the_same_point_open_as_a_list_of_links(page, five_offers):
    open_map(page)
    group = page.get_by_role("button", name="3 offres")
    group.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading")).to_have_text("3 offres\u00a0: Carpentras, Ventoux-Comtat Venaissin (CoVe)")
    links = [link.get_attribute("href") for link in panel.get_by_role("link").all()]
    assert sorted(links) == sorted(offer.get_absolute_url() for offer in five_offers[:3])


def test_a_group_comes_apart_and_keeps_the_focus(page):
    OpportunityFactory(town="Carpentras", exact=True)
    OpportunityFactory(town="Monteux", exact=True)
    OpportunityFactory(town="Pertuis", exact=True)
    open_map(page)
    group = page.get_by_role("button", name="2 offres")
    group.focus()
    page.keyboard.press("Enter")
    expect(group).to_have_count(0)
    assert "Carpentras" in focused(page) or "Monteux" in focused(page)


def test_a_card_and_its_marker_light_each_other(page, five_offers):
    apt = five_offers[3]
    open_map(page)
    card = page.locator(f"[data-offer='{apt.pk}']")
    marker = page.get_by_role("button", name=apt.title)
    card.hover()
    expect(marker).to_contain_class("is-lit")
    page.mouse.move(2, 2)
    expect(marker).not_to_contain_class("is-lit")
    marker.focus()
    expect(card.locator(".fiche")).to_contain_class("fiche--on")


def test_a_card_lights_the_group_that_holds_its_offer(page, five_offers):
    open_map(page)
    page.locator(f"[data-offer='{five_offers[1].pk}']").hover()
    expect(page.get_by_role("button", name="3 offres")).to_contain_class("is-lit")


def test_searching_the_area_changes_the_address_and_the_list(page, five_offers):
    open_map(page)
    button = page.get_by_role("button", name="Chercher dans cette zone")
    expect(button).to_be_hidden()
    page.get_by_role("button", name=five_offers[4].title).focus()
    page.locator("[data-map-canvas]").focus()
    for _ in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(50)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
    shown = total(page)
    assert shown < 5
    button.click()
    page.wait_for_url("**zone=**")
    expect(page.locator("[data-offer]")).to_have_count(shown)
    expect(button).to_be_hidden()
    page.go_back()
    expect(page.locator("[data-offer]")).to_have_count(5)


def test_an_approximate_place_is_an_area(page, five_offers):
    sault = five_offers[4]
    Opportunity.objects.exclude(pk=sault.pk).delete()
    open_map(page)
    assert names(page)[0].endswith(", zone approximative")
    expect(page.locator("path.m-ring")).to_have_count(1)
    page.get_by_role("button", name=sault.title).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_an_exact_place_has_no_area(page):
    OpportunityFactory(exact=True)
    open_map(page)
    assert "zone approximative" not in names(page)[0]
    expect(page.locator("path.m-ring")).to_have_count(0)


def test_the_circle_of_a_search_is_drawn(page, five_offers):
    open_map(page, f"{LIST}?commune=Carpentras&rayon=10")
    expect(page.locator("path.m-radius")).to_have_count(1)
    assert total(page) == 3


def test_ign_is_asked_nothing_before_it_is_switched_on(open_page, five_offers):
    page = open_page()
    asked = []
    page.route(TILE_HOST, lambda route: (asked.append(route.request.url), route.fulfill(body=PIXEL, content_type="image/png")))
    open_map(page)
    page.locator("[data-map-canvas]").press("+")
    page.wait_for_timeout(300)
    assert asked == []
    page.get_by_label("Fond de plan IGN").check()
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    assert all("PLANIGNV2" in address for address in asked)
    expect(page.locator(".leaflet-control-attribution")).to_have_text("IGN – Géoplateforme")
    open_map(page)
    expect(page.get_by_label("Fond de plan IGN")).to_be_checked()
    page.get_by_label("Fond de plan IGN").uncheck()
    asked.clear()
    open_map(page)
    assert asked == []
    assert all("data.geopf.fr" in fault for fault in page.faults)
    page.faults.clear()


def test_without_an_answer_of_ign_our_background_stays(open_page, five_offers):
    page = open_page()
    page.route(TILE_HOST, lambda route: route.abort())
    open_map(page)
    page.get_by_label("Fond de plan IGN").check()
    expect(page.get_by_text("Le fond de l’IGN ne répond pas")).to_be_visible()
    expect(page.locator("path.m-dep")).to_be_visible()
    expect(page.locator(".m-name--t > span", has_text="Apt")).to_be_visible()
    page.close()
    assert all("data.geopf.fr" in fault or "ERR_FAILED" in fault for fault in page.faults)
    page.faults.clear()


def test_offers_that_do_not_come_can_be_asked_again(open_page, five_offers):
    page = open_page()
    page.route("**/carte.geojson*", lambda route: route.fulfill(status=503))
    page.goto(LIST)
    error = page.get_by_role("alert").filter(has_text="La carte n’a pas pu être chargée")
    expect(error).to_be_visible()
    page.unroute("**/carte.geojson*")
    error.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".mkb").first).to_be_visible()
    expect(error).to_be_hidden()
    assert total(page) == 5
    assert all("503" in fault for fault in page.faults)
    page.faults.clear()


def test_groups_of_the_server_are_asked_again_for_each_view(open_page):
    page = open_page()
    asked = []

    def answer(route):
        asked.append(route.request.url)
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": point},
                "properties": {"n": count, "b": [point[0] - 0.1, point[1] - 0.05, point[0] + 0.1, point[1] + 0.05]},
            }
            for point, count in (([5.05, 44.05], 2400), ([5.4, 43.88], 1000), ([5.06, 44.06], 100))
        ]
        route.fulfill(json={"type": "FeatureCollection", "total": 3500, "grouped": True, "kinds": {}, "features": features})

    page.route("**/carte.geojson*", answer)
    open_map(page)
    assert [marker.inner_text().split() for marker in markers(page)] == [["2", "500"], ["1", "000"]]
    assert "vue=" not in asked[0]
    with page.expect_response(re.compile("vue=")):
        markers(page)[0].press("Enter")
    expect(page.get_by_role("button", name="Chercher dans cette zone")).to_be_visible()
    expect(page.locator(".map[aria-busy]")).to_have_count(0)
    assert focused(page).endswith("offres")


def test_the_map_is_fetched_only_once_it_is_seen(phone, five_offers):
    fetched = []
    phone.on("request", lambda request: fetched.append(request.url))
    phone.goto(LIST)
    phone.wait_for_timeout(300)
    assert not [url for url in fetched if "leaflet" in url or "geojson" in url]
    phone.locator("[data-view-link=carte]").tap()
    expect(phone.locator(".mkb").first).to_be_visible()
    assert total(phone) == 5
    phone.get_by_role("button", name=five_offers[3].title).tap()
    expect(phone.get_by_role("dialog")).to_be_visible()


def test_without_javascript_the_map_says_where_the_offers_are(plain_page, five_offers):
    plain_page.goto(LIST)
    expect(plain_page.locator(".map__noscript")).to_contain_text("La liste donne les mêmes offres, avec leur lieu.")
    expect(plain_page.locator("[data-offer]")).to_have_count(5)


def test_the_page_of_an_offer_shows_its_place(page):
    exact, area = OpportunityFactory(exact=True), OpportunityFactory(town="Sault")
    for offer, rings in ((exact, 0), (area, 1)):
        page.goto(offer.get_absolute_url())
        page.locator("[data-map]").scroll_into_view_if_needed()
        expect(page.locator("[data-map] .mkb[role=img]")).to_be_visible()
        expect(page.locator("path.m-ring")).to_have_count(rings)
        expect(page.locator("path.m-communes")).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_map(open_page, axe, five_offers, scheme):
    page = open_page(color_scheme=scheme)
    open_map(page)
    axe(page)
    page.get_by_role("button", name=five_offers[3].title).click()
    expect(page.locator("[data-map-panel] dl")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="3 offres").click()
    expect(page.locator(".map__list")).to_be_visible()
    axe(page)


def test_ten_thousand_offers_stay_a_few_markers(open_page):
    """Only what the window needs is in the page, whatever the number of offers."""
    page = open_page()
    features = [
        {
            "type": "Feature",
            "id": n,
            "geometry": {"type": "Point", "coordinates": [4.7 + (n * 7919 % 1000) / 1000, 43.7 + (n * 104729 % 650) / 1000]},
            "properties": {"k": "kind", "t": f"Offre {n}", "p": "Carpentras", "u": f"/exercer/offres/{n}-offre/"},
        }
        for n in range(10_000)
    ]
    kinds = {"kind": {"label": "Remplacement", "shape": "circle", "glyph": "locum", "tone": "action"}}
    body = json.dumps({"type": "FeatureCollection", "total": 10_000, "grouped": False, "kinds": kinds, "features": features})
    page.route("**/carte.geojson*", lambda route: route.fulfill(body=body, content_type="application/geo+json"))
    OpportunityFactory()
    open_map(page)
    assert len(markers(page)) < 300
    assert total_of_large(page) == 10_000


def total_of_large(page):
    return sum(int("".join(marker.inner_text().split()) or 1) for marker in markers(page))
