"""The one commune field of the portal, a text that a person types, cleaned to a `Commune`; the forms of staff about care."""

from datetime import timedelta

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html

from core import french
from core.french import quoted
from core.geography import Point, distance_km
from core.search import Match, fold
from core.widgets import CoordinateInput, PointWidget
from territories.enums import PointPrecision
from territories.models import Commune, HealthFacility
from territories.naming import resembles
from territories.querysets import LONGEST_TEXT, Wanted
from territories.semesters import computed

CHOICES_NAMED = 6
FARTHEST_KM = 30
"""From the town hall to a facility of the commune: no commune of Vaucluse is as wide; beyond, the point is a slip."""
FARTHEST_START = timedelta(days=31)
"""Between the dates of a semester that staff type and the computed ones."""
ATTRIBUTES = {
    "maxlength": LONGEST_TEXT,
    "autocomplete": "off",
    "autocapitalize": "words",
    "spellcheck": "false",
    "data-commune-source": reverse_lazy("territories:commune_search"),
}
"""What makes an `input` a commune field for `static/js/commune-field.js`; also written by templates/components/commune_field.html."""


class CommuneInput(forms.TextInput):
    """A text field that suggests communes as one types; without JavaScript, the text is sent as it is."""

    def __init__(self, attrs=None):
        super().__init__({"class": "input", **ATTRIBUTES, **(attrs or {})})

    class Media:
        css = {"all": ["css/components/commune-field.css"]}
        js = [forms.Script("js/commune-field.js", type="module")]

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="commune-field">{}</span>', super().render(name, value, attrs, renderer))


class CommuneField(forms.CharField):
    """A commune typed by name, postal code or both; cleans to a `Commune`, or None when empty and not required.

    `initial` may be a commune or its primary key. It serves every form and `django_filters.Filter(field_class=CommuneField)`.
    For the foreign key of a model, declare it on the form, in the admin too: `commune = CommuneField(label="Commune")`
    in the `ModelForm` that the `ModelAdmin` names (a declared field gets no add and change buttons, which suits
    reference data). Errors (codes `ambiguous` and `unknown`) name the communes to choose from.
    """

    widget = CommuneInput

    def __init__(self, *, queryset=None, **kwargs):
        self.queryset = queryset
        super().__init__(**kwargs)

    def prepare_value(self, value):
        if isinstance(value, int):
            value = self.communes().filter(pk=value).first()
        return value.name if isinstance(value, Commune) else value

    def to_python(self, value):
        if isinstance(value, Commune):
            return value
        text = super().to_python(value)
        if not text:
            return None
        found = self.communes().resolve(text)
        if found.commune:
            return found.commune
        if found.choices:
            raise forms.ValidationError(ambiguity(text, found.choices), code="ambiguous")
        raise forms.ValidationError(ignorance(text, found.suggestions), code="unknown")

    def run_validators(self, value):
        """Validators of texts have nothing to say about a commune."""

    def has_changed(self, initial, data):
        return fold(str(self.prepare_value(initial) or "")) != fold(str(self.prepare_value(data) or ""))

    def communes(self):
        return Commune.objects.all() if self.queryset is None else self.queryset.all()


def ambiguity(text, choices):
    """Message for a text that fits several communes: names them, the largest first, six at most."""
    names = alternatives([commune.name for commune in choices])
    wanted = Wanted.read(text)
    if not wanted.name and len(wanted.code) == 5:
        return f"{len(choices)} communes ont le code postal {wanted.code}\u00a0: {names}\u202f?"
    if len(choices) == 2 and choices[0].match < Match.WORDS:
        return f"Deux communes portent ce nom\u00a0: {names}\u202f?"
    if len(choices) == 1:
        return f"Écrivez le nom en entier\u00a0: {names}\u202f?"
    return f"{len(choices)} communes correspondent à {quoted(text)}\u00a0: {names}\u202f?"


def ignorance(text, suggestions):
    """Message for a text that fits no commune, with the names that resemble it if any."""
    message = f"Aucune commune de Vaucluse ne correspond à {quoted(text)}."
    if suggestions:
        return f"{message} Vouliez-vous écrire {alternatives([commune.name for commune in suggestions])}\u202f?"
    return f"{message} Écrivez un nom de commune ou un code postal, par exemple Carpentras ou 84200."


