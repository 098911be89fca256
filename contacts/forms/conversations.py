"""What one writes without an account: a first message, an answer, a further word, and how one wishes to be written to."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from contacts.actions import afterwords
from contacts.actions import conversations as verbs
from contacts.enums import AIMS, Aim, Refusal, Reply, Standing, Target, TookPlace, Topic
from contacts.models import Afterword, Recipient
from contacts.rules import conversations as rules
from contacts.rules import events
from core.days import near_day
from core.forms import LineField, WordsField
from core.guard import suspicion
from core.validators import phone_number
from core.widgets import DayInput
from housing.actions.stays import REASON_LENGTH

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
    starts_on = forms.DateField(label="Vos dates, à partir du", required=False, widget=DayInput({"class": "input"}), validators=[near_day])
    ends_on = forms.DateField(label="Jusqu’au", required=False, widget=DayInput({"class": "input"}), validators=[near_day])
    text = WordsField(label="Votre message", help_text=NO_HEALTH)
    email = PublicEmailField(help_text="Nous y envoyons un lien de confirmation, puis la réponse.")
    phone = forms.CharField(
        label="Votre téléphone",
        required=False,
        max_length=30,
        validators=[phone_number],
        widget=forms.TextInput({"class": "input", "type": "tel", "autocomplete": "tel"}),
        help_text="Montré en même temps que votre adresse, jamais avant.",
    )
    consent = forms.BooleanField(error_messages={"required": "Sans votre accord, nous ne pouvons pas transmettre votre message."})

    def __init__(self, *args, target, about="", dated=False, days_hint="", confidential=False, relayed=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        for name in UNASKED[target]:
            del self.fields[name]
        if target in AIMS:
            self.fields["aim"].choices = [(aim, aim.label) for aim in AIMS[target]]
        if not dated and target == Target.OFFER:
            self.fields["starts_on"].label = "Disponible à partir du"
        if days_hint:
            self.fields["ends_on"].help_text = days_hint
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

    @property
    def asked(self):
        """The fields that the page shows."""
        return [field for field in self.visible_fields() if field.name != "site"]

    def save(self, *, confirmed, **subject):
        """Keep the message about its `subject`; it leaves at once when `confirmed`. Returns the `Conversation`."""
        self.count()
        values = {name: self.cleaned_data[name] for name in KEPT if name in self.cleaned_data}
        doubts = ", ".join(suspicion(values["text"], f"{values['name']} {values.get('purpose', '')}"))
        return verbs.write(target=self.target, **subject, values=values, doubts=doubts, confirmed=confirmed, at=timezone.now())


KEPT = ("name", "standing", "aim", "topic", "starts_on", "ends_on", "purpose", "people", "text", "email", "phone")
"""What a form gives to the conversation."""
UNASKED = {
    Target.OFFER: {"topic"},
    Target.ROOM: {"aim", "topic"},
    Target.EVENT: {"topic", "starts_on", "ends_on"},
    Target.PARTNER: {"aim", "starts_on", "ends_on"},
    Target.ADVISER: {"aim", "starts_on", "ends_on"},
}
"""Fields that a target does not ask for."""


CONSENT = {
    Target.OFFER: "J’accepte que l’équipe VSA transmette ce message à l’annonceur, qui voit mon nom et ma situation, "
    "et mes coordonnées seulement s’il se dit intéressé.",
    Target.ROOM: "J’accepte que l’équipe VSA transmette cette demande à l’hôte, qui voit mon nom, ma situation et mes dates, "
    "et mes coordonnées seulement s’il dit oui ou propose une visite.",
    Target.EVENT: "J’accepte que l’équipe VSA transmette ce message à l’organisateur, qui voit mon nom et ma situation, "
    "et mes coordonnées seulement s’il répond oui.",
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
    Reply.ACCEPTED: "Bonjour,\n\nLe logement est à vous. Dites-moi à quelle heure vous pensez arriver.",
    Reply.VISIT: "Bonjour,\n\nVoyons-nous d’abord, sur place ou en vidéo. Quand êtes-vous disponible\u00a0?",
}
"""The answers as they can be sent without a word of one's own."""

READY_QUESTIONS = (
    "Quelles sont vos dates exactes, et lesquelles sont souples\u00a0?",
    "Êtes-vous thésé, ou avec une licence de remplacement\u00a0?",
    "Combien de jours par semaine souhaitez-vous\u00a0?",
    "Faut-il un logement sur place\u00a0?",
    "Quand pouvons-nous nous appeler\u00a0?",
)
ROOM_QUESTIONS = (
    "À quelle heure arriveriez-vous\u00a0?",
    "Restez-vous les fins de semaine\u00a0?",
    "Aurez-vous une voiture\u00a0?",
    "Venez-vous avec un animal\u00a0?",
    "Quand pouvons-nous nous appeler\u00a0?",
)
"""Questions asked by a tick; a question of one's own goes beside them."""


