"""One page of a long list: where it starts, which numbers it links to, what becomes of a wrong number."""

import pytest

from core.pagination import COUNT_CEILING, Window

NOT_A_NUMBER = "Ce numéro de page n’est pas un nombre\u00a0: voici la première page."
TOO_FAR = "Cette page n’existe pas\u00a0: voici la dernière."
TOO_LOW = "Cette page n’existe pas\u00a0: voici la première."


@pytest.mark.parametrize(
    ("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3), (COUNT_CEILING, 50), (COUNT_CEILING + 1, 50), (10**6, 50)]
)
def test_as_many_pages_as_the_rows_fill(total, pages):
    assert Window(None, total).count == pages


def test_pages_follow_each_other_and_hold_every_row_once():
    rows = list(range(45))
    windows = [Window(number, len(rows)) for number in ("1", "2", "3")]
    assert [rows[window.rows] for window in windows] == [rows[:20], rows[20:40], rows[40:]]


@pytest.mark.parametrize("requested", [None, "", "1", " 1 "])
def test_the_first_page_needs_no_word(requested):
    window = Window(requested, 45)
    assert (window.number, window.rows, window.notice) == (1, slice(0, 20), "")


@pytest.mark.parametrize(
    ("requested", "number", "notice"),
    [
        ("3", 3, ""),
        ("4", 3, TOO_FAR),
        ("9999", 3, TOO_FAR),
        ("9" * 400, 3, TOO_FAR),
        ("9" * 5000, 1, NOT_A_NUMBER),
        ("0", 1, TOO_LOW),
        ("-3", 1, TOO_LOW),
        ("deux", 1, NOT_A_NUMBER),
        ("2.5", 1, NOT_A_NUMBER),
        ("1e3", 1, NOT_A_NUMBER),
        ("nan", 1, NOT_A_NUMBER),
        ("²", 1, NOT_A_NUMBER),
        ("\0", 1, NOT_A_NUMBER),
        ("2; DROP TABLE", 1, NOT_A_NUMBER),
    ],
)
def test_a_wrong_page_gives_the_nearest_one_and_a_word(requested, number, notice):
    window = Window(requested, 45)
    assert (window.number, window.notice) == (number, notice)


@pytest.mark.parametrize(
    ("number", "total", "numbers"),
    [
        ("1", 10, [1]),
        ("1", 60, [1, 2, 3]),
        ("1", 200, [1, 2, None, 10]),
        ("2", 200, [1, 2, 3, None, 10]),
        ("5", 200, [1, None, 4, 5, 6, None, 10]),
        ("4", 200, [1, None, 3, 4, 5, None, 10]),
        ("9", 200, [1, None, 8, 9, 10]),
        ("10", 200, [1, None, 9, 10]),
    ],
)
def test_numbers_worth_a_link(number, total, numbers):
    assert Window(number, total).numbers == numbers


def test_another_size_of_page():
    window = Window("2", 25, size=10)
    assert (window.count, window.rows) == (3, slice(10, 20))
