"""Rules of single values that several apps share, for models and imports alike."""

from django.core.validators import RegexValidator

phone_number = RegexValidator(
    r"^\+?[0-9][0-9 .()\u00a0\u202f-]*[0-9]\Z",
    "Un numéro de téléphone s’écrit avec des chiffres et des espaces, par exemple 04\u00a065\u00a071\u00a000\u00a000.",
)
"""Digits with the usual separators; short numbers (15, 3919) are numbers. The example lies in the range that Arcep keeps for fiction."""
