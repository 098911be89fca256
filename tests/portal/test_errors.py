"""Error pages speak French, keep the menu, are not indexed; the last one needs nothing at all."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client, override_settings
from django.urls import path

from vsa_portal import urls
from vsa_portal.views import server_error

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def refuse(request):
    raise PermissionDenied


def suspect(request):
    raise SuspiciousOperation("trop long")


def fail(request):
    raise RuntimeError("ce message ne doit pas être montré")


urlpatterns = [path("refus/", refuse), path("douteux/", suspect), path("panne/", fail), *urls.urlpatterns]


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nulle-part/", 404, "Cette page n’existe pas, ou plus"),
        ("/exercer/offres/999999-inconnue/", 404, "Cette page n’existe pas, ou plus"),
        ("/refus/", 403, "Cette page ne vous est pas ouverte"),
        ("/douteux/", 400, "Cette demande n’est pas bien formée"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_is_explained_in_french(visit, address, status, heading):
    page = visit(address)
    assert page.status == status
    assert page.headings[0] == ("h1", heading)
    assert page.meta("robots") == "noindex"
    assert page.address_of("Voir les offres") == "/exercer/offres/"
    assert page.address_of("Revenir à l’accueil") == "/"
    assert not page.response.cookies


def test_an_english_address_that_leads_nowhere_says_so_in_english(visit):
    page = visit("/en/nowhere/")
    assert page.status == 404
    assert page.headings[0] == ("h1", "This page does not exist, or no longer does")
    assert page.address_of("Practise medicine in Vaucluse") == "/en/"
    assert '<html lang="en">' in page.html


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_is_told_without_details(db):
    response = Client(raise_request_exception=False).get("/panne/")
    text = response.content.decode()
    assert response.status_code == 500
    assert "Une erreur de notre côté" in text
    assert "ne doit pas être montré" not in text


def test_the_failure_page_reads_neither_request_nor_database(django_assert_num_queries, db, rf):
    with django_assert_num_queries(0):
        assert "réessayez dans quelques minutes" in server_error(rf.get("/")).content.decode()


def test_a_form_that_nothing_proves_to_be_ours_is_refused_in_french(db):
    response = Client(enforce_csrf_checks=True).post("/equipe/login/", {"username": "equipe@example.org"})
    assert response.status_code == 403
    assert "Ce formulaire n’a pas été accepté" in response.text
    assert "rechargez la page" in response.text
    assert "Forbidden" not in response.text


def test_a_host_that_is_not_ours_leaves_no_trace_in_the_log(client, db, capfd):
    assert client.get("/", HTTP_HOST="ailleurs.example").status_code == 400
    assert "ailleurs" not in capfd.readouterr().err
