"""Public forms that robots give away without a puzzle for the honest: a field that nobody sees, and the moment the form was shown."""

import re
from datetime import timedelta

from django import forms
from django.core import signing
from django.utils import timezone

from core import french
from core.french import NBSP

SALT = "core.guard"
FASTEST = timedelta(seconds=2)
"""Nobody reads a form and fills it in faster."""
LONGEST = timedelta(days=1)
"""After a day a form is shown again, with what was written in it."""
LINK = re.compile(r"https?\s*:\s*//\S+|(?<![\w@./])www\.\S+", re.I)
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.\w[\w.-]*")
PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)\d{2}[\s.-]?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
"""What lets somebody be reached."""
SIGNS = (
    (re.compile(r"<\s*a\b|\[\s*(?:url|link)\b", re.I), 1, "un lien caché sous des mots", "liens cachés sous des mots"),
    (LINK, 2, "lien", "liens"),
    (ADDRESS, 2, "adresse électronique", "adresses électroniques"),
    (PHONE, 3, "numéro de téléphone", "numéros de téléphone"),
)
"""What advertising is made of: the pattern, from how many on a person looks first, and what it is called."""


class GuardedForm(forms.Form):
    """The fields `site` (left empty) and `shown` (signed) go with the form. A refusal keeps what was written, and says what to do."""

    site = forms.CharField(
        label="Laissez ce champ vide", required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1", "class": "input"})
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["shown"] = fresh()
        age = self._age() if self.is_bound else FASTEST
        if age is not None and age > LONGEST:
            age = None
        self.too_fast = age is None or age < FASTEST
        if age is None:  # sent by a robot that never saw the form, or kept open since the secret changed
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")] = fresh()

    def _age(self):
        """How long ago the form was shown, or None when it does not say so."""
        try:
            shown = signing.loads(self.data.get(self.add_prefix("shown"), ""), salt=SALT)
        except signing.BadSignature:
            return None
        return timedelta(seconds=timezone.now().timestamp() - shown)

    def clean(self):
        data = super().clean()
        if data.get("site"):
            self.add_error("site", f"Ce champ doit rester vide{NBSP}: effacez-le, puis envoyez de nouveau.")
        elif self.too_fast and not self.errors:
            self.add_error(None, "Relisez ce que vous avez écrit, puis envoyez-le.")
        return data


def fresh():
    """What tells when a form was shown."""
    return signing.dumps(timezone.now().timestamp(), salt=SALT)


def suspicion(*texts):
    """Why somebody has to look at what was written before it goes any further, in French; empty when nothing is the matter.

    Nobody is refused on these grounds: a doctor may name a web site, an address and two telephone numbers.
    """
    text = french.one_line(" ".join(texts))
    found = ((len(pattern.findall(text)), limit, one, many) for pattern, limit, one, many in SIGNS)
    return [one if count == 1 else french.plural(count, one, many) for count, limit, one, many in found if count >= limit]
