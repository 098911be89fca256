"""Pages and terms that the project ships: loaded as often as one likes, never over what staff wrote."""

import pytest

from core.supply import SupplyError
from pages import actions
from pages.importers import load_pages, load_terms
from pages.models import Page, RichText, Term
from tests.collective.factories import TestimonialFactory
from tests.pages.factories import PageFactory

pytestmark = pytest.mark.django_db

ROOT = """
title = "Exercer la médecine en Vaucluse"
[[blocks]]
kind = "RichText"
text = "<p>L'accueil.</p>"
"""
PAGE = """
title = "Pourquoi le Vaucluse ?"
menu_title = "Pourquoi ?"
summary = "L'essentiel : en bref."
position = 3
updated = 2026-11-25
sources = ["INSEE, 2023", {label = "ARS", date = "2025", url = "https://www.paca.ars.sante.fr/"}]
[[blocks]]
kind = "RichText"
text = "<p>Un texte.</p><script>x</script>"
[[blocks]]
kind = "CallToAction"
label = "Les internes"
page = "/internes/stage/"
[[blocks]]
kind = "MapBlock"
subject = "offers"
kinds = ["locum_occasional"]
"""
OTHER = 'title = "Un stage"'


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "exercer/index", ROOT)
    write(tmp_path, "exercer/pourquoi", PAGE)
    write(tmp_path, "internes/stage", OTHER)
    return tmp_path


def write(folder, path, text):
    file = folder / f"{path}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_pages_take_the_address_of_their_file(folder):
    lines = load_pages(folder=folder)
    assert lines[0].startswith("Pages\u00a0: 3 ajoutés")
    page = Page.objects.get(path="exercer/pourquoi")
    assert page.title == "Pourquoi le Vaucluse\u00a0?"
    assert page.summary == "L’essentiel\u00a0: en bref."
    assert page.reviewed_on.isoformat() == "2026-11-25"
    assert page.sources == "INSEE, 2023\nARS, 2025 https://www.paca.ars.sante.fr/"
    assert [block["kind"] for block in page.content] == ["RichText", "CallToAction", "MapBlock"]
    assert page.content[0]["text"] == "<p>Un texte.</p>"
    assert page.content[1]["page_id"] == Page.objects.get(path="internes/stage").pk
    assert len(page.content[2]["offer_kinds"]) == 1
    assert page.parent.path == "exercer"
    assert Page.objects.get(path="exercer").content[0]["text"] == "<p>L’accueil.</p>"
    assert Page.objects.filter(slug="exercer").count() == 1


def test_a_second_load_changes_nothing(folder):
    load_pages(folder=folder)
    before = list(Page.objects.values_list("updated_at", flat=True))
    assert "3 sans changement" in load_pages(folder=folder)[0]
    assert list(Page.objects.values_list("updated_at", flat=True)) == before


def test_a_changed_file_is_followed_field_by_field(folder):
    load_pages(folder=folder)
    page = Page.objects.get(path="exercer/pourquoi")
    page.title = "Le titre de l’équipe"
    actions.place_page(page=page)
    actions.keep_version(page=page)
    write(folder, "exercer/pourquoi", PAGE.replace("Pourquoi le", "Encore le").replace("Un texte", "Un autre texte"))
    lines = load_pages(folder=folder)
    page.refresh_from_db()
    assert page.title == "Le titre de l’équipe"
    assert page.content[0]["text"] == "<p>Un autre texte.</p>"
    assert "  exercer/pourquoi\u00a0: laissé à l’équipe (title)." in lines


def test_blocks_that_staff_changed_stay(folder):
    load_pages(folder=folder)
    page = Page.objects.get(path="exercer/pourquoi")
    RichText.objects.filter(parent=page).update(text="<p>De l’équipe.</p>")
    actions.keep_version(page=page)
    write(folder, "exercer/pourquoi", PAGE.replace("Un texte", "Un autre texte"))
    load_pages(folder=folder)
    page.refresh_from_db()
    assert page.content[0]["text"] == "<p>De l’équipe.</p>"


def test_a_page_of_staff_at_that_address_is_not_written_over(folder):
    PageFactory(parent=Page.objects.get(path="internes"), slug="stage", title="De l’équipe")
    lines = load_pages(folder=folder)
    assert "  internes/stage\u00a0: l’équipe a déjà une page à cette adresse, rien n’est chargé." in lines
    assert Page.objects.get(path="internes/stage").title == "De l’équipe"


def test_a_trial_writes_nothing(folder):
    before = Page.objects.count()
    assert "3 ajoutés" in load_pages(folder=folder, dry_run=True)[0]
    assert Page.objects.count() == before


def test_a_block_waits_for_the_record_that_it_names(tmp_path):
    write(tmp_path, "internes/mots", 'title = "X"\n[[blocks]]\nkind = "TestimonialBlock"\nslug = "une-interne"\n')
    assert "  internes/mots\u00a0: témoignage une-interne introuvable, le bloc attend." in load_pages(folder=tmp_path)
    page = Page.objects.get(path="internes/mots")
    assert page.content == []
    testimonial = TestimonialFactory(supply_key="une-interne")
    load_pages(folder=tmp_path)
    page.refresh_from_db()
    assert page.content[0]["testimonial_id"] == testimonial.pk


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('titre = "X"', "champ inconnu titre"),
        ('summary = "X"', "il manque le titre"),
        ('title = "X"\n[[blocks]]\nkind = "Carrousel"', "bloc inconnu Carrousel"),
        ('title = "X"\n[[blocks]]\nkind = "RichText"\ntexte = "x"', "champ inconnu texte"),
        (
            'title = "X"\n[[blocks]]\nkind = "CallToAction"\nlabel = "x"\npage = "/nulle/part/"',
            "page introuvable, «\u00a0/nulle/part/\u00a0»",
        ),
        ('title = "X"\n[[blocks]]\nkind = "Question"\nanswer = "<p>x</p>"', "Ce champ ne peut pas être vide"),
        ("title = X", "n’est pas lisible"),
    ],
)
def test_a_file_that_says_something_else_is_refused_by_name(tmp_path, text, message):
    write(tmp_path, "internes/fausse", text)
    with pytest.raises(SupplyError, match=message):
        load_pages(folder=tmp_path)


def test_terms_are_loaded_and_kept(tmp_path):
    file = tmp_path / "glossary.toml"
    file.write_text('[[terms]]\nterm = "CPTS"\nexpansion = "Communauté"\ndefinition = "Un réseau : des soignants."\naliases = ["cpts"]\n')
    assert "1 ajoutés" in load_terms(file=file)[0]
    term = Term.objects.get(slug="cpts")
    assert (term.definition, term.aliases) == ("Un réseau\u00a0: des soignants.", ["cpts"])
    Term.objects.update(definition="De l’équipe.")
    file.write_text('[[terms]]\nterm = "CPTS"\nexpansion = "Communauté"\ndefinition = "Autre."\naliases = ["cpts"]\n')
    load_terms(file=file)
    assert Term.objects.get().definition == "De l’équipe."
