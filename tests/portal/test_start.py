"""What `make run` does again at each start, and what it leaves out because nothing changed."""

import pytest

from collective.models import Desk, PartnerLink, Testimonial
from pages.models import Page, Term
from vsa_portal.management.commands import serve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture
def loads(settings, tmp_path, monkeypatch):
    """Start once; gives the list of the loads that further starts make."""
    settings.DATA_DIR = tmp_path
    serve.Command().load_texts()
    made, load = [], serve.call_command
    monkeypatch.setattr(serve, "call_command", lambda name, **options: made.append(name) or load(name, **options))
    return made


def test_a_start_where_nothing_changed_compares_nothing(loads):
    serve.Command().load_texts()
    assert loads == []


def test_rows_that_were_deleted_come_back(loads):
    Term.objects.all().delete()
    key = Testimonial.objects.first().supply_key
    Testimonial.objects.filter(supply_key=key).delete()
    serve.Command().load_texts()
    assert Term.objects.exists()
    assert Testimonial.objects.filter(supply_key=key).exists()
    loads.clear()
    serve.Command().load_texts()
    assert loads == []


@pytest.mark.parametrize(
    ("model", "change"),
    [(Page, {"title": "Un autre titre"}), (Desk, {"supplied": {}}), (PartnerLink, {"label": "Un autre lien"})],
)
def test_any_change_of_a_row_is_compared(loads, model, change):
    model.objects.filter(pk=model.objects.first().pk).update(**change)
    serve.Command().load_texts()
    assert loads


def test_a_changed_file_is_compared(loads, monkeypatch, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.setattr(serve, "TEXT_SOURCES", (*serve.TEXT_SOURCES, folder))
    serve.Command().load_texts()
    loads.clear()
    (folder / "page.toml").write_text('title = "Une page"')
    serve.Command().load_texts()
    assert loads


def test_the_list_of_loaders_is_code_too():
    files = serve.texts_files()
    assert serve.settings.BASE_DIR / "vsa_portal/management/commands/load_content.py" in files
    assert {path.suffix for path in files} == {".py", ".toml", ".csv", ".geojson"}


def test_a_file_that_goes_meanwhile_does_not_stop_the_start(tmp_path):
    (here := tmp_path / "a.toml").write_text("")
    assert serve.fingerprint([here, tmp_path / "gone.toml"]) == serve.fingerprint([here])


def test_an_emptied_data_folder_is_compared(loads, settings):
    (settings.DATA_DIR / "texts.fingerprint").unlink()
    serve.Command().load_texts()
    assert loads
