"""Guessing passwords is slowed down, and nobody is shut out by somebody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Attempt
from accounts.tasks import forget_old_attempts
from tests.accounts.factories import PASSWORD, StaffFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Trop d’essais. Attendez 15 minutes"


def log_in(client, email, password=PASSWORD, **extra):
    return client.post(reverse("admin:login"), {"username": email, "password": password, "next": "/equipe/"}, **extra)


@pytest.fixture
def nadia(db):
    return StaffFactory(email="nadia@example.org")


def fail(client, times, email="nadia@example.org", **extra):
    for _ in range(times):
        response = log_in(client, email, "faux", **extra)
    return response


def test_eight_failures_close_the_account_to_this_machine_even_with_the_right_password(client, nadia):
    assert TOO_MANY not in fail(client, 8).text
    response = log_in(client, "NADIA@example.org")
    assert TOO_MANY in response.text
    assert 'value="NADIA@example.org"' in response.text
    assert "_auth_user_id" not in client.session


def test_the_same_person_elsewhere_still_enters(client, nadia):
    fail(client, 8)
    assert log_in(client, nadia.email, REMOTE_ADDR="192.0.2.7")["Location"] == "/equipe/"


def test_it_opens_again_after_a_quarter_of_an_hour(client, nadia, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    fail(client, 8)
    time_machine.shift(timedelta(minutes=14, seconds=59))
    assert TOO_MANY in log_in(client, nadia.email).text
    time_machine.shift(timedelta(seconds=1))
    assert log_in(client, nadia.email)["Location"] == "/equipe/"


def test_a_success_forgets_the_failures_of_that_person_on_that_machine(client, nadia):
    fail(client, 7)
    log_in(client, nadia.email)
    client.logout()
    assert TOO_MANY not in fail(client, 8).text


def test_trying_many_accounts_from_one_machine_closes_it(client, nadia):
    at = timezone.now()
    for rank in range(40):
        actions.note_failure(limits=rules.login_limits(f"personne{rank}@example.org", "127.0.0.1"), at=at)
    assert TOO_MANY in log_in(client, nadia.email).text
    assert log_in(client, nadia.email, REMOTE_ADDR="192.0.2.7")["Location"] == "/equipe/"


def test_only_keyed_hashes_are_stored(client, nadia, settings):
    fail(client, 1)
    stored = set(Attempt.objects.values_list("fingerprint", flat=True))
    assert stored == {limit.fingerprint for limit in rules.login_limits(nadia.email, "127.0.0.1")}
    settings.SECRET_KEY = "another key of fifty characters and more, as they should be"
    assert not stored & {limit.fingerprint for limit in rules.login_limits(nadia.email, "127.0.0.1")}


def test_old_attempts_are_erased(client, nadia, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    fail(client, 1)
    time_machine.shift(timedelta(minutes=14, seconds=59))
    forget_old_attempts(timestamp=0)
    assert Attempt.objects.count() == 2
    time_machine.shift(timedelta(seconds=1))
    forget_old_attempts(timestamp=0)
    assert Attempt.objects.count() == 0


def test_an_empty_password_between_two_guesses_forgets_nothing(client, nadia):
    fail(client, 7)
    log_in(client, nadia.email, "")
    fail(client, 1)
    assert TOO_MANY in log_in(client, nadia.email).text


@pytest.mark.parametrize("spelling", ["NADIA@EXAMPLE.ORG", "nadıa@example.org"])
def test_every_spelling_that_finds_the_account_counts_for_it(client, nadia, spelling):
    fail(client, 8)
    assert TOO_MANY in log_in(client, spelling).text


def test_an_account_is_not_shut_out_from_elsewhere(client, nadia):
    for rank in range(30):
        fail(client, 8, REMOTE_ADDR=f"192.0.2.{rank}")
    assert log_in(client, nadia.email)["Location"] == "/equipe/"
