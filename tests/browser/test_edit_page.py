"""A page is composed in the admin, with the strict Content-Security-Policy of the portal, and read by everyone."""

from playwright.sync_api import expect

from pages.models import Page
from tests.browser.test_admin_offer import log_in
from tests.pages.factories import RichTextFactory, TermFactory, composed


def test_a_page_is_composed_and_read(page, axe):
    log_in(page)
    page.goto("/equipe/pages/page/add/")
    page.locator("#id_title").fill("Vivre au pied du Ventoux")
    page.locator("#id_title").press("Tab")  # the end of the address is proposed from the title
    page.locator("#id_slug").fill("vivre-au-pied-du-ventoux")
    page.locator("#id_state").select_option(label="publiée")

    page.locator(".order-machine-insert-target.last").click()
    page.locator(".plugin-button", has_text="Texte").first.click()
    editor = page.locator(".inline-related:not(.empty-form) .tiptap").first
    assert page.locator(".inline-related:not(.empty-form) .prose-menubar__option").all_text_contents() == [
        "Titre",
        "Sous-titre",
        "Paragraphe",
    ]
    names = [
        button.get_attribute("title") for button in page.locator(".inline-related:not(.empty-form) .prose-menubar__group button").all()
    ]
    assert {"gras", "liste à puces", "mettre un lien", "annuler"} <= set(names)
    assert not [name for name in names if name and name.split()[0] in ("Add", "Insert", "Delete", "Toggle", "bold", "undo")]
    assert page.evaluate("gettext('Edit Link')") == "Modifier le lien"
    editor.click()
    page.keyboard.type("L'air est doux.")
    page.locator(".order-machine-insert-target.last").click()
    page.locator(".plugin-button", has_text="Question et réponse").first.click()
    page.locator("[name$=-question]").first.fill("Combien de lavande ?")
    page.locator(".inline-related:not(.empty-form) .tiptap").nth(1).click()
    page.keyboard.type("Beaucoup.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success, .messagelist .ok")).to_be_visible()

    made = Page.objects.get(path="vivre-au-pied-du-ventoux")
    assert [block["kind"] for block in made.content] == ["RichText", "Question"]
    expect(page.locator(".inline-related:not(.empty-form) .tiptap").first).to_have_text("L’air est doux.")

    page.get_by_role("link", name="Voir sur le site").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vivre au pied du Ventoux")
    expect(page.get_by_text("L’air est doux.")).to_be_visible()
    page.locator("summary").click()
    expect(page.get_by_text("Beaucoup.")).to_be_visible()
    axe(page)


def test_a_term_is_explained_by_keyboard_and_without_script(plain_page):
    TermFactory(term="CPTS", slug="cpts", definition="Un réseau de soignants.")
    composed((RichTextFactory, {"text": "<p>La CPTS vous attend.</p>"}), slug="lire")
    plain_page.goto("/lire/")
    definition = plain_page.get_by_text("Un réseau de soignants.")
    expect(definition).to_be_hidden()
    plain_page.get_by_role("button", name="CPTS").focus()
    plain_page.keyboard.press("Enter")
    expect(definition).to_be_visible()
    plain_page.keyboard.press("Escape")
    expect(definition).to_be_hidden()
