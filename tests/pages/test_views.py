"""Pages as readers meet them."""

import json
import re
from datetime import timedelta

import pytest

from pages import actions
from pages.enums import State
from pages.models import Page
from tests.pages.factories import (
    CallToActionFactory,
    PageFactory,
    QuestionFactory,
    QuotationFactory,
    RichTextFactory,
    StepFactory,
    TermFactory,
    VideoFactory,
    composed,
)

pytestmark = pytest.mark.django_db


def body(client, page):
    response = client.get(page.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def rubrique(slug="exercer"):
    return Page.objects.get(path=slug)


def test_a_page_shows_its_title_place_date_and_sources(client, now):
    page = PageFactory(
        parent=rubrique(),
        slug="pourquoi",
        title="Pourquoi le Vaucluse",
        summary="En deux phrases.",
        reviewed_on=now.date(),
        sources="INSEE, populations légales, 2023 https://www.insee.fr/fr/statistiques\nUn livre",
    )
    html = body(client, page)
    assert "<title>Pourquoi le Vaucluse | Vaucluse Santé Attractivité</title>" in html
    assert '<meta name="description" content="En deux phrases.">' in html
    assert re.search(r'<li><a href="/exercer/">Exercer</a></li><li aria-current="page">Pourquoi le Vaucluse</li>', html)
    assert '<time datetime="2026-06-15">15 juin 2026</time>' in html
    assert '<a href="https://www.insee.fr/fr/statistiques">INSEE, populations légales, 2023</a>' in html
    assert "<li>Un livre</li>" in html


def test_no_cookie_and_a_304(client):
    page = PageFactory()
    response = client.get(page.get_absolute_url())
    assert not response.cookies
    assert client.get(page.get_absolute_url(), headers={"if-none-match": response["ETag"]}).status_code == 304
    page.title = "Autre titre"
    page.save()
    assert "Autre titre" in client.get(page.get_absolute_url(), headers={"if-none-match": response["ETag"]}).content.decode()


@pytest.mark.parametrize("fields", [{"state": State.DRAFT}, {"publish_at": timedelta(days=1)}, {"unpublish_at": timedelta(days=-1)}])
def test_what_is_not_visible_is_not_there(client, now, fields):
    PageFactory(slug="cachee", **{name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()})
    assert client.get("/cachee/").status_code == 404
    PageFactory(slug="montree")
    sitemap = client.get("/sitemap-contenus.xml").content.decode()
    assert "/montree/" in sitemap
    assert "/cachee/" not in sitemap


@pytest.mark.parametrize("path", ["/absente/", "/exercer/absente/", "/a/b/c/d/e/f/g/", "/Majuscules/", "/a%00b/", "/%F0%9F%98%80/", "/-/"])
def test_an_address_of_nothing_is_404(client, path):
    assert client.get(path).status_code == 404


def test_an_address_without_its_last_slash_leads_there(client):
    PageFactory(slug="cookies")
    assert client.get("/cookies")["Location"] == "/cookies/"


def test_the_menu_opens_where_the_reader_is(client):
    first = PageFactory(parent=rubrique(), title="Première", slug="premiere", position=1)
    below = PageFactory(parent=first, title="Dessous", slug="dessous")
    second = PageFactory(parent=rubrique(), title="Seconde", slug="seconde", position=2)
    PageFactory(parent=second, title="Loin", slug="loin")
    PageFactory(parent=rubrique(), title="Hors menu", slug="hors-menu", in_menu=False)
    PageFactory(parent=rubrique(), title="Brouillon", slug="brouillon", state=State.DRAFT)
    menu = re.search(r'<nav class="page-menu".*?</nav>', body(client, below), re.DOTALL)[0]
    assert re.findall(r">([^<>\n]+)</a>", menu) == ["Exercer", "Première", "Dessous", "Seconde"]
    assert '<a href="/exercer/premiere/dessous/" aria-current="page">' in menu


def test_a_page_that_stands_alone_has_no_menu(client):
    assert "page-menu" not in body(client, PageFactory(slug="cookies"))


def test_translations_name_each_other(client):
    french = PageFactory(slug="reconnaissance", title="Diplôme européen")
    english = PageFactory(slug="en", title="Practise in Vaucluse", language="en", translation_of=french)
    for page in (french, english):
        html = body(client, page)
        assert f'<html lang="{page.language}">' in html
        assert '<link rel="alternate" hreflang="fr" href="http://testserver/reconnaissance/">' in html
        assert '<link rel="alternate" hreflang="en" href="http://testserver/en/">' in html
    assert "Updated on" in body(client, english)
    sitemap = client.get("/sitemap-contenus.xml").content.decode()
    assert sitemap.count('hreflang="en" href="http://testserver/en/"') == 2
    assert sitemap.count('hreflang="fr" href="http://testserver/reconnaissance/"') == 2
    english.state = State.DRAFT
    english.save()
    assert "hreflang=" not in re.search(r"<head>.*</head>", body(client, french), re.DOTALL)[0]


def test_blocks_come_in_their_order(client):
    page = composed(
        (RichTextFactory, {"text": "<h2>Un</h2><p>Premier texte.</p>"}),
        (QuotationFactory, {"text": "Un mot exact"}),
        (RichTextFactory, {"text": "<h2>Un</h2><p>Second texte.</p>"}),
    )
    html = body(client, page)
    positions = [html.index(words) for words in ("Premier texte", "«&nbsp;Un mot exact&nbsp;»", "Second texte")]
    assert positions == sorted(positions)
    assert '<h2 id="un">' in html
    assert '<h2 id="un-2">' in html


def test_questions_in_a_row_are_one_list_told_to_search_engines(client):
    page = composed((QuestionFactory, {"question": "Combien\u00a0?"}), (QuestionFactory, {"answer": "<p>Non </script>.</p>"}))
    html = body(client, page)
    assert html.count('<div class="questions">') == 1
    assert html.count("<details>") == 2
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    [questions] = data["@graph"]
    assert questions["@type"] == "FAQPage"
    assert questions["mainEntity"][0]["name"] == "Combien\u00a0?"


def test_steps_in_a_row_are_one_ordered_list(client):
    page = composed(
        (StepFactory, {"title": "L’Ordre", "who": "CDOM", "papers": "Diplôme\nPièce d’identité"}),
        (StepFactory, {"text": ""}),
        (RichTextFactory, {}),
        (StepFactory, {}),
    )
    html = body(client, page)
    assert html.count('<ol class="steps">') == 2
    assert "<dt>Avec</dt><dd>CDOM</dd>" in html
    assert "Pièce d’identité</li>" in html


def test_titles_skip_no_level(client):
    first = composed(
        (QuestionFactory, {"question": "Quand\u00a0?"}), (RichTextFactory, {"text": "<h2>Après</h2>"}), (StepFactory, {"title": "Un pas"})
    )
    html = body(client, first)
    assert "<h2>Quand\u00a0?</h2>" in html
    assert "<h3>Un pas</h3>" in html


def test_tables_take_the_focus_so_that_the_keyboard_scrolls_them(client):
    table = "<table><tbody><tr><th><p>Mode</p></th></tr><tr><td><p>Seul</p></td></tr></tbody></table>"
    html = body(client, composed((RichTextFactory, {"text": table}), (RichTextFactory, {"text": f"<p>Puis</p>{table}"})))
    for number in (1, 2):
        assert f'<div class="table-wrap" role="region" tabindex="0" aria-label="Tableau {number}"><table>' in html
    assert html.count("</table></div>") == html.count('<th scope="col">') == 2


def test_a_table_that_holds_another_is_shown(client):
    inner = "<table><tbody><tr><td>Dedans</td></tr></tbody></table>"
    html = body(client, composed((RichTextFactory, {"text": f"<table><tbody><tr><td>{inner}</td></tr></tbody></table><p>Après</p>"})))
    assert "Dedans" in html
    assert html.count("<table>") == html.count("</table>") == 2
    assert html.index('class="table-wrap"') > html.index("<table>"), "one region, around the inner one"


def test_cells_of_a_wide_table_say_their_heading_for_phones(client):
    heads = "".join(f"<th>{name}</th>" for name in ("Aide", "Montant", "Demander à"))
    wide = f"<table><tbody><tr>{heads}</tr><tr><td>CESP</td><td>1\u202f200 €</td><td><p>Faculté</p></td></tr></tbody></table>"
    spanning = wide.replace("<td>", '<td colspan="2">', 1)
    html = body(client, composed((RichTextFactory, {"text": wide}), (RichTextFactory, {"text": spanning})))
    assert html.count('<table class="stacked" role="table">') == 1, "cells that span several stay in their columns"
    assert '<td role="cell" data-label="Demander à"><p>Faculté</p></td>' in html


def test_buttons_lead_where_they_say(client, settings):
    target = PageFactory(slug="cible")
    hidden = PageFactory(slug="cachee", state=State.DRAFT)
    page = composed(
        (CallToActionFactory, {"label": "Offres", "target": "offers"}),
        (CallToActionFactory, {"label": "Page", "target": "page", "page": target}),
        (CallToActionFactory, {"label": "Brouillon", "target": "page", "page": hidden}),
        (CallToActionFactory, {"label": "Site", "target": "url", "url": "/territoires/"}),
        (CallToActionFactory, {"label": "Écrire", "target": "team", "subject": "Mon projet", "style": "panel", "title": "Parlons-en"}),
    )
    html = body(client, page)
    assert '<a class="btn" href="/exercer/offres/">Offres</a>' in html
    assert '<a class="btn" href="/cible/">Page</a>' in html
    assert "Brouillon" not in html
    assert "/contact/ecrire/?objet=Mon%20projet" in html
    assert "Parlons-en</h2>" in html


def test_a_video_is_a_link_that_says_where_it_leads(client):
    html = body(client, composed((VideoFactory, {"url": "https://www.films.example/1", "transcript": "<p>Bonjour.</p>"})))
    assert 'href="https://www.films.example/1"' in html
    assert "sur films.example" in html
    assert "<iframe" not in html
    assert "Bonjour." in html


def test_a_term_is_explained_once_and_never_inside_a_link(client):
    TermFactory(term="CPTS", slug="cpts", expansion="communauté professionnelle", definition="Un réseau de soignants.", aliases=["cpts"])
    page = composed(
        (RichTextFactory, {"text": '<h2>La CPTS</h2><p><a href="/x/">CPTS</a>, puis d’une CPTS, puis une autre CPTS.</p>'}),
        (RichTextFactory, {"text": "<p>Encore la CPTS, et la CPTSX.</p>"}),
    )
    html = body(client, page)
    assert html.count('popovertarget="terme-cpts"') == 1
    assert html.count('id="terme-cpts"') == 1
    assert 'd’une <span class="term-line"><button' in html
    assert 'Un réseau de soignants. <a href="/glossaire/#cpts">Glossaire</a>' in html


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("de l’ARS\u00a0: demandez", "l’", "\u00a0:"),
        ("l’agence (ARS), puis", "(", "),"),
        ("«\u00a0ARS\u00a0»", "«\u00a0", "\u00a0»"),
        ("qu’ARS.", "qu’", "."),
    ],
)
def test_signs_stay_on_the_line_of_a_term(client, text, before, after):
    TermFactory(term="ARS", slug="ars")
    html = body(client, composed((RichTextFactory, {"text": f"<p>{text}</p>"})))
    line = re.search(r'<span class="term-line">(.*?)<button[^>]*>ARS</button>(.*?)</span>', html)
    assert line.groups() == (before, after)


