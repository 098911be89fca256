"""What a host writes without an account: a dwelling and when it is free, a photograph, who came."""

from django import forms
from django.utils import timezone

from accounts.public import PublicEmailField, PublicForm
from core.announced import forms as announced
from core.announced.forms import OwnPhoto, dress, sections
from core.days import near_day
from core.french import NBSP
from core.widgets import CoordinateInput, DayInput, PointWidget
from housing import actions, rules
from housing.enums import DwellingKind, HostKind, Lease, LetHow, LetTo
from housing.forms.content import ContentForm
from housing.forms.staff import PhotoForm
from housing.models import Dwelling
from territories import semesters
from territories.forms import OfFacility

FIELDSETS = (
    (
        "Le logement",
        (
            *("kind", "title", "places", "capacity", "room_count", "living_area_m2", "is_furnished", "other_occupants"),
            *("equipment", "internet", "parking", "car_needed", "step_free"),
        ),
    ),
    ("Le lieu", ("commune", "address")),
    ("Placer le point vous-même (facultatif)", ("exact_latitude", "exact_longitude")),
    ("Quand il est libre", ("semesters", "from_1", "to_1", "min_stay_days", "max_stay_days")),
    ("Libre à d’autres dates encore (facultatif)", ("from_2", "to_2", "from_3", "to_3")),
    (
        "Le loyer",
        ("lease", "rent", "charges", "charges_mode", "deposit", "agency_fee", "inventory_fee", "right_to_let"),
    ),
    (
        "L’énergie",
        (
            *("energy_class", "climate_class", "energy_exempt_reason", "energy_cost_min", "energy_cost_max", "energy_price_year"),
            "energy_diagnosed_on",
        ),
    ),
    ("La vie sur place", ("audience", "pets", "smoking", "visitors", "rules_note", "description")),
    ("Vous", ("host_kind", "organisation", "facility", "contact_name", "contact_email", "contact_phone", "charter")),
)
"""Subjects of the form, with their fields; those that the kind does not ask for are left out."""

