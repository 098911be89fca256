"""What one writes without an account: a first message, an answer, a further word, and how one wishes to be written to."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from contacts.actions import conversations as verbs
from contacts.enums import Aim, Refusal, Reply, Standing, Target, Topic
from contacts.models import Recipient
from contacts.rules import conversations as rules
from core.days import plausible_day
from core.forms import LineField, WordsField
from core.french import NBSP
from core.guard import suspicion
from core.validators import phone_number
from core.widgets import DayInput

CHOOSE = ("", "Choisissez")
NO_HEALTH = "Aucune donnée de santé, aucune information sur un patient."


class WriteForm(PublicForm):
    """A first message: what recipients want to know, then free words. Fields that the target does not ask for are taken out."""

    counter = "write"

    name = LineField(label="Votre nom", max_length=120, widget=forms.TextInput({"class": "input", "autocomplete": "name"}))
    standing = forms.ChoiceField(
        label="Vous êtes", choices=[("", "Choisissez"), *Standing.choices], widget=forms.Select({"class": "select"})
    )
    aim = forms.ChoiceField(label="Pour", choices=Aim, widget=forms.RadioSelect)
    topic = forms.ChoiceField(label="À propos de", choices=[CHOOSE, *Topic.choices], widget=forms.Select({"class": "select"}))
    starts_on = forms.DateField(
        label="Vos dates, à partir du", required=False, widget=DayInput({"class": "input"}), validators=[plausible_day]
    )
    ends_on = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=DayInput({"class": "input"}),
        validators=[plausible_day],
        help_text=f"Une partie des dates convient aussi{NBSP}: dites-le.",
    )
    text = WordsField(label="Votre message", help_text=NO_HEALTH)
    email = PublicEmailField(help_text="Un lien y arrive, à presser une fois. La réponse aussi.")
    phone = forms.CharField(
        label="Votre téléphone",
        required=False,
        max_length=30,
        validators=[phone_number],
        widget=forms.TextInput({"class": "input", "type": "tel", "autocomplete": "tel"}),
        help_text="Montré en même temps que votre adresse, jamais avant.",
    )
    consent = forms.BooleanField(error_messages={"required": "Sans votre accord, nous ne pouvons pas transmettre votre message."})

    def __init__(self, *args, target, about="", dated=False, confidential=False, relayed=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        unasked = {"topic"} if target == Target.OFFER else {"aim"}
        unasked |= set() if target == Target.OFFER else {"starts_on", "ends_on"}
        for name in unasked:
            del self.fields[name]
        if not dated and target == Target.OFFER:
            self.fields["starts_on"].label = "Disponible à partir du"
        consent = CONSENT[target] if relayed else CONSENT[Target.ADVISER]
        self.fields["consent"].label = IN_CONFIDENCE if confidential else consent.format(about=about)
        if target == Target.ADVISER or not relayed:
            self.fields["phone"].help_text = "Pour vous rappeler, si vous préférez."

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text.split()) < 3:
            raise ValidationError("Quelques mots de plus\u00a0: dites ce que vous cherchez ou ce que vous demandez.")
        return text

    def clean(self):
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "La date de fin vient avant la date de début.")
        return data

    def save(self, *, offer=None, partner=None, confirmed):
        """Keep the message; it leaves at once when `confirmed`. Returns the `Conversation`."""
        self.count()
        names = ("name", "standing", "aim", "topic", "starts_on", "ends_on", "text", "email", "phone")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        doubts = ", ".join(suspicion(values["text"], values["name"]))
        return verbs.write(
            target=self.target, offer=offer, partner=partner, values=values, doubts=doubts, confirmed=confirmed, at=timezone.now()
        )


CONSENT = {
    Target.OFFER: "J’accepte que l’équipe VSA transmette ce message à l’annonceur, qui voit mon nom et ma situation, "
    "et mes coordonnées seulement s’il se dit intéressé.",
    Target.PARTNER: "J’accepte que l’équipe VSA transmette ce message au partenaire «\u00a0{about}\u00a0», qui voit mon nom "
    "et ma situation, et mes coordonnées seulement s’il se dit intéressé.",
    Target.ADVISER: "J’accepte que l’équipe VSA garde ce message et mes coordonnées pour me répondre.",
}

IN_CONFIDENCE = (
    "J’accepte que l’équipe VSA garde ce message et mes coordonnées, et en parle au médecin sans me nommer. "
    "Rien d’autre n’est dit sans mon accord, étape par étape."
)

READY = {
    Reply.INTERESTED: "Bonjour,\n\nVotre message m’intéresse. Écrivez-moi\u00a0: nous fixons un moment pour en parler.",
    Reply.QUESTION: "",
    Reply.NO: "",
    Reply.FILLED: "",
}
"""The answers as they can be sent without a word of one's own."""

