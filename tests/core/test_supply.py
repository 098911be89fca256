"""What the project ships follows its files, field by field, until staff write otherwise."""

import pytest

from collective.models import TestimonialTag
from core.supply import SupplyError, known_rows, supply, told

pytestmark = pytest.mark.django_db


def load(key="logement", **values):
    return supply(model=TestimonialTag, key=key, values={"code": "logement", "label": "Logement", "position": 1, **values})


def tag():
    return TestimonialTag.objects.get(supply_key="logement")


def test_a_second_load_changes_nothing():
    assert load() == ("created", [])
    before = tag().updated_at
    assert load() == ("same", [])
    assert tag().updated_at == before


def test_a_row_follows_its_file():
    load()
    assert load(label="Se loger") == ("changed", [])
    assert tag().label == "Se loger"


def test_what_staff_wrote_stays_and_the_rest_follows():
    load()
    TestimonialTag.objects.update(label="Un toit")
    assert load(label="Se loger", position=4) == ("changed", ["label"])
    assert (tag().label, tag().position) == ("Un toit", 4)
    assert load(label="Se loger", position=4) == ("kept", ["label"])


def test_a_field_new_in_the_file_fills_what_is_empty_only():
    supply(model=TestimonialTag, key="logement", values={"code": "logement", "label": "Logement"})
    TestimonialTag.objects.update(position=7)
    assert load() == ("kept", ["position"])
    assert tag().position == 7


def test_a_trial_writes_nothing():
    assert supply(model=TestimonialTag, key="logement", values={"code": "logement", "label": "Logement"}, dry_run=True) == ("created", [])
    assert not TestimonialTag.objects.exists()


def test_what_staff_save_while_a_load_runs_is_not_overwritten():
    load()
    known = known_rows(TestimonialTag)
    TestimonialTag.objects.update(position=9)
    assert supply(model=TestimonialTag, key="logement", values={"code": "logement", "label": "Se loger", "position": 1}, known=known) == (
        "changed",
        [],
    )
    assert (tag().label, tag().position) == ("Se loger", 9)
    TestimonialTag.objects.update(label="Un toit")
    assert supply(model=TestimonialTag, key="logement", values={"label": "Habiter"}, known=known) == ("kept", ["label"])
    assert tag().label == "Un toit"


def test_a_key_that_a_file_says_twice_is_one_row():
    known = known_rows(TestimonialTag)
    for label, outcome in (("Logement", "created"), ("Se loger", "changed"), ("Se loger", "same")):
        values = {"code": "logement", "label": label}
        assert supply(model=TestimonialTag, key="logement", values=values, known=known) == (outcome, [])
    assert tag().label == "Se loger"


def test_a_file_that_cannot_be_is_refused_by_name():
    with pytest.raises(SupplyError, match="logement"):
        load(code="pas un code")


def test_the_report_counts():
    assert told("Sujets", ["created", "created", "kept"]) == "Sujets\u00a0: 2 ajoutés, 1 laissés à l’équipe."
    assert told("Sujets", []) == "Sujets\u00a0: rien."
