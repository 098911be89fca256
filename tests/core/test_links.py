"""Absolute addresses follow the settings, else the request; a host that is not ours gets an error it can read."""

import pytest

from core.links import origin, without_own_host


@pytest.mark.parametrize(("secure", "expected"), [(False, "http://testserver"), (True, "https://testserver")])
def test_links_begin_like_the_request(rf, secure, expected):
    assert origin(rf.get("/", secure=secure)) == expected


def test_links_follow_the_settings(rf, settings):
    settings.SITE_URL = "https://portail.example"
    assert origin(rf.get("/")) == "https://portail.example"


@pytest.mark.parametrize("host", ["ailleurs.example", "deux mots", "[::1", ""])
@pytest.mark.parametrize("address", ["/", "/exercer/offres/", "/exercer/offres/carte.geojson", "/robots.txt", "/nulle-part/"])
@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_in_french(client, host, address):
    response = client.get(address, headers={"Host": host})
    assert response.status_code == 400
    assert "Cette demande n’est pas bien formée" in response.text
    assert not host or host not in response.text


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://exemple.fr/x?y=1#z", "/x?y=1#z"),
        ("http://EXEMPLE.fr:80/x", "/x"),
        ("https://exemple.fr:443", "/"),
        ("https://portail.example/x", "/x"),
        ("https://exemple.fr:8443/x", None),
        ("https://exemple.fr:port/x", None),
        ("https://autre.exemple.fr/x", None),
        ("https://sous.large.fr/x", None),
        ("ftp://exemple.fr/x", None),
        ("/x", None),
        ("https:///x", None),
        ("https://[x", None),
    ],
)
def test_only_a_host_named_in_full_is_ours(settings, url, kept):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["exemple.fr", ".exemple.fr", ".large.fr", "*"], "https://portail.example"
    assert without_own_host(url) == (url if kept is None else kept)
