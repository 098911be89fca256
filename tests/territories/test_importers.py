"""Loading the territory: what is written, what a second run does, what a refusal leaves."""

import re
import shutil

import pytest
from django.core.management import CommandError, call_command

from core.geography import Point
from territories.importers import REFERENCE_DIR, InconsistentReference, load_reference, load_territory
from territories.models import Commune, CommuneOutline, Cpts, Epci, EpciOutline, HealthFacility, KeyFigure, Profession, Zoning
from territories.reference import contains
from tests.territories.factories import CommuneFactory, real_commune, real_epci
from tests.territories.test_reference import edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty():
    """A portal without territory."""
    KeyFigure.objects.all().delete()
    HealthFacility.objects.all().delete()
    Cpts.objects.all().delete()
    Commune.objects.all().delete()
    Epci.objects.all().delete()


@pytest.fixture
def folder(tmp_path):
    for path in REFERENCE_DIR.glob("[!b]*.*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def snapshot():
    return [list(model.objects.order_by("pk").values()) for model in (Epci, EpciOutline, Commune, CommuneOutline)]


def counts(report):
    return len(report.created), len(report.changed), report.unchanged


def test_first_run_loads_everything_and_the_second_changes_nothing(empty):
    epcis, communes = load_territory(REFERENCE_DIR)
    assert (counts(epcis), counts(communes)) == ((14, 0, 0), (151, 0, 0))
    before = snapshot()
    again = load_territory(REFERENCE_DIR)
    assert [counts(report) for report in again] == [(0, 0, 14), (0, 0, 151)]
    assert all(report.is_idle for report in again)
    assert snapshot() == before


def test_a_run_takes_a_fixed_number_of_queries_and_the_second_only_reads(empty, django_assert_num_queries):
    with django_assert_num_queries(9):
        load_territory(REFERENCE_DIR)
    with django_assert_num_queries(5) as second:
        load_territory(REFERENCE_DIR)
    verbs = {query["sql"].split()[0] for query in second.captured_queries}
    assert verbs == {"SAVEPOINT", "SELECT", "RELEASE"}


def test_what_a_commune_holds():
    commune = real_commune("L’Isle-sur-la-Sorgue")
    assert (commune.insee, commune.slug, commune.search_name) == ("84054", "l-isle-sur-la-sorgue", "l isle sur la sorgue")
    assert (commune.postal_codes, commune.postal_code, commune.population) == (["84800"], "84800", 20_244)
    assert commune.epci.short_name == "Pays des Sorgues et des Monts de Vaucluse"
    assert contains(commune.outline.geometry, Point(commune.latitude, commune.longitude))
    assert real_commune("Avignon").postal_codes == ["84000", "84140"]


def test_what_an_epci_holds():
    epci = real_epci("200035723")
    assert (epci.name, epci.short_name, epci.slug, epci.legal_form) == ("CC Ventoux Sud", "Ventoux Sud", "ventoux-sud", "CC")
    assert epci.communes.count() == 10
    assert epci.population == 9_627  # Ferrassières, in the Drôme, included
    assert epci.area_km2 == pytest.approx(sum(commune.area_km2 for commune in epci.communes.all()))


def test_every_epci_stands_inside_its_outline():
    outside = [
        epci.short_name
        for epci in Epci.objects.select_related("outline")
        if not contains(epci.outline.geometry, Point(epci.latitude, epci.longitude))
    ]
    assert outside == []


def test_populations_of_whole_epci_are_those_of_their_communes():
    """Where every commune lies in Vaucluse, both files must say the same."""
    for siren, communes in (("248400053", 25), ("200000628", 5), ("200040442", 16), ("248400285", 16)):
        epci = real_epci(siren)
        assert epci.communes.count() == communes
        assert epci.population == sum(commune.population for commune in epci.communes.all())


def test_addresses_are_plain():
    slugs = [*Commune.objects.values_list("slug", flat=True), *Epci.objects.values_list("slug", flat=True)]
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)] == []
    assert {"enclave-des-papes-pays-de-grignan", "ventoux-comtat-venaissin-cove", "saint-saturnin-les-apt"} <= set(slugs)


def test_public_names_of_the_fourteen_epci():
    assert list(Epci.objects.order_by("slug").values_list("short_name", flat=True)) == [
        "Aix-Marseille-Provence",
        "Aygues-Ouvèze en Provence",
        "Enclave des Papes – Pays de Grignan",
        "Grand Avignon",
        "Les Sorgues du Comtat",
        "Luberon Monts de Vaucluse",
        "Pays d’Apt-Luberon",
        "Pays d’Orange en Provence",
        "Pays des Sorgues et des Monts de Vaucluse",
        "Rhône Lez Provence",
        "Sud-Luberon",
        "Vaison Ventoux",
        "Ventoux-Comtat Venaissin (CoVe)",
        "Ventoux Sud",
    ]


