"""Folding of names: every spelling that people type becomes the same text."""

import random
import unicodedata

import pytest

from core.search import fold, without_article

ISLE = "l isle sur la sorgue"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Isle-sur-la-Sorgue", ISLE),
        ("L'ISLE SUR LA SORGUE", ISLE),
        ("l`isle\u2011sur\u2013la\u00a0sorgue", ISLE),
        ("  Lʼisle   sur\tla\nSorgue ", ISLE),
        ("Bédarrides", "bedarrides"),
        ("Be\u0301darrides", "bedarrides"),
        ("CHÂTEAUNEUF-DU-PAPE", "chateauneuf du pape"),
        ("Saint-Saturnin-lès-Apt", "saint saturnin les apt"),
        ("St. Saturnin les Apt", "saint saturnin les apt"),
        ("Ste-Cécile", "saint cecile"),
        ("Sainte Cécile", "saint cecile"),
        ("Estézargues", "estezargues"),
        ("Œuvre & Ænigme", "oeuvre aenigme"),
        ("Apt (84400)", "apt 84400"),
        ("８４８００", "84800"),
        ("apt\x00; DROP TABLE", "apt drop table"),
        ("\ud800apt", "apt"),
        ("", ""),
        ("’-  —", ""),
    ],
)
def test_spellings(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("folded", "bare"),
    [
        ("l isle sur la sorgue", "isle sur la sorgue"),
        ("le thor", "thor"),
        ("la tour d aigues", "tour d aigues"),
        ("les taillades", "taillades"),
        ("lacoste", "lacoste"),
        ("le", "le"),
        ("apt", "apt"),
        ("", ""),
    ],
)
def test_leading_article_is_dropped_only_when_a_name_follows(folded, bare):
    assert without_article(folded) == bare


def test_every_character_folds_to_storable_text_once_and_for_all():
    """For each character of the planes of living scripts: stable, lower case, no separator but single spaces, encodable."""
    for code in range(0x20000):
        once = fold(f"a{chr(code)}b")
        assert fold(once) == once, hex(code)
        assert once.replace(" ", "").isalnum(), hex(code)
        once.encode()


def test_case_accents_and_separators_never_matter():
    """Words of a name, disguised at random (fixed seed), always fold to the same text."""
    chance = random.Random(84)
    for _ in range(2_000):
        words = ["".join(chance.choices("abcdeiouçéèêàœ", k=chance.randint(2, 9))) for _ in range(chance.randint(1, 5))]
        disguised = "".join(chance.choice(" -'’ʼ`·\u00a0\x00\n") * chance.randint(1, 3) + disguise(word, chance) for word in words)
        assert fold(disguised) == fold(" ".join(words))


def disguise(word, chance):
    text = unicodedata.normalize(chance.choice(["NFC", "NFD"]), word)
    return "".join(chance.choice([letter.upper(), letter]) for letter in text)
