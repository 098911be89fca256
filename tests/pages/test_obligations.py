"""What the law asks of a public portal, on the pages as a new portal loads them. Codes: obligations ACC, MEN, RGPD, COO, AID."""

import re

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import models

from collective.models import Testimonial
from core import known
from pages.models import Image, Page
from tests.accounts.factories import SuperuserFactory
from tests.consistency.source import APPS
from tests.portal.page import Page as Visited

STATES = ("totalement conforme", "partiellement conforme", "non conforme")
LEGAL = ("mentions-legales", "conditions-utilisation", "donnees-personnelles", "accessibilite", "cookies", "contact", "plan-du-site")
NOTICE = {
    "publisher": "Agence Exemple",
    "address": "1 place du Marché, 84000 Avignon",
    "phone": "04 00 00 00 00",
    "director": "La présidente de l’agence",
    "host": "Hébergeur Exemple, 2 rue du Câble, 75000 Paris, 01 00 00 00 00",
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture
def visit(client):
    return lambda address: Visited(client.get(address))


def main(page):
    return page.html.split('<main id="contenu"')[1].split("</main>")[0]


def footer(page):
    return page.html.split("<footer")[-1]


# --- Accessibility -------------------------------------------------------------------------------


def test_the_accessibility_statement_holds_what_it_must(visit):
    """ACC-03: a state, a date, a means of contact, the Défenseur des droits."""
    page = visit("/accessibilite/")
    assert "déclaration d’accessibilité" in page.text.lower()
    assert [state for state in STATES if f"<strong>{state}</strong>" in main(page)] == ["non conforme"]
    assert "23 novembre 2026" in page.text
    assert "Défenseur des droits" in page.text
    assert any(address.startswith("/contact/ecrire/") for address, _ in page.links)
    assert "RGAA 4.1" in page.text


@pytest.mark.parametrize("state", STATES)
def test_every_page_says_the_same_state_as_the_statement(visit, settings, state):
    """ACC-04: in the foot of every page, from one setting, with a link to the statement."""
    settings.ACCESSIBILITY_STATE = state
    assert f"<strong>{state}</strong>" in main(visit("/accessibilite/"))
    for address in ("/", "/exercer/", "/exercer/offres/", "/exercer/cpts/", "/en/", "/mentions-legales/"):
        page = visit(address)
        assert page.address_of(f"Accessibilité : {state}") == "/accessibilite/", address
        assert [one for one in STATES if f"Accessibilité&nbsp;: {one}" in footer(page)] == [state]


def test_the_scheme_and_the_plan_of_the_year_are_linked_and_answer(visit):
    """ACC-05."""
    addresses = {address for address, _ in visit("/accessibilite/").links}
    for address in ("/accessibilite/schema-pluriannuel/", "/accessibilite/plan-annuel/"):
        assert address in addresses
        assert "/accessibilite/" in {link for link, _ in visit(address).links}


# --- Legal notice, rules of publication, credits ---------------------------------------------------


def test_the_legal_notice_names_who_publishes_and_who_hosts(visit, settings):
    """MEN-01."""
    settings.LEGAL_NOTICE = NOTICE
    text = visit("/mentions-legales/").text
    for value in NOTICE.values():
        assert value in text
    assert "directeur de la publication" in text
    assert "Hébergeur" in text


def test_the_legal_notice_makes_nothing_up(visit, settings):
    """MEN-01: nothing is filled in for a demonstration."""
    settings.LEGAL_NOTICE = {**dict.fromkeys(NOTICE, ""), "publisher": "Agence Exemple"}
    page = visit("/mentions-legales/")
    titles = [text for _, text in page.headings]
    assert "Hébergeur" not in titles
    assert "publication" not in " ".join(titles)
    assert "Téléphone" not in main(page)
    assert "compléter" not in page.text


@pytest.mark.parametrize("address", ["/", "/exercer/offres/", "/en/", "/exercer/cpts/"])
def test_every_page_leads_to_the_legal_pages(visit, address):
    links = {link.partition("#")[0] for link, _ in visit(address).links}
    assert {f"/{path}/" for path in LEGAL} | {"/en/", "/glossaire/", "/sources/"} <= links


def test_the_rules_of_publication_are_whole(visit):
    """MEN-02: who publishes, what is refused, how it is checked, how long, what recourse."""
    page = visit("/conditions-utilisation/")
    titles = [text for _, text in page.headings]
    for title in (
        "Qui peut publier",
        "Ce qui est refusé",
        "Comment une annonce est vérifiée",
        "Durée de publication",
        "Signaler une annonce",
        "Contester une décision",
    ):
        assert title in titles
    assert "gratuit" in page.text


def test_an_image_without_credit_or_text_is_refused():
    """MEN-03."""
    page = Page.objects.get(path="exercer/cpts")
    for missing in ({"alternative_text": "", "credit": "Commune"}, {"alternative_text": "Une place", "credit": ""}):
        with pytest.raises(ValidationError, match=r"crédit|vide|obligatoire"):
            Image(parent=page, region="main", ordering=1, **missing).full_clean(exclude=["image", "width", "height"])


def test_a_testimonial_shows_once_its_agreement_is_recorded_and_exactly(visit, settings):
    """MEN-03: nothing before, the exact words after, nothing again when the agreement is withdrawn."""
    settings.PRODUCTION = True
    assert "Lemonnier" not in visit("/exercer/cadre-de-vie/").html
    testimonial = Testimonial.objects.get(name="Émilie Lemonnier")
    testimonial.consent_on, testimonial.consent_proof = "2026-11-25", "courriel"
    testimonial.save()
    text = visit("/exercer/cadre-de-vie/").text
    assert "L’ambiance est familiale, on fait peu de route, on se gare facilement…" in text
    assert "Clairement, c’est attractif" in text
    testimonial.consent_on, testimonial.consent_proof = None, ""
    testimonial.save()
    assert "Lemonnier" not in visit("/exercer/cadre-de-vie/").html


# --- Personal data ---------------------------------------------------------------------------------


def holds_personal_data(model):
    """Whether a table has an address, a telephone or the name of a person, as fields of such a name tell."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.EmailField) or re.search(r"phone|first_name|last_name|contact_name|consent", field.name):
            return True
    return False


def test_every_table_with_personal_data_is_in_the_register():
    """RGPD-01."""
    register = (django_settings.BASE_DIR / "docs" / "registre.md").read_text(encoding="utf-8")
    tables = [model for model in apps.get_models() if model._meta.app_label in APPS and not model.__name__.startswith("Historical")]
    personal = [model._meta.label for model in tables if holds_personal_data(model)]
    assert {"accounts.User", "opportunities.Opportunity", "collective.Testimonial"} <= set(personal)
    assert [label for label in personal if f"`{label}`" not in register] == []


def test_the_page_on_personal_data_sums_up_the_register(visit):
    """RGPD-01, RGPD-02: purposes, bases, recipients, durations."""
    text = visit("/donnees-personnelles/").text
    for word in ("Message envoyé par le portail", "Annonce", "Témoignage", "Comptes de l’équipe", "3 ans", "2 ans au plus", "3 mois après"):
        assert word in text, word
    for word in ("intérêt légitime", "consentement", "hébergeur", "Union européenne"):
        assert word in text, word


def test_the_page_on_personal_data_tells_the_rights_and_how_to_use_them(visit):
    """RGPD-02, RGPD-05."""
    page = visit("/donnees-personnelles/")
    for word in ("CNIL", "Accès", "rectification", "effacement", "opposition", "limitation", "portabilité", "sous un mois"):
        assert word in page.text, word
    assert any(address.startswith("/contact/ecrire/") for address, _ in page.links)
    assert "aucune donnée de santé" in page.text


# --- Cookies ---------------------------------------------------------------------------------------


def test_pages_set_no_cookie_and_ask_nothing_of_another_host(visit):
    """COO-01, COO-02: what a page loads comes from the portal."""
    for path in Page.objects.filter(state="published").values_list("path", flat=True):
        page = visit(f"/{path}/")
        assert not page.response.cookies, path
        for tag, attrs in page.attributes:
            loaded = attrs.get("src") or (
                attrs.get("href") if tag == "link" and attrs.get("rel") in ("stylesheet", "icon", "preload") else ""
            )
            assert not (loaded or "").startswith(("http", "//")), (path, loaded)
            assert tag != "iframe", path


def test_the_page_on_cookies_names_the_two_of_the_team(visit):
    """COO-01, COO-03."""
    text = visit("/cookies/").text
    assert "Aucun cookie pour lire" in text
    assert known.COOKIE in text
    assert "Aucun suivi" in text
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        assert name in text


def test_cookies_of_the_team_are_protected(client):
    """COO-03: their flags; `Secure` belongs to production (tests/ground)."""
    member = SuperuserFactory()
    member.set_password("un mot de passe")
    member.save()
    form = client.get("/equipe/login/")
    csrf = form.cookies[django_settings.CSRF_COOKIE_NAME]
    client.post("/equipe/login/", {"username": member.email, "password": "un mot de passe"})
    session = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert csrf["samesite"] == "Lax"


# --- Aids --------------------------------------------------------------------------------------------


def test_an_amount_is_dated_and_no_total_is_promised(visit):
    """AID-01: the year beside the amount, the reserve, no sum."""
    seen = 0
    for path in Page.objects.filter(state="published", language="fr").values_list("path", flat=True):
        page = visit(f"/{path}/")
        for paragraph in re.findall(r"<p>.*?</p>|<td>.*?</td>", main(page), re.DOTALL):
            if "€" in paragraph:
                seen += 1
                assert re.search(r"20[12]\d", paragraph), (path, paragraph)
        assert not re.search(r"total (?:de|garanti)", page.text.lower()), path
    assert seen >= 5
    aids = visit("/internes/aides/").text
    assert "sous réserve de la décision de l’organisme" in aids
    assert "vrai en 20" in aids
