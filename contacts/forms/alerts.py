"""Forms of the alerts."""

from django import forms

from accounts.public import PublicEmailField, PublicForm
from contacts.enums import Rhythm
from contacts.models.alerts import WORD_LENGTH
from core import french
from core.forms import WordsField


class AlertForm(PublicForm):
    """Who wants to hear of a search, and how often."""

    counter = "alert"
    email = PublicEmailField(help_text="Elle ne sert qu’à vos alertes. Personne d’autre ne la voit.")
    rhythm = forms.ChoiceField(label="Quand vous écrire\u00a0?", choices=Rhythm.choices, initial=Rhythm.DAILY, widget=forms.RadioSelect)


class LinkForm(PublicForm):
    """Who has lost the link to their alerts."""

    counter = "alert-link"
    email = PublicEmailField(help_text="Celle qui reçoit vos alertes.")


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(choices=Rhythm.choices)


class OpinionForm(forms.Form):
    """A word about an alert, if its person likes."""

    word = WordsField(
        label="Un mot pour nous aider",
        required=False,
        max_length=WORD_LENGTH,
        rows=3,
        help_text="Ce qui manque, ce qui est de trop. Sans nom de personne.",
    )

    def clean_word(self):
        return french.one_line(self.cleaned_data["word"])
