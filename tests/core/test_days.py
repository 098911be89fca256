"""Dates that nobody can mean are refused in French, in every form and for every row that a file brings."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from collective.models import Achievement, Desk, PressItem, Testimonial
from core.days import a_working_day_before
from pages.models import Term
from territories.models import Cpts, HealthFacility, KeyFigure, Zoning
from tests.accounts.factories import SuperuserFactory
from tests.pages.factories import PageFactory
from tests.territories.factories import FigureFactory

PAST = [
    *((KeyFigure, "observed_on"), (HealthFacility, "source_date"), (HealthFacility, "verified_on")),
    *((Cpts, "source_date"), (Zoning, "source_date"), (Desk, "checked_on"), (Achievement, "happened_on")),
    *((PressItem, "happened_on"), (Testimonial, "consent_on"), (Term, "source_date")),
]


def refusal(model, name, day):
    """What a row says of that day in that field, or an empty text."""
    row = model(**{name: day})
    try:
        row.clean_fields(exclude=[field.name for field in model._meta.fields if field.name != name])
    except ValidationError as error:
        return error.message_dict[name][0]
    return ""


@pytest.mark.parametrize(("model", "name"), PAST)
def test_what_was_observed_was_so_since_1990_and_not_tomorrow(now, model, name):
    today = now.date()
    assert refusal(model, name, date(1, 1, 1)) == "Vérifiez l’année\u00a0: elle va de 1990 à 2026."
    assert refusal(model, name, date(9999, 12, 31)) == "Cette date est à venir\u00a0: nous sommes le 15 juin 2026."
    assert refusal(model, name, today + timedelta(days=1))
    assert refusal(model, name, today) == refusal(model, name, date(1990, 1, 1)) == ""


def test_a_review_is_planned_within_ten_years(now):
    for day in (date(1, 1, 1), date(1989, 12, 31), date(2037, 1, 1), date(9999, 12, 31)):
        assert refusal(KeyFigure, "review_on", day) == "Vérifiez l’année\u00a0: elle va de 1990 à 2036.", day
    assert refusal(KeyFigure, "review_on", date(2036, 12, 31)) == ""


@pytest.mark.django_db
def test_the_form_says_it_beside_its_field(client, now):
    client.force_login(SuperuserFactory())
    figure = FigureFactory()
    sent = {"observed_on": "9999-01-01", "review_on": "0001-01-01"}
    errors = client.post(reverse("admin:territories_keyfigure_change", args=[figure.pk]), sent).context_data["adminform"].form.errors
    assert "Cette date est à venir" in str(errors["observed_on"])
    assert "Vérifiez l’année" in str(errors["review_on"])
    page = PageFactory()
    form = client.post(reverse("admin:pages_page_change", args=[page.pk]), {"reviewed_on": "2026-06-16"}).context_data["adminform"].form
    assert "Cette date est à venir" in str(form.errors["reviewed_on"])


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2026-11-24T10:00", "2026-11-23T10:00"),  # Tuesday, Monday
        ("2026-11-23T10:00", "2026-11-20T10:00"),  # Monday, Friday
        ("2026-11-21T10:00", "2026-11-20T00:00"),
        ("2026-11-22T23:30", "2026-11-20T00:00"),
    ],
)
def test_a_working_day_leaves_the_weekend_out(now, before):
    moment, expected = (timezone.make_aware(datetime.fromisoformat(text)) for text in (now, before))
    assert a_working_day_before(moment) == expected
