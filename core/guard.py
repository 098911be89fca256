"""Public forms that robots give away without a puzzle for the honest: a field that nobody sees, and the moment the form was shown."""

from datetime import timedelta

from django import forms
from django.core import signing
from django.utils import timezone

from core.french import NBSP

SALT = "core.guard"
FASTEST = timedelta(seconds=2)
"""Nobody reads a form and fills it in faster."""
LONGEST = timedelta(days=1)
"""After a day a form is shown again, with what was written in it."""


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
