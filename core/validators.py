"""Rules of single values that several apps share, for models and imports alike."""

from django.core.validators import RegexValidator

phone_number = RegexValidator(
    r"^\+?[0-9][0-9 .()\u00a0\u202f-]*[0-9]\Z",
    "Un numéro de téléphone s’écrit avec des chiffres et des espaces, par exemple 04\u00a065\u00a071\u00a000\u00a000.",
)
"""Digits with the usual separators; short numbers (15, 3919) are numbers. The example lies in the range that Arcep keeps for fiction."""

no_security_number = RegexValidator(
    r"\b[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}\s?\d{2}\b",
    "Ce texte contient un numéro de sécurité sociale\u00a0: effacez-le, personne n’en a besoin ici.",
    inverse_match=True,
)
"""No number of the Sécurité sociale, thirteen digits and a key, in what people write freely (RGPD-03)."""
