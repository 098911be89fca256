"""Static files: one style sheet for the public site, hashed names, compressed copies.

Style sheets and scripts are written as small files that import each other, and work so in
development. `collectstatic` writes what visitors get: the `@import` lines of a sheet are replaced by
the sheets themselves, the imports of a script name hashed files, and every file gets a copy in gzip
and in brotli, which WhiteNoise serves to be kept for ever.
"""

import posixpath
import re

from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r"""^[ \t]*@import\s+(?:url\(\s*)?["']?(?P<url>[^"')\s]+)["']?\s*\)?(?P<condition>[^;\n]*);[ \t]*\n?""", re.MULTILINE)
LAYER = re.compile(r"^layer\(\s*(?P<name>[\w.-]+)\s*\)\s*(?P<media>.*)$", re.DOTALL)
URL = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<url>[^"')]+)(?P=quote)\s*\)""")
ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|/|#)", re.IGNORECASE)
"""An address that does not depend on where the sheet lies."""

OUR_FOLDERS = ("css/", "js/")


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with style sheets bundled and script imports hashed."""

    support_js_module_import_aggregation = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses = {}

    def url(self, name, force=False):
        """The address of a file, looked up once: it cannot change while the process runs, and a page asks for fifteen of them."""
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self.addresses:
            self.addresses[name] = super().url(name)
        return self.addresses[name]

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = {**paths, **{name: self._write(name, bundle(name, paths)) for name in entry_sheets(paths)}}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def url_converter(self, name, hashed_files, template=None):
        """Hash the address that a file names. Ours must exist; a package may name a file that it does not ship (source maps)."""
        convert = super().url_converter(name, hashed_files, template)

        def convert_if_there(match):
            try:
                return convert(match)
            except ValueError:
                if name.startswith(OUR_FOLDERS):
                    raise
                return match[0]

        return convert_if_there

    def _write(self, name, content):
        """Replace the collected copy of a file; returns where the rest of the process reads it."""
        self.delete(name)
        self._save(name, ContentFile(content.encode()))
        return self, name


def entry_sheets(paths):
    """Names of the sheets that import another."""
    return [name for name in paths if name.endswith(".css") and any(target in paths for target, _ in imports(name, read(name, paths)))]


def read(name, paths):
    """Text of a collected file, without the comments of a style sheet."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return COMMENT.sub("", file.read().decode())


def imports(name, text):
    """Each sheet that a sheet imports, as its own name, with the condition of the import."""
    return [(resolve(name, match["url"]), match["condition"].strip()) for match in IMPORT.finditer(text)]


def resolve(name, url):
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), url))


def bundle(name, paths, entry=None, seen=()):
    """The text of a sheet with its imports in place, its relative addresses rewritten from `entry`'s folder.

    Raises ValueError if a sheet imports itself through others.
    """
    entry = entry or name
    if name in seen:
        raise ValueError(f"{name} imports itself: {' > '.join((*seen, name))}")
    text = read(name, paths)

    def rebase(match):
        if ELSEWHERE.match(match["url"]):
            return match[0]
        return f'url("{posixpath.relpath(resolve(name, match["url"]), posixpath.dirname(entry) or ".")}")'

    def inline(match):
        target = resolve(name, match["url"])
        if target not in paths:
            return match[0]
        return under(match["condition"].strip(), bundle(target, paths, entry, (*seen, name)))

    parts, end = [], 0
    for match in IMPORT.finditer(text):
        parts += [URL.sub(rebase, text[end : match.start()]), inline(match)]
        end = match.end()
    return "".join([*parts, URL.sub(rebase, text[end:])]).strip() + "\n"


def under(condition, text):
    """A sheet inside what its import asked for: a layer, a media query, both or nothing."""
    layer = LAYER.match(condition)
    media = layer["media"].strip() if layer else condition
    if media:
        text = f"@media {media} {{\n{text}}}\n"
    return f"@layer {layer['name']} {{\n{text}}}\n" if layer else text
