"""French dates, numbers and distances, with their non-breaking spaces."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from core import french

NB = "\u00a0"
THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, f"1{THIN}000"),
        (12500, f"12{THIN}500"),
        (1234567, f"1{THIN}234{THIN}567"),
        (-1500, f"-1{THIN}500"),
        (Decimal("80.00"), "80"),
        (Decimal("72.50"), "72,5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), f"1{THIN}000"),
        (Decimal("1250.75"), f"1{THIN}250,75"),
        (4.5, "4,5"),
        (0.0, "0"),
    ],
)
def test_number(value, text):
    assert french.number(value) == text


def test_money_and_shares():
    assert french.euros(12500) == f"12{THIN}500{NB}€"
    assert french.percent(Decimal("80.00")) == f"80{NB}%"
    assert french.percent(Decimal("72.50")) == f"72,5{NB}%"


@pytest.mark.parametrize(
    ("km", "text"),
    [
        (0, f"moins de 1{NB}km"),
        (0.999, f"moins de 1{NB}km"),
        (1, f"1{NB}km"),
        (1.49, f"1{NB}km"),
        (5.6, f"6{NB}km"),
        (1234.2, f"1{THIN}234{NB}km"),
    ],
)
def test_kilometres(km, text):
    assert french.kilometres(km) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, f"0{NB}jour"),
        (1, f"1{NB}jour"),
        (Decimal("1.5"), f"1,5{NB}jour"),
        (Decimal("2.0"), f"2{NB}jours"),
        (2, f"2{NB}jours"),
        (1500, f"1{THIN}500{NB}jours"),
    ],
)
def test_the_plural_begins_at_two(count, text):
    assert french.plural(count, "jour") == text


def test_an_irregular_plural():
    assert french.plural(3, "offre d’exercice", "offres d’exercice") == f"3{NB}offres d’exercice"
    assert french.plural(1, "offre d’exercice", "offres d’exercice") == f"1{NB}offre d’exercice"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 6, 30), "30 juin 2026"),
        (date(2027, 1, 1), "1er janvier 2027"),
        (date(2027, 8, 11), "11 août 2027"),
        (datetime(2026, 12, 31, 23, 59), "31 décembre 2026"),  # noqa: DTZ001 a moment already in local time
    ],
)
def test_date(value, text):
    assert french.date(value) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2027, 2, 15), date(2027, 2, 15), "le 15 février 2027"),
        (date(2027, 2, 15), date(2027, 2, 27), "du 15 au 27 février 2027"),
        (date(2027, 2, 1), date(2027, 2, 2), "du 1er au 2 février 2027"),
        (date(2027, 2, 22), date(2027, 3, 1), "du 22 février au 1er mars 2027"),
        (date(2026, 12, 28), date(2027, 1, 3), "du 28 décembre 2026 au 3 janvier 2027"),
        (date(2026, 2, 15), date(2027, 2, 15), "du 15 février 2026 au 15 février 2027"),
    ],
)
def test_a_range_says_once_what_its_dates_share(start, end, text):
    assert french.date_range(start, end) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Sault", "Sault"),
        (f"12{THIN}500{NB}€\u2009!", f"12{THIN}500{NB}€\u2009!"),
        ("  deux \n lignes\r\n\tet plus  ", "deux lignes et plus"),
        ("a\0b\x01c\x0bd\x7fe\x85f", "a b c d e f"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\ufffeb\uffffc\ue000d", "a b c d"),
        ("a\ud800b", "a b"),
        ("mé\u00adde\u200bcin\u202e", "médecin"),
        ("l’été 💊 ก", "l’été 💊 ก"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_one_line_keeps_what_can_be_printed(text, line):
    assert french.one_line(text) == line


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'équipe n'est pas loin", "l’équipe n’est pas loin"),
        ("Essai : venez !", f"Essai{NB}: venez{NB}!"),
        ("un « mot » et « un autre»", f"un «{NB}mot{NB}» et «{NB}un autre{NB}»"),
        ("https://exemple.fr/?a=1 et 8:30", "https://exemple.fr/?a=1 et 8:30"),
        ("5' à pied", "5' à pied"),
        ("lire https://exemple.fr/l'union : c'est là", f"lire https://exemple.fr/l'union{NB}: c’est là"),
        ("", ""),
    ],
)
def test_what_people_type_is_set_as_it_is_printed(typed, printed):
    assert french.typeset(typed) == printed
    assert french.typeset(printed) == printed


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("demain", f"«{NB}demain{NB}»"),
        ("a" * 40, f"«{NB}{'a' * 40}{NB}»"),
        ("a" * 39 + " b", f"«{NB}{'a' * 39}…{NB}»"),
        ("deux\nlignes", f"«{NB}deux lignes{NB}»"),
        ("\0", f"«{NB}…{NB}»"),
    ],
)
def test_what_was_typed_is_quoted_on_one_line_and_cut_short(text, quotation):
    assert french.quoted(text) == quotation


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Sault", "de Sault"),
        ("Apt", "d’Apt"),
        ("Le Thor", "du Thor"),
        ("Les Taillades", "des Taillades"),
        ("La Motte-d’Aigues", "de La Motte-d’Aigues"),
        ("L’Isle-sur-la-Sorgue", "de L’Isle-sur-la-Sorgue"),
        ("Lespignan", "de Lespignan"),
    ],
)
def test_a_name_after_de(name, text):
    assert french.of(name) == text
