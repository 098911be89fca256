"""A deployment that lacks something says what, and does not start."""

import json

import pytest
from django.core import checks

from core.checks import REQUIRED

NAMES = {**{name: number for number, (name, _) in REQUIRED.items()}, "DATABASE_URL": "E003"}


@pytest.fixture
def found():
    """Numbers of our checks that fail with the settings of the test, with what each says."""

    def found():
        problems = checks.run_checks(tags=["portal"], include_deployment_checks=True)
        return {problem.id: f"{problem.msg} {problem.hint}" for problem in problems}

    return found


@pytest.fixture
def complete(settings, monkeypatch, tmp_path):
    """The settings of a complete deployment."""
    settings.PRODUCTION, settings.PORTAL_MODE = True, "production"
    settings.SECRET_KEY = "0123456789" * 6
    settings.ALLOWED_HOSTS = ["portail.exemple.fr"]
    settings.DATABASE_URL = "postgres://portail@localhost/portail"
    settings.EMAIL_URL = "smtp://localhost"
    settings.DEFAULT_FROM_EMAIL = "portail@exemple.fr"
    settings.CONTACT_EMAIL = "equipe@exemple.fr"
    settings.LEGAL_NOTICE = dict.fromkeys(settings.LEGAL_NOTICE, "Exemple")
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text("{}")
    return settings


def test_a_complete_deployment_lacks_nothing(complete, found):
    assert found() == {}


@pytest.mark.parametrize(("number", "name"), [(number, name) for number, (name, _) in REQUIRED.items()])
def test_each_missing_variable_is_named_with_a_hint(complete, found, number, name):
    setattr(complete, name, type(getattr(complete, name))())
    problems = found()
    assert list(problems) == [f"portal.{number}"]
    assert problems[f"portal.{number}"].startswith(f"{name} n’est pas définie")
    assert REQUIRED[number][1][:20] in problems[f"portal.{number}"]


@pytest.mark.parametrize(("url", "said"), [("", "DATABASE_URL n’est pas définie"), ("mysql://h/b", "DATABASE_URL n’est pas l’adresse")])
def test_a_database_that_is_not_postgresql_is_refused(complete, found, monkeypatch, url, said):
    complete.DATABASE_URL = url
    monkeypatch.setitem(complete.DATABASES["default"], "ENGINE", "django.db.backends.dummy")
    assert found()["portal.E003"].startswith(said)


def test_an_unknown_mode_is_refused(complete, found):
    complete.PORTAL_MODE = "prod"
    assert "prod" in found()["portal.E007"]


def test_a_demonstration_is_not_open_to_other_machines(complete, found):
    complete.PRODUCTION, complete.PORTAL_MODE = False, "demo"
    complete.ALLOWED_HOSTS = ["localhost", "portail.exemple.fr"]
    assert "portail.exemple.fr" in found()["portal.E008"]
    complete.ALLOWED_HOSTS = complete.LOOPBACK_HOSTS
    assert found() == {}


def test_an_incomplete_legal_notice_is_told_in_production(complete, found):
    complete.LEGAL_NOTICE = {**complete.LEGAL_NOTICE, "phone": "", "host": ""}
    assert "LEGAL_PHONE, LEGAL_HOST" in found()["portal.W001"]
    complete.PRODUCTION, complete.PORTAL_MODE, complete.ALLOWED_HOSTS = False, "demo", complete.LOOPBACK_HOSTS
    assert found() == {}


def test_the_state_of_accessibility_is_one_that_the_law_knows(complete, found):
    complete.ACCESSIBILITY_STATE = "presque conforme"
    assert "presque conforme" in found()["portal.E010"]


def test_production_wants_its_static_files(complete, found, tmp_path):
    (tmp_path / "staticfiles.json").unlink()
    assert list(found()) == ["portal.E009"]


def test_the_web_server_names_everything_that_production_lacks_and_stops(environment, run, tmp_path):
    done = run({**environment, "PORTAL_MODE": "production"}, "-m", "gunicorn")
    assert done.returncode == 1
    assert [name for name, number in NAMES.items() if f"(portal.{number}) {name} n’est pas définie" not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists(), "the embedded server is for demonstrations"


def test_check_deploy_is_clean_when_production_is_complete(production, run):
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "System check identified no issues (0 silenced).", "")


SETTINGS = """
import json
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in %r}, default=str))
"""


@pytest.fixture
def settings_of(run):
    """Values of settings in an environment."""

    def settings_of(environment, *names):
        done = run({**environment, "DJANGO_SETTINGS_MODULE": "vsa_portal.settings"}, "-W", "error", "-c", SETTINGS % (names,))
        assert not done.stderr
        return json.loads(done.stdout)

    return settings_of


def test_a_demonstration_keeps_one_secret_that_nobody_else_reads(environment, settings_of, tmp_path):
    first, second = (settings_of(environment, "SECRET_KEY")["SECRET_KEY"] for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


def test_a_demonstration_without_a_folder_to_write_says_so(environment, run, tmp_path):
    (tmp_path / "data").write_text("not a folder")
    done = run(environment, "manage.py", "check")
    assert done.returncode == 1
    assert f"(portal.E001) Le dossier {tmp_path / 'data'} n’est pas accessible" in done.stderr


@pytest.mark.parametrize("url", ["portail", "mysql://localhost/portail", "://"])
def test_an_address_that_names_no_postgresql_starts_none(environment, settings_of, url):
    database = settings_of({**environment, "DATABASE_URL": url}, "DATABASES")["DATABASES"]["default"]
    assert "ENGINE" not in database


def test_a_mode_with_a_typing_mistake_is_never_a_demonstration(production, settings_of):
    hosts = {**production, "PORTAL_MODE": "prod", "DEBUG": "1", "ALLOWED_HOSTS": "portail.exemple.fr,.exemple.org"}
    assert settings_of(hosts, "PRODUCTION", "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_TRUSTED_ORIGINS") == {
        "PRODUCTION": True,
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_TRUSTED_ORIGINS": ["https://portail.exemple.fr", "https://*.exemple.org"],
    }
