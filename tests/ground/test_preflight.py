"""What stops a start is said in one line."""

import socket

import pytest

from vsa_portal import preflight


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named(taken_port):
    assert f"Le port {taken_port} est déjà pris" in preflight.port_problem("127.0.0.1", taken_port)


def test_a_free_port_is_no_problem(free_port):
    assert preflight.port_problem("127.0.0.1", free_port) is None


def test_a_port_that_does_not_exist():
    assert "de 1 à 65535" in preflight.port_problem("127.0.0.1", 70000)


def test_a_full_disk_is_told_before_anything_is_written(tmp_path):
    said = preflight.disk_problem(tmp_path / "not" / "there" / "yet", needed=10**12)
    assert said.startswith("Il ne reste que ")
    assert preflight.disk_problem(tmp_path, needed=0) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("version", "is_told"), [(96_024, True), (140_019, True), (150_000, False), (180_006, False)])
def test_an_old_postgresql_is_told(version, is_told):
    said = preflight.version_problem(version)
    assert (said is not None) is is_told
    assert not is_told or f"PostgreSQL {version // 10_000} est trop ancien" in said


@pytest.mark.django_db
def test_the_database_of_the_tests_is_no_problem():
    assert preflight.database_problem() is None


def only_line(done):
    """The one line that a refused start prints."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_serve_refuses_a_taken_port(environment, run, taken_port, tmp_path):
    assert f"Le port {taken_port} est déjà pris" in only_line(run(environment, "manage.py", "serve", "--port", str(taken_port)))
    assert not (tmp_path / "data" / "postgres").exists()


def test_serve_says_that_the_database_does_not_answer(environment, run, free_port):
    environment["DATABASE_URL"] = "postgres://portail@127.0.0.1:1/portail"
    said = only_line(run(environment, "manage.py", "serve", "--port", str(free_port)))
    assert "La base de données de DATABASE_URL ne répond pas" in said


def test_serve_says_that_its_folder_cannot_be_written(environment, run, free_port, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret").write_text("0123456789" * 6)
    (tmp_path / "data" / "postgres.users").mkdir()
    only_line(run(environment, "manage.py", "serve", "--port", str(free_port)))