def test_a_term_between_spaces_stands_alone(client):
    TermFactory(term="ARS", slug="ars")
    assert "term-line" not in body(client, composed((RichTextFactory, {"text": "<p>Une ARS ou deux</p>"})))


def test_the_glossary_has_letters_and_anchors(client, django_assert_num_queries):
    TermFactory(term="École", slug="ecole")
    TermFactory(term="CPTS", slug="cpts", text="Plus.\n\nEncore.", source="ARS", source_url="https://www.ars.sante.fr/")
    with django_assert_num_queries(2):
        html = client.get("/glossaire/").content.decode()
    assert re.findall(r'<h2 id="lettre-(\w)">', html) == ["c", "e"]
    assert '<div id="ecole">' in html
    assert "<p>Encore.</p>" in html


BLOCKS = {
    "texte": (RichTextFactory, {}),
    "citation": (QuotationFactory, {}),
    "bouton": (CallToActionFactory, {}),
    "question": (QuestionFactory, {}),
    "étape": (StepFactory, {}),
    "vidéo": (VideoFactory, {}),
}


@pytest.mark.parametrize("name", BLOCKS)
@pytest.mark.parametrize("count", [1, 3])
def test_blocks_cost_no_query(client, django_assert_num_queries, name, count):
    """Version (two), page, branch of the tree, terms, translations; and the kinds of offer that a button may name."""
    page = composed(*[BLOCKS[name]] * count)
    with django_assert_num_queries(7 if name == "bouton" else 6):
        client.get(page.get_absolute_url())


@pytest.mark.parametrize("path", ["exercer", "s-installer", "internes", "agenda", "collectif"])
def test_the_opening_page_of_a_rubrique_shows_its_pages_and_its_blocks(client, path):
    page = PageFactory(parent=rubrique(path), title="Une page à lire", slug="a-lire")
    RichTextFactory(parent=rubrique(path), text="<p>Le mot de la rubrique.</p>")
    actions.keep_version(page=rubrique(path))
    html = client.get(f"/{path}/").content.decode()
    assert f'<h3><a href="{page.get_absolute_url()}">Une page à lire</a></h3>' in html
    assert "Le mot de la rubrique." in html
    assert '<time datetime="2026-' in html.split('id="a-lire"')[1]