def test_a_changed_row_is_reported_and_written(folder):
    edit(folder / "communes.csv", "84003", population="10200", codes_postaux="84400 84401")
    edit(folder / "epci.csv", "200035723", nom="CC Ventoux")
    epcis, communes = load_territory(folder)
    # The point of an EPCI is where its people are: it follows the population of Apt.
    assert epcis.changed == {"200035723": ["nom", "nom court", "adresse"], "200040624": ["latitude", "longitude"]}
    assert communes.changed == {"84003": ["codes postaux", "population municipale"]}
    assert counts(communes) == (0, 1, 150)
    apt = real_commune("Apt")
    assert (apt.population, apt.postal_codes) == (10_200, ["84400", "84401"])
    assert real_epci("200035723").slug == "ventoux"


def test_what_somebody_changed_comes_back_to_the_official_value():
    pk = real_commune("Apt").pk
    Commune.objects.filter(pk=pk).update(name="Apte", population=1)
    CommuneOutline.objects.filter(commune=pk).update(geometry={})
    _, communes = load_territory(REFERENCE_DIR)
    assert communes.changed == {"84003": ["nom", "population municipale", "contour"]}
    apt = real_commune("Apt")
    assert (apt.pk, apt.population, apt.outline.geometry["type"]) == (pk, 10_143, "MultiPolygon")


def test_a_rejected_row_leaves_the_one_in_place(folder):
    edit(folder / "communes.csv", "84003", population="?")
    _, communes = load_territory(folder)
    assert [rejection.code for rejection in communes.rejections] == ["84003"]
    assert communes.missing == ["84003"]
    assert real_commune("Apt").population == 10_143


def test_what_the_files_no_longer_name_is_kept_and_told():
    merged = CommuneFactory(insee="84999")
    epcis, communes = load_territory(REFERENCE_DIR)
    assert (epcis.missing, communes.missing) == ([merged.epci.siren], ["84999"])
    assert Commune.objects.filter(pk=merged.pk).exists()


def test_a_trial_writes_nothing_and_says_what_would_change(empty):
    reports = load_reference(dry_run=True)
    assert [counts(report) for report in reports] == [(14, 0, 0), (151, 0, 0), (10, 0, 0), (46, 0, 0), (151, 0, 0), (23, 0, 0)]
    assert not any(model.objects.exists() for model in (Epci, Commune, HealthFacility, Zoning, KeyFigure))


def test_a_refused_file_leaves_everything_as_it_was(folder):
    edit(folder / "epci.csv", "200035723", nom="CC Ventoux")
    edit(folder / "communes.csv", "84003", nom="Avignon")
    before = snapshot()
    with pytest.raises(InconsistentReference, match=r"84003 et 84007|84007 et 84003"):
        load_territory(folder)
    assert snapshot() == before


# --- The command ---------------------------------------------------------------------------------


def test_the_command_reports_in_french(empty, capsys):
    call_command("load_reference")
    first = capsys.readouterr().out.splitlines()
    assert first[:5] == [
        "Intercommunalités\u00a0: 14 créées, 0 modifiées, 0 inchangées.",
        "Communes\u00a0: 151 créées, 0 modifiées, 0 inchangées.",
        "CPTS\u00a0: 10 créées, 0 modifiées, 0 inchangées.",
        "Établissements\u00a0: 46 créés, 0 modifiés, 0 inchangés.",
        "Zonage FRR\u00a0: 151 créés, 0 modifiés, 0 inchangés.",
    ]
    call_command("load_reference")
    second = capsys.readouterr().out.splitlines()
    assert second[1:4] == [
        "Communes\u00a0: 0 créées, 0 modifiées, 151 inchangées.",
        "CPTS\u00a0: 0 créées, 0 modifiées, 10 inchangées.",
        "Établissements\u00a0: 0 créés, 0 modifiés, 46 inchangés.",
    ]


def test_the_command_tells_changes_rejections_and_absences(folder, capsys):
    edit(folder / "communes.csv", "84003", population="?")
    edit(folder / "communes.csv", "84007", population="92189")
    call_command("load_reference", dossier=folder, dry_run=True)
    out = capsys.readouterr().out
    assert "Essai\u00a0: rien n’est écrit." in out
    assert "  84007\u00a0: population municipale" in out
    assert "Absentes des fichiers, conservées\u00a0: 84003." in out
    assert "(84003)\u00a0: population n’est pas un nombre" in out
    assert real_commune("Avignon").population == 92_188


def test_the_command_refuses_in_one_line(tmp_path):
    with pytest.raises(CommandError, match=r"^Fichier introuvable.*epci.csv.*Rien n’a été chargé\.$"):
        call_command("load_reference", dossier=tmp_path)


def test_general_practitioners_come_first():
    assert Profession.objects.first().code == "general_practitioner"
    assert Profession.objects.first().label == "Médecin généraliste"