QUESTIONS = {Target.ROOM: ROOM_QUESTIONS, Target.EVENT: events.QUESTIONS}
REFUSALS = {
    Target.ROOM: (Refusal.DATES, Refusal.FOUND, Refusal.CHANGED, Refusal.OTHER),
    Target.EVENT: events.REFUSALS,
}
OTHER_REFUSALS = (Refusal.DATES, Refusal.FOUND, Refusal.PROFILE, Refusal.CHANGED, Refusal.OTHER)
"""Reasons of a no, of whatever is not in `REFUSALS`."""


class AnswerForm(forms.Form):
    """What the recipient answers, with ready words that can be changed."""

    refusal = forms.ChoiceField(label="Pourquoi", widget=forms.RadioSelect)
    questions = forms.MultipleChoiceField(
        label="Questions toutes prêtes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = WordsField(label="Un mot de votre part", required=False, rows=5, help_text=NO_HEALTH)

    def __init__(self, *args, reply, conversation, **kwargs):
        super().__init__(*args, **kwargs)
        self.reply = Reply(reply)
        target = conversation.target
        self.ready_questions = QUESTIONS.get(target, READY_QUESTIONS)
        self.fields["questions"].choices = [(str(rank), text) for rank, text in enumerate(self.ready_questions)]
        refusals = REFUSALS.get(target, OTHER_REFUSALS)
        self.fields["refusal"].choices, self.fields["refusal"].initial = [(each, each.label) for each in refusals], refusals[0]
        if self.reply == Reply.CANCELLED:
            self.fields["text"].required, self.fields["text"].label = True, "Pourquoi vous annulez"
        is_yes = target == Target.EVENT and self.reply == Reply.INTERESTED
        self.fields["text"].initial = events.ready(conversation) if is_yes else READY.get(self.reply, "")
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
        asked = [self.ready_questions[int(rank)] for rank in self.cleaned_data.get("questions", [])]
        text = "\n".join(filter(None, [*asked, self.cleaned_data["text"]]))
        return verbs.answer(
            conversation=conversation, reply=self.reply, text=text, refusal=self.cleaned_data.get("refusal", ""), at=timezone.now()
        )


class CancelForm(forms.Form):
    """Why a confirmed stay is given up."""

    reason = WordsField(label="Pourquoi", rows=3, max_length=REASON_LENGTH, help_text="Votre hôte le lira. " + NO_HEALTH)


class AfterwordForm(forms.ModelForm):
    """Three questions about a replacement that is over."""

    text = WordsField(label="Un mot pour l’équipe", required=False, rows=3, max_length=2000, help_text=NO_HEALTH)

    class Meta:
        model = Afterword
        fields = ["took_place", "would_return", "settling", "text", "call_asked"]
        labels = {
            "took_place": "Avez-vous fait ce remplacement\u00a0?",
            "would_return": "Reviendriez-vous\u00a0?",
            "settling": "Envie de vous installer en Vaucluse\u00a0?",
            "call_asked": "Je souhaite qu’un conseiller VSA me contacte",
        }
        widgets = dict.fromkeys(("took_place", "would_return", "settling"), forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="after_%s", **kwargs)  # another form of the page has a field of the same name
        for name in self.Meta.widgets:
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]

    def clean(self):
        data = super().clean()
        if (
            data.get("took_place") in (TookPlace.YES, TookPlace.PARTLY)
            and not data.get("would_return")
            and "would_return" not in self.errors
        ):
            self.add_error("would_return", "Dites si vous reviendriez.")
        return data

    def save(self, conversation):
        return afterwords.answer(conversation=conversation, values=self.cleaned_data, at=timezone.now())

    def save_introduced(self, match):
        """The same of who was introduced through an availability."""
        return afterwords.answer_introduced(match=match, values=self.cleaned_data, at=timezone.now())


class SayForm(forms.Form):
    """A further word in a conversation."""

    text = WordsField(label="Votre message", rows=5, help_text=NO_HEALTH)


class WishesForm(forms.ModelForm):
    """How whoever receives messages wishes to be written to: paused, so many a month, absent."""

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
            "paused": "Ce que vous annoncez reste en ligne. L’équipe VSA reçoit les messages, "
            "avec ceux qui attendent encore une première réponse, et répond à votre place.",
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
