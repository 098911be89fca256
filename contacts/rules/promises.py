"""How somebody answers, in words for a reader: pure functions."""

from core import french

PROMISE_NEEDS = 5
"""Conversations below which nothing is said of how somebody answers."""


def in_words(delay):
    """A median delay for a reader: hours under two days, then days."""
    hours = delay.total_seconds() / 3600
    if hours < 1:
        return "moins d’une heure"
    if hours < 48:
        return french.plural(round(hours), "heure")
    return french.plural(round(hours / 24), "jour")


def promise_in_words(figures):
    """« Répond d’ordinaire en 5 heures, à 92 % des messages », or nothing while too few people wrote."""
    if figures["rated"] < PROMISE_NEEDS:
        return ""
    rate = french.percent(round(100 * figures["answered"] / figures["rated"]))
    if not figures["answered"]:
        return f"A répondu à {rate} des messages reçus par le portail."
    return f"Répond d’ordinaire en {in_words(figures['median'])}, à {rate} des messages reçus par le portail."


def median_in_words(figures):
    """The median delay of everybody's answers, or nothing while too few people wrote."""
    return in_words(figures["median"]) if figures["rated"] >= PROMISE_NEEDS and figures["answered"] else ""
