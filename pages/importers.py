"""The pages and the terms that the project ships: `reference/pages/**/*.toml` and `reference/glossary.toml`.

A file is a page: its folders and its name are its address, `index.toml` stands for its folder. What staff changed since
the last load is left as it is, field by field; the blocks of a page count as one field (`core.supply`). Nothing is deleted.
"""

import tomllib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from collective.models import Testimonial, TestimonialTag
from core import prepared
from core.french import typeset
from core.prose import ProseField
from core.supply import SupplyError, by_field, known_rows, plain_read, plain_write, supply, told
from opportunities.models import OpportunityKind
from pages import actions
from pages.enums import RUBRIQUES, Language, State
from pages.models import BLOCKS, Page, Term
from territories.enums import FigureLevel
from territories.models import FacilityKind, KeyFigure

PAGES = settings.BASE_DIR / "reference" / "pages"
GLOSSARY = settings.BASE_DIR / "reference" / "glossary.toml"
PAGE_KEYS = {
    *("title", "slug", "summary", "menu_title", "in_menu", "position", "language", "translation_of"),
    *("updated", "sources", "seo_description", "blocks"),
}
TERM_KEYS = {"term", "slug", "expansion", "definition", "text", "aliases", "source", "source_url", "source_date"}
KINDS = {kind.__name__: kind for kind in BLOCKS}
NATURAL_KEYS = {Page: "path", OpportunityKind: "code", FacilityKind: "code", TestimonialTag: "code", Testimonial: "supply_key"}
"""How a file names a record: by the value of this field."""
OTHER_NAMES = {
    "Figures": lambda data: {"codes": "figures"},
    "TestimonialBlock": lambda data: {"slug": "testimonial"},
    "ListBlock": lambda data: {"kinds": "offer_kinds"},
    "MapBlock": lambda data: {"kinds": "offer_kinds" if data.get("subject") == "offers" else "facility_kinds"},
}
"""Shorter names that a file may use for fields of a block."""


@transaction.atomic
def load_pages(*, dry_run=False, folder=PAGES):
    """Load every file; pages first, then their blocks, which may name any of them. Returns lines in French."""
    files = {path_of(file, folder): read(file) for file in sorted(folder.rglob("*.toml"))} if folder.exists() else {}
    taken = set(Page.objects.filter(path__in=files, supply_key=None).exclude(path__in=RUBRIQUES).values_list("path", flat=True))
    done, notes = [], [f"  {path}\u00a0: l’équipe a déjà une page à cette adresse, rien n’est chargé." for path in sorted(taken)]
    files = {path: data for path, data in files.items() if path not in taken}
    known, how = known_rows(Page), {"model": Page, "read": read_page, "dry_run": dry_run}
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        outcome = supply(key=path, values=page_values(path, files[path]), write=write_page_of(path), known=known, **how)
        done.append((path, outcome))
    if dry_run and Page.objects.filter(supply_key__in=files).count() < len(files):
        return [told_pages(done), "Les blocs des nouvelles pages seront vérifiés au chargement."]
    known = known_rows(Page)  # as the first pass left them
    for path, data in files.items():
        absent = missing(data)
        notes += [f"  {path}\u00a0: {name} introuvable, le bloc attend." for name in absent]
        # What is absent is part of the value: once it is there, the next load sees a change and writes the blocks again.
        later = {"blocks": [*data.get("blocks", []), *({"absent": name} for name in absent)], **translation(path, data)}
        outcome = supply(key=path, values=later, write=write_page_of(path), known=known, **how)
        done = [(one, merge(found, outcome) if one == path else found) for one, found in done]
    notes += [f"  {path}\u00a0: laissé à l’équipe ({', '.join(kept)})." for path, (_, kept) in done if kept]
    return [told_pages(done), *notes]


def told_pages(done):
    return told("Pages", [outcome for _, (outcome, _) in done])


