"""What the public pages cost, in function calls: a page that does much more work than it did fails here.

Ceilings lie a tenth above what was measured with the reference data, the shipped texts and the demonstration. The strict reading
of templates costs a third more than a visitor's page does (docs/performance.md).
"""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.calls import calls

PAGES = {
    "/": 31500,
    "/exercer/offres/": 21500,
    "/exercer/offres/?commune=Apt&rayon=20": 27500,
    "/s-installer/logement/": 25500,
    "/s-installer/logement/?lieu=Apt&lieu=Sault&lieu=Orange&semestre=2027-05": 45500,
    "/territoires/etablissements/": 23000,
    "/territoires/etablissements/?type=hospital&tri=nom": 24500,
    "/territoires/communes/apt/": 50500,
    "/exercer/pourquoi-le-vaucluse/": 30000,
    "/recherche/?q=apt": 30000,
    "/recherche/?q=medecin": 44500,
}


@pytest.fixture(scope="module")
def demonstration(shipped, django_db_blocker):
    """The demonstration on top of the shipped texts, for all the tests of the module."""
    with django_db_blocker.unblock():
        call_command("load_demo", stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_no_more_than_it_did(client, settings, address):
    settings.PAGE_CACHE = False
    assert calls(client, address) < PAGES[address]
