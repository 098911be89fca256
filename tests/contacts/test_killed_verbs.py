"""A worker, a server or a mail program that dies at each statement of its work, is begun again each time, and ends (`tests.killing`).

Each story is told twice, from the same beginning: once in peace, once with every death. Both must leave the same rows and the same
messages, each sent once. What is one transaction leaves nothing behind when it dies, which is asserted, so that no point is left out and
none needs a new beginning. The number of deaths has a floor: a harness that killed nowhere would not pass.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from contacts.actions import conversations as verbs
from contacts.actions import introductions, letters
from contacts.enums import Answer, Side, Target
from contacts.rules.addresses import address_for
from opportunities import freshness
from opportunities.private_link import keep_path
from tests.accounts.factories import SuperuserFactory
from tests.conftest import NOW
from tests.contacts.factories import match_of, need_of
from tests.contacts.test_conversations import DOCTOR, PUBLISHER, VALUES
from tests.killing import killer, told_twice
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db(transaction=True)

INBOUND = "reponse@portail.example"
MAILS = Path(__file__).parent / "mails"


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker):
    """One process for all the stories: it forks at each point, and sends no mail itself."""
    with django_db_blocker.unblock():
        started = killer(INBOUND_ADDRESS=INBOUND, DEBUG="1")  # DEBUG: pages without the manifest of files of a server in production
    with started as run:
        yield run


# --- Verbs, each one transaction -------------------------------------------------------------------


def press(path, **data):
    return "tests.contacts.jobs.press", NOW, {"path": path, "data": data}


def do(verb, offer, **values):
    actor = SuperuserFactory().pk
    values |= {"verb": f"opportunities.actions.{verb}", "name": "offer", "model": "opportunities.Opportunity"}
    return "tests.contacts.jobs.do", NOW, {"pk": offer.pk, "actor": actor, **values}


def draft(**values):
    return OpportunityFactory(draft=True, by_publisher=True, contact_email=PUBLISHER, contact_confirmed_at=None, **values)


def submitted():
    return press(keep_path(draft()), verb="submit")


def published():
    return do("publish", OpportunityFactory(submitted=True, by_publisher=True, contact_email=PUBLISHER))


def reconfirmed():
    """A reader doubted the offer, and is told that it holds."""
    offer = OpportunityFactory(contact_email=PUBLISHER, confirmed_at=NOW - timedelta(days=31))
    freshness.report(offer=offer, reason="other", text="Est-ce encore vrai ?", email=DOCTOR, at=NOW)
    return press(keep_path(offer), verb="confirm")


def filled():
    offer = OpportunityFactory(contact_email=PUBLISHER)
    freshness.report(offer=offer, reason="other", text="Est-ce encore vrai ?", email=DOCTOR, at=NOW)
    return press(keep_path(offer), verb="fill", who="elsewhere", how="portal")


def withdrawn():
    return do("withdraw", OpportunityFactory(contact_email=PUBLISHER), reason="Le cabinet a fermé.")


def requested():
    """The publisher asks for a doctor of whom they were told."""
    match = match_of(need_of(DOCTOR, available=True), OpportunityFactory(locum=True, contact_email=PUBLISHER), shown_at=NOW)
    return press(letters.path_of(introductions.request_url(match)))


def asked(**values):
    return match_of(
        need_of(DOCTOR, available=True), OpportunityFactory(locum=True, contact_email=PUBLISHER), **{"requested": True, **values}
    )


def agreed():
    """Both learn the address of the other."""
    return press(letters.path_of(introductions.answer_url(asked(), Answer.YES)))


def declined():
    return press(letters.path_of(introductions.answer_url(asked(), Answer.NO)))


def written(name, side=Side.RECIPIENT):
    offer = OpportunityFactory(contact_email=PUBLISHER)
    conversation = verbs.write(target=Target.OFFER, offer=offer, values=VALUES, confirmed=True, at=NOW)
    address = address_for(conversation, side)
    return "tests.contacts.jobs.pipe", NOW, {"raw": (MAILS / f"{name}.eml").read_bytes().decode("latin-1"), "to": address}


def confirmed():
    """The address of who writes: the message leaves, with a receipt."""
    conversation = verbs.write(target=Target.OFFER, offer=OpportunityFactory(contact_email=PUBLISHER), values=VALUES, at=NOW)
    return press(letters.path_of(letters.confirm_url(conversation)))


def replied():
    """A reply with a file: its words go to the author, its sender is told that the file does not."""
    return written("outlook")


def bounced():
    return written("bounce")


def away():
    return written("away_exchange")


VERBS = {
    submitted: [PUBLISHER],
    published: [PUBLISHER],
    reconfirmed: [DOCTOR],
    filled: [DOCTOR],
    withdrawn: [PUBLISHER],
    requested: [DOCTOR],
    agreed: [PUBLISHER, DOCTOR],
    declined: [PUBLISHER],
    confirmed: [PUBLISHER, DOCTOR],
    replied: [DOCTOR, PUBLISHER],
    bounced: [DOCTOR, "equipe@example.org"],
    away: [],
}
"""What somebody does, and whom a message tells of it, each once."""


@pytest.mark.parametrize("begin", VERBS)
def test_a_verb_is_done_once_or_not_at_all(run, smtp, settings, begin):
    settings.INBOUND_ADDRESS = INBOUND
    deaths, left, told = told_twice(run, smtp, begin)
    assert deaths >= 5
    assert left == 0, "one transaction: a death leaves nothing behind"
    assert sorted(to for to, _ in told.elements()) == sorted(VERBS[begin])
