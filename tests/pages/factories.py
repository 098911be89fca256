"""Makers of pages and blocks for tests."""

import factory
from factory.django import DjangoModelFactory

from pages import actions, models
from pages.enums import State


class PageFactory(DjangoModelFactory):
    """A published page under no other, unless told otherwise."""

    class Meta:
        model = models.Page

    slug = factory.Sequence(lambda n: f"page-{n}")
    title = factory.Sequence(lambda n: f"Une page {n}")
    summary = "Ce que dit cette page."
    state = State.PUBLISHED


class BlockFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    parent = factory.SubFactory(PageFactory)
    region = "main"
    ordering = factory.Sequence(lambda n: 10 * n)


class RichTextFactory(BlockFactory):
    class Meta:
        model = models.RichText

    text = "<p>Un paragraphe de texte.</p>"


class QuotationFactory(BlockFactory):
    class Meta:
        model = models.Quotation

    text = "Ici, on prend le temps."
    author = "Une médecin généraliste (exemple)"
    source = "Entretien inventé pour les tests"


class CallToActionFactory(BlockFactory):
    class Meta:
        model = models.CallToAction

    label = "Voir les offres"
    target = "offers"


class QuestionFactory(BlockFactory):
    class Meta:
        model = models.Question

    question = factory.Sequence(lambda n: f"Question {n}\u00a0?")
    answer = "<p>Réponse.</p>"


class StepFactory(BlockFactory):
    class Meta:
        model = models.Step

    title = factory.Sequence(lambda n: f"Étape {n}")
    text = "<p>Ce qu’il faut faire.</p>"


class VideoFactory(BlockFactory):
    class Meta:
        model = models.Video

    title = "Un film"
    url = "https://films.example/1"


class TermFactory(DjangoModelFactory):
    class Meta:
        model = models.Term

    term = factory.Sequence(lambda n: f"TER{n}")
    slug = factory.LazyAttribute(lambda term: term.term.lower())
    definition = "Une définition en une phrase."


def composed(*blocks, **page):
    """A page made of these blocks, each `(factory, fields)`, as readers see it once it is saved."""
    made = PageFactory(**page)
    for rank, (maker, fields) in enumerate(blocks, 1):
        maker(parent=made, ordering=10 * rank, **fields)
    return actions.keep_version(page=made)
