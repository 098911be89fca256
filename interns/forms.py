"""What a former intern writes of a training place; the forms of staff."""

from django import forms
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from core.forms import WordsField
from core.french import NBSP
from interns import actions, rules
from interns.enums import Level
from interns.models import TrainingNote
from territories import semesters
from territories.forms import FacilityForm

SHORTEST = 40
"""Letters of a description: less tells nothing of a place."""
LONGEST = 2000


def past_semesters(day):
    """Semesters begun in the last years, the latest first, as choices."""
    starts = semesters.starts_from(day.year - rules.PAST_YEARS, 2 * rules.PAST_YEARS + 2)
    begun = [each for each in (semesters.computed(semesters.code_of(*start)) for start in starts) if each.start <= day]
    return [(each.code, each.label) for each in reversed(begun)]


class NoteForm(PublicForm):
    """The description of a place by somebody who was an intern there."""

    counter = "training-note"
    semester = forms.ChoiceField(label="Quand y étiez-vous\u00a0?", widget=forms.Select({"class": "select"}))
    text = WordsField(
        label="Ce que l’on y apprend, ce qu’il faut savoir",
        max_length=LONGEST,
        min_length=SHORTEST,
        help_text=(
            "Les actes, le rythme, les gardes, le logement, le trajet, l’équipe. On décrit un lieu, on ne note personne\u00a0: "
            "ni nom, ni appréciation d’un médecin, ni donnée de santé, ni patient."
        ),
        error_messages={"min_length": f"Quelques mots de plus{NBSP}: il en faut assez pour décrire un lieu ({SHORTEST} signes au moins)."},
    )
    email = PublicEmailField(
        help_text="Pour confirmer que c’est bien vous et vous dire la suite. Jamais montrée, effacée 90 jours après la relecture."
    )
    consent = forms.BooleanField(
        label="J’accepte que l’équipe relise ce texte et le publie sans mon nom, avec le semestre.",
        error_messages={"required": "Sans votre accord, nous ne pouvons ni relire ni publier ce texte."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["semester"].choices = [("", "Choisissez"), *past_semesters(timezone.localdate())]

    def save(self, *, place, known, at):
        """Keep the description, and return it, or None when its address was asked enough; `known`: this browser has confirmed it."""
        self.count()
        data = self.cleaned_data
        note = TrainingNote(place=place, semester=data["semester"], text=data["text"], email=data["email"])
        return actions.record_note(note=note, known=known, at=at)


class TrainingPlaceForm(FacilityForm):
    """A training place as staff write it. A commune may be left out when the facility tells it."""

    levels = forms.TypedMultipleChoiceField(
        label="niveaux", choices=Level.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text="Ceux de l’agrément."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "commune" in self.fields:
            self.fields["commune"].required = False

    def clean(self):
        facility = self.cleaned_data.get("facility")
        if facility:  # it stands where the facility does, whatever was typed
            for name in ("commune", "address", "postal_code", "latitude", "longitude", "point_precision"):
                self.cleaned_data[name] = getattr(facility, name)
        elif not self.cleaned_data.get("commune") and "commune" not in self.errors:
            self.add_error("commune", "Dites la commune, ou choisissez un établissement.")
        return super().clean()


class RefusalForm(forms.Form):
    """Why a description is not shown."""

    reason = WordsField(label="Motif", max_length=1000, rows=4, help_text="L’auteur le lira, avec un lien pour écrire autre chose.")
