"""A whole life of a selection: Claire and Paul choose from two houses, show it to somebody, and a year later it is gone."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from icalendar import Calendar
from procrastinate.contrib.django import app

from contacts.models import Selection, SelectionNote
from core.models import Mail
from opportunities import actions as offer_actions
from tests.contacts import pdf
from tests.opportunities.factories import OpportunityFactory
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db(transaction=True)


def work(name=None):
    """Run what waits, as the worker does: in a thread of its own, because that of the tests may have a loop (tests/browser)."""
    if name:
        app.configure_task(name).defer(timestamp=0)
    with ThreadPoolExecutor(1) as threads:
        threads.submit(run_worker).result()


def run_worker():
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connection.close()


def by_mail(client, path, clock, smtp):
    """The address of the selection as a message brings it."""
    shown = client.get(path).context["mail_form"]["shown"].value()
    clock.shift(timedelta(seconds=20))
    client.post(path, {"verb": "send", "email": "claire@exemple.org", "shown": shown, "site": ""})
    work()
    (message,) = smtp.messages
    assert message["To"] == "claire@exemple.org"
    return urlsplit(re.search(r"http\S+", message.get_body(("plain",)).get_content()).group()).path


def test_from_the_first_offer_to_the_erasure(smtp, now):
    offer = OpportunityFactory(title="Remplacement au pied du Ventoux", locum=True)
    second = OpportunityFactory(title="Collaboration dans les Dentelles")
    claire, paul, mother = Client(), Client(), Client()

    with time_machine.travel(now) as clock:
        begun = claire.post(f"/ma-selection/ajouter/offre/{offer.pk}/", {"site": ""})
        path = urlsplit(begun["Location"]).path
        claire.post(f"/ma-selection/ajouter/offre/{second.pk}/", {"lien": path})
        claire.post(f"/ma-selection/ajouter/commune/{real_commune('Apt').pk}/", {"lien": path})
        received = by_mail(claire, path, clock, smtp)

        clock.shift(timedelta(days=1))
        items = [line.item.pk for line in paul.get(received).context["contents"].lines]
        paul.post(received, {"verb": "note", "item": items[0], "text": "Trop loin de l’école", "writer": "Paul", "remind_on": "2026-06-20"})
        claire.post(path, {"verb": "note", "item": items[0], "text": "Mais quelle équipe", "writer": "Claire"})
        text = pdf.text(paul.get(received + "selection.pdf").content)
        assert "Trop loin de l’école" in text
        assert "Mais quelle équipe" in text
        days = {event.decoded("dtstart") for event in Calendar.from_ical(paul.get(received + "echeances.ics").content).walk("VEVENT")}
        assert {date(2026, 6, 20), offer.starts_on} <= days

        reading = mother.get(urlsplit(claire.get(path).context["read_url"]).path)
        assert "Collaboration dans les Dentelles" in reading.text
        assert "Trop loin" not in reading.text

        clock.shift(timedelta(days=3))
        offer_actions.fill(offer=offer, at=now + timedelta(days=4))
        assert "Offre pourvue le 19 juin 2026" in claire.get(path).text
        claire.post(path, {"verb": "remove", "item": items[0]})
        clock.shift(timedelta(days=8))
        work("contacts.tasks.erase_old_selections")
        assert [line.item.pk for line in paul.get(received).context["contents"].lines] == items[1:]
        assert SelectionNote.objects.count() == 0

        clock.shift(timedelta(days=360))
        work("contacts.tasks.erase_old_selections")
        assert paul.get(received).status_code == 200  # the visit itself keeps it a year more
        clock.shift(timedelta(days=366))
        for _ in range(2):
            work("contacts.tasks.erase_old_selections")
        assert Selection.objects.count() == 0
        assert paul.get(received).status_code == 404
        assert len(smtp.messages) == 1
        assert Mail.objects.count() == 1
