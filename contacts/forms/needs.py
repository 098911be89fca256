"""What a person says that they look for, without an account; and what they change on their private page."""

from django import forms
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from contacts.actions import needs as actions
from contacts.enums import NeedSubject, Standing
from contacts.models import Need
from contacts.rules import needs as rules
from core.days import near_day
from core.forms import WordsField
from core.french import NBSP
from core.guard import GuardedForm
from core.widgets import DayInput
from opportunities.enums import HalfDay
from opportunities.filters import DEFAULT_RADIUS_KM
from opportunities.models import OpportunityKind
from opportunities.search import RADII
from territories.forms import CommuneField
from territories.models import Epci

WORDS = 1000
DAY = {"widget": DayInput({"class": "input"}), "required": False, "validators": [near_day], "input_formats": ["%Y-%m-%d", "%d/%m/%Y"]}
BAD_DAY = f"Cette date ne se lit pas{NBSP}: écrivez jour/mois/année, par exemple 15/02/2027."
SELECT = {"class": "select"}


def whole(value):
    """A number of a list of choices."""
    return int(value)


class NeedContent(forms.Form):
    """What is looked for: what a person may change later."""

    subject = forms.ChoiceField(
        label="Que cherchez-vous\u00a0?", choices=NeedSubject.choices, widget=forms.RadioSelect, initial=NeedSubject.EXERCISE
    )
    kinds = forms.MultipleChoiceField(
        label="Quels types d’exercice\u00a0?", required=False, widget=forms.CheckboxSelectMultiple, help_text="Aucun coché\u00a0: tous."
    )
    commune = CommuneField(
        label="Autour de quelle commune\u00a0?", required=False, help_text="Nom ou code postal. Vide\u00a0: partout en Vaucluse."
    )
    radius_km = forms.TypedChoiceField(
        label="À moins de",
        choices=[(km, f"{km}\u00a0km à vol d’oiseau") for km in RADII],
        coerce=whole,
        initial=DEFAULT_RADIUS_KM,
        widget=forms.Select(SELECT),
    )
    epcis = forms.MultipleChoiceField(label="Ou dans quelles intercommunalités\u00a0?", required=False, widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(label="À partir du", error_messages={"invalid": BAD_DAY}, **DAY)
    ends_on = forms.DateField(label="Jusqu’au", error_messages={"invalid": BAD_DAY}, **DAY)
    half_days = forms.TypedMultipleChoiceField(
        label="Quelles demi-journées\u00a0?", required=False, choices=HalfDay.choices, coerce=whole, widget=forms.CheckboxSelectMultiple
    )
    lodging = forms.BooleanField(label="Avec un logement possible", required=False)
    standing = forms.ChoiceField(
        label="Votre situation",
        choices=[("", "Choisissez"), *((value, label[0].upper() + label[1:]) for value, label in Standing.choices)],
        widget=forms.Select(SELECT),
    )
    words = WordsField(
        label="En quelques mots",
        required=False,
        max_length=WORDS,
        rows=4,
        help_text="Lu par l’équipe seule, jamais montré aux annonceurs. Aucune donnée de santé, ni la vôtre ni celle d’un patient.",
    )
    notify = forms.BooleanField(
        label="Prévenez-moi quand quelque chose convient", required=False, initial=True, help_text="Un message par jour au plus."
    )
    available = forms.BooleanField(
        label="Je suis disponible\u00a0: les annonceurs peuvent me proposer",
        required=False,
        help_text=(
            "Ils voient votre situation, vos dates et une distance, jamais qui vous êtes. "
            "Votre adresse n’est donnée qu’après votre accord, offre par offre."
        ),
    )
    months = forms.TypedChoiceField(
        label="Pendant combien de temps\u00a0?",
        choices=list(rules.DURATIONS.items()),
        coerce=whole,
        initial=rules.DEFAULT_MONTHS,
        widget=forms.Select(SELECT),
        help_text=(
            "Au plus tard jusqu’à votre dernier jour, si vous en donnez un. Si vos dates commencent après cette durée, jusqu’à leur fin, "
            "un an au plus. Puis tout est effacé, trente jours plus tard."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds_known = {kind.code: kind for kind in OpportunityKind.objects.filter(active=True)}
        self.epcis_known = {epci.slug: epci for epci in Epci.objects.order_by("short_name")}
        self.fields["kinds"].choices = [(code, kind.label) for code, kind in self.kinds_known.items()]
        self.fields["epcis"].choices = [(slug, epci.short_name) for slug, epci in self.epcis_known.items()]

    def clean(self):
        data = super().clean()
        self._clean_days(data)
        if data.get("commune") and data.get("epcis"):
            self.add_error("epcis", f"Choisissez l’un ou l’autre{NBSP}: autour d’une commune, ou des intercommunalités.")
        if data.get("subject") == NeedSubject.LODGING and data.get("available"):
            self.add_error("available", f"Se proposer aux annonceurs vaut pour un exercice{NBSP}: décochez cette case pour un logement.")
        elif data.get("available") and data.get("standing") in rules.NEVER_PROPOSED:
            self.add_error("available", rules.NEVER_PROPOSED[data["standing"]] + " Vous pouvez être prévenu des offres.")
        elif data.get("subject") == NeedSubject.EXERCISE and not data.get("notify") and not data.get("available"):
            self.add_error("notify", f"Cochez au moins une des deux cases{NBSP}: sinon, votre recherche ne servirait à rien.")
        return data

    def _clean_days(self, data):
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "La date de fin vient avant la date de début.")
        elif end and end < timezone.localdate():
            self.add_error("ends_on", f"Cette date est passée{NBSP}: donnez un jour à venir, ou laissez vide.")

    def content(self):
        """Values of the fields of `Need`."""
        names = (
            "subject",
            "standing",
            "commune",
            "radius_km",
            "starts_on",
            "ends_on",
            "half_days",
            "lodging",
            "words",
            "notify",
            "available",
        )
        return {name: self.cleaned_data[name] for name in names}

    def lists(self):
        """What goes with the need: kinds, intercommunalités, duration."""
        data = self.cleaned_data
        is_exercise = data["subject"] == NeedSubject.EXERCISE
        return {
            "kinds": [self.kinds_known[code] for code in data["kinds"]] if is_exercise else [],
            "epcis": [self.epcis_known[slug] for slug in data["epcis"]],
            "months": data["months"],
        }

    @staticmethod
    def initial_of(need):
        """What the form shows of a need."""
        names = ("subject", "standing", "radius_km", "starts_on", "ends_on", "half_days", "lodging", "words", "notify", "available")
        lists = {"kinds": [kind.code for kind in need.kinds.all()], "epcis": [epci.slug for epci in need.epcis.all()]}
        return {name: getattr(need, name) for name in names} | lists | {"commune": need.commune and need.commune.name}


class ChangeForm(NeedContent, GuardedForm):
    """What a person changes on their private page."""

    def save(self, need):
        """Give `need` what the form says."""
        for name, value in self.content().items():
            setattr(need, name, value)
        return actions.change(need=need, at=timezone.now(), **self.lists())


class NeedForm(NeedContent, PublicForm):
    """« Dites-nous ce que vous cherchez »."""

    counter = "need"
    email = PublicEmailField(help_text="Pour vous écrire quand quelque chose convient. Nous vous demandons de la confirmer par un lien.")
    consent = forms.BooleanField(
        label="J’accepte que l’équipe VSA garde cette recherche jusqu’à sa fin, pour l’usage choisi et pour compter les besoins, sans nom."
    )

    def save(self, *, known, at):
        """Record the need, and return it, or None when its address was asked enough; `known`: this browser has confirmed the address."""
        self.count()
        return actions.record(need=Need(email=self.cleaned_data["email"], **self.content()), known=known, at=at, **self.lists())


def initial_from(search):
    """What the form shows when one comes from a search of the offers (`opportunities.search.Search`)."""
    search.filterset.complaints  # noqa: B018  reads the form
    asked = {name: value for name, value in search.filterset.form.cleaned_data.items() if value and name not in search.complaints}
    commune = asked.get("commune")
    areas = {pk for slug in asked.get("cpts", ()) for pk in search.lists.cptss[slug].communes}
    epcis = [slug for slug, epci in search.lists.epcis.items() if slug in asked.get("epci", ()) or areas & set(epci.communes)]
    radius = next((km for km in RADII if km >= search.filterset.radius_km), RADII[-1])
    return {
        "kinds": asked.get("type", []),
        "commune": commune and commune.name,
        "radius_km": radius,
        "epcis": [] if commune else epcis,
        "starts_on": asked.get("du"),
        "ends_on": asked.get("au"),
        "half_days": asked.get("jours", []),
        "lodging": bool(asked.get("logement")),
        "words": asked.get("q", ""),
    }
