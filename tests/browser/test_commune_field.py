"""The commune field as a combobox, on the list of offers: keyboard, screen reader, finger, slow or broken network."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

ISLE = "L’Isle-sur-la-Sorgue"
SATURNINS = ["Saint-Saturnin-lès-Avignon", "Saint-Saturnin-lès-Apt"]
SEARCH = "**/territoires/communes.json*"
AP = re.compile(r"/territoires/communes\.json\?q=ap$")


@pytest.fixture
def field(page):
    """The commune field of the list, with its script at work."""
    page.goto(reverse("opportunities:offer_list"))
    box = page.get_by_role("combobox", name="Commune ou code postal")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.scroll_into_view_if_needed()
    return box


def options(page):
    return page.get_by_role("listbox", name="Communes proposées").get_by_role("option")


def type_in(field, text):
    field.focus()
    field.press_sequentially(text)


def active(field):
    """The option that a screen reader reads, by its name; None when it is in the field."""
    return field.evaluate("(input) => document.getElementById(input.getAttribute('aria-activedescendant'))?.firstChild.textContent ?? null")


def test_arrows_and_enter_choose_a_commune(page, field):
    type_in(field, "st saturnin")
    expect(options(page).locator(".suggest__name")).to_have_text(SATURNINS)
    expect(field).to_have_attribute("aria-expanded", "true")
    assert page.locator(f"#{field.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    assert active(field) is None
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        field.press(key)
        seen.append(active(field))
    assert seen == [SATURNINS[0], SATURNINS[1], None, SATURNINS[1], SATURNINS[0]]
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "false")
    expect(field).to_be_focused()
    field.press("Enter")
    expect(field).to_have_value(SATURNINS[0])
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)


def test_a_choice_asks_the_list_for_offers_around(page, field):
    type_in(field, "isle sur la")
    expect(options(page)).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(re.compile(r"commune=L%E2%80%99Isle-sur-la-Sorgue"))
    expect(page.locator("#resultats")).to_be_visible()


def test_nothing_is_asked_of_the_list_before_a_choice(page, field):
    requests = []
    page.on("request", lambda request: requests.append(request.url) if "/exercer/" in request.url else None)
    type_in(field, "isle")
    expect(options(page)).to_have_count(1)
    page.wait_for_timeout(800)
    assert requests == []


def test_what_people_type(page, field):
    for text, first in (("84800", ISLE), ("l’isle", ISLE), ("ap", "Apt"), ("SAULT", "Sault"), ("carpantras", "Carpentras")):
        field.fill("")
        type_in(field, text)
        expect(options(page).first.locator(".suggest__name")).to_have_text(first)


def test_an_option_says_where(page, field):
    type_in(field, "vaison")
    expect(options(page).first).to_have_text("Vaison-la-Romaine 84110 · Vaison Ventoux")


def test_events_and_the_commune_chosen(page, field):
    page.evaluate(
        """() => {
            window.seen = [];
            const note = (event) => event.isTrusted || window.seen.push([event.type, event.target.value, event.detail?.insee ?? null]);
            for (const name of ["input", "change", "commune-chosen"]) document.addEventListener(name, note);
        }"""
    )
    type_in(field, "sault")
    expect(options(page)).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    assert page.evaluate("window.seen") == [["input", "Sault", None], ["change", "Sault", None], ["commune-chosen", "Sault", "84123"]]


def test_escape_closes_and_keeps_the_text(page, field):
    type_in(field, "apt")
    expect(options(page)).to_have_count(3)
    field.press("ArrowDown")
    field.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field).to_have_value("apt")
    assert active(field) is None
    field.press("ArrowDown")  # and down again asks for them, the first one marked
    expect(options(page)).to_have_count(3)
    assert active(field) == "Apt"


def test_home_and_end_go_back_to_the_text(page, field):
    type_in(field, "apt")
    expect(options(page)).to_have_count(3)
    for key, caret in (("Home", 0), ("End", 3)):
        field.press("ArrowDown")
        assert active(field) == "Apt"
        field.press(key)
        assert active(field) is None
        assert field.evaluate("(input) => input.selectionStart") == caret
    expect(options(page)).to_have_count(3)


def test_tab_takes_the_marked_option_and_goes_on(page, field):
    type_in(field, "st saturnin")
    expect(options(page)).to_have_count(2)
    field.press("ArrowDown")
    field.press("Tab")
    expect(field).to_have_value(SATURNINS[0])
    expect(field).not_to_be_focused()


def test_tab_without_a_mark_leaves_the_text(page, field):
    type_in(field, "pertuis")
    expect(options(page)).to_have_count(2)
    field.press("Tab")
    expect(options(page)).to_have_count(0)
    expect(field).to_have_value("pertuis")


def test_enter_without_a_mark_sends_what_is_typed(page, field):
    type_in(field, "isle sur la")
    expect(options(page)).to_have_count(1)
    field.press("Enter")
    page.wait_for_url(re.compile(r"commune=isle\+sur\+la|commune=isle%20sur%20la"))


def test_the_count_is_told_to_screen_readers(page, field):
    status = page.locator(".commune-field").get_by_role("status")
    for text, told in (("st saturnin", "2 communes proposées."), ("sault", "Une commune proposée."), ("xyz", "Aucune commune trouvée.")):
        field.fill("")
        type_in(field, text)
        expect(status).to_have_text(told)
    box = status.bounding_box()
    assert (box["width"], box["height"]) == (1, 1)


def test_a_finger_chooses(phone):
    phone.goto(reverse("opportunities:offer_list"))
    field = phone.get_by_label("Commune ou code postal")
    if not field.is_visible():
        phone.locator("#filtres-ouvrir summary").tap()
    field.tap()
    field.press_sequentially("84800")
    expect(options(phone)).to_have_count(4)
    assert min(option.bounding_box()["height"] for option in options(phone).all()) >= 24
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    options(phone).nth(1).tap()
    expect(field).to_have_value("Lagnes")
    expect(options(phone)).to_have_count(0)


def test_a_press_elsewhere_closes(page, field):
    type_in(field, "apt")
    expect(options(page)).to_have_count(3)
    page.locator("h1").click()
    expect(options(page)).to_have_count(0)
    expect(field).to_have_value("apt")


def test_a_late_answer_never_replaces_a_newer_one(page, field):
    page.evaluate(
        """() => {
            const ask = window.fetch;
            window.fetch = async (address, options) => {
                const answer = await ask(address, { ...options, signal: undefined }); // as if it could not be called back
                if (!String(address).endsWith("q=sa")) return answer;
                await new Promise((resume) => setTimeout(resume, 1500));
                document.body.dataset.late = "";
                return answer;
            };
        }"""
    )
    with page.expect_response(re.compile("q=sa$")):
        type_in(field, "sa")
    field.press_sequentially("ult")
    expect(field).to_have_value("sault")
    expect(options(page)).to_have_count(1)
    field.press("ArrowDown")
    expect(page.locator("body[data-late]")).to_be_attached()
    page.wait_for_timeout(100)
    assert active(field) == "Sault"
    expect(options(page)).to_have_count(1)


def test_typing_on_while_an_answer_is_awaited_asks_again(page, field):
    """Slow fingers on a slow network: the question that a further letter calls back must not take the next one with it."""
    awaited = []
    page.route(AP, lambda route: awaited.append(route))
    with page.expect_request(AP):
        type_in(field, "ap")
    field.press_sequentially("t")
    expect(options(page)).to_have_count(3)
    assert len(awaited) == 1


def test_one_question_for_a_word_typed_fast(page, field):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("?")[2]) if "/territoires/" in request.url else None)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    type_in(field, "carpentras")
    assert asked == []
    page.clock.run_for(200)
    expect(options(page)).to_have_count(1)
    assert asked == ["q=carpentras"]


def test_without_suggestions_the_text_is_still_sent(page, field):
    answers = [{"status": 500, "body": "oops"}, {"status": 200, "body": "<html>"}, {"status": 200, "body": "{}"}]
    page.route(SEARCH, lambda route: route.fulfill(**answers.pop(0)))
    for text in ("sault", "apte", "apt"):
        field.fill("")
        with page.expect_response(SEARCH):
            type_in(field, text)
        page.wait_for_timeout(100)
        expect(options(page)).to_have_count(0)
    assert answers == []
    field.press("Enter")
    page.wait_for_url(re.compile("commune=apt"))
    page.faults[:] = [fault for fault in page.faults if "500" not in fault]


def test_names_are_written_as_text(page, field):
    """Whatever the server says, an option is text and never markup."""
    commune = {"name": "<img src=x onerror=alert(1)>", "postal_codes": ["84000"], "epci": "<b>x</b>"}
    page.route(SEARCH, lambda route: route.fulfill(status=200, content_type="application/json", body=json.dumps({"communes": [commune]})))
    type_in(field, "apt")
    expect(options(page).first.locator(".suggest__name")).to_have_text(commune["name"])
    assert options(page).locator("img, b").count() == 0


def test_nothing_is_kept(page, field):
    stores = "[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]"
    before = page.evaluate(stores)
    type_in(field, "apt")
    expect(options(page)).to_have_count(3)
    assert page.evaluate(stores) == before


def test_a_field_that_comes_later_suggests_too(page, field):
    page.evaluate(
        """() => document.querySelector("h1").insertAdjacentHTML("afterend",
            '<label>Deux<span class="commune-field"><input id="late" data-commune-source="/territoires/communes.json"></span></label>')"""
    )
    late = page.locator("#late")
    type_in(late, "sault")
    expect(late).to_have_attribute("role", "combobox")
    expect(options(page)).to_have_count(1)
    assert late.get_attribute("aria-controls") != field.get_attribute("aria-controls")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_open_list(open_page, axe, scheme):
    page = open_page(color_scheme=scheme)
    page.goto(reverse("opportunities:offer_list"))
    field = page.get_by_role("combobox", name="Commune ou code postal")
    type_in(field, "84800")
    expect(options(page)).to_have_count(4)
    field.press("ArrowDown")
    axe(page)


def test_the_marked_option_is_not_told_by_colour_alone(page, field):
    type_in(field, "apt")
    expect(options(page)).to_have_count(3)
    field.press("ArrowDown")
    style = "(option) => [getComputedStyle(option).outlineStyle, getComputedStyle(option.firstChild).textDecorationLine]"
    assert options(page).nth(0).evaluate(style) == ["solid", "underline"]
    assert options(page).nth(1).evaluate(style) == ["none", "none"]


def test_without_javascript_the_server_reads_the_text(plain_page):
    plain_page.goto(reverse("opportunities:offer_list"))
    plain_page.get_by_label("Commune ou code postal").fill("isle sur la")
    plain_page.get_by_label("Commune ou code postal").press("Enter")
    plain_page.wait_for_url(re.compile("commune="))
    expect(plain_page.locator("body")).to_contain_text(ISLE)
    plain_page.goto(reverse("opportunities:offer_list") + "?commune=st+saturnin")
    expect(plain_page.locator("body")).to_contain_text(f"Deux communes portent ce nom\u00a0: {SATURNINS[0]} ou {SATURNINS[1]}")
