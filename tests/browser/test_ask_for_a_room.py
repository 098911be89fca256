"""An intern asks for a room, and its host answers: on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from contacts.actions import letters
from contacts.enums import Outcome
from contacts.models import Conversation
from tests.browser.conftest import PHONE
from tests.contacts.rooms import HOST, INTERN, day, room


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_search_to_a_confirmed_stay(open_page, axe, scripts):
    dwelling = room(title="Chambre au calme")
    guest, host = (open_page(PHONE, java_script_enabled=scripts) for _ in range(2))
    guest.goto(f"/s-installer/logement/?lieu=commune-{dwelling.commune.insee}&du={day(40).isoformat()}&au={day(100).isoformat()}")
    guest.get_by_role("link", name="Chambre au calme").first.click()
    guest.get_by_role("link", name="Demander ce logement").click()
    expect(guest.get_by_role("status").filter(has_text="Libre du")).to_be_visible()
    assert guest.get_by_label("Arrivée").input_value() == day(40).isoformat()
    if scripts:
        axe(guest)
        assert guest.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    guest.get_by_label("Votre nom").fill("Inès Exemple")
    guest.get_by_label("Vous êtes").select_option("intern")
    guest.get_by_label("Votre message").fill("Interne en stage, je cherche une chambre calme.")
    guest.get_by_label("Votre adresse électronique").fill(INTERN)
    guest.get_by_label("J’accepte").check()
    guest.wait_for_timeout(2100)  # as long as a person takes
    with guest.expect_navigation():
        guest.get_by_role("button", name="Envoyer").click()
    conversation = Conversation.objects.get()
    guest.goto(letters.path_of(letters.confirm_url(conversation)))
    guest.get_by_role("button", name="Oui, envoyer mon message").click()
    expect(guest.get_by_role("heading", name="Transmis")).to_be_visible()
    host.goto(letters.path_of(letters.answer_url(Conversation.objects.get())))
    if scripts:
        axe(host)
    host.get_by_role("link", name="Oui, je confirme le séjour").click()
    host.get_by_role("button", name="Envoyer ma réponse").click()
    expect(host.get_by_role("status").filter(has_text="Le séjour est confirmé")).to_be_visible()
    guest.reload()
    expect(guest.get_by_role("heading", name="Votre séjour est confirmé")).to_be_visible()
    expect(guest.get_by_text(dwelling.address)).to_be_visible()
    expect(guest.get_by_role("link", name=HOST)).to_be_visible()
    if scripts:
        axe(guest)
        assert guest.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Conversation.objects.get().outcome == Outcome.BOOKED