def alternatives(names):
    """`A`, `A ou B`, `A, B ou C`; beyond seven, the first six and how many more."""
    if len(names) > CHOICES_NAMED + 1:
        names = [*names[:CHOICES_NAMED], f"une des {len(names) - CHOICES_NAMED} autres"]
    *first, last = names
    return f"{', '.join(first)} ou {last}" if first else last


class FacilityForm(forms.ModelForm):
    """A health facility: a commune that is typed, a point that is placed on a map."""

    commune = CommuneField(label="Commune")

    class Meta:
        widgets = {"latitude": CoordinateInput(), "longitude": PointWidget(commune="commune")}

    def clean(self):
        cleaned = super().clean()
        commune = cleaned.get("commune")
        point = (cleaned.get("latitude"), cleaned.get("longitude"))
        placed = {"latitude", "longitude"} & set(self.changed_data) and None not in point
        at_town_hall = commune and point == (commune.latitude, commune.longitude)
        if placed and not at_town_hall and cleaned.get("point_precision") == PointPrecision.COMMUNE:
            self.add_error("point_precision", "Vous avez placé le point\u00a0: dites s’il est à l’adresse ou vérifié.")
        if placed and commune and commune.latitude is not None and distance_km(commune.point, Point(*point)) > FARTHEST_KM:
            self.add_error("latitude", f"Ce point est à plus de {FARTHEST_KM}\u00a0km de {commune.name}\u00a0: vérifiez-le, ou la commune.")
        return cleaned


class CptsForm(forms.ModelForm):
    """A CPTS with the communes that it covers in Vaucluse."""

    communes = forms.ModelMultipleChoiceField(
        Commune.objects.all(),
        label="communes du Vaucluse",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une commune n’est que dans une CPTS\u00a0: la cocher ici l’enlève de l’autre.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "communes" in self.fields:
            self.initial["communes"] = list(self.instance.communes.values_list("pk", flat=True))


class ZoningForm(forms.ModelForm):
    """The zone of a commune."""

    commune = CommuneField(label="Commune")


class SemesterForm(forms.ModelForm):
    """The dates of a semester of internship: near the month of its code."""

    def clean(self):
        cleaned = super().clean()
        code, start, end = cleaned.get("code", self.instance.code), cleaned.get("start_date"), cleaned.get("end_date")
        expected = code and start and computed(code)
        if expected and abs(start - expected.start) > FARTHEST_START:
            self.add_error("start_date", f"Le semestre {code} commence vers le {french.date(expected.start)}\u00a0: vérifiez la date.")
        if expected and end and abs(end - expected.end) > FARTHEST_START:
            self.add_error("end_date", f"Le semestre {code} finit vers le {french.date(expected.end)}\u00a0: vérifiez la date.")
        return cleaned


# --- What publishers say of themselves -----------------------------------------------------------

CANDIDATES = 4
"""Facilities that a publisher is asked about, at most."""


class OfFacility(forms.Form):
    """A form of an announcement whose `organisation` may be a facility of the directory: which one is asked when a name resembles."""

    facility = forms.ModelChoiceField(
        HealthFacility.objects.none(),
        label=f"Est-ce l’un de ces établissements{french.NBSP}?",
        required=False,
        widget=forms.RadioSelect,
        empty_label="Non, ou je ne sais pas",
        help_text="Les lecteurs pourront ouvrir sa page.",
    )

    def name_facilities(self, commune, *, kept):
        """Offer the facilities of `commune` that the organisation may be, and the key `kept` so far; ask nothing when there is none."""
        organisation = str(self.data.get("organisation", "") if self.is_bound else self.instance.organisation)
        found = [kept] if kept else []
        if organisation and commune:
            there = HealthFacility.objects.visible().in_communes([commune]).by_name()
            found += [one.pk for one in there if resembles(organisation, one.name, commune.name)][:CANDIDATES]
        if not found:
            del self.fields["facility"]
            if self.is_bound:
                self.instance.facility = None
            return
        self.fields["facility"].queryset = HealthFacility.objects.filter(pk__in=found).by_name()

    def typed_commune(self):
        """The commune that is typed, or that the announcement has; None when it is not one."""
        if not self.is_bound:
            return self.instance.commune
        try:
            return self.fields["commune"].clean(self.data.get("commune", ""))
        except forms.ValidationError:
            return None
