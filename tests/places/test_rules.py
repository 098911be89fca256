"""Scores, reasons and order of the communes that answer a doctor's preferences."""

import pytest

from vsa_portal.places import rules
from vsa_portal.places.rules import Facts, closeness, ranked, size_of


def town(name="Apt", **facts):
    return Facts(pk=1, name=name, population=facts.pop("population", 3_000), **facts)


@pytest.mark.parametrize(("km", "score"), [(0, 1), (5, 1), (20, 0.5), (35, 0), (80, 0)])
def test_near_counts_for_one_and_far_for_nothing(km, score):
    assert closeness(km, (5, 35)) == score


@pytest.mark.parametrize(("population", "size"), [(1_999, "village"), (2_000, "bourg"), (9_999, "bourg"), (10_000, "ville")])
def test_sizes(population, size):
    assert size_of(population) == size


def test_without_a_weight_nothing_is_ranked():
    assert ranked([town(hospital=(2, "CH"))], {}) == []
    assert ranked([town(hospital=(2, "CH"))], {"hopital": 0}) == []


def test_the_nearest_comes_first_with_its_reason():
    near, far = town("Apt", hospital=(0.4, "CH d’Apt")), town("Sault", hospital=(40, "CH d’Apt"))
    first, second = ranked([far, near], {"hopital": 1})
    assert (first.facts.name, first.score, first.reasons) == ("Apt", 100, ("hôpital\u00a0: CH d’Apt sur place",))
    assert (second.facts.name, second.score, second.reasons) == ("Sault", 0, ())
    assert second.cautions == ("hôpital\u00a0: CH d’Apt à 40\u00a0km",)


def test_a_lot_weighs_three_times_a_bit():
    rural = town("Sault", hospital=(35, "CH"), frr="zone FRR+")
    urban = town("Orange", hospital=(1, "CH"), frr="")
    assert [one.facts.name for one in ranked([rural, urban], {"hopital": 1, "frr": 3})] == ["Sault", "Orange"]
    assert [one.score for one in ranked([rural, urban], {"hopital": 1, "frr": 3})] == [75, 25]
    assert [one.facts.name for one in ranked([rural, urban], {"hopital": 3, "frr": 1})] == ["Orange", "Sault"]


def test_what_is_not_known_counts_for_nothing():
    known, unknown = town("Apt", emergency=(30, "CH")), town("Sault")
    assert [one.facts.name for one in ranked([known, unknown], {"urgences": 3})] == ["Apt"]
    assert ranked([unknown], {"urgences": 3, "offres": 1}) == []


def test_equals_come_by_name():
    assert [one.facts.name for one in ranked([town("Sault", offers=9), town("Apt", offers=5)], {"offres": 1})] == ["Apt", "Sault"]


def test_of_equals_the_nearest_comes_first():
    rows = [town("Apt", hospital=(4, "CH")), town("Sault", hospital=(1, "CH"))]
    found = ranked(rows, {"hopital": 1})
    assert [(one.facts.name, one.score) for one in found] == [("Sault", 100), ("Apt", 100)]


def test_a_bourg_is_half_way():
    scores = {one.facts.name: one.score for one in ranked(
        [town("V", population=500), town("B", population=5_000), town("T", population=50_000)], {"taille": 3}, "village"
    )}  # fmt: skip
    assert scores == {"V": 100, "B": 50, "T": 0}


def test_the_place_of_ones_choice():
    inside, near, far = (town(name, chosen=(km, 20, "Apt")) for name, km in (("A", 19), ("B", 30), ("C", 60)))
    assert [(one.facts.name, one.score) for one in ranked([far, near, inside], {"lieu": 3})] == [("A", 100), ("B", 50), ("C", 0)]


@pytest.mark.parametrize("name", rules.READERS)
def test_every_preference_reads_what_is_not_known_as_nothing(name):
    assert rules.READERS[name](town()) is None
