"""What a publisher writes without an account: an offer, a new address, whom it found."""

from django import forms
from django.db.models import Q

from accounts.public import PublicEmailField, PublicForm
from core.announced import forms as announced
from core.announced.forms import OwnPhoto, dress, sections
from core.widgets import DayInput
from opportunities import rules
from opportunities.enums import FoundHow, FoundWho, KindField, LocationPrecision, PublisherKind
from opportunities.forms.content import COMPANIONS, ContentForm
from opportunities.forms.staff import PhotoForm
from opportunities.models import Opportunity, OpportunityKind
from territories.forms import OfFacility
from territories.models import Profession

FIELDSETS = (
    ("L’offre", ("kind", "title", "summary", "setting")),
    ("Le lieu", ("commune", "location_precision", "workplace", "address")),
    ("Les dates et le rythme", ("starts_on", "ends_on", "flexible_start", "partial_coverage", "days_per_week", "half_days")),
    ("Les conditions", ("fee_share", "salary_min", "salary_max", "salary_period", "price", "monthly_charges", "terms_note")),
    (
        "Le cabinet",
        (
            *("patients_per_day", "patient_list", "tariff_sector", "software", "secretary", "home_visits", "duty_rota", "duty_note"),
            *("team", "equipment", "lodging", "lodging_note", "msu_on_site", "retired_active_welcome", "description"),
        ),
    ),
    ("Vous", ("publisher_kind", "organisation", "facility", "contact_name", "contact_email", "contact_phone")),
)
"""Subjects of the form, with their fields; those that the kind does not ask for are left out."""

CONTENT = tuple(name for _, names in FIELDSETS for name in names if name != "contact_email")
ALWAYS = ("kind", "title", "commune", "location_precision", "publisher_kind", "contact_email")
"""What every offer needs before the team reads it."""
AUTOCOMPLETE = {"contact_name": "name", "contact_phone": "tel", "organisation": "organization", "address": "street-address"}
HELP = {
    "title": "Ce qu’un médecin lit d’abord. Par exemple «\u00a0Tous les jeudis à Sault\u00a0».",
    "summary": "Ce qu’on lit dans la liste, sous le titre.",
    "description": "L’équipe, une journée, ce qui vous plaît ici. Aucune donnée de patient, aucun numéro, aucune adresse électronique.",
    "organisation": "Vide\u00a0: les lecteurs ne voient que la sorte d’annonceur, l’équipe connaît le nom.",
    "contact_name": "Jamais montré aux lecteurs.",
    "contact_phone": "Jamais montré aux lecteurs\u00a0; l’équipe vous appelle si une question se pose.",
    "address": "Pour un lieu exact\u00a0: numéro et rue. L’équipe place le point sur la carte.",
    "workplace": "Montré seulement à l’adresse exacte.",
    "terms_note": "Ce qui ne tient pas dans une case.",
    "commune": "Nom ou code postal.",
    "flexible_start": "Sans date\u00a0: «\u00a0dès que possible\u00a0».",
    "days_per_week": "Une demi-journée compte 0,5.",
    "fee_share": "Part reversée au médecin qui vient. Pour une collaboration\u00a0: 100 moins la redevance.",
    "price": "Matériel, parts, droit de présentation. Jamais un prix par patient, qui est interdit.",
    "monthly_charges": "Loyer, secrétariat, logiciel\u00a0: un ordre de grandeur suffit.",
    "patient_list": "Patients qui vous ont déclaré médecin traitant.",
    "lodging_note": "Combien de temps, à quel prix, seul ou partagé.",
    "duty_note": "Combien de fois par mois, où.",
    "team": "Infirmiers, sages-femmes, assistant médical…",
    "equipment": "Échographe, ECG, petite chirurgie…",
}


class KindChoice(forms.ModelChoiceField):
    """A kind of offer, by its code."""

    def __init__(self, **kwargs):
        super().__init__(
            OpportunityKind.objects.filter(active=True), to_field_name="code", empty_label=None, label="Type d’offre", **kwargs
        )