def merge(first, second):
    """One outcome of the two passes over a page."""
    order = ["created", "changed", "kept", "same"]
    return min(first[0], second[0], key=order.index), [*first[1], *second[1]]


def path_of(file, folder):
    """`exercer/pourquoi` for `exercer/pourquoi.toml`, `exercer` for `exercer/index.toml`."""
    parts = file.relative_to(folder).with_suffix("").parts
    return "/".join(parts[:-1] if parts[-1] == "index" and len(parts) > 1 else parts)


def read(file):
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SupplyError(f"{file.name} n’est pas lisible\u00a0: {error}") from error


# --- A page ------------------------------------------------------------------------------------


def page_values(path, data):
    """What the file says of the page itself; the rubrique's own address and name in the menu stay."""
    if unknown := data.keys() - PAGE_KEYS:
        raise SupplyError(f"Page {path}\u00a0: champ inconnu {', '.join(sorted(unknown))}.")
    if not data.get("title"):
        raise SupplyError(f"Page {path}\u00a0: il manque le titre.")
    language = data.get("language", Language.FRENCH)
    texts = {name: data.get(name, "") for name in ("title", "menu_title", "summary", "seo_description")}
    if language == Language.FRENCH:
        texts = {name: typeset(text) for name, text in texts.items()}
    return {
        **texts,
        "slug": data.get("slug", path.rpartition("/")[2]),
        "in_menu": data.get("in_menu", True),
        "position": data.get("position", 0),
        "language": language,
        "reviewed_on": data.get("updated"),
        "sources": "\n".join(source_line(source) for source in data.get("sources", [])),
    }


def source_line(source):
    """A source as a line of text: a sentence, or a table with label, date and url."""
    if isinstance(source, str):
        return typeset(source)
    parts = [typeset(str(source.get("label", ""))), str(source.get("date", "")), source.get("url", "")]
    return " ".join(part for part in (", ".join(filter(None, parts[:2])), parts[2]) if part)


def translation(path, data):
    """The page that this one translates, once all pages are there."""
    if "translation_of" not in data:
        return {}
    return {"translation_of": record(Page, data["translation_of"], path).pk}


def read_page(page, name):
    return page.content if name == "blocks" else plain_read(page, name)


def write_page_of(path):
    """How a page of that address is written: under the page of its folder, online from the first day."""

    def write(page, values):
        values = dict(values)
        blocks = values.pop("blocks", None)
        if page.pk is None:
            adopt(page, path)
        if "translation_of" in values:
            page.translation_of_id = values.pop("translation_of")
        for name, value in values.items():
            setattr(page, name, value)
        page.path, page.tree_order = page.place()
        page.full_clean(exclude=["path", "tree_order", "content", "translation_of"])
        actions.place_page(page=page)
        if blocks is not None:
            actions.fill_page(page=page, blocks=[made for block in blocks if (made := block_of(page, block))])
        actions.keep_version(page=page, reason="contenu fourni avec le portail")

    return write


def adopt(page, path):
    """The root page of a rubrique keeps its place and its state; a new page goes under its folder."""
    known = Page.objects.filter(path=path).first()
    if known:
        page.__dict__.update({**known.__dict__, "supply_key": page.supply_key})
        return
    folder = path.rpartition("/")[0]
    page.parent = record(Page, folder, path) if folder else None
    page.state = State.PUBLISHED


# --- A block -----------------------------------------------------------------------------------


def block_of(page, data):
    """The block that a table of a file describes, not stored, with its lists of records in `keys`; None while a record is absent."""
    if "absent" in data or missing({"blocks": [data]}):
        return None
    kind = KINDS.get(data.get("kind"))
    if kind is None:
        raise SupplyError(f"Page {page.path}\u00a0: bloc inconnu {data.get('kind')}.")
    block = kind(parent=page)
    block.keys = {}
    for name, value, field in fields_of(kind, data):
        if field is None or name in ("id", "parent", "region", "ordering"):
            raise SupplyError(f"Page {page.path}, bloc {kind.__name__}\u00a0: champ inconnu {name}.")
        set_value(page, block, field, value)
    try:
        block.full_clean(exclude=["parent", "region", "ordering"])
    except ValidationError as error:
        raise SupplyError(f"Page {page.path}, bloc {kind.__name__}\u00a0: {' '.join(error.messages)}") from error
    return block


