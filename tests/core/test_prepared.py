"""Queries written once: the same answers as the ORM gives, for other values, with nothing left of the first."""

import gc
from datetime import timedelta
from threading import Thread
from weakref import ref

import pytest
from django.db import connections

from collective.models import Testimonial
from core import prepared
from core.prepared import Slot
from opportunities.models import Opportunity
from tests.collective.factories import TestimonialFactory
from tests.opportunities.factories import OpportunityFactory

pytestmark = pytest.mark.django_db


def visible_rows():
    return Opportunity.objects.visible(Slot("at")).by_freshness().values_list("pk", "title")


def visible_offers(count):
    return Opportunity.objects.visible(Slot("at")).for_cards().select_related("kind").by_freshness()[:count]


def nothing(how):
    return {"none": Opportunity.objects.none(), "empty": Opportunity.objects.filter(pk__in=[])}[how].values_list("pk")


def no_records():
    return Opportunity.objects.filter(pk__in=[])


def consented():
    return Testimonial.objects.consented(Slot("at")).values_list("pk")


def test_rows_are_those_of_the_orm_at_any_moment(now):
    OpportunityFactory.create_batch(3)
    for at in (now, now - timedelta(days=400), now + timedelta(days=400), now):
        assert prepared.rows(visible_rows, at=at) == list(Opportunity.objects.visible(at).by_freshness().values_list("pk", "title"))
    assert len(prepared.rows(visible_rows, at=now)) == 3


def test_records_come_with_their_relations_and_leave_out_what_is_not_read(now, django_assert_num_queries):
    OpportunityFactory.create_batch(3)
    expected = list(Opportunity.objects.visible(now).for_cards().select_related("kind").by_freshness()[:2])
    with django_assert_num_queries(1):
        found = prepared.records(visible_offers, 2, at=now)
        told = [(one.title, one.kind.label, one.commune.epci.short_name, one.half_days) for one in found]
    assert found == expected
    assert told == [(one.title, one.kind.label, one.commune.epci.short_name, one.half_days) for one in expected]
    assert "search_text" in found[0].get_deferred_fields()


def test_a_query_is_written_once_for_each_shape(now, monkeypatch):
    prepared.records(visible_offers, 2, at=now)
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.setup_query", None)
    assert prepared.records(visible_offers, 2, at=now) == []
    with pytest.raises(TypeError):
        prepared.records(visible_offers, 3, at=now)


def test_the_day_follows_from_the_moment(now):
    said = TestimonialFactory(consent_on=now.date())
    for at in (now, now - timedelta(days=1), now.replace(hour=23, minute=59), now.replace(hour=0, minute=1)):
        expected = [(said.pk,)] if at.date() == now.date() else []
        assert prepared.rows(consented, at=at) == list(Testimonial.objects.consented(at).values_list("pk")) == expected


def test_another_thread_asks_on_a_connection_of_its_own(now):
    prepared.records(visible_offers, 2, at=now)
    ours, used = connections["default"], []

    def ask():
        used.append((connections["default"] is ours, prepared.records(visible_offers, 2, at=now)))
        connections["default"].close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert used == [(False, [])]


def test_a_thread_that_ended_leaves_no_connection_behind(now):
    prepared.forget()
    used = []

    def ask():
        prepared.records(visible_offers, 4, at=now)
        used.append(ref(connections["default"]))
        connections["default"].close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    gc.collect()
    assert used[0]() is None
    OpportunityFactory()
    assert len(prepared.records(visible_offers, 4, at=now)) == 1


def test_a_query_that_can_find_nothing_is_not_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        for _ in range(2):
            assert prepared.rows(nothing, "none") == prepared.rows(nothing, "empty", around="SELECT 1 FROM ({}) AS x") == []
            assert prepared.records(no_records) == []


def test_a_value_that_is_missing_is_told():
    with pytest.raises(KeyError, match="at"):
        prepared.rows(visible_rows)


def test_sql_around_a_query(now):
    OpportunityFactory.create_batch(2)
    assert prepared.rows(visible_rows, around="SELECT count(*) FROM ({}) AS found", at=now) == [(2,)]
