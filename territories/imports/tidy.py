"""Names and addresses of FINESS, which are in capitals without accents and cut short, as a French reader writes them.

It is a help, not an oracle: staff correct a name once, and the imports leave it alone.
"""

import re

ARTICLES = frozenset({"l", "la", "le", "les"})
SMALL = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour", "sous", "sur", "un", "une"})
ACRONYMS = frozenset(
    [
        "CH",
        "CHI",
        "CHS",
        "CHU",
        "CMP",
        "CATTP",
        "CPTS",
        "CSSR",
        "EHPAD",
        "ESAT",
        "GCS",
        "GHT",
        "HAD",
        "HDJ",
        "MECS",
        "MMG",
        "MSA",
        "MSP",
        "PMI",
        "SA",
        "SARL",
        "SAS",
        "SCM",
        "SCP",
        "SELARL",
        "SELAS",
        "SISA",
        "SMR",
        "SMUR",
        "SSR",
        "UDM",
        "USLD",
        "II",
        "III",
        "IV",
        "VI",
    ]
)
ACCENTED = {
    "sante": "santé",
    "hopital": "hôpital",
    "pole": "pôle",
    "medical": "médical",
    "medicale": "médicale",
    "medicales": "médicales",
    "medicaux": "médicaux",
    "pluriprofessionnelle": "pluriprofessionnelle",
    "reeducation": "rééducation",
    "readaptation": "réadaptation",
    "residence": "résidence",
    "hemodialyse": "hémodialyse",
    "departemental": "départemental",
    "departementale": "départementale",
    "dependantes": "dépendantes",
    "agees": "âgées",
    "geriatrique": "gériatrique",
    "eglise": "église",
    "ecole": "école",
    "ecoles": "écoles",
    "general": "général",
    "republique": "république",
    "marechal": "maréchal",
    "liberation": "libération",
    "cote": "côte",
    "frederic": "Frédéric",
    "rene": "René",
    "emile": "Émile",
    "cezanne": "Cézanne",
}
COMMON = frozenset(
    {
        "annexe",
        "boulevard",
        "cabinet",
        "centre",
        "chemin",
        "clinique",
        "cours",
        "docteur",
        "domicile",
        "départemental",
        "départementale",
        "dépendantes",
        "général",
        "gériatrique",
        "hospitalier",
        "hospitalière",
        "hémodialyse",
        "hôpital",
        "laboratoire",
        "maison",
        "médical",
        "médicale",
        "médicales",
        "médicaux",
        "officine",
        "pharmacie",
        "pluridisciplinaire",
        "pluriprofessionnelle",
        "pôle",
        "réadaptation",
        "résidence",
        "rééducation",
        "santé",
        "service",
        "unité",
        "zone",
        "âgées",
    }
)
"""Words that take no capital inside a name."""

WAYS = {
    "ALL": "allée",
    "AV": "avenue",
    "BD": "boulevard",
    "CHE": "chemin",
    "CRS": "cours",
    "HAM": "hameau",
    "IMP": "impasse",
    "LOT": "lotissement",
    "MTE": "montée",
    "PAS": "passage",
    "PL": "place",
    "QU": "quai",
    "QUA": "quartier",
    "R": "rue",
    "RES": "résidence",
    "RPT": "rond-point",
    "RTE": "route",
    "SQ": "square",
    "TRA": "traverse",
    "ZA": "zone d’activité",
}
"""Kinds of ways of FINESS (`typvoie`)."""
REPETITIONS = {"B": "bis", "T": "ter", "Q": "quater"}


def name(text):
    """`PHARMACIE DU MONT VENTOUX` → `Pharmacie du Mont Ventoux`; what has small letters already is left alone."""
    text = re.sub(r"\s+", " ", text).strip()
    if not text.isupper():
        return text.replace("'", "’")
    words, before = [], ""
    for piece in re.split(r"([\s'’.,()/&-]+)", text):
        small = word(piece)
        # « Clinique Les Cyprès », but « rue de la République », « L’Isle-sur-la-Sorgue »
        words.append(small.capitalize() if small in ARTICLES and before not in SMALL else small)
        before = small.lower() if small.isalnum() else before
    tidied = "".join(words).replace("'", "’")
    return tidied[:1].upper() + tidied[1:]


def word(piece):
    """One word in capitals, or what stands between two."""
    if not piece.isalnum() or any(character.isdigit() for character in piece) or piece in ACRONYMS:
        return piece
    small = piece.lower()
    small = ACCENTED.get(small, small)
    return small if small in SMALL or small in COMMON else small[:1].upper() + small[1:]


def address(number, repetition, way, street):
    """`68`, `B`, `AV`, `ROGER SALENGRO` → `68 bis avenue Roger Salengro`."""
    number = " ".join(part for part in (number.strip(), REPETITIONS.get(repetition.strip(), "")) if part)
    street = name(street)
    kind = WAYS.get(way.strip().upper(), name(way).lower())
    if kind and street[:1].isupper() and street.split()[0].lower().partition("’")[0] in SMALL:
        street = street[:1].lower() + street[1:]
    return " ".join(part for part in (number, kind, street) if part)


def phone(digits):
    """`490814242` or `0490814242` → `04 90 81 42 42`; empty when it is no French number."""
    digits = re.sub(r"\D", "", digits)
    digits = digits.zfill(10) if len(digits) == 9 else digits
    return " ".join(digits[rank : rank + 2] for rank in range(0, 10, 2)) if re.fullmatch(r"0[1-9]\d{8}", digits) else ""
