"""The semesters of internship: computed for any year, corrected by staff, never told as certain before that."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from territories import semesters
from territories.models import InternshipSemester
from tests.accounts.factories import SuperuserFactory

pytestmark = pytest.mark.django_db

ADD = reverse("admin:territories_internshipsemester_add")


def confirm(code, start, end):
    return InternshipSemester.objects.create(code=code, start_date=start, end_date=end)


@pytest.mark.parametrize(
    ("code", "start", "end", "label"),
    [
        ("2025-11", date(2025, 11, 3), date(2026, 5, 3), "novembre 2025 à avril 2026"),
        ("2026-05", date(2026, 5, 4), date(2026, 11, 1), "mai à octobre 2026"),
        ("2026-11", date(2026, 11, 2), date(2027, 5, 2), "novembre 2026 à avril 2027"),
        ("2027-05", date(2027, 5, 3), date(2027, 11, 1), "mai à octobre 2027"),
        ("2027-11", date(2027, 11, 2), date(2028, 5, 1), "novembre 2027 à avril 2028"),
        ("2028-05", date(2028, 5, 2), date(2028, 11, 5), "mai à octobre 2028"),
    ],
)
def test_a_semester_starts_on_the_first_monday_that_is_no_holiday(code, start, end, label):
    semester = semesters.of_code(code)
    assert (semester.code, semester.start, semester.end, semester.label) == (code, start, end, label)


def test_every_semester_of_three_centuries_begins_on_a_working_day_without_gap():
    known = semesters.read(semesters.starts_from(1900, 602))
    assert (known[0].code, known[-1].code) == ("1900-05", "2200-11")
    assert all(semester.start.weekday() == 0 or (semester.start.weekday(), semester.start.day) == (1, 2) for semester in known)
    assert all(2 <= semester.start.day <= 7 for semester in known)
    assert all(after.start - before.end == timedelta(days=1) for before, after in itertools.pairwise(known))
    assert semesters.of_code("2200-11").end == date(2201, 5, 3)


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-12", "2026-11 ", "2026-11\n", "\x002026-11", "٢٠٢٦-11", "1899-11", "2201-05", "9" * 5000]
)
def test_any_other_text_is_no_semester(code, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert semesters.of_code(code) is None


def test_upcoming_and_current_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        ahead = semesters.upcoming(date(2026, 6, 15), 3)
    assert [semester.code for semester in ahead] == ["2026-11", "2027-05", "2027-11"]
    with django_assert_num_queries(1):
        assert [semester.code for semester in semesters.upcoming(date(2026, 6, 15), 1, current=True)] == ["2026-05", "2026-11"]
    assert [semester.code for semester in semesters.upcoming(date(2026, 11, 2), 1, current=True)] == ["2026-11"]
    assert [semester.code for semester in semesters.upcoming(date(2026, 12, 31), 2)] == ["2027-05", "2027-11"]
    assert semesters.upcoming(date.max, 2) == semesters.upcoming(date.min, 2) == []


def test_the_semester_of_a_day_and_the_countdown(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert semesters.covering(date(2026, 11, 1)).code == "2026-05"
    assert semesters.covering(date(2026, 11, 2)).code == "2026-11"
    assert semesters.covering(date(2027, 1, 1)).code == "2026-11"
    assert semesters.covering(date.max) is None
    assert semesters.countdown(date(2026, 11, 1)) == 1
    assert semesters.countdown(date(2026, 11, 2)) == 0
    assert semesters.countdown(date(2026, 11, 3)) == 181


def test_the_dates_are_to_be_confirmed_until_staff_write_them():
    assert semesters.of_code("2026-11").dates == "du 2 novembre 2026 au 2 mai 2027, dates à confirmer"
    confirm("2026-11", date(2026, 11, 3), date(2027, 5, 1))
    semester = semesters.of_code("2026-11")
    assert (semester.dates, semester.confirmed) == ("du 3 novembre 2026 au 1er mai 2027", True)
    assert str(semester) == "Semestre d’hiver\u00a0: novembre 2026 à avril 2027"


def test_the_semesters_beside_a_confirmed_one_follow_it():
    confirm("2026-11", date(2026, 11, 4), date(2027, 5, 5))
    before, after = semesters.of_code("2026-05"), semesters.of_code("2027-05")
    assert (before.end, before.confirmed) == (date(2026, 11, 3), False)
    assert (after.start, after.confirmed) == (date(2027, 5, 6), False)
    assert semesters.covering(date(2027, 5, 4)).code == "2026-11"
    assert semesters.countdown(date(2027, 5, 4)) == 2


def test_a_day_that_confirmed_dates_leave_out_is_in_no_semester():
    confirm("2026-05", date(2026, 5, 4), date(2026, 10, 30))
    confirm("2026-11", date(2026, 11, 2), date(2027, 5, 2))
    assert semesters.covering(date(2026, 10, 31)) is None


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [("2027-05", date(2027, 5, 3), date(2027, 5, 3)), ("2027-05", date(2027, 5, 2), date(2027, 10, 31))],
    ids=["ends as it starts", "overlaps"],
)
def test_the_database_refuses_dates_that_cannot_be(code, start, end):
    confirm("2026-11", date(2026, 11, 2), date(2027, 5, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        confirm(code, start, end)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, None),
        ({"code": "2026-12"}, "Écrivez l’année et le mois de début"),
        ({"code": "٢٠٢٧-05"}, "Écrivez l’année et le mois de début"),
        ({"end_date": "2027-05-03"}, "finit vers le 1er novembre 2027"),
        ({"start_date": "2028-05-01"}, "commence vers le 3 mai 2027"),
        ({"start_date": "2027-11-01"}, "commence vers le 3 mai 2027"),
        ({"start_date": "0001-01-01"}, "commence vers le 3 mai 2027"),
        ({"start_date": "2027-05-02"}, "Ces dates recouvrent celles d’un autre semestre."),
    ],
)
def test_staff_write_the_dates_of_a_semester(client, values, message):
    confirm("2026-11", date(2026, 11, 2), date(2027, 5, 2))
    client.force_login(SuperuserFactory())
    form = {"code": "2027-05", "start_date": "2027-05-03", "end_date": "2027-10-31", "note": "", **values}
    response = client.post(ADD, form)
    assert InternshipSemester.objects.filter(code="2027-05").exists() is (message is None)
    if message:
        assert message in response.content.decode()
    else:
        row = InternshipSemester.objects.get(code="2027-05")
        page = client.get(reverse("admin:territories_internshipsemester_change", args=[row.pk]))
        assert "2027-05" in page.content.decode()
        assert row.history.count() == 1
