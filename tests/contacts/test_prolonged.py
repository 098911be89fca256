"""A stay that was prolonged is two bookings and one conversation: whoever cancels, both pages say the same and no room stays held."""

import pytest
from django.conf import settings
from django.utils import timezone

from contacts.actions import conversations as verbs
from contacts.actions import endings, rooms
from contacts.actions.steps import ConversationRefused
from contacts.enums import Outcome, Reply, Stage
from core import french
from core.models import Mail
from housing import actions as housing
from housing.enums import BookingState
from housing.models import Booking, Dwelling
from tests.contacts.rooms import HOST, INTERN, again, day, guest_path, host_path, request, room

pytestmark = pytest.mark.django_db


@pytest.fixture
def prolonged():
    """The conversation, the stay asked for (days 40 to 100), its prolongation (100 to 160)."""
    conversation = request(room())
    verbs.answer(conversation=conversation, reply=Reply.ACCEPTED, at=timezone.now())
    first = again(conversation).booking
    longer = housing.prolong_stay(booking=first, start=day(100), end=day(160), at=timezone.now())
    assert again(conversation).booking == longer
    return conversation, first, longer


def states(*stays):
    return [Booking.objects.get(pk=stay.pk).state for stay in stays]


def last_mail():
    return last_mail_to(INTERN)


def last_mail_to(address):
    return Mail.objects.filter(recipient=address).order_by("pk").last()


def test_a_guest_who_cancels_gives_every_night_back(prolonged):
    conversation, first, longer = prolonged
    rooms.cancel(conversation=conversation, reason="Je change de stage", at=timezone.now())
    assert states(first, longer) == [BookingState.CANCELLED, BookingState.CANCELLED]
    assert not Booking.objects.holding(day(40), day(160)).exists()
    assert again(conversation).outcome == Outcome.CANCELLED
    assert Mail.objects.filter(event__startswith="contacts.room_cancelled_sender").count() == 1
    assert not Mail.objects.filter(event__startswith="contacts.room_shortened").exists()


def test_a_guest_refuses_the_prolongation_and_keeps_the_room_they_sleep_in(prolonged, client):
    conversation, first, longer = prolonged
    assert "refusez la prolongation" in last_mail().text
    page = client.get(guest_path(conversation)).text
    added, agreed, every = (french.date_range(day(start), day(end)) for start, end in ((100, 160), (40, 100), (40, 160)))
    for words in (f"Refuser la prolongation, {added}<", f"Annuler tout le séjour, {every}<", f"le séjour {agreed} reste confirmé"):
        assert words in page
    client.post(guest_path(conversation), {"verb": "refuse", "reason": " "})
    assert states(longer) == [BookingState.CONFIRMED]
    page = client.post(guest_path(conversation), {"verb": "refuse", "reason": "Je change de stage"}, follow=True).text
    assert "La prolongation est refusée" in page
    assert f"Annuler le séjour, {agreed}<" in page
    found = again(conversation)
    assert states(first, longer) == [BookingState.CONFIRMED, BookingState.CANCELLED]
    assert (found.stage, found.outcome, found.booking, found.ends_on) == (Stage.ANSWERED, Outcome.BOOKED, first, day(100))
    [told] = Mail.objects.filter(event__contains="room_prolongation_refused")
    assert told.recipient == HOST
    for words in ("Je change de stage", added, agreed):
        assert words in told.text
    assert not Mail.objects.filter(event__startswith="contacts.room_shortened").exists(), "the guest knows"
    with pytest.raises(ConversationRefused):
        rooms.refuse_prolongation(conversation=found, reason="Encore", at=timezone.now())


def test_a_prolongation_that_has_begun_is_no_more_refused_than_any_stay(prolonged, client):
    conversation, first, longer = prolonged
    Booking.objects.filter(pk=first.pk).update(period=(day(-60), day(0)))
    Booking.objects.filter(pk=longer.pk).update(period=(day(0), day(60)))
    page = client.get(guest_path(conversation)).text
    assert "Refuser la prolongation" not in page
    assert f"Annuler le séjour, {french.date_range(day(0), day(60))}<" in page


def test_a_host_without_an_address_is_called_when_a_prolongation_is_refused(prolonged):
    conversation, _, longer = prolonged
    type(conversation).objects.update(recipient=None)
    rooms.refuse_prolongation(conversation=again(conversation), reason="Je change de stage", at=timezone.now())
    assert states(longer) == [BookingState.CANCELLED]
    assert "prévenez-le" in last_mail_to(settings.CONTACT_EMAIL).text