class PublishForm(OfFacility, PublicForm, ContentForm):
    """An offer as its publisher writes it, with the fields of its kind only. `act` is the button that was pressed."""

    counter = "publish"
    address_field = "contact_email"

    kind = KindChoice()
    contact_email = PublicEmailField(help_text="Nous y envoyons votre lien privé. Elle n’est jamais montrée aux lecteurs.")

    class Meta:
        model = Opportunity
        fields = [*CONTENT, "contact_email"]
        widgets = {
            "location_precision": forms.RadioSelect,
            "summary": forms.Textarea({"rows": 2}),
            "description": forms.Textarea({"rows": 7}),
            "starts_on": DayInput,
            "ends_on": DayInput,
        }

    def __init__(self, data=None, *, kind, act="", **kwargs):
        super().__init__(data, **kwargs)
        # What the team gave an offer, or what was offered once, is kept among the choices: editing takes nothing away unasked.
        self.given = {name: getattr(self.instance, name) for name in ("kind_id", "facility_id", "publisher_kind")}
        self.fields["kind"].queryset = OpportunityKind.objects.filter(Q(active=True) | Q(pk=self.given["kind_id"]))
        self.act, self.asked = act, self._kind_asked(kind)
        if self.instance.pk is None:
            self.instance.kind = self.asked
            self.instance.profession = Profession.objects.get(code="general_practitioner")
        else:
            del self.fields["contact_email"]  # it has a page of its own: both addresses confirm it
        self.initial["kind"] = self.asked.code
        self._leave_out()
        self.name_facilities(self.typed_commune(), kept=self.given["facility_id"])
        self._dress()

    def _kind_asked(self, kind):
        try:
            return self.fields["kind"].clean(self.data.get("kind")) if self.is_bound else kind
        except forms.ValidationError:
            return kind

    def _leave_out(self):
        """Fields that the kind does not ask for; what an earlier kind held in them is emptied with it (`values`)."""
        shown = set(self.asked.shown_fields)
        out = {name for name in KindField.values if name not in shown}
        out |= {note for note, owner in COMPANIONS.items() if owner in out}
        out |= {"flexible_start"} if KindField.STARTS_ON in out else set()
        for name in out:
            self.fields.pop(name, None)
            setattr(self.instance, name, Opportunity._meta.get_field(name).get_default())

    def _dress(self):
        required = {
            *ALWAYS,
            *self.asked.required_fields,
            *(("salary_min", "salary_max", "salary_period") if self.asked.is_employment else ()),
        }
        dress(self, required, always=ALWAYS, autocomplete=AUTOCOMPLETE, help_texts=HELP)
        self.fields["publisher_kind"].choices = [
            choice
            for choice in PublisherKind.choices
            if choice[0] != PublisherKind.VSA or self.given["publisher_kind"] == PublisherKind.VSA
        ]
        self.fields["location_precision"].choices = [
            (LocationPrecision.COMMUNE, "Dans la commune, sans adresse"),
            (LocationPrecision.EXACT, "À l’adresse exacte, que l’équipe place sur la carte"),
            (LocationPrecision.EPCI, "Dans l’intercommunalité, sans nommer la commune"),
        ]

    @property
    def must_be_complete(self):
        return self.act == "envoyer" or super().must_be_complete

    def missing(self, at):
        """As for a publication; the team places an exact point that is not placed yet."""
        return rules.missing_to_submit(self.instance, at)

    def clean(self):
        data = super().clean()
        data["kind"] = self.asked
        for name in ("location_precision", "publisher_kind"):
            if name in data and not data[name]:
                data[name] = Opportunity._meta.get_field(name).default
        return data

    @property
    def sections(self):
        """The subjects of the form, as the page shows them."""
        return sections(self, FIELDSETS)

    @property
    def values(self):
        """What was written, by column of the offer: for `actions.change`. After `is_valid`."""
        return {field.attname: getattr(self.instance, field.attname) for field in Opportunity._meta.fields if field.name in CONTENT}


class SuccessionForm(PublishForm):
    """A succession in confidence: no organisation, no address, a place that stops at the intercommunalité, and the team between the two."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.is_confidential = True
        self.instance.location_precision, self.instance.publisher_kind = LocationPrecision.EPCI, PublisherKind.DOCTOR
        for name in ("kind", "location_precision", "workplace", "address", "publisher_kind", "organisation", "facility"):
            self.fields.pop(name, None)
        self.fields["commune"].help_text = "L’équipe seule la connaît. Les lecteurs voient l’intercommunalité."
        self.fields["contact_name"].help_text = "L’équipe seule le connaît."
        self.fields["contact_phone"].help_text = "L’équipe vous appelle d’abord, sans dire pourquoi à qui répondrait."
        self.fields["title"].help_text = "Sans nom de commune. Par exemple «\u00a0Cabinet de groupe au pied du Ventoux\u00a0»."


class OwnPhotoForm(OwnPhoto, PhotoForm):
    """A photograph that a publisher adds."""


class Found:
    """Whom an offer found, and how."""

    who_choices, how_choices = FoundWho.choices, FoundHow.choices


class FoundForm(Found, announced.FoundForm):
    """Said after it was filled."""


class FilledForm(Found, announced.FilledForm):
    """Said while filling it."""