FOLDED = {"Placer le point vous-même (facultatif)", "Libre à d’autres dates encore (facultatif)"}
"""Subjects that are shown when asked for."""
PERIODS = 3
"""Periods that are typed, beside the semesters."""
NOT_COLUMNS = ("contact_email", "semesters", "charter", *(f"{end}_{rank}" for rank in range(1, PERIODS + 1) for end in ("from", "to")))
CONTENT = tuple(name for _, names in FIELDSETS for name in names if name not in NOT_COLUMNS)
ALWAYS = (
    *("kind", "title", "commune", "address", "living_area_m2", "capacity", "places", "is_furnished", "lease", "rent", "charges"),
    *("charges_mode", "deposit", "inventory_fee", "right_to_let", "energy_class", "climate_class", "host_kind", "contact_email", "charter"),
)
"""What every dwelling needs before the team reads it."""
LENGTHS = ("min_stay_days", "max_stay_days")
ASKED_WHEN = {
    "pour un bail mobilité": LENGTHS,
    "si le logement n’est pas soumis au diagnostic": ("energy_exempt_reason",),
    "si le logement a une classe énergie": ("energy_cost_min", "energy_cost_max", "energy_price_year"),
}
"""What the team reads nothing without in some cases, and in which (`rules`)."""
LEFT_OUT = {
    DwellingKind.ROOM: {"places": 1, "room_count": None, "agency_fee": 0, "inventory_fee": 0},
    DwellingKind.STUDIO: {"places": 1, "room_count": None, "other_occupants": None},
    DwellingKind.FLAT: {"places": 1, "other_occupants": None},
    DwellingKind.HOUSE: {"places": 1, "other_occupants": None},
    DwellingKind.RESIDENCE: {"room_count": None},
    DwellingKind.SHARED: {"places": 1},
}
"""Facts that a kind does not ask for, and what stands for them: nobody takes a fee for a room at home."""
AUTOCOMPLETE = {"contact_name": "name", "contact_phone": "tel", "organisation": "organization", "address": "street-address"}
HELP = {
    "title": "Ce qu’on lit d’abord. Par exemple «\u00a0Chambre calme à Sault, près de la maison de santé\u00a0».",
    "address": "Numéro et rue, ou lieu-dit. Jamais publiée\u00a0: les lecteurs voient un cercle de 700\u00a0m, décalé.",
    "exact_latitude": "Sinon, l’équipe le place d’après l’adresse. Jamais publié non plus.",
    "organisation": "Vide pour un particulier\u00a0: votre nom n’est jamais publié.",
    "contact_name": "Jamais montré aux lecteurs.",
    "contact_phone": "Jamais montré aux lecteurs\u00a0; l’équipe vous appelle si une question se pose.",
    "description": "Le quartier, le calme, ce qui vous plaît ici. Ni nom, ni adresse, ni téléphone.",
    "places": "Combien de chambres de cette sorte.",
    "other_occupants": "Un nombre seulement. Vous compris, si vous vivez là.",
    "semesters": "Libre tout le semestre. D’autres dates se donnent dessous\u00a0; elles se changent ensuite sur votre calendrier.",
    "audience": "Rien de coché\u00a0: ouvert à tous. Un logement se réserve à un usage (un stage), jamais à un sexe, un âge, une origine "
    "ou une situation de famille.",
    "rent": "Par mois, sans les charges. 0 pour un hébergement gratuit.",
    "charges": "Par mois. 0 s’il n’y en a pas, ou si tout est dans le loyer.",
    "deposit": "0 s’il n’y en a pas.",
    "agency_fee": "À la charge du locataire. 0 s’il n’y en a pas.",
    "inventory_fee": "À la charge du locataire. 0 s’il n’y en a pas.",
    "energy_class": "La lettre du diagnostic de performance énergétique (DPE). Un logement classé G ne se loue plus.",
    "energy_exempt_reason": "Seulement si le logement n’est pas soumis au diagnostic.",
    "energy_cost_min": "Écrite sur le diagnostic, en euros par an.",
    "energy_price_year": "Écrite sur le diagnostic.",
    "rules_note": "Une phrase\u00a0: le calme après 22\u00a0h, le vélo dans la cour.",
    "capacity": "Dans chaque chambre, ou dans le logement entier.",
}
LABELS = {
    "title": "Titre de l’annonce",
    "capacity": "Pour combien de personnes",
    "right_to_let": "J’ai le droit de louer ce logement, ou l’accord écrit de mon bailleur pour le sous-louer.",
    "car_needed": "Il faut une voiture pour vivre ici",
    "step_free": "Accès de plain-pied ou par ascenseur",
    "exact_latitude": "Latitude du point exact",
    "exact_longitude": "Longitude du point exact",
    "host_kind": "Vous êtes",
    "rules_note": "Une règle de la maison",
    "audience": "À qui il s’adresse d’abord",
    "rent": "Loyer par mois, hors charges (€)",
    "agency_fee": "Honoraires d’agence ou de gestion (€)",
    "inventory_fee": "Dont honoraires d’état des lieux (€)",
}
MINIMUMS = ((1, "une nuit"), (7, "une semaine"), (28, "un mois"), (90, "trois mois"), (180, "un semestre"))
MAXIMUMS = (
    (7, "une semaine"),
    (31, "un mois"),
    (92, "trois mois"),
    (190, "un semestre"),
    (306, "dix mois"),
    (366, "un an"),
    (740, "deux ans"),
)
"""Lengths of stay as hosts think of them, in days."""
FURNISHED = [("True", "Meublé"), ("False", "Non meublé")]


def length(label, lengths, value):
    """A length of stay in words; one that the team or a calendar gave is kept among the choices."""
    others = [] if value is None or value in dict(lengths) else [(value, f"{value}{NBSP}jours")]
    return forms.TypedChoiceField(
        label=label, choices=[("", "Non précisé"), *sorted([*lengths, *others])], coerce=int, empty_value=None, required=False
    )


