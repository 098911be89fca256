"""Forms without an account: an address that can be answered, and not too many at once."""

from datetime import timedelta

import pytest
import time_machine
from django import forms

from accounts.models import EmailDomain
from accounts.public import PublicEmailField, PublicForm, is_disposable
from core import known
from core.guard import fresh

pytestmark = pytest.mark.django_db


class AnyForm(PublicForm):
    counter = "any"
    email = PublicEmailField()


@pytest.mark.parametrize(
    ("email", "refused"),
    [
        ("a@mailinator.com", True),
        ("a@sub.mailinator.com", True),
        ("a@exemple.org", False),
        ("a@mailinator.com.exemple.org", False),
        ("a@com", False),
    ],
)
def test_throw_away_domains_are_known(email, refused):
    assert is_disposable(email) is refused


def test_the_team_has_the_last_word(db):
    EmailDomain.objects.create(domain="mailinator.com", refused=False)
    EmailDomain.objects.create(domain="louche.example", refused=True)
    EmailDomain.objects.create(domain="bon.louche.example", refused=False)
    answers = [is_disposable(f"a@{domain}") for domain in ("mailinator.com", "x.louche.example", "bon.louche.example")]
    assert answers == [False, True, False]


def test_a_domain_is_kept_as_it_is_compared():
    domain = EmailDomain(domain=" Quelqu.Un@Exemple.ORG. ")
    domain.full_clean()
    assert domain.domain == "exemple.org"


def test_a_disposable_address_is_refused_in_words():
    with pytest.raises(forms.ValidationError, match="jetable"):
        PublicEmailField().clean("a@mailinator.com")


def test_the_same_person_in_capitals():
    assert PublicEmailField().clean("Jeanne@Exemple.ORG") == "jeanne@exemple.org"


def sent(now, email="a@exemple.org", machine="192.0.2.1"):
    with time_machine.travel(now - timedelta(seconds=10), tick=False):
        shown = fresh()
    form = AnyForm({"email": email, "shown": shown}, machine=machine)
    if form.is_valid():
        form.count()
        return True
    assert "Trop d’envois" in form.non_field_errors()[0]
    return False


def test_one_address_is_written_to_three_times_whatever_the_machine(now):
    assert [sent(now, machine=f"192.0.2.{number}") for number in range(5)] == [True, True, True, False, False]


def test_one_machine_writes_ten_times_whatever_the_address(now):
    assert [sent(now, email=f"a{number}@exemple.org") for number in range(12)] == [True] * 10 + [False] * 2


def test_after_a_quarter_of_an_hour_one_writes_again(now):
    assert [sent(now) for _ in range(4)] == [True, True, True, False]
    later = now + timedelta(minutes=16)
    with time_machine.travel(later, tick=False):
        assert sent(later)


class TestKnown:
    def browser(self, rf, email):
        from django.http import HttpResponse

        request = rf.get("/")
        request.COOKIES.update({name: morsel.value for name, morsel in known.remember(HttpResponse(), email).cookies.items()})
        return request

    def test_a_browser_is_known_by_the_address_it_confirmed_only(self, rf, now):
        request = self.browser(rf, "a@exemple.org")
        assert known.knows(request, "A@exemple.org")
        assert not known.knows(request, "b@exemple.org")
        assert not known.knows(request, "")
        assert not known.knows(rf.get("/"), "a@exemple.org")

    def test_for_thirty_days(self, rf, now):
        request = self.browser(rf, "a@exemple.org")
        with time_machine.travel(now + timedelta(days=29), tick=False):
            assert known.knows(request, "a@exemple.org")
        with time_machine.travel(now + timedelta(days=31), tick=False):
            assert not known.knows(request, "a@exemple.org")

    def test_the_cookie_says_nothing_and_cannot_be_forged(self, rf, now):
        request = self.browser(rf, "a@exemple.org")
        assert "exemple" not in request.COOKIES[known.COOKIE]
        request.COOKIES[known.COOKIE] = "x" + request.COOKIES[known.COOKIE]
        assert not known.knows(request, "a@exemple.org")