def fields_of(kind, data):
    """The values of a table with the fields that they are for; None for a name that is no field."""
    names = OTHER_NAMES.get(kind.__name__, lambda data: {})(data)
    fields = {field.name: field for field in [*kind._meta.concrete_fields, *kind._meta.many_to_many]}
    for name, value in data.items():
        if name != "kind":
            name = names.get(name, name)
            yield name, value, fields.get(name)


def missing(data):
    """Records of other apps that the blocks of a file name and that are not there (yet)."""
    found = []
    for block in data.get("blocks", []):
        for _, value, field in fields_of(KINDS[block["kind"]], block) if block.get("kind") in KINDS else ():
            if field is not None and field.is_relation and field.related_model is not Page:
                keys = value if field.many_to_many else [value]
                found += [f"{field.related_model._meta.verbose_name} {key}" for key in keys if search(field.related_model, key) is None]
    return found


def set_value(page, block, field, value):
    """Give a field of a block the value of a file; records are named by their natural keys."""
    if field.many_to_many:
        block.keys[field.name] = [search(field.related_model, key).pk for key in value]
    elif field.many_to_one:
        setattr(block, field.name, record(field.related_model, value, page.path))
    else:
        is_text = isinstance(value, str) and page.language == Language.FRENCH and not field.choices
        setattr(block, field.name, typeset(value) if is_text and not isinstance(field, ProseField) else value)


def record(model, key, path):
    """The record that a file names, or a refusal that says where."""
    found = search(model, key)
    if found is None:
        raise SupplyError(f"Page {path}\u00a0: {model._meta.verbose_name} introuvable, «\u00a0{key}\u00a0».")
    return found


def search(model, key):
    """The record of that natural key, or None."""
    if model is KeyFigure:
        return figure(key)
    key = key.strip("/") if model is Page else key
    return next(iter(prepared.records(by_field, model, NATURAL_KEYS[model], value=str(key))), None)


def figure(key):
    """The figure `code`, of the département if it has several levels, or `code:level`; None if it is not there."""
    code, _, level = key.partition(":")
    found = KeyFigure.objects.filter(code=code, commune=None, epci=None, cpts=None)
    return found.filter(level=level or FigureLevel.DEPARTEMENT).first() or (None if level else found.first())


# --- The glossary ------------------------------------------------------------------------------


@transaction.atomic
def load_terms(*, dry_run=False, file=GLOSSARY):
    """Load the terms of the glossary (`[[terms]]`). Returns lines in French."""
    if not Path(file).exists():
        return []
    done, known = [], known_rows(Term)
    for data in read(file).get("terms", []):
        if unknown := data.keys() - TERM_KEYS:
            raise SupplyError(f"Glossaire\u00a0: champ inconnu {', '.join(sorted(unknown))}.")
        slug = data.get("slug") or slugify(data["term"])
        values = {name: typeset(value) if isinstance(value, str) and name != "source_url" else value for name, value in data.items()}
        if isinstance(values.get("source_date"), str):
            values["source_date"] = date.fromisoformat(values["source_date"])
        done.append(supply(model=Term, key=slug, values={**values, "slug": slug}, write=plain_write, known=known, dry_run=dry_run))
    return [told("Termes du glossaire", [outcome for outcome, _ in done])]


def load(*, dry_run=False):
    """Both, the terms first. Pages name figures, testimonials and kinds: their own loaders come before."""
    return [*load_terms(dry_run=dry_run), *load_pages(dry_run=dry_run)]
