"""A member of the team writes an offer, places it on a map, previews it, publishes it, and takes care of it afterwards."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from opportunities import actions
from opportunities.enums import LocationPrecision, State
from opportunities.models import Opportunity
from tests.accounts.factories import PASSWORD, SuperuserFactory
from tests.opportunities.factories import OpportunityFactory, PhotoFactory, days

LIST = "/equipe/opportunities/opportunity/"


def log_in(page):
    user = SuperuserFactory(email="nadia@example.org")
    page.goto("/equipe/")
    page.get_by_label("Adresse électronique").fill(user.email.upper())
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    return page


def in_a_month():
    return timezone.localdate() + timedelta(days=30)


def field(page, name):
    return page.locator(f"[name={name}]")


def write_a_locum(page):
    page.get_by_label("Type d’offre").select_option(label="Remplacement ponctuel")
    page.get_by_label("Titre").fill("Deux semaines à l’ombre des platanes")
    field(page, "commune").fill("Apt")
    page.keyboard.press("Escape")
    field(page, "starts_on").fill(in_a_month().isoformat())
    field(page, "ends_on").fill((in_a_month() + timedelta(days=13)).isoformat())
    page.get_by_label("Part des honoraires").fill("80")


def test_from_a_blank_page_to_the_public_list(page, axe):
    log_in(page)
    page.goto(f"{LIST}add/")
    write_a_locum(page)
    page.get_by_label("à l’adresse exacte").check()
    field(page, "workplace").fill("Maison des Platanes")
    page.locator("[data-map=point][data-state=ready]").wait_for()
    page.get_by_role("button", name="Placer à la mairie").click()
    page.locator("[data-map-canvas]").click(position={"x": 330, "y": 180})
    page.get_by_label("mardi matin").check()
    axe(page)

    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deux semaines à l’ombre des platanes")
    expect(page.get_by_text("Maison des Platanes")).to_be_visible()
    offer = Opportunity.objects.get()
    assert (offer.state, offer.location_precision, offer.half_days) == (State.DRAFT, LocationPrecision.EXACT, [2])
    assert offer.point != (offer.commune.latitude, offer.commune.longitude)

    page.goto("/exercer/offres/")
    expect(page.get_by_text("ombre des platanes")).to_have_count(0)

    page.goto(f"{LIST}{offer.pk}/change/")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text(re.compile("est publiée jusqu’au"))).to_be_visible()
    expect(page.get_by_role("button", name="Mettre en pause")).to_be_visible()
    page.get_by_role("link", name="Voir sur le site").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deux semaines à l’ombre des platanes")
    page.goto("/exercer/offres/")
    expect(page.get_by_role("link", name="Deux semaines à l’ombre des platanes", exact=True)).to_be_visible()


def test_the_form_shows_what_the_kind_asks_for(page):
    log_in(page)
    page.goto(f"{LIST}add/")
    kind = page.get_by_label("Type d’offre")
    kind.select_option(label="Poste salarié")
    expect(field(page, "salary_min")).to_be_visible()
    expect(page.locator(".field-salary_min .needed").first).to_have_text(" à renseigner pour publier")
    expect(field(page, "price")).to_be_hidden()
    expect(page.get_by_text("Exercer sous contrat de travail")).to_be_visible()
    kind.select_option(label="Succession")
    expect(field(page, "salary_min")).to_be_hidden()
    expect(field(page, "price")).to_be_visible()
    expect(field(page, "address")).to_be_hidden()
    page.get_by_label("à l’adresse exacte").check()
    expect(field(page, "address")).to_be_visible()
    page.locator("[data-map=point][data-state=ready]").scroll_into_view_if_needed()
    expect(page.locator("[data-map-canvas]")).to_be_visible()
    page.get_by_label("dans la commune, sans adresse").check()
    expect(page.locator("[data-map-canvas]")).to_be_hidden()


def test_a_mistake_is_shown_where_it_is_and_loses_nothing(page, axe):
    log_in(page)
    page.goto(f"{LIST}add/")
    write_a_locum(page)
    field(page, "ends_on").fill((in_a_month() - timedelta(days=3)).isoformat())
    page.get_by_label("jeudi matin").check()
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".field-ends_on .errorlist").first).to_have_text("La date de fin vient avant la date de début.")
    expect(page.get_by_label("Titre")).to_have_value("Deux semaines à l’ombre des platanes")
    expect(field(page, "commune")).to_have_value("Apt")
    expect(page.get_by_label("jeudi matin")).to_be_checked()
    axe(page)
    assert not Opportunity.objects.exists()


def test_without_javascript_all_fields_are_there(plain_page):
    page = log_in(plain_page)
    page.goto(f"{LIST}add/")
    expect(field(page, "price")).to_be_visible()
    expect(field(page, "address")).to_be_visible()
    write_a_locum(page)
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text(re.compile("est publiée jusqu’au"))).to_be_visible()


def test_the_first_page_settles_things_in_one_press(page):
    offer = OpportunityFactory(title="Toujours vrai", published_at=days(-60), confirmed_at=days(-45))
    log_in(page)
    page.get_by_role("button", name="Confirmer : Toujours vrai").click()
    expect(page.get_by_text("est confirmée")).to_be_visible()
    expect(page.get_by_text("Toutes les offres publiées ont été confirmées")).to_be_visible()
    offer.refresh_from_db()
    assert offer.confirmed_at > days(-1)


def test_withdrawing_several_offers_for_one_reason(page, axe):
    offers = [OpportunityFactory(title=f"Annonce {name}") for name in ("première", "seconde")]
    log_in(page)
    page.goto(LIST)
    page.locator("#action-toggle").check()
    field(page, "action").select_option(label="Retirer (motif demandé)")
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer").click()
    axe(page)
    page.get_by_label("Motif").fill("Annonces en double.")
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("2 offres retirées.")).to_be_visible()
    for offer in offers:
        offer.refresh_from_db()
    assert {offer.state for offer in offers} == {State.WITHDRAWN}


def test_back_to_an_earlier_version(page):
    offer = OpportunityFactory(title="Le premier titre")
    log_in(page)
    page.goto(f"{LIST}{offer.pk}/change/")
    page.get_by_label("Titre").fill("Le second titre")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le second titre")
    page.get_by_role("link", name="Historique").click()
    page.get_by_role("link", name="comparer ou y revenir").last.click()
    expect(page.get_by_role("row", name="Titre")).to_contain_text("Le premier titre")
    page.get_by_role("button", name="Revenir à cette version").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le premier titre")
    offer.refresh_from_db()
    assert (offer.title, offer.slug, offer.state) == ("Le premier titre", "le-premier-titre", State.PUBLISHED)


def test_the_menu_of_a_phone(phone):
    log_in(phone)
    expect(phone.get_by_role("link", name="Types d’offre", exact=True)).to_be_hidden()
    phone.get_by_role("button", name="Menu").click()
    phone.get_by_role("link", name="Types d’offre", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Types d’offre")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_screen_is_accessible_and_fits(open_page, axe, scheme, width):
    offer = PhotoFactory(opportunity__exact=True, opportunity__published_at=days(-60), opportunity__confirmed_at=days(-45)).opportunity
    OpportunityFactory(submitted=True)
    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto("/equipe/login/")
    axe(page)
    log_in(page)
    for path in (
        "",
        "opportunities/",
        "opportunities/opportunity/",
        "opportunities/opportunity/?state__exact=published",
        "opportunities/opportunity/add/",
        f"opportunities/opportunity/{offer.pk}/change/",
        f"opportunities/opportunity/{offer.pk}/history/",
        f"opportunities/opportunity/{offer.pk}/history/{offer.history.first().pk}/",
        f"opportunities/opportunity/{offer.pk}/motif/withdraw/",
        "opportunities/opportunitykind/",
        f"opportunities/opportunitykind/{offer.kind_id}/change/",
        "accounts/user/",
        "accounts/user/add/",
        "auth/group/add/",
        "password_change/",
    ):
        page.goto(f"/equipe/{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def log_in_again(page):
    page.get_by_label("Adresse électronique").fill("nadia@example.org")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Connexion").click()


def test_what_was_typed_survives_a_session_that_expired_and_overwrites_nobody(page):
    offer = OpportunityFactory(draft=True, summary="Ancien résumé")
    log_in(page)
    page.goto(f"{LIST}{offer.pk}/change/")
    page.get_by_label("Titre").fill("Écrit pendant une heure")
    page.get_by_label("mardi matin").check()
    page.get_by_role("button", name=re.compile("Ajouter.*Autre lieu")).click()
    page.locator("[name=other_places-0-commune]").fill("Sault")
    actions.save_offer(offer=Opportunity.objects.get(pk=offer.pk), actor=SuperuserFactory(first_name="Paul", last_name="Blanc"))
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    log_in_again(page)
    expect(page.get_by_text("Votre session avait expiré.")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_value("Écrit pendant une heure")
    expect(page.get_by_label("mardi matin")).to_be_checked()
    expect(page.locator("[name=other_places-0-commune]")).to_have_value("Sault")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".refusals")).to_contain_text("Paul Blanc a modifié cette offre")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("link", name="Écrit pendant une heure")).to_be_visible()
    offer.refresh_from_db()
    assert (offer.title, offer.half_days, offer.other_places.get().commune.name) == ("Écrit pendant une heure", [2], "Sault")


def test_what_was_saved_is_not_put_back_after_a_later_login(page):
    offer = OpportunityFactory(draft=True)
    log_in(page)
    page.goto(f"{LIST}{offer.pk}/change/")
    page.get_by_label("Titre").fill("Enregistré")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enregistré")
    page.goto(f"{LIST}")
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{LIST}{offer.pk}/change/")
    log_in_again(page)
    expect(page.get_by_label("Titre")).to_have_value("Enregistré")
    expect(page.get_by_text("Votre session avait expiré.")).to_have_count(0)
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('kept:'))") == []