def test_each_cancels_by_a_page_that_names_the_nights(prolonged, client):
    assert f"Le séjour {french.date_range(day(40), day(160))} est annulé" in client.get(host_path(prolonged[0], "cancelled")).text


@pytest.mark.parametrize(("until", "told"), [(330, False), (400, True)])
def test_a_guest_who_stays_beyond_a_mobility_lease_reads_what_the_law_says(prolonged, until, told):
    longer = prolonged[-1]
    Dwelling.objects.update(lease="mobility", is_furnished=True, deposit=0)
    housing.prolong_stay(booking=longer, start=day(160), end=day(until), at=timezone.now())
    assert ("article\u00a025-14" in last_mail().text) is told


def test_what_is_over_stays_as_it_was(prolonged):
    conversation, first, longer = prolonged
    Booking.objects.filter(pk=first.pk).update(period=(day(-60), day(0)))
    Booking.objects.filter(pk=longer.pk).update(period=(day(0), day(60)))
    rooms.cancel(conversation=conversation, reason="Je change de stage", at=timezone.now())
    assert states(first, longer) == [BookingState.CONFIRMED, BookingState.CANCELLED]


def test_a_host_cancels_the_prolongation_and_the_stay_goes_on(prolonged, client):
    conversation, first, longer = prolonged
    housing.cancel_stay(booking=longer, reason="Travaux en été", at=timezone.now())
    conversation = again(conversation)
    assert states(first, longer) == [BookingState.CONFIRMED, BookingState.CANCELLED]
    assert (conversation.stage, conversation.outcome, conversation.booking) == (Stage.ANSWERED, Outcome.BOOKED, first)
    assert (conversation.starts_on, conversation.ends_on) == (day(40), day(100))
    mail = last_mail()
    assert "Prolongation annulée" in mail.subject
    assert "Travaux en été" in mail.text
    assert "Votre séjour est confirmé" in client.get(guest_path(conversation)).text
    longer = housing.prolong_stay(booking=first, start=day(100), end=day(130), at=timezone.now())
    assert again(conversation).booking == longer


def test_a_host_cancels_what_was_prolonged_and_the_guest_is_told(prolonged):
    conversation, first, longer = prolonged
    housing.cancel_stay(booking=first, reason="Dégât des eaux", at=timezone.now())
    conversation = again(conversation)
    assert (conversation.stage, conversation.booking) == (Stage.ANSWERED, longer)
    assert (conversation.starts_on, conversation.ends_on) == (day(100), day(160))
    mail = last_mail()
    assert "Séjour raccourci" in mail.subject
    assert "Dégât des eaux" in mail.text
    housing.cancel_stay(booking=longer, at=timezone.now())
    assert (again(conversation).stage, again(conversation).outcome) == (Stage.CLOSED, Outcome.CANCELLED)
    assert last_mail().event.startswith("contacts.room_cancelled_sender")


def test_who_is_erased_leaves_no_word_and_no_night(prolonged):
    conversation, first, longer = prolonged
    endings.erase(conversation=conversation, at=timezone.now())
    assert states(first, longer) == [BookingState.CANCELLED, BookingState.CANCELLED]
    assert not Booking.objects.exclude(purpose="").exists()


def test_a_closed_request_does_not_show_the_host_of_today(client):
    conversation = request(room())
    verbs.answer(conversation=conversation, reply=Reply.VISIT, at=timezone.now())
    assert HOST in client.get(guest_path(conversation)).text
    endings.withdraw(conversation=conversation, at=timezone.now())
    Dwelling.objects.update(contact_name="Nouvelle Hôtesse", contact_email="nouvelle@exemple.org", contact_phone="04 90 11 11 11")
    page = client.get(guest_path(conversation)).text
    assert not [word for word in ("Nouvelle Hôtesse", "nouvelle@exemple.org", "04 90 11 11 11") if word in page]


def test_a_closed_request_whose_stay_goes_on_shows_its_host(client):
    conversation = request(room())
    verbs.answer(conversation=conversation, reply=Reply.ACCEPTED, at=timezone.now())
    type(conversation).objects.update(stage=Stage.CLOSED, closed_at=timezone.now())
    assert HOST in client.get(guest_path(conversation)).text
    Booking.objects.update(period=(day(-60), day(-1)))
    assert HOST not in client.get(guest_path(conversation)).text
