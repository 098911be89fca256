"""The team logs in with an e-mail address."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests.accounts.factories import PASSWORD, StaffFactory, SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db
User = get_user_model()


def log_in(client, email, password=PASSWORD):
    return client.post(reverse("admin:login"), {"username": email, "password": password, "next": "/equipe/"})


@pytest.mark.parametrize("typed", ["camille@example.org", "CAMILLE@Example.ORG", " Camille@example.org "])
def test_the_letter_case_of_the_address_does_not_count(client, typed):
    member = StaffFactory(email="Camille@example.org")
    assert log_in(client, typed)["Location"] == "/equipe/"
    assert client.session["_auth_user_id"] == str(member.pk)


@pytest.mark.parametrize("next_page", ["", "//example.org/", "https://example.org/", "javascript:alert(1)"])
def test_a_login_never_leads_elsewhere(client, next_page):
    member = StaffFactory()
    response = client.post(reverse("admin:login"), {"username": member.email, "password": PASSWORD, "next": next_page})
    assert response["Location"] == "/equipe/"


@pytest.mark.parametrize(
    ("member", "password"),
    [
        (lambda: StaffFactory(email="a@example.org"), "faux"),
        (lambda: StaffFactory(email="a@example.org", is_active=False), PASSWORD),
        (lambda: UserFactory(email="a@example.org"), PASSWORD),
        (lambda: None, PASSWORD),
    ],
    ids=["wrong password", "closed account", "not of the team", "nobody"],
)
def test_anybody_else_stays_outside_and_keeps_what_they_typed(client, member, password):
    member()
    response = log_in(client, "a@example.org", password)
    assert "_auth_user_id" not in client.session
    assert 'value="a@example.org"' in response.text
    assert "n’ouvrent aucun compte de l’équipe" in response.text


def test_the_form_asks_for_an_address(client):
    page = client.get(reverse("admin:login")).text
    assert "Adresse électronique" in page
    assert '<input type="email" name="username"' in page
    assert 'autocomplete="username"' in page


def test_two_accounts_cannot_share_an_address_written_differently(admin_client_of):
    StaffFactory(email="camille@example.org")
    response = admin_client_of(SuperuserFactory()).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "CAMILLE@example.org",
            "first_name": "Autre",
            "last_name": "Camille",
            "usable_password": "true",
            "password1": "correct-cheval-pile",
            "password2": "correct-cheval-pile",
        },
    )
    assert "Un compte a déjà cette adresse électronique." in response.text
    assert 'value="Autre"' in response.text
    assert User.objects.count() == 2


def test_an_account_made_in_the_admin_may_enter(admin_client_of, client):
    response = admin_client_of(SuperuserFactory()).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "nouvelle@example.org",
            "first_name": "Nour",
            "last_name": "Velle",
            "usable_password": "true",
            "password1": "correct-cheval-pile",
            "password2": "correct-cheval-pile",
        },
    )
    assert response.status_code == 302
    assert log_in(client, "nouvelle@example.org", "correct-cheval-pile")["Location"] == "/equipe/"
    assert not User.objects.get(email="nouvelle@example.org").is_superuser


def test_rights_of_a_group_are_chosen_in_french(admin_client_of):
    client = admin_client_of(SuperuserFactory())
    page = client.get(reverse("admin:auth_group_add")).text
    assert "offre d’exercice\u00a0: modifier" in page
    assert "Can " not in page
    right = Permission.objects.get(codename="change_opportunity")
    client.post(reverse("admin:auth_group_add"), {"name": "Rédaction", "permissions": [right.pk]})
    assert list(Group.objects.get(name="Rédaction").permissions.all()) == [right]


def test_who_manages_accounts_cannot_become_superuser_nor_touch_one(admin_client_of):
    manager, chief = StaffFactory(), SuperuserFactory()
    manager.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    role = Group.objects.create(name="Rédaction")
    client = admin_client_of(manager)
    wanted = {"email": manager.email, "first_name": "Camille", "last_name": "Nouveau", "is_active": "on", "is_staff": "on"}
    client.post(reverse("admin:accounts_user_change", args=[manager.pk]), {**wanted, "is_superuser": "on", "groups": [role.pk]})
    manager.refresh_from_db()
    assert (manager.last_name, manager.is_superuser, manager.groups.count()) == ("Nouveau", False, 0)
    password = {"usable_password": "true", "password1": "correct-cheval-pile", "password2": "correct-cheval-pile"}
    assert client.post(reverse("admin:auth_user_password_change", args=[chief.pk]), password).status_code == 403
    assert client.post(reverse("admin:accounts_user_delete", args=[chief.pk]), {"post": "yes"}).status_code == 403
    chief.refresh_from_db()
    assert chief.check_password(PASSWORD)


@pytest.fixture
def admin_client_of():
    from django.test import Client

    def client_of(user):
        client = Client()
        client.force_login(user)
        return client

    return client_of
