"""Full-text search in French with PostgreSQL: the column that a row is found by, the question that typed words make.

A row is found by the stems of its words (configuration `fr`) and by the beginnings of the words of its title
(`fr_plain`), so that one index answers the search page and the suggestions. See docs/decisions/search.md.
"""

from django.contrib.postgres.search import SearchQueryField, SearchVector, SearchVectorField
from django.db import models
from django.db.models import Expression, F, Func, Value

from core.prepared import Slot
from core.search import fold

LONGEST_TEXT = 100
"""Characters read of what a person types."""
MOST_WORDS = 8
"""Words read of what a person types; more would only find less."""
SHORTEST_BEGINNING = 3
"""Letters from which a word may be the beginning of a longer one: "apt" is Apt, "ap" is nothing."""
SMALL_WORDS = frozenset(
    (
        *("a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "est", "et", "il", "je", "l", "la", "le", "les"),
        *("leur", "ma", "mes", "mon", "n", "nous", "on", "ou", "par", "pas", "pour", "qu", "que", "qui", "s", "sa", "se", "ses", "son"),
        *("sont", "sur", "un", "une", "vos", "votre", "vous", "y"),
    )
)
"""Words that say nothing by themselves."""


GLUE = "\u00a0\u202f\u2009\u2011«»"
"""Signs that PostgreSQL takes for letters: it would index "VSA\u00a0" and never find VSA."""


def spaced(name):
    """The text of a column with a plain space for each sign of `GLUE`."""
    return Func(F(name), Value(GLUE), Value(" " * len(GLUE)), function="translate", output_field=models.TextField())


def search_column(title, *texts):
    """A generated column over the fields of a row: `title` weighs more than `texts`. The model gives it a `GinIndex`."""
    expression = SearchVector(spaced(title), weight="A", config="fr") + SearchVector(spaced(title), weight="A", config="fr_plain")
    if texts:
        expression += SearchVector(*map(spaced, texts), weight="B", config="fr")
    return models.GeneratedField(expression=expression, output_field=SearchVectorField(), db_persist=True)


def typed_words(text):
    """The words of a typed text that can be looked for, folded (`core.search.fold`); those that say nothing are left out."""
    words = [word for word in fold(text[:LONGEST_TEXT]).split() if word not in SMALL_WORDS]
    return words[:MOST_WORDS]


class Question(Expression):
    """A `tsquery`: rows that hold these words, each as a stem or as the beginning of a word of the title.

    All of them, or `any_of` them. `words` come from `typed_words`.
    """

    output_field = SearchQueryField()

    def __init__(self, words, any_of=False):
        super().__init__()
        self.pairs, self.operator = tuple((word, beginning(word)) for word in words), " || " if any_of else " && "

    @classmethod
    def unasked(cls, count, any_of=False):
        """The question of so many words in a query that `core.prepared` keeps; `words_asked` fills its slots."""
        question = cls((), any_of)
        question.pairs = tuple((Slot(f"word_{rank}"), Slot(f"beginning_{rank}")) for rank in range(count))
        return question

    def as_sql(self, compiler, connection):
        """One pair of questions a word."""
        one = "(plainto_tsquery('fr', %s) || to_tsquery('fr_plain', %s))"
        return f"({self.operator.join([one] * len(self.pairs))})", [part for pair in self.pairs for part in pair]


def beginning(word):
    """The word as `to_tsquery` reads it, with the longer words that it begins."""
    return f"{word}:*" if len(word) >= SHORTEST_BEGINNING else word


def words_asked(words):
    """The values of the slots of `Question.unasked(len(words))`."""
    return {f"word_{rank}": word for rank, word in enumerate(words)} | {
        f"beginning_{rank}": beginning(word) for rank, word in enumerate(words)
    }


class Answers(Func):
    """Whether a vector answers a question."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()
