"""Capitals of FINESS as a French reader writes them."""

import pytest

from territories.imports import tidy


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("PHARMACIE DU MONT VENTOUX", "Pharmacie du Mont Ventoux"),
        ("MAISON DE SANTE PLURIPROFESSIONNELLE DE L'ETOILE", "Maison de santé pluriprofessionnelle de l’Etoile"),
        ("EHPAD LES OLIVIERS", "EHPAD Les Oliviers"),
        ("CH D'AVIGNON  HENRI DUFFAUT", "CH d’Avignon Henri Duffaut"),
        ("L'ISLE-SUR-LA-SORGUE", "L’Isle-sur-la-Sorgue"),
        ("CLINIQUE LES CYPRES", "Clinique Les Cypres"),
        ("SELARL BIOLOGIE 84", "SELARL Biologie 84"),
        ("Déjà écrit d'avance", "Déjà écrit d’avance"),
        ("", ""),
    ],
)
def test_names(capitals, written):
    assert tidy.name(capitals) == written


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (("68", "B", "AV", "ROGER SALENGRO"), "68 bis avenue Roger Salengro"),
        (("305", "", "R", "RAOUL FOLLEREAU"), "305 rue Raoul Follereau"),
        (("12", "", "R", "DE LA REPUBLIQUE"), "12 rue de la République"),
        (("", "", "RPT", "DE L'AMITIE"), "rond-point de l’Amitie"),
        (("", "", "", "LE VILLAGE"), "Le Village"),
        (("", "", "", ""), ""),
    ],
)
def test_addresses(cells, written):
    assert tidy.address(*cells) == written


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("0490814242", "04 90 81 42 42"),
        ("490814242", "04 90 81 42 42"),
        ("04.90.81.42.42", "04 90 81 42 42"),
        ("0000000000", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_phones(digits, written):
    assert tidy.phone(digits) == written
