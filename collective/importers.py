"""What the project ships about the collective (`reference/*.toml`), loaded without undoing what staff wrote: see `core.supply`."""

import tomllib

from django.conf import settings

from collective.models import Achievement, Desk, Partner, PressItem, Testimonial, TestimonialTag
from core import prepared
from core.supply import SupplyError, by_field, known_rows, plain_read, plain_write, supply, told
from territories.models import Commune, Cpts, Epci

REFERENCE_DIR = settings.BASE_DIR / "reference"
TABLES = (
    ("partners.toml", "partners", Partner, "Partenaires"),
    ("desks.toml", "desks", Desk, "Questions aux guichets"),
    ("achievements.toml", "achievements", Achievement, "Réalisations"),
    ("press.toml", "press", PressItem, "Articles de presse"),
    ("testimonials.toml", "tags", TestimonialTag, "Sujets de témoignage"),
    ("testimonials.toml", "testimonials", Testimonial, "Témoignages"),
)
"""In the order in which they name each other."""
PARTS = {
    "links": ("label", "url"),
    "figures": ("value", "label", "source"),
    "contacts": ("need", "service", "email", "phone", "url", "hours"),
}
"""Rows inside a partner, with the columns that a file may give."""
RELATIONS = {"partner": (Partner, "supply_key"), "commune": (Commune, "insee"), "epci": (Epci, "siren"), "cpts": (Cpts, "slug")}
"""Relations, and what a file names them by."""


def load(*, dry_run=False):
    """Load partners, desks, achievements, articles and testimonials; returns lines in French for the operator.

    Raises `SupplyError` for a file that names what does not exist or holds what the portal refuses.
    """
    lines = []
    for file, table, model, plural in TABLES:
        done, known = [], known_rows(model)
        for position, row in enumerate(tomllib.loads((REFERENCE_DIR / file).read_text(encoding="utf-8"))[table], start=1):
            key = row.pop("key")
            values = {name: _value(name, value, dry_run) for name, value in _complete(model, key, position, row).items()}
            outcome, kept = supply(model=model, key=key, values=values, read=_read, write=_write, known=known, dry_run=dry_run)
            done.append(outcome)
            if kept:
                lines.append(f"  {key}\u00a0: laissé à l’équipe ({', '.join(_label(model, name) for name in kept)})")
        lines.append(told(plural, done))
    return lines


def _label(model, name):
    field = model._meta.get_field(name)
    return str(getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural)


def _complete(model, key, position, row):
    """What a file need not say: the anchor of a question and the code of a subject are their keys, questions come in its order."""
    if model is Desk:
        return {"anchor": key, "position": position, **row}
    return {"code": key, **row} if model is TestimonialTag else row


def _value(name, value, dry_run):
    """A value of a file as it is stored."""
    if name in PARTS:
        return [{column: part.get(column, "") for column in PARTS[name]} for part in value]
    if name == "tags":
        return sorted(value)
    if name in RELATIONS:
        model, column = RELATIONS[name]
        found = next((row.pk for row in prepared.records(by_field, model, column, value=str(value))), None)
        if found is None and not dry_run:
            raise SupplyError(f"{model._meta.verbose_name} {value}\u00a0: introuvable.")
        return found
    return value.strip() if isinstance(value, str) else value


def _read(row, name):
    if name in PARTS:
        return list(getattr(row, name).values(*PARTS[name]))
    if name == "tags":
        return sorted(row.tags.values_list("code", flat=True))
    return plain_read(row, name)


def _write(row, values):
    plain_write(row, {name: value for name, value in values.items() if name not in PARTS and name != "tags"})
    for name in PARTS.keys() & values.keys():
        parts = getattr(row, name)
        parts.all().delete()
        for position, columns in enumerate(values[name], start=1):
            part = parts.model(partner=row, position=position, **columns)
            part.full_clean(validate_constraints=False)
            part.save()
    if "tags" in values:
        tags = TestimonialTag.objects.filter(code__in=values["tags"])
        if len(tags) < len(values["tags"]):
            raise SupplyError(f"{row}\u00a0: un sujet n’existe pas.")
        row.tags.set(tags)
