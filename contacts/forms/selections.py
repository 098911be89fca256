"""Forms of "Ma sélection"."""

import re

from django import forms
from django.core.exceptions import ValidationError

from accounts.public import PublicEmailField, PublicForm
from contacts.actions.selections import WRITE
from contacts.models import Selection, SelectionNote
from core import signed
from core.days import near_day
from core.forms import LineField, WordsField
from core.french import NBSP
from core.widgets import DayInput

TOKEN = re.compile(r"ma-selection/(?P<reader>lire/)?(?P<token>[\w:.-]+)")
LONGEST_LINK = 500


class StartForm(PublicForm):
    """Beginning a selection: one button. A machine begins ten in a quarter of an hour at most."""

    counter = "selection"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.too_fast = False  # there is nothing to read before pressing a button, and a selection reaches nobody


class LinkField(forms.CharField):
    """The link of a selection that one has; the cleaned value is the `Selection`."""

    def __init__(self, **kwargs):
        super().__init__(
            **{
                "label": "Le lien de votre sélection",
                "max_length": LONGEST_LINK,
                "help_text": "Il contient /ma-selection/. Copiez-le de vos favoris ou de votre courriel.",
                "widget": forms.TextInput({"class": "input", "autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
                **kwargs,
            }
        )

    def clean(self, value):
        text = super().clean(value)
        found = TOKEN.search(text)
        if not found:
            raise ValidationError(f"Ce n’est pas le lien d’une sélection{NBSP}: il contient /ma-selection/ et une suite de signes.")
        if found["reader"]:
            raise ValidationError("Ce lien permet seulement de lire. Pour ajouter, demandez l’autre à qui tient la sélection.")
        try:
            return signed.read(WRITE, found["token"], Selection.objects.all())
        except signed.LinkRefused as error:
            raise ValidationError(
                f"Ce lien n’ouvre aucune sélection{NBSP}: il est incomplet, a été changé, ou la sélection est effacée."
            ) from error


class JoinForm(forms.Form):
    """Opening the selection that one has."""

    lien = LinkField()


class NoteForm(forms.ModelForm):
    """A note beside an item."""

    text = WordsField(
        label="Note",
        max_length=500,
        rows=2,
        help_text="500 signes au plus. Aucune donnée de santé, aucun nom de patient.",
    )
    writer = LineField(
        label="Qui écrit\u00a0?",
        required=False,
        max_length=40,
        widget=forms.TextInput({"class": "input", "autocomplete": "given-name"}),
        help_text="Un prénom ou une initiale, si vous êtes deux.",
    )

    class Meta:
        model = SelectionNote
        fields = ["text", "writer", "remind_on"]

    remind_on = forms.DateField(
        label="Me le rappeler le",
        required=False,
        widget=DayInput({"class": "input"}),
        validators=[near_day],
        help_text="Ce jour ira dans le fichier pour votre agenda.",
    )


class SendLinkForm(PublicForm):
    """Receiving the link by mail."""

    counter = "selection-link"
    email = PublicEmailField(
        label="Recevoir le lien par courriel",
        help_text="Elle sert à ce seul envoi, n’est pas gardée avec la sélection, et s’efface du journal des courriels après 90 jours.",
    )
