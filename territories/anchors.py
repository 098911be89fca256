"""The places that one may search near: communes, health facilities, and what other apps register (`register`).

A place has a token (`commune-84003`, `etablissement-12`), which links and fields carry, and a text that a person may type.
An address holds either: `?lieu=commune-84003`, `?lieu=Apt`.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.postgres.search import SearchRank
from django.db.models import F

from core.french import NBSP, THIN, of, quoted
from core.geography import Point
from core.search import fold
from core.text_search import Question, typed_words
from territories.forms import alternatives, ambiguity
from territories.models import Commune, HealthFacility
from territories.querysets import LONGEST_TEXT, SUGGESTED

MOST_PLACES = 3
"""Places of one search."""
PROPOSED = 8
"""Suggestions for a text, and places that are compared with a name typed by hand."""
NAMED = 4
"""Places that a message names."""
TOKEN = re.compile(r"([a-z]{1,20})-([0-9]{1,18})", re.ASCII)
GONE = f"Ce lieu n’est plus proposé{NBSP}: choisissez-en un autre."
TOO_MANY = f"Trois lieux au plus{NBSP}: les suivants n’ont pas été pris en compte."


@dataclass(frozen=True)
class Anchor:
    """A place. `text` is what a field shows and what brings the place back; `detail` tells it from others in a list."""

    token: str
    label: str
    point: Point
    commune_id: int
    url: str
    text: str
    detail: str
    kind: str

    @property
    def after_near(self):
        """What follows « près »: `de Sault`, `du Thor`, `de « Hôpital, Apt »`; only names of communes take a preposition well."""
        return of(self.text) if self.token.startswith("commune-") else f"de {quoted(self.text, 80)}"

    def answers(self, folded):
        """Whether a folded text is the name in full, with or without the commune."""
        return folded in (fold(self.label), fold(self.text))


class Asked(NamedTuple):
    """One place as it was asked for: the text as typed, and the place or what is wrong with it. Neither for an empty text."""

    text: str
    anchor: Anchor | None = None
    problem: str = ""

    @property
    def shown(self):
        """What the field shows."""
        return self.anchor.text if self.anchor else self.text

    @property
    def token(self):
        return self.anchor.token if self.anchor else ""


@dataclass(frozen=True)
class Places:
    """What `resolve` understood: one `Asked` a text, in the order of the texts, and what concerns them all.

    It unpacks into `anchors, problems`. What is aligned with another parameter reads `asked`, where refused texts keep their position.
    """

    asked: list
    excess: str = ""

    @property
    def anchors(self):
        """The places that were understood."""
        return [asked.anchor for asked in self.asked if asked.anchor]

    @property
    def problems(self):
        """French sentences."""
        return [*(asked.problem for asked in self.asked if asked.problem), *([self.excess] if self.excess else [])]

    def __iter__(self):
        return iter((self.anchors, self.problems))


class Communes:
    """The communes of Vaucluse, at their town hall; the token holds the INSEE code."""

    prefix = "commune"

    def of_keys(self, keys):
        """The communes of these INSEE codes, by code. One query."""
        return {commune.insee: self.anchor(commune) for commune in Commune.objects.filter(insee__in=keys)}

    def suggest(self, text, near=True):
        """The communes that answer, best first; `near`: mistyped ones if none does. One query."""
        found = Commune.objects.matching(text, near=near)[:PROPOSED]
        return [self.anchor(commune, commune.epci_short_name) for commune in found]

    def anchor(self, commune, detail=""):
        return Anchor(
            token=f"{self.prefix}-{commune.insee}",
            label=commune.name,
            point=commune.point,
            commune_id=commune.pk,
            url=commune.get_absolute_url(),
            text=commune.name,
            detail=", ".join([*commune.postal_codes, detail] if detail else commune.postal_codes),
            kind="Commune",
        )


class Facilities:
    """Health facilities that readers may see, at the point that the map shows."""

    prefix = "etablissement"

    def of_keys(self, keys):
        """The facilities of these primary keys, by key as text. One query."""
        found = HealthFacility.objects.visible().filter(pk__in=keys).select_related("kind", "commune")
        return {str(facility.pk): self.anchor(facility) for facility in found}

    def suggest(self, text, near=True):
        """The facilities whose name, kind or commune hold these words, best first. One query, none without words."""
        words = typed_words(text)
        if not words:
            return []
        found = HealthFacility.objects.visible().matching(text).select_related("kind", "commune")
        ranked = found.annotate(rank=SearchRank(F("search_vector"), Question(words), normalization=2)).order_by("-rank", "name", "pk")
        return [self.anchor(facility) for facility in ranked[:PROPOSED]]

    def anchor(self, facility):
        commune = facility.commune.name
        return Anchor(
            token=f"{self.prefix}-{facility.pk}",
            label=facility.name,
            point=Point(facility.latitude, facility.longitude),
            commune_id=facility.commune_id,
            url=facility.get_absolute_url(),
            text=with_commune(facility.name, commune),
            detail=f"{facility.kind.label}, {commune}",
            kind=facility.kind.label,
        )


def with_commune(name, commune):
    """`Maison de santé, Sault`: a name that may be that of several places; a name that holds the commune is left alone."""
    return name if f" {fold(commune)} " in f" {fold(name)} " else f"{name}, {commune}"


KINDS = {kind.prefix: kind for kind in (Communes(), Facilities())}
"""Kinds of places by the prefix of their tokens, communes first."""


def register(kind):
    """Add a kind of places, an object like `Facilities()`, from `AppConfig.ready`. The key of its tokens is a number."""
    KINDS[kind.prefix] = kind


def resolve(texts):
    """What these texts designate, tokens or names typed by hand, as `Places`; three at most are read.

    Never an error, whatever the texts. One query a kind for the tokens, and for a name three at most plus one a kind.
    """
    texts = [text.strip() for text in texts]
    while texts and not texts[-1]:
        texts.pop()
    read = texts[:MOST_PLACES]
    tokens = of_tokens(read)
    asked = [Asked(text) if not text else tokens.get(text) or of_name(text) for text in read]
    return Places(once(asked), TOO_MANY if len(texts) > MOST_PLACES else "")


def of_tokens(texts):
    """What the tokens among these texts designate, by text. One query a kind."""
    keys = {}
    for text in texts:
        found = TOKEN.fullmatch(text)
        if found and found[1] in KINDS:
            keys.setdefault(found[1], {})[text] = found[2]
    known = {prefix: KINDS[prefix].of_keys(list(wanted.values())) for prefix, wanted in keys.items()}
    return {
        text: Asked(text, anchor) if (anchor := known[prefix].get(key)) else Asked(text, problem=GONE)
        for prefix, wanted in keys.items()
        for text, key in wanted.items()
    }


def of_name(text):
    """What a name typed by hand designates.

    A commune first; or else the place of another kind that has this very name; or the only one that answers.
    """
    found = Commune.objects.resolve(text)
    if found.commune:
        return Asked(text, KINDS[Communes.prefix].anchor(found.commune))
    others = [anchor for kind in others_than_communes() for anchor in kind.suggest(text, near=False)]
    exact = [anchor for anchor in others if anchor.answers(fold(text[:LONGEST_TEXT]))]
    if len(exact) == 1:
        return Asked(text, exact[0])
    if found.choices:
        return Asked(text, problem=ambiguity(text, found.choices))
    if len(others) == 1:
        return Asked(text, others[0])
    return Asked(text, problem=several(text, exact or others) if others else unknown(text, found.suggestions))


def others_than_communes():
    return [kind for prefix, kind in KINDS.items() if prefix != Communes.prefix]


def several(text, anchors):
    """Message for a text that several places answer to: names the first of them."""
    names = [anchor.text for anchor in anchors[:NAMED]]
    if len(anchors) > NAMED:
        names.append("un autre encore")
    return f"Plusieurs lieux correspondent à {quoted(text)}{NBSP}: {alternatives(names)}{THIN}? Écrivez le nom en entier."


def unknown(text, suggestions):
    """Message for a text that no place answers to, with the communes that resemble it if any."""
    message = f"Aucun lieu de Vaucluse ne correspond à {quoted(text)}."
    if suggestions:
        return f"{message} Vouliez-vous écrire {alternatives([commune.name for commune in suggestions[:SUGGESTED]])}{THIN}?"
    return f"{message} Écrivez une commune, un code postal ou le nom d’un établissement."


def once(asked):
    """The same, with a place that comes a second time refused."""
    seen, kept = set(), []
    for each in asked:
        if each.token and each.token in seen:
            each = Asked(each.text, problem=f"{quoted(each.shown)} est déjà demandé.")
        seen.add(each.token)
        kept.append(each)
    return kept


def suggestions(text):
    """The places that a text being typed may mean, kind after kind, eight at most. One query a kind at most."""
    found = {prefix: KINDS[prefix].suggest(text, near=False) for prefix in KINDS if prefix != Communes.prefix}
    found = {Communes.prefix: KINDS[Communes.prefix].suggest(text, near=not any(found.values())), **found}
    while sum(map(len, found.values())) > PROPOSED:
        max(found.values(), key=len).pop()
    return [anchor for anchors in found.values() for anchor in anchors]
