"""Pages made once for each version of what they show, and 304 for who has it already."""

import gzip
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from core.caching import LIFETIME_SECONDS, ask, stamp, versioned, wants_fragment
from opportunities.models import Opportunity
from tests.conftest import NOW
from tests.opportunities.factories import OpportunityFactory

HTMX = {"HX-Request": "true"}
GOING_BACK = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


class Page:
    """A view whose answer says how many times it was made; `version` is what it depends on."""

    def __init__(self, status=200):
        self.version, self.made, self.status = "first", 0, status
        self.view = versioned(lambda at: self.version)(self.make)

    def make(self, request):
        self.made += 1
        return HttpResponse(f"{'part' if wants_fragment(request) else 'page'} {self.made}", status=self.status)

    def get(self, path="/", headers=None, **extra):
        return HtmxMiddleware(self.view)(RequestFactory().get(path, headers=headers, **extra))


@pytest.fixture
def page(now):
    return Page()


def test_the_same_version_is_made_once(page):
    assert [page.get().content, page.get().content] == [b"page 1", b"page 1"]
    assert page.made == 1


def test_a_new_version_is_made_afresh_at_once(page):
    first = page.get()
    page.version = "second"
    second = page.get()
    assert second.content == b"page 2"
    assert second["ETag"] != first["ETag"]


def test_who_has_the_page_is_told_so_without_making_it(page):
    etag = page.get()["ETag"]
    again = page.get(headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"], page.made) == (304, b"", etag, 1)


@pytest.mark.parametrize("sent", ["W/{}", '"other", {}', "*"])
def test_forms_of_a_conditional_request(page, sent):
    etag = page.get()["ETag"]
    assert page.get(headers={"If-None-Match": sent.format(etag)}).status_code == 304


def test_who_has_an_old_version_gets_the_new_one(page):
    etag = page.get()["ETag"]
    page.version = "second"
    again = page.get(headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (200, b"page 2")


def test_a_304_still_says_how_it_may_be_kept(page):
    fresh = page.get()
    again = page.get(headers={"If-None-Match": fresh["ETag"]})
    for response in (fresh, again):
        assert response["Cache-Control"] == "public, no-cache"
        assert response["Vary"] == "Accept-Encoding, HX-Request, HX-History-Restore-Request"


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/?page=2", {}),
        ("/autre/", {}),
        ("/", {"SERVER_NAME": "localhost"}),
        ("/", {"wsgi.url_scheme": "https"}),
        ("/", {"headers": HTMX}),
    ],
)
def test_another_address_is_another_page(page, path, extra):
    first = page.get()
    other = page.get(path, **extra)
    assert other["ETag"] != first["ETag"]
    assert page.made == 2


def test_going_back_in_the_history_is_never_answered_with_a_part(page):
    """htmx asks with HX-Request too, but wants the whole page: neither the kept part nor its 304."""
    part = page.get(headers=HTMX)
    whole = page.get(headers={**GOING_BACK, "If-None-Match": part["ETag"]})
    assert (part.content, whole.status_code, whole.content) == (b"part 1", 200, b"page 2")


def test_no_page_outlives_its_minute(page, time_machine):
    first = page.get()
    time_machine.move_to(NOW + timedelta(seconds=LIFETIME_SECONDS - 1), tick=False)
    assert page.get()["ETag"] == first["ETag"]
    time_machine.move_to(NOW + timedelta(seconds=LIFETIME_SECONDS), tick=False)
    assert page.get()["ETag"] != first["ETag"]
    assert page.made == 2


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_a_page_that_was_found_is_kept(now, status):
    page = Page(status)
    answers = [page.get(), page.get()]
    assert page.made == 2
    assert [answer.status_code for answer in answers] == [status, status]
    assert not any(answer.has_header("ETag") for answer in answers)


def test_memory_may_be_switched_off_and_conditions_still_hold(page, settings):
    settings.PAGE_CACHE = False
    etag = page.get()["ETag"]
    assert page.get().content == b"page 2"
    assert page.get(headers={"If-None-Match": etag}).status_code == 304


def test_a_page_is_kept_as_it_is_sent(page):
    """Compressed once for those who read gzip, plain for the others."""
    page.make = lambda request: HttpResponse("é" * 500)
    page.view = versioned(lambda at: page.version)(page.make)
    zipped, again, plain = page.get(headers={"Accept-Encoding": "gzip"}), page.get(headers={"Accept-Encoding": "gzip"}), page.get()
    assert gzip.decompress(zipped.content).decode() == plain.content.decode() == "é" * 500
    assert again.content == zipped.content
    assert (zipped["Content-Encoding"], plain.has_header("Content-Encoding")) == ("gzip", False)
    assert zipped["Vary"] == plain["Vary"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_that_died_is_replaced_before_the_page_is_made():
    def pid(at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    dead = pid(None)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [dead])
    other.close()
    assert ask(pid, None) != dead


@pytest.mark.django_db
def test_a_failure_inside_a_transaction_is_not_hidden():
    def fail(at):
        raise OperationalError("gone")

    with pytest.raises(OperationalError, match="gone"):
        ask(fail, None)


@pytest.mark.django_db
def test_a_stamp_tells_rows_added_changed_and_deleted(django_assert_num_queries):
    version = stamp(Opportunity)
    seen = [version(NOW)]
    offer = OpportunityFactory()
    seen.append(version(NOW))
    offer.save()
    seen.append(version(NOW))
    offer.delete()
    OpportunityFactory()
    seen.append(version(NOW))
    assert len(set(seen)) == 4
    with django_assert_num_queries(1):
        assert version(NOW) == seen[-1]


@pytest.mark.django_db
def test_a_stamp_holds_the_version_of_what_else_is_shown():
    assert stamp(Opportunity, also=lambda at: f"offers of {at.year}")(NOW).endswith("/offers of 2026")
