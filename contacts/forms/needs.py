"""What a person says that they look for, without an account; and what they change on their private page."""

from django import forms
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from contacts.actions import needs as actions
from contacts.enums import NeedSubject, Standing
from contacts.models import Need
from contacts.rules import needs as rules
from core import french
from core.days import near_day
from core.forms import WordsField
from core.french import NBSP
from core.guard import GuardedForm
from core.widgets import DayInput
from housing.asked import MOST_HALF_DAYS, Near
from housing.filters import MAX_RENT
from housing.search import RADII as ROOM_RADII
from opportunities.enums import HalfDay
from opportunities.filters import DEFAULT_RADIUS_KM
from opportunities.models import OpportunityKind
from opportunities.search import RADII
from territories import anchors
from territories.anchor_field import AnchorField
from territories.forms import CommuneField
from territories.models import Epci

WORDS = 1000
DAY = {"widget": DayInput({"class": "input"}), "required": False, "validators": [near_day], "input_formats": ["%Y-%m-%d", "%d/%m/%Y"]}
BAD_DAY = f"Cette date ne se lit pas{NBSP}: écrivez jour/mois/année, par exemple 15/02/2027."
BAD_RENT = f"Ce loyer ne se lit pas{NBSP}: un nombre d’euros par mois, de 0 à {french.number(MAX_RENT)}."
SELECT = {"class": "select"}
RANKS = range(1, anchors.MOST_PLACES + 1)


OTHER = {
    NeedSubject.EXERCISE: ("places", "place_1", "place_2", "place_3", "share_1", "share_2", "share_3", "within_km", "highest_rent"),
    NeedSubject.LODGING: ("kinds", "commune", "radius_km", "half_days", "lodging"),
}
"""Fields that are for the other subject: what they hold is left out, right or wrong."""


def whole(value):
    """A number of a list of choices."""
    return int(value)


class RoomFields(forms.Form):
    """Where a room is looked for, and at what rent: what the search of rooms asks."""

    place_1 = AnchorField(label="Stage ou commune", required=False, help_text="Une commune, un hôpital ou un terrain de stage.")
    place_2 = AnchorField(label="Deuxième lieu", required=False)
    place_3 = AnchorField(label="Troisième lieu", required=False)
    within_km = forms.TypedChoiceField(
        label="Distance de chaque lieu",
        required=False,
        choices=[("", "sans limite, du plus près au plus loin"), *((km, f"{km}\u00a0km au plus, à vol d’oiseau") for km in ROOM_RADII)],
        coerce=whole,
        empty_value=None,
        initial=DEFAULT_RADIUS_KM,
        widget=forms.Select(SELECT),
    )
    highest_rent = forms.IntegerField(
        label="Loyer au plus, charges comprises",
        required=False,
        min_value=0,
        max_value=MAX_RENT,
        help_text="En euros par mois. Vide\u00a0: tous les loyers.",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), BAD_RENT),
        widget=forms.NumberInput({"class": "input", "min": 0, "max": MAX_RENT, "step": 10, "inputmode": "numeric"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for rank in RANKS:
            self.fields[f"share_{rank}"] = forms.TypedChoiceField(
                label=f"Demi-journées par semaine, lieu {rank}",
                required=False,
                choices=[(share, share) for share in range(1, MOST_HALF_DAYS + 1)],
                coerce=whole,
                empty_value=1,
                widget=forms.Select(SELECT),
            )

    @property
    def nearby(self):
        """The fields of each place: where, and how much of the week."""
        return [(self[f"place_{rank}"], self[f"share_{rank}"]) for rank in RANKS]

    def clean_places(self, data):
        """The `Near`s that were asked for; a place that comes twice is refused."""
        found, tokens = [], set()
        for rank in RANKS:
            anchor = data.get(f"place_{rank}")
            if anchor and anchor.token in tokens:
                self.add_error(f"place_{rank}", f"{french.quoted(anchor.text)} est déjà demandé.")
            elif anchor:
                tokens.add(anchor.token)
                found.append(Near(anchor, data.get(f"share_{rank}") or 1))
        return found


class NeedContent(RoomFields):
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
        for name in OTHER.get(data.get("subject"), ()):
            self.errors.pop(name, None)
            data.pop(name, None)
        self._clean_days(data)
        data["places"] = self.clean_places(data)
        if (data.get("commune") or data["places"]) and data.get("epcis"):
            what = "autour d’une commune" if data.get("commune") else "près de vos lieux"
            self.add_error("epcis", f"Choisissez l’un ou l’autre{NBSP}: {what}, ou des intercommunalités.")
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
        data = self.cleaned_data
        is_lodging = data["subject"] == NeedSubject.LODGING
        return {name: data[name] for name in ("subject", "standing", "starts_on", "ends_on", "words", "notify", "available")} | {
            "commune": data.get("commune"),
            "radius_km": data["within_km"] if is_lodging else data["radius_km"],
            "highest_rent": data.get("highest_rent"),
            "half_days": data.get("half_days", []),
            "lodging": data.get("lodging", False),
        }

    def lists(self):
        """What goes with the need: kinds, intercommunalités, places, duration."""
        data = self.cleaned_data
        return {
            "kinds": [self.kinds_known[code] for code in data.get("kinds", ())],
            "epcis": [self.epcis_known[slug] for slug in data["epcis"]],
            "places": data["places"],
            "months": data["months"],
        }

    @staticmethod
    def initial_of(need):
        """What the form shows of a need."""
        names = ("subject", "standing", "starts_on", "ends_on", "half_days", "lodging", "highest_rent", "words", "notify", "available")
        lists = {"kinds": [kind.code for kind in need.kinds.all()], "epcis": [epci.slug for epci in need.epcis.all()]}
        radius = "within_km" if need.subject == NeedSubject.LODGING else "radius_km"
        where = {"commune": need.commune and need.commune.name, radius: need.radius_km}
        return {name: getattr(need, name) for name in names} | lists | where | places_shown([place.near for place in need.places.all()])


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
        label="J’accepte que l’équipe VSA garde cette recherche jusqu’à sa fin, pour l’usage choisi et pour compter les besoins, sans nom.",
        error_messages={"required": "Sans votre accord, nous ne pouvons pas garder votre recherche."},
    )

    def save(self, *, known, at):
        """Record the need, and return it, or None when its address was asked enough; `known`: this browser has confirmed the address."""
        self.count()
        return actions.record(need=Need(email=self.cleaned_data["email"], **self.content()), known=known, at=at, **self.lists())


def places_shown(places):
    """What the fields of places show of these `Near`s: the token while it is known, or else the name."""
    known = anchors.resolve([place.anchor.token for place in places]).asked
    shown = {f"place_{rank}": asked.token or place.anchor.text for rank, (place, asked) in enumerate(zip(places, known, strict=True), 1)}
    return shown | {f"share_{rank}": place.half_days for rank, place in enumerate(places, start=1)}


def initial_from_rooms(search):
    """What the form shows when one comes from a search of rooms (`housing.search.Search`)."""
    asked, stay = search.filterset.form.cleaned_data, search.stay
    return places_shown(search.near) | {
        "subject": NeedSubject.LODGING,
        "within_km": next((km for km in ROOM_RADII if search.radius_km and km >= search.radius_km), None) if search.near else None,
        "highest_rent": asked.get("loyer"),
        "starts_on": stay and stay.start,
        "ends_on": stay and stay.end,
        "words": ", ".join(search.wishes),
    }


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
