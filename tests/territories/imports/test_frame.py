"""Files that may be anything: what is read, what is refused and why, what is kept of Vaucluse."""

import pytest

from territories.imports.frame import BadLine, ImportReport, RefusedFile, by_commune, is_elsewhere, read_table, read_text
from tests.territories.imports.samples import table

COLUMNS = {"insee": ("code insee", "codgeo"), "zone": ("zone",)}


def load(path):
    report = ImportReport("Essai")
    found = by_commune(path, COLUMNS, lambda row: row["zone"], report)
    return {commune.insee: value for commune, value in found.items()}, report


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters_of_official_files(tmp_path, encoding, delimiter):
    path = table(tmp_path, delimiter.join(["Code INSEE", "Libellé", "Zone"]), delimiter.join(["84003", "Forêt", "été"]), encoding=encoding)
    assert read_table(path, COLUMNS) == [(2, {"insee": "84003", "zone": "été"})]


def test_titles_above_the_header_and_empty_rows_are_passed_over(tmp_path):
    path = table(tmp_path, "Zonage en vigueur;;", "", "CODGEO;Nom;ZONE", ";;", "84003;Apt;ZIP", "84007")
    assert read_table(path, COLUMNS) == [(5, {"insee": "84003", "zone": "ZIP"}), (6, {"insee": "84007", "zone": ""})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "est vide"),
        (b"  \n\n", "est vide"),
        (b"PK\x03\x04rest", "un classeur ou une archive"),
        (b"\xd0\xcf\x11\xe0rest", "ancien classeur Excel"),
        (b"%PDF-1.7", "un document PDF"),
        (b"\x1f\x8brest", "fichier compress"),
        (b"Code INSEE;Zone\n84003;\0", "pas un fichier de texte"),
        ("Code INSEE;Zone\n84003;ZIP".encode("utf-16"), "UTF-16"),
        (b"<!DOCTYPE html><html>", "une page web"),
        (b'<?xml version="1.0"?><a/>', "document XML"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_named(tmp_path, content, reason):
    path = tmp_path / "zonage.csv"
    path.write_bytes(content)
    with pytest.raises(RefusedFile, match=reason):
        read_text(path)


@pytest.mark.parametrize("name", ["absent.csv", "."])
def test_a_file_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(RefusedFile, match="pas un fichier lisible"):
        read_text(tmp_path / name)


def test_a_file_without_the_columns_is_refused_with_what_was_looked_for(tmp_path):
    with pytest.raises(RefusedFile, match=r"aucune ligne d’en-tête.*insee \(code insee, codgeo\)"):
        read_table(table(tmp_path, "nom;zone", "Apt;ZIP"), COLUMNS)


# --- Keeping Vaucluse ----------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "elsewhere"), [("84007", False), ("13055", True), ("2A004", True), ("1004", True)])
def test_codes_of_vaucluse(code, elsewhere):
    assert is_elsewhere(code) is elsewhere


@pytest.mark.parametrize("code", ["", "Apt", "84", "840077", "84 007", "²4007", "84007\0"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(BadLine, match="pas un code INSEE"):
        is_elsewhere(code)


@pytest.mark.django_db
def test_other_departements_are_counted_apart_and_faults_told_with_their_line(tmp_path):
    path = table(
        tmp_path, "insee;zone", "84003;ZIP", "13055;ZAC", "84999;ZIP", "84003;ZAC", "Apt;ZIP", "84007;HZ", "84123;ZIP", encoding="cp1252"
    )
    found, report = load(table(tmp_path, *path.read_text().replace("insee", "Code INSEE").splitlines()))
    assert found == {"84003": "ZIP", "84007": "HZ", "84123": "ZIP"}
    assert report.elsewhere == 1
    assert [str(rejection) for rejection in report.rejections] == [
        "ligne 4 (84999)\u00a0: aucune commune du portail n’a ce code INSEE.",
        "ligne 5 (84003)\u00a0: cette commune figure déjà à la ligne 2.",
        "ligne 6 (APT)\u00a0: ce n’est pas un code INSEE.",
    ]
    assert len(report.missing) == 148
    assert "Carpentras" in report.missing


@pytest.mark.django_db
def test_a_file_of_another_place_is_refused(tmp_path):
    with pytest.raises(RefusedFile, match="Aucune ligne du Vaucluse"):
        load(table(tmp_path, "Code INSEE;zone", "13055;ZIP", "30007;ZAC"))


@pytest.mark.django_db
def test_a_file_whose_rows_are_mostly_impossible_is_refused_with_the_first_reasons(tmp_path):
    path = table(tmp_path, "Code INSEE;zone", "84003;ZIP", "Apt;ZIP", "Sault;ZIP")
    with pytest.raises(RefusedFile, match=r"2 lignes sont impossibles contre 1 possibles.*ligne 3"):
        load(path)
