"""What an operator reads."""

import pytest
from django.core.management import CommandError, call_command

from territories.models import HealthFacility, Zoning
from tests.territories.imports.samples import finess_file, place, structure, table

pytestmark = pytest.mark.django_db


def told(capsys, *arguments, **options):
    call_command("import_open_data", *arguments, **options)
    return capsys.readouterr().out


def test_the_report_is_in_french_and_complete(tmp_path, capsys):
    path = finess_file(
        tmp_path, structure(), structure("840099992", category="355"), structure("1"), structure("130000001", department="13"), place()
    )
    out = told(capsys, "finess", str(path))
    assert "Établissements\u00a0: 2 créés, 0 modifiés, 0 inchangés, 1\u00a0ligne écartée\u00a0; 1\u00a0ligne hors du Vaucluse" in out
    assert "    840099991" in out
    assert "hôpital de plus" in out
    assert "    ligne 4 (1)\u00a0: le numéro FINESS compte neuf chiffres." in out
    assert "Absents du fichier, conservés\u00a0:" in out
    assert "… et" in out
    assert "… et" not in told(capsys, "finess", str(path), verbosity=2)


def test_a_trial_says_that_it_is_one(tmp_path, capsys):
    out = told(capsys, "finess", str(finess_file(tmp_path, structure(), place())), dry_run=True)
    assert out.startswith("Essai\u00a0: rien n’est écrit.")
    assert "1 créés" in out
    assert not HealthFacility.objects.filter(finess="840099991").exists()


def test_a_refusal_is_one_line(tmp_path):
    with pytest.raises(CommandError, match=r"^Aucune ligne du Vaucluse.*Rien n’a été écrit\.$"):
        call_command("import_open_data", "frr", str(table(tmp_path, "insee;frr", "13055;FRR")), "--date=2026-01-01")


def test_a_zoning_is_confirmed_by_an_option_only(tmp_path, capsys):
    path = table(tmp_path, "insee;zonage", "84003;ZIP")
    told(capsys, "zonage-mg", str(path), "--date=2026-01-01")
    assert not Zoning.objects.get(scheme="gp").confirmed
    told(capsys, "zonage-mg", str(path), "--date=2026-01-01", "--confirmed")
    assert Zoning.objects.get(scheme="gp").confirmed


@pytest.mark.parametrize(
    "arguments", [("inconnu", "a.csv"), ("frr",), ("frr", "a.csv", "--date=hier"), ("frr", "a.csv", "--date=9999-01-01")]
)
def test_what_makes_no_sense_is_refused_by_the_command_line(arguments):
    with pytest.raises(CommandError):
        call_command("import_open_data", *arguments)
