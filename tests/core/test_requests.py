"""The machine that asks."""

import pytest

from core.requests import client_address

PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (None, "198.51.100.1", "127.0.0.1"),
        (PROXY, "198.51.100.1", "198.51.100.1"),
        (PROXY, "forged, 198.51.100.1", "198.51.100.1"),
        (PROXY, "", "127.0.0.1"),
        (PROXY, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (PROXY, "::ffff:198.51.100.1", "198.51.100.1"),
        (PROXY, "unknown", "unknown"),
    ],
)
def test_the_machine_is_the_one_our_proxy_saw(rf, settings, behind_proxy, forwarded, address):
    settings.SECURE_PROXY_SSL_HEADER = behind_proxy
    assert client_address(rf.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})) == address
