"""What `collectstatic` makes of the small files that we write."""

import gzip
import json
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.management import call_command
from whitenoise.storage import MissingFileError

SITE = """/* The sheet of the site: @import url("never.css"); */
@layer tokens, components;
@import url("tokens.css");
@import "components/card.css" layer(components);
@import url(components/print.css) print;
.last { color: red; }
"""
FILES = {
    "css/site.css": SITE,
    "css/tokens.css": '@layer tokens { :root { --paper: url("../drawing.svg"); } }',
    "css/components/card.css": '@import url("shade.css");\n.card { mask: url(../../drawing.svg#a); src: url("data:text/plain,a"); }',
    "css/components/shade.css": ".shade { color: grey; }",
    "css/components/print.css": ".print { color: black; }",
    "drawing.svg": "<svg/>",
    "js/page.js": 'import { a } from "./parts/a.js";\nconst later = () => import("./later.js");\na(later);\n',
    "js/parts/a.js": "export function a() {}\n",
    "js/later.js": "export const b = 1;\n",
    "vendor/library.js": "var a;\n//# sourceMappingURL=library.js.map\n",
    "vendor/library.css": '.a { background: url("not-shipped.png"); }',
}


@pytest.fixture
def collect(settings, tmp_path):
    """Collect static files written in the test; the function gives what became of each, by its own name."""
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.storage.BundledStaticFilesStorage"}}

    def collect(files):
        for name, text in files.items():
            path = tmp_path / "static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        call_command("collectstatic", interactive=False, verbosity=0)
        names = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]
        return {name: settings.STATIC_ROOT / hashed for name, hashed in names.items()}

    return collect


def test_the_sheet_of_the_site_is_one_file(collect):
    collected = collect(FILES)
    drawing = collected["drawing.svg"].name
    assert " ".join(collected["css/site.css"].read_text().split()) == (
        "@layer tokens, components; "
        f'@layer tokens {{ :root {{ --paper: url("../{drawing}"); }} }} '
        "@layer components { .shade { color: grey; } "
        f'.card {{ mask: url("../{drawing}#a"); src: url("data:text/plain,a"); }} }} '
        "@media print { .print { color: black; } } "
        ".last { color: red; }"
    )


def test_a_file_changes_its_name_with_what_it_imports(collect):
    before = collect(FILES)
    after = collect({"css/components/shade.css": ".shade { color: silver; }"})
    assert before["css/site.css"] != after["css/site.css"]
    assert before["js/page.js"] == after["js/page.js"]


def test_every_text_has_two_compressed_copies(collect):
    sheet = collect({"css/site.css": ".a { color: red; }\n" * 100})["css/site.css"]
    assert gzip.decompress(Path(f"{sheet}.gz").read_bytes()) == sheet.read_bytes()
    assert brotli.decompress(Path(f"{sheet}.br").read_bytes()) == sheet.read_bytes()


def test_scripts_import_files_that_can_be_kept_for_ever(collect):
    collected = collect(FILES)
    script = collected["js/page.js"].read_text()
    assert f'from "./parts/{collected["js/parts/a.js"].name}"' in script
    assert f'import("./{collected["js/later.js"].name}")' in script


def test_a_package_may_name_a_file_that_it_does_not_ship(collect):
    collected = collect(FILES)
    assert "sourceMappingURL=library.js.map" in collected["vendor/library.js"].read_text()
    assert "not-shipped.png" in collected["vendor/library.css"].read_text()


@pytest.mark.parametrize("name", ["css/site.css", "js/site.js"])
def test_our_files_name_only_what_exists(collect, name):
    text = '@import url("lost.css");' if name.endswith("css") else 'import "./lost.js";'
    with pytest.raises(MissingFileError, match=name):
        collect({name: text})


def test_sheets_that_import_each_other_are_refused(collect):
    with pytest.raises(ValueError, match=r"css/a.css imports itself: css/a.css > css/b.css > css/a.css"):
        collect({"css/a.css": '@import url("b.css");', "css/b.css": '@import url("a.css");'})


def test_the_portals_own_files_are_collected(settings, collect, tmp_path):
    settings.STATICFILES_DIRS = [settings.BASE_DIR / "static"]
    collected = collect({})
    sheet = collected["css/site.css"].read_text()
    assert "@import" not in sheet
    assert sheet.count("{") == sheet.count("}") > 100


def test_no_file_that_an_admin_page_names_is_left_out():
    left_out = apps.get_app_config("staticfiles").ignore_patterns
    medias = [model.media for model in admin.site._registry.values()]
    names = {name for media in medias for name in [*media._js, *(sheet for group in media._css.values() for sheet in group)]}
    named = {str(name) for name in names if not str(name).startswith(("<", "http", "/"))}
    assert len(named) > 5
    assert [name for name in named if matches_patterns(name, left_out) or not finders.find(name)] == []