class PublishForm(OfFacility, PublicForm, ContentForm):
    """A dwelling as its host writes it, with the fields of its kind only. `act` is the button that was pressed."""

    counter = "publish"
    address_field = "contact_email"

    kind = forms.ChoiceField(label="Type de logement", choices=DwellingKind.choices)
    is_furnished = forms.TypedChoiceField(
        label="Meublé ou non", choices=FURNISHED, coerce=lambda value: value == "True", widget=forms.RadioSelect, required=False
    )
    contact_email = PublicEmailField(help_text="Nous y envoyons votre lien privé. Elle n’est jamais montrée aux lecteurs.")
    charter = forms.BooleanField(label="J’ai lu la charte des hôtes et je la respecte.", required=False)

    class Meta(ContentForm.Meta):
        fields = [*CONTENT, "contact_email"]
        widgets = {
            "description": forms.Textarea({"rows": 7}),
            "energy_diagnosed_on": DayInput,
            "exact_latitude": CoordinateInput,
            "exact_longitude": PointWidget(latitude="exact_latitude"),
        }

    def __init__(self, data=None, *, kind, act="", **kwargs):
        super().__init__(data, **kwargs)
        self.act, self.asked = act, self._kind_asked(kind)
        kept = self.instance.facility_id  # what the team gave is kept among the choices
        if self.instance.pk is None:
            self.instance.kind = self.asked
        else:
            del self.fields["contact_email"]  # it has a page of its own: both addresses confirm it
        if self.instance.charter_accepted_at:
            del self.fields["charter"]
        self.initial["kind"] = self.asked
        self._offer_leases()
        self._ask_lengths()
        self._ask_periods()
        if self.instance.published_at:
            self.fields.pop("places", None)  # the calendar counts who holds them
        for name, value in self._left_out().items():
            self.fields.pop(name, None)
            setattr(self.instance, name, value)
        self.name_facilities(self.typed_commune(), kept=kept)
        for name, label in LABELS.items():
            if name in self.fields:
                self.fields[name].label = label
        dress(self, {*ALWAYS}, always=("kind", "host_kind"), autocomplete=AUTOCOMPLETE, help_texts=HELP)
        if Lease.MOBILITY in rules.LEASES[self.asked]:
            self.fields["deposit"].help_text += " Un bail mobilité est toujours sans dépôt."
        self._say_what_is_asked_then()

    def _say_what_is_asked_then(self):
        """Name the case in which a field is asked, in place of « facultatif »."""
        for case, names in ASKED_WHEN.items():
            for name in names:
                if name in self.fields and (name not in LENGTHS or Lease.MOBILITY in rules.LEASES[self.asked]):
                    self.fields[name].wanted = True
                    self.fields[name].label += f" (demandé {case})"

    def _left_out(self):
        """Facts that the kind asked for does not need. Rooms of a dwelling that was public change in its calendar alone."""
        left = LEFT_OUT[self.asked]
        return {name: value for name, value in left.items() if name != "places"} if self.instance.published_at else left

    def _kind_asked(self, kind):
        typed = self.data.get("kind") if self.is_bound else kind
        return DwellingKind(typed) if typed in DwellingKind.values else DwellingKind(kind)

    def _offer_leases(self):
        known = [*rules.LEASES[self.asked]]
        given = self.instance.lease
        chosen = [choice for choice in Dwelling._meta.get_field("lease").choices if choice[0] in known or choice[0] == given]
        self.fields["lease"].choices = [("", ""), *chosen]

    def _ask_lengths(self):
        for name, label, lengths in (
            ("min_stay_days", "Séjour le plus court", MINIMUMS),
            ("max_stay_days", "Séjour le plus long", MAXIMUMS),
        ):
            self.fields[name] = length(label, lengths, getattr(self.instance, name))

    def _ask_periods(self):
        """Semesters and dates, until it was public once: then it has its calendar."""
        self.ahead = {}
        if self.instance.published_at is not None:
            return
        found = semesters.upcoming(timezone.localdate(), 4, current=True)
        self.ahead = {semester.code: semester for semester in found}
        self.fields["semesters"] = forms.MultipleChoiceField(
            label="Semestres où il est libre",
            choices=[(semester.code, f"{semester.label} ({semester.dates})") for semester in found],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for rank in range(1, PERIODS + 1):
            first = "Libre du" if rank == 1 else "Ou encore du"
            self.fields[f"from_{rank}"] = forms.DateField(label=first, required=False, widget=DayInput, validators=[near_day])
            self.fields[f"to_{rank}"] = forms.DateField(
                label="Jusqu’au jour de départ, le", required=False, widget=DayInput, validators=[near_day]
            )
        if not self.is_bound and self.instance.pk:
            self._show_periods()

    def _show_periods(self):
        """What the draft is offered for: whole semesters ticked, the rest as dates."""
        periods = [row.period for row in self.instance.availabilities.all()]
        whole = [
            code
            for code, semester in self.ahead.items()
            if any(period.lower <= semester.start and semester.end < period.upper for period in periods)
        ]
        self.initial["semesters"] = whole
        told = [period for period in periods if (period.lower, period.upper) not in [self.ahead[code].nights for code in whole]]
        for rank, period in enumerate(told[:PERIODS], start=1):
            self.initial |= {f"from_{rank}": period.lower, f"to_{rank}": period.upper}

    @property
    def must_be_complete(self):
        return self.act == "envoyer" or super().must_be_complete

    def missing(self, at):
        """As for a publication; the team places the point."""
        return rules.missing_to_submit(self.instance, at)

    def clean(self):
        data = super().clean()
        data["kind"] = self.asked
        if data.get("is_furnished") in ("", None):
            data["is_furnished"] = True
        if "host_kind" in data and not data["host_kind"]:
            data["host_kind"] = HostKind.PRIVATE
        if "charter" in self.fields and self.must_be_complete and not data.get("charter"):
            self.add_error("charter", "Lisez la charte des hôtes et cochez cette case avant d’envoyer.")
        if self.ahead:
            self._read_periods(data)
        return data

    def _read_periods(self, data):
        """Periods that were ticked or typed, each as a calendar takes it."""
        self.periods = [self.ahead[code].nights for code in data.get("semesters") or ()]
        today = timezone.localdate()
        for rank in range(1, PERIODS + 1):
            start, end = data.get(f"from_{rank}"), data.get(f"to_{rank}")
            if start is None and end is None:
                continue
            if start is None or end is None:
                missing = "from" if start is None else "to"
                if not self.has_error(f"{missing}_{rank}"):
                    self.add_error(f"{missing}_{rank}", "Donnez les deux dates, ou aucune.")
                continue
            try:
                actions.check_period(start, end, today)
            except actions.StayRefused as refusal:
                self.add_error(f"to_{rank}", refusal.messages)
            else:
                self.periods.append((start, end))

    @property
    def sections(self):
        """The subjects of the form, as the page shows them."""
        return sections(self, FIELDSETS, FOLDED)

    @property
    def values(self):
        """What was written, by column of the dwelling: for `actions.change`. After `is_valid`."""
        columns = {*CONTENT, *LEFT_OUT[self.asked]} - ({"places"} if self.instance.published_at else set())
        return {field.attname: getattr(self.instance, field.attname) for field in Dwelling._meta.fields if field.name in columns}


class OwnPhotoForm(OwnPhoto, PhotoForm):
    """A photograph that a host adds."""


class Found:
    """Who came to live there, and how."""

    who_choices, how_choices = LetTo.choices, LetHow.choices


class FoundForm(Found, announced.FoundForm):
    """Said after it was let."""


class FilledForm(Found, announced.FilledForm):
    """Said when it is no longer to let."""
