"""Travel times between communes: what the base accepts, what a search asks, what an imported matrix may hold, what staff read."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from territories.models import Commune, TravelTime
from tests.accounts.factories import SuperuserFactory
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def towns():
    return [real_commune(name) for name in ("Apt", "Sault", "Orange")]


def time(origin, destination, minutes, **values):
    return TravelTime.objects.create(
        origin=origin, destination=destination, minutes=minutes, **{"source": "Exemple", "measured_on": date(2026, 3, 1), **values}
    )


# --- The rule ------------------------------------------------------------------------------------


def test_minutes_to_some_communes_in_one_query(towns, django_assert_num_queries):
    apt, sault, orange = towns
    time(apt, sault, 45), time(sault, apt, 50), time(orange, apt, 70)
    with django_assert_num_queries(1):
        found = TravelTime.objects.minutes_to([sault.pk, orange.pk])
    assert found == {(apt.pk, sault.pk): 45, (apt.pk, orange.pk): 70}


def test_a_missing_direction_takes_the_other_one_and_no_more(towns):
    apt, sault, orange = towns
    time(apt, sault, 45)
    assert TravelTime.objects.minutes_to([apt.pk]) == {(sault.pk, apt.pk): 45}
    assert TravelTime.objects.minutes_to([apt.pk, sault.pk]) == {(sault.pk, apt.pk): 45, (apt.pk, sault.pk): 45}
    assert TravelTime.objects.minutes_to([orange.pk]) == {}


def test_nothing_is_asked_for_no_place(towns, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert TravelTime.objects.minutes_to([]) == {}


@pytest.mark.parametrize(("destination", "minutes"), [(0, 45), (1, 601), (1, -1), (2, 45)], ids=["itself", "too long", "negative", "twice"])
def test_the_database_refuses_what_cannot_be(towns, destination, minutes):
    time(towns[0], towns[2], 40)
    with pytest.raises(IntegrityError), transaction.atomic():
        time(towns[0], towns[destination], minutes)


# --- The file ------------------------------------------------------------------------------------

HEADER = "origine,destination,minutes"


def load(tmp_path, *lines, header=HEADER, **options):
    path = tmp_path / "trajets.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    call_command("import_travel_times", str(path), **{"date": date(2026, 3, 1), **options})


def stored():
    return {
        (each.origin.insee, each.destination.insee): each.minutes for each in TravelTime.objects.select_related("origin", "destination")
    }


def test_a_matrix_is_imported_once(tmp_path, capsys):
    lines = ("84003,84123,45", "84123,84003,49.5", "84003,84003,0", "84003,13055,60")
    load(tmp_path, *lines, source="Matrice exemple")
    out = capsys.readouterr().out
    assert "Temps de trajet\u00a0: 2 créés, 0 modifiés, 0 inchangés, 0\u00a0ligne écartée" in out
    assert "1\u00a0ligne hors du Vaucluse, 1\u00a0ligne sans usage ici" in out
    assert stored() == {("84003", "84123"): 45, ("84123", "84003"): 50}
    assert set(TravelTime.objects.values_list("source", "measured_on")) == {("Matrice exemple", date(2026, 3, 1))}
    load(tmp_path, *lines, source="Matrice exemple")
    assert "0 créés, 0 modifiés, 2 inchangés" in capsys.readouterr().out


def test_a_later_matrix_changes_and_an_older_one_does_not(tmp_path, capsys):
    load(tmp_path, "84003,84123,45")
    load(tmp_path, "84003,84123,40", date=date(2026, 4, 1))
    assert "1 modifiés" in capsys.readouterr().out
    load(tmp_path, "84003,84123,99", date=date(2026, 3, 15))
    assert "1\u00a0trajet mesuré depuis la date du fichier" in capsys.readouterr().out
    assert stored() == {("84003", "84123"): 40}


def test_a_trial_writes_nothing(tmp_path, capsys):
    load(tmp_path, "84003,84123,45", dry_run=True)
    assert capsys.readouterr().out.startswith("Essai\u00a0: rien n’est écrit.")
    assert stored() == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("84003,84999,45", "aucune commune du portail n’a le code INSEE 84999"),
        ("84003,Sault,45", "ce n’est pas un code INSEE"),
        ("84003,84123,", "la durée est vide"),
        ("84003,84123", "la durée est vide"),
        ("84003,84123,une heure", "la durée n’est pas un nombre de minutes\u00a0: «\u00a0une heure\u00a0»"),
        ("84003,84123,-5", "la durée n’est pas un nombre"),
        ("84003,84123,٤٥", "la durée n’est pas un nombre"),
        ("84003,84123,0", "la durée est impossible"),
        ("84003,84123,601", "la durée est impossible"),
        ("84003,84123," + "9" * 5000, "la durée n’est pas un nombre"),
        ("84003,84031,30", "ce trajet figure déjà à la ligne 2"),
    ],
)
def test_an_impossible_line_is_told_and_left_out(tmp_path, capsys, line, reason):
    load(tmp_path, "84003,84031,30", "84031,84003,30", line)
    out = capsys.readouterr().out
    assert "ligne 4 (84003 → " in out
    assert reason in out
    assert stored() == {("84003", "84031"): 30, ("84031", "84003"): 30}


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "\x00", HEADER, f"{HEADER}\n13055,13001,20", f"{HEADER}\n84003,84123,loin"])
def test_a_file_that_is_something_else_is_refused(tmp_path, text):
    path = tmp_path / "trajets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"Rien n’a été écrit\.$"):
        call_command("import_travel_times", str(path), date=date(2026, 3, 1))
    assert not stored()


def test_the_whole_matrix_in_a_fixed_number_of_statements(tmp_path, django_assert_max_num_queries, capsys):
    codes = list(Commune.objects.values_list("insee", flat=True))
    lines = [f"{a},{b},{10 + rank % 90}" for rank, (a, b) in enumerate((a, b) for a in codes for b in codes if a != b)]
    assert len(lines) == 22_650
    with django_assert_max_num_queries(25):
        load(tmp_path, *lines)
    assert TravelTime.objects.count() == 22_650
    assert "sans durée" not in capsys.readouterr().out


# --- What staff read -----------------------------------------------------------------------------


def test_staff_read_what_is_known(client, towns):
    client.force_login(SuperuserFactory())
    url = reverse("admin:territories_traveltime_changelist")
    assert "0\u00a0trajet sur 22\u202f650\u00a0: le portail montre les distances à vol d’oiseau." in client.get(url).content.decode()
    time(towns[0], towns[1], 45)
    page = client.get(url, {"q": "sault"}).content.decode()
    assert "1\u00a0trajet sur 22\u202f650\u00a0: 1 de «\u00a0Exemple\u00a0», au 1er mars 2026." in page
    assert "Sault" in page
    assert client.get(reverse("admin:territories_traveltime_add")).status_code == 403
