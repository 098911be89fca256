"""French dates, numbers and lists as a reader expects them, with the right non-breaking spaces."""

import re
import unicodedata

from django.utils import timezone

NBSP = "\u00a0"
THIN = "\u202f"
UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of control characters, lone surrogates, private and unassigned characters, line separators."""
MONTHS = ("", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
SHORT_MONTHS = ("", "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def number(value):
    """`12500` → `12 500`; decimals with a comma and without useless zeros."""
    text = f"{value:,f}" if not isinstance(value, int) else f"{value:,}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", THIN).replace(".", ",")


def euros(value):
    """`12500` → `12 500 €`."""
    return f"{number(value)}{NBSP}€"


def percent(value):
    """`Decimal("80.00")` → `80 %`."""
    return f"{number(value)}{NBSP}%"


def kilometres(value):
    """Distance for a reader: whole kilometres, `moins de 1 km` under one."""
    return f"moins de 1{NBSP}km" if value < 1 else f"{number(round(value))}{NBSP}km"


def plural(count, singular, plural_form=None):
    """`2, "offre"` → `2 offres`; French plural begins at two."""
    return f"{number(count)}{NBSP}{singular if count < 2 else plural_form or singular + 's'}"


def one_line(text):
    """`text` on one line, without invisible marks, control characters and whatever else XML cannot hold."""
    kept = "".join("" if (kind := unicodedata.category(c)) == "Cf" else " " if kind in UNPRINTABLE else c for c in text)
    return re.sub(" +", " ", kept).strip(" ")


def typeset(text):
    """What a person typed, with the apostrophe and the non-breaking spaces of French typography; addresses are left alone."""
    text = re.sub(r"https?://\S+|(?<=[^\W\d_])'(?=\w)", lambda found: "’" if found[0] == "'" else found[0], text)
    text = re.sub(r"(?<=\S) +(?=[;:!?](?:\s|$))", NBSP, text)
    text = re.sub(r"\u00ab[ \u00a0\u202f]*", f"\u00ab{NBSP}", text)
    return re.sub(r"[ \u00a0\u202f]*\u00bb", f"{NBSP}\u00bb", text)


def quoted(text, length=40):
    """`« ce que l’on a tapé »`: what a person typed, on one line, cut short after `length` characters."""
    line = one_line(text) or "…"
    return f"«{NBSP}{line if len(line) <= length else line[:length].rstrip() + '…'}{NBSP}»"


def date(value):
    """`30 juin 2026`, `1er janvier 2027`."""
    return f"{_day(value)} {MONTHS[value.month]} {value.year}"


def weekday(value):
    """`mardi 1er septembre`: a day that is near."""
    return f"{WEEKDAYS[value.weekday()]} {_day(value)} {MONTHS[value.month]}"


def moment(value):
    """`12 mars 2026 à 14:05`, in the time zone of the portal."""
    local = timezone.localtime(value)
    return f"{date(local)} à {local:%H:%M}"


def date_range(start, end):
    """`du 15 au 27 février 2027`, `le 15 février 2027`, with whatever the two dates share said once."""
    if start == end:
        return f"le {date(start)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"du {_day(start)} au {date(end)}"
    if start.year == end.year:
        return f"du {_day(start)} {MONTHS[start.month]} au {date(end)}"
    return f"du {date(start)} au {date(end)}"


def of(name):
    """`de Sault`, `d’Apt`, `du Thor`, `des Taillades`."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    first = unicodedata.normalize("NFD", name[:1]).lower()[:1]
    return f"d’{name}" if first and first in "aeiouyœæh" else f"de {name}"


def _day(value):
    return "1er" if value.day == 1 else str(value.day)
