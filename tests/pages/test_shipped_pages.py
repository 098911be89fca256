"""The pages that the project ships, loaded as a new portal loads them: each opens, is whole, and leads somewhere."""

import re
from itertools import pairwise

import pytest
from django.utils import timezone

from collective.models import Testimonial
from core.french import date as in_french
from pages.importers import GLOSSARY, PAGES, path_of, read
from pages.models import Page, Term
from tests.portal.page import Page as Visited

FILES = {path_of(file, PAGES): read(file) for file in sorted(PAGES.rglob("*.toml"))}
RUBRIQUES = ("exercer", "s-installer", "internes", "agenda", "collectif")
OPEN = [path for path in FILES if path not in RUBRIQUES]
"""Pages with an address of their own; those of the rubriques are shown on the opening page of their rubrique."""
STATED = re.compile(r"\d\s?(?:€|%|km|habitants|médecins|généralistes|hôpitaux|communes|consultations|inhabitants|hospitals)")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture
def visit(client):
    return lambda path: Visited(client.get(f"/{path}/"))


def words_of(data):
    """What the blocks of a file say, without markup."""
    return re.sub(r"<[^>]+>", " ", " ".join(str(value) for block in data["blocks"] for value in block.values()))


def main(html):
    return html.split('<main id="contenu"')[1].split("</main>")[0]


def test_there_are_pages_in_every_rubrique():
    for rubrique in (*RUBRIQUES, "en"):
        assert sum(path.startswith(f"{rubrique}/") for path in FILES) >= 2, rubrique


@pytest.mark.parametrize("path", OPEN)
def test_a_page_is_whole(visit, path):
    page = visit(path)
    data = FILES[path]
    levels = [int(name[1]) for name, _ in page.headings]
    assert page.status == 200
    assert levels.count(1) == 1
    inside = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(inside)), page.headings
    assert f'<html lang="{data.get("language", "fr")}"' in page.html
    assert 40 <= len(page.meta("description")) <= 200
    assert f'<link rel="canonical" href="http://testserver/{path}/">' in page.html
    assert not page.response.cookies


def test_titles_and_descriptions_are_all_different(visit):
    found = [(page.html.split("<title>")[1].split("</title>")[0], page.meta("description")) for page in map(visit, OPEN)]
    assert len({title for title, _ in found}) == len({description for _, description in found}) == len(OPEN)


@pytest.mark.parametrize("path", OPEN)
def test_a_page_that_states_figures_names_its_sources(visit, path):
    data = FILES[path]
    states = STATED.search(words_of(data)) or any(block["kind"] == "Figures" for block in data["blocks"])
    if states:
        text = visit(path).text
        assert data.get("sources"), path
        assert "Sources" in text
        assert in_french(data["updated"]) in text or f"{data['updated']:%-d %B %Y}" in text


@pytest.mark.parametrize("path", FILES)
def test_no_internal_link_of_a_text_is_dead(client, path):
    for block in FILES[path]["blocks"]:
        texts = [block["url"]] if "url" in block else re.findall(r'href="([^"]+)"', " ".join(map(str, block.values())))
        for address in texts:
            if address.startswith("/"):
                target, _, fragment = address.replace("&amp;", "&").partition("#")
                answer = client.get(target)
                assert answer.status_code == 200, address
                assert not fragment or f'id="{fragment}"' in answer.content.decode(), address


def test_english_pages_and_their_french_equivalents_name_each_other(visit):
    pairs = [(path, data["translation_of"]) for path, data in FILES.items() if "translation_of" in data]
    assert len(pairs) >= 4
    for english, french in pairs:
        for path in (english, french):
            html = visit(path).html
            assert f'hreflang="en" href="http://testserver/{english}/"' in html
            assert f'hreflang="fr" href="http://testserver/{french}/"' in html


def test_every_english_page_leads_to_the_same_offers(visit):
    addresses = {address for path in OPEN if path.startswith("en") for address, _ in visit(path).links}
    assert "/exercer/offres/" in addresses


def test_loading_again_changes_nothing():
    from pages.importers import load_pages, load_terms

    before = list(Page.objects.values_list("path", "content")), list(Term.objects.values_list("term", "definition"))
    load_pages()
    load_terms()
    assert (list(Page.objects.values_list("path", "content")), list(Term.objects.values_list("term", "definition"))) == before


def test_the_glossary_defines_each_word_in_one_sentence_with_a_source(client):
    terms = read(GLOSSARY)["terms"]
    html = client.get("/glossaire/").content.decode()
    wanted = {"CPTS", "MSP", "MSU", "ZIP", "ZAC", "FRR", "DAC", "URPS", "PDSA", "SAS", "CDOM", "CPAM", "ARS", "MSA", "EDeS", "GHT", "ESP"}
    wanted |= {"SISA", "Docteur junior", "IMG", "SASPAS", "RPPS", "FINESS", "CARMF", "APL"}
    assert wanted <= {term["term"] for term in terms}
    for term in terms:
        assert term["source"], term["term"]
        assert 20 < len(term["definition"]) <= 300
        assert term["definition"].endswith(".")
        assert f'id="{Term.objects.get(term=term["term"]).slug}"' in html


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("internes", ("Joanna Sanna", "Pourquoi un semestre ici", "Faire vos vœux", "Et la quatrième année", "Accueillir un interne")),
        ("agenda", ("Rencontrer ceux qui exercent ici", "deux jours à Villes-sur-Auzon", "Comment être prévenu", "année à confirmer")),
    ],
)
def test_a_rubrique_opens_on_more_than_its_door(visit, path, words):
    """As a demonstration shows it: the testimonial waits for the agreement of its author and says so."""
    assert "Joanna Sanna" not in visit(path).text
    Testimonial.objects.filter(supply_key="sanna").update(is_demo=True, updated_at=timezone.now())
    page = visit(path)
    levels = [int(name[1]) for name, _ in page.headings]
    for one in words:
        assert one in page.text, one
    assert (Testimonial.PENDING in page.text) == ("Joanna Sanna" in words)
    assert "arriveront" not in page.text
    assert "réunira" not in page.text
    inside = levels[levels.index(1) :]
    assert all(after - before <= 1 for before, after in pairwise(inside)), page.headings