READY_QUESTIONS = (
    "Quelles sont vos dates exactes, et lesquelles sont souples\u00a0?",
    "Êtes-vous thésé, ou avec une licence de remplacement\u00a0?",
    "Combien de jours par semaine souhaitez-vous\u00a0?",
    "Faut-il un logement sur place\u00a0?",
    "Quand pouvons-nous nous appeler\u00a0?",
)
"""Questions asked by a tick; a question of one's own goes beside them."""


class AnswerForm(forms.Form):
    """What the recipient answers, with ready words that can be changed."""

    refusal = forms.ChoiceField(label="Pourquoi", choices=Refusal, widget=forms.RadioSelect, initial=Refusal.DATES)
    questions = forms.MultipleChoiceField(
        label="Questions toutes prêtes",
        choices=[(str(rank), text) for rank, text in enumerate(READY_QUESTIONS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = WordsField(label="Un mot de votre part", required=False, rows=5, help_text=NO_HEALTH)

    def __init__(self, *args, reply, **kwargs):
        super().__init__(*args, **kwargs)
        self.reply = Reply(reply)
        self.fields["text"].initial = READY[self.reply]
        if self.reply != Reply.NO:
            del self.fields["refusal"]
        if self.reply != Reply.QUESTION:
            del self.fields["questions"]

    def clean(self):
        data = super().clean()
        if self.reply == Reply.QUESTION and not self.errors and not data.get("questions") and not data.get("text"):
            self.add_error("text", "Cochez une question, ou écrivez la vôtre.")
        return data

    def save(self, conversation):
        asked = [READY_QUESTIONS[int(rank)] for rank in self.cleaned_data.get("questions", [])]
        text = "\n".join(filter(None, [*asked, self.cleaned_data["text"]]))
        return verbs.answer(
            conversation=conversation, reply=self.reply, text=text, refusal=self.cleaned_data.get("refusal", ""), at=timezone.now()
        )


class SayForm(forms.Form):
    """A further word in a conversation."""

    text = WordsField(label="Votre message", rows=5, help_text=NO_HEALTH)


class WishesForm(forms.ModelForm):
    """How a publisher wishes to be written to: paused, so many a month, absent."""

    class Meta:
        model = Recipient
        fields = ["paused", "monthly_cap", "absent_from", "absent_until"]
        labels = {
            "paused": "Suspendre les messages",
            "monthly_cap": "Demandes par mois, au plus",
            "absent_from": "Absent à partir du",
            "absent_until": "Absent jusqu’au",
        }
        help_texts = {
            "paused": "Vos offres restent en ligne. L’équipe VSA reçoit les messages et répond à votre place.",
            "monthly_cap": "Vide, sans limite. Au-delà, l’équipe VSA reçoit les messages suivants jusqu’à la fin du mois.",
            "absent_until": "Les messages vous arrivent quand même. Les rappels attendent votre retour, et l’auteur le sait.",
        }
        widgets = {
            "monthly_cap": forms.NumberInput({"class": "input", "min": 1, "max": 100, "inputmode": "numeric"}),
            "absent_from": DayInput({"class": "input"}),
            "absent_until": DayInput({"class": "input"}),
        }

    def clean(self):
        data = super().clean()
        start, end = data.get("absent_from"), data.get("absent_until")
        if bool(start) != bool(end):
            self.add_error("absent_until" if start else "absent_from", "Donnez le premier et le dernier jour de votre absence.")
        elif start and end < start:
            self.add_error("absent_until", "Le dernier jour vient avant le premier.")
        elif start and (end - start).days > rules.LONGEST_ABSENCE_DAYS:
            self.add_error("absent_until", "Une absence dure trois mois au plus. Au-delà, suspendez les messages.")
        elif end and end < timezone.localdate():
            data["absent_from"] = data["absent_until"] = None  # over: nothing to keep
        return data
