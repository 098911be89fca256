"""The words that the search knows, and the nearest one to a mistyped word."""

import re
from collections import Counter

from django.db import connection, transaction

from core.search import errors_to_beginning, fold
from vsa_portal.models import KnownWord

SHORTEST, LONGEST = 3, 60
"""Letters of a word worth knowing."""
LONG = 6
"""Letters from which a word may hold two errors, or be one error away from another."""
CANDIDATES = 12
COMMON = 3
"""How many times as many records hold a common word as hold the rare one that may be its slip."""

NEAREST = """
SELECT typed.word, EXISTS (SELECT FROM vsa_portal_knownword known WHERE known.word = typed.word),
    ARRAY(SELECT word FROM vsa_portal_knownword ORDER BY word <-> typed.word LIMIT %s)
FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, position) ORDER BY typed.position
"""

COMMONER = """
SELECT typed.word, ARRAY(
    SELECT near.word FROM (SELECT word, records FROM vsa_portal_knownword ORDER BY word <-> typed.word LIMIT %s) near
    WHERE near.records >= %s * known.records)
FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, position) LEFT JOIN vsa_portal_knownword known USING (word) ORDER BY typed.position
"""


def corrected(words):
    """The words with each unknown one replaced by the known one within a letter or two, if there is one. One query.

    Candidates come by trigrams, nearest first by the index; errors are counted in letters, one allowed from four, two from six.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [CANDIDATES, list(words)])
        rows = cursor.fetchall()
    return [word if is_known else nearest(word, candidates) for word, is_known, candidates in rows]


def nearest(word, candidates, allowed=None):
    """The candidate with the fewest errors, or the word itself when all have too many."""
    allowed = (len(word) >= 4) + (len(word) >= LONG) if allowed is None else allowed
    if not allowed or word.isdigit():
        return word
    counted = []
    for rank, candidate in enumerate(candidates):
        errors = errors_to_beginning(word, candidate, allowed)
        if errors is not None and abs(len(candidate) - len(word)) <= allowed:
            counted.append((errors, rank, candidate))
    return min(counted)[2] if counted else word


def neighbours(words):
    """The words with a rare one replaced by a common word a letter away, or None. One query at most.

    "remplacent", which two pages say, may be a slip for "remplacant", which twenty do. Endings in -s or -e are the same word.
    """
    if not any(len(word) >= LONG for word in words):
        return None
    with connection.cursor() as cursor:
        cursor.execute(COMMONER, [CANDIDATES, COMMON, list(words)])
        rows = cursor.fetchall()
    for rank, (word, candidates) in enumerate(rows):
        others = [one for one in candidates if not one.startswith(word) and not word.startswith(one)]
        if len(word) >= LONG and (other := nearest(word, others, allowed=1)) != word:
            return [*words[:rank], other, *words[rank + 1 :]]
    return None


def learn(*, finders, at, known=()):
    """Replace the known words by `known` and those of what readers may see at that moment; returns how many there are.

    Two that run at the same time (the portal starts while the nightly task works) write the same words once.
    """
    words = Counter(known)
    for finder in finders:
        for texts in finder.visible(at).order_by().values_list(*finder.learnt).iterator():
            words.update(set(fold(" ".join(map(str, texts))).split()))
    kept = [word for word in sorted(words) if SHORTEST <= len(word) <= LONGEST and re.search(r"[^\W\d]", word)]
    with transaction.atomic():
        KnownWord.objects.all().delete()
        KnownWord.objects.bulk_create([KnownWord(word=word, records=words[word]) for word in kept], batch_size=2000, ignore_conflicts=True)
    return len(kept)
