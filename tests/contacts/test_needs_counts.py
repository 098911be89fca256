"""Numbers, never persons: under three different people nothing is said, whatever one asks, adds or subtracts."""

import csv
import itertools
import random
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts import needs_counts
from contacts.actions import needs
from contacts.enums import NeedSubject
from contacts.rules.needs import FEWEST, Fact, cells
from opportunities.models import OpportunityKind
from tests.contacts.factories import near, need_of
from tests.opportunities.factories import OpportunityFactory, day
from tests.opportunities.publishing import keep
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def facts(*months, area=1, kind="locum"):
    return [Fact(f"p{number}", area, kind, month) for number, month in enumerate(months)]


class TestCells:
    @pytest.mark.parametrize(("people", "told"), [(0, []), (2, []), (3, [3]), (4, [4])])
    def test_under_three_nothing(self, people, told):
        assert [cell.count for cell in cells(facts(*[None] * people))] == told

    def test_one_person_who_asks_often_counts_once(self):
        assert cells(facts(None) * 5) == []

    @pytest.mark.parametrize(
        ("months", "told"),
        [
            ([NOVEMBER] * 3, [3]),
            ([NOVEMBER] * 3 + [None] * 2, []),
            ([NOVEMBER] * 3 + [None] * 3, [3]),
            ([NOVEMBER] * 3 + [DECEMBER] * 3, [3, 3]),
            ([NOVEMBER] * 4 + [DECEMBER] * 3 + [None] * 2, [4]),
            ([NOVEMBER] * 2 + [DECEMBER] * 2, []),
        ],
    )
    def test_a_month_is_told_when_the_others_are_nobody_or_three(self, months, told):
        (cell,) = cells(facts(*months))
        assert [count for _, count in cell.months] == told

    def test_whatever_the_people_no_subtraction_gives_less_than_three(self):
        chance = random.Random(4)
        for _ in range(300):
            some = [
                Fact(
                    f"p{chance.randrange(12)}", chance.choice([1, 2, None]), chance.choice("ab"), chance.choice([NOVEMBER, DECEMBER, None])
                )
                for _ in range(chance.randrange(30))
            ]
            for cell in cells(some):
                assert cell.count >= FEWEST
                for size in range(len(cell.months) + 1):
                    for chosen in itertools.combinations(cell.months, size):
                        left = cell.count - sum(count for _, count in chosen)
                        assert left == 0 or left >= FEWEST


def three(**values):
    return [need_of(f"p{number}@exemple.org", **values) for number in range(3)]


class TestWhatCounts:
    def test_three_people_near_one_another_are_told_by_their_intercommunalite(self, now):
        for email, town in (("a@exemple.org", "Sault"), ("b@exemple.org", "Aurel"), ("c@exemple.org", "Monieux")):
            need_of(email, town=town, kinds=["locum_occasional"])
        (row,) = needs_counts.rows(now)
        assert (row.area_label, row.kind_label, row.people) == ("Ventoux Sud", "Remplacement ponctuel", "3\u00a0personnes")

    @pytest.mark.parametrize(
        "values",
        [
            {"confirmed_at": None},
            {"stopped_at": timezone.now()},
            {"held": "2 liens"},
            {"expires_at": timezone.now() - timedelta(days=4000)},
        ],
    )
    def test_only_what_stands_counts(self, now, values):
        three(town="Apt")
        assert len(needs_counts.rows(now)) == 1
        last = three(town="Sault")
        for name, value in values.items():
            setattr(last[-1], name, value)
        last[-1].save()
        assert len(needs_counts.rows(now)) == 1

    def test_the_same_address_in_capitals_is_one_person(self, now):
        for email in ("a@exemple.org", "A@exemple.org", "b@exemple.org"):
            need_of(email)
        assert needs_counts.rows(now) == []

    def test_a_room_is_counted_too(self, now):
        three(subject=NeedSubject.LODGING, places=[near("Vaison-la-Romaine"), near("Sablet")], starts_on=date(2026, 11, 2))
        (row,) = needs_counts.rows(now)
        assert (row.kind_label, row.months) == ("Un logement", "3 à partir de novembre 2026")

    @pytest.mark.parametrize("people", [3, 9])
    def test_as_many_queries_for_three_as_for_nine(self, now, people, django_assert_num_queries):
        for number in range(people):
            need_of(f"p{number}@exemple.org", town="Apt", kinds=["locum_occasional"])
        with django_assert_num_queries(6):
            needs_counts.rows(now)
        with django_assert_num_queries(2):
            needs_counts.rows(now)

    def test_who_confirms_or_stops_is_seen_at_once(self, now):
        assert needs_counts.rows(now) == []
        last = three(town="Apt")
        assert needs_counts.rows(now)
        needs.stop(need=last[0], at=now)
        assert needs_counts.rows(now) == []


class TestPublisher:
    """What the private page of an offer shows of them."""

    def test_lines_of_its_kind_and_sector(self, client, now):
        offer = OpportunityFactory(town="Apt")
        three(town="Apt", kinds=[offer.kind.code])
        three(town="Sault", kinds=[offer.kind.code])
        three(town="Apt", kinds=["succession"])
        page = client.get(keep(offer)).text
        assert f"3\u00a0personnes\u00a0: {offer.kind.label}" in unescape(page)
        assert page.count("3\u00a0personnes") == 1
        assert "exemple.org" not in page

    def test_under_three_no_number(self, client, now):
        offer = OpportunityFactory(town="Apt")
        for number in range(2):
            need_of(f"p{number}@exemple.org", town="Apt", kinds=[offer.kind.code])
        page = unescape(client.get(keep(offer)).text)
        assert "Moins de 3 personnes ont dit chercher" in page
        assert "2\u00a0personnes" not in page


class TestPage:
    def test_whatever_the_filters_no_number_is_under_three_and_no_address_is_shown(self, client, now):
        chance = random.Random(7)
        kinds = list(OpportunityKind.objects.values_list("code", flat=True))[:4]
        towns = ["Apt", "Sault", "Carpentras", "Orange", None]
        for number in range(40):
            chosen = chance.sample(kinds, chance.randrange(3))
            need_of(
                f"p{number % 25}@exemple.org", town=chance.choice(towns), kinds=chosen, starts_on=chance.choice([day(20), day(60), None])
            )
        areas = ["", "partout", *{real_commune(town).epci.slug for town in towns if town}]
        whole = set(needs_counts.rows(now))
        for area, kind in itertools.product(areas, ["", "tous", "logement", *kinds]):
            response = client.get(reverse("contacts:needs_counts"), {"epci": area, "type": kind})
            assert set(response.context["rows"]) <= whole, "a filter chooses lines and computes none"
            assert all(row.count >= FEWEST for row in response.context["rows"])
            assert b"@exemple" not in response.content
        assert whole

    def test_the_file_says_the_same_lines(self, client, now):
        three(town="Apt", kinds=["locum_occasional"])
        lines = list(csv.reader(client.get(reverse("contacts:needs_counts_csv")).content.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert [line[1:3] for line in lines] == [["recherche", "personnes"], ["Remplacement ponctuel", "3"]]

    @pytest.mark.parametrize("query", ["epci=%00", "type=%00&type=x", "epci=" + "9" * 4000, "epci=a&epci=b", "x[]=1"])
    def test_a_hostile_address_is_answered(self, client, now, query):
        three(town="Apt")
        response = client.get(f"{reverse('contacts:needs_counts')}?{query}")
        assert response.status_code == 200
        assert not response.cookies
