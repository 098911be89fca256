"""The commune field: what it accepts, what it says, what it shows."""

import django_filters
import pytest
from django import forms
from django.template.loader import render_to_string

from territories.forms import CommuneField
from territories.models import Commune
from tests.consistency.french import faults
from tests.consistency.source import ROOT
from tests.territories.factories import real_commune

pytestmark = pytest.mark.django_db


class PlaceForm(forms.Form):
    commune = CommuneField(label="Commune", required=False)


class CommuneModelForm(forms.ModelForm):
    """Any model with a foreign key to a commune would do; this one is at hand."""

    commune = CommuneField(label="Commune")

    class Meta:
        model = Commune.outline.related.related_model
        fields = ["commune"]


def error(text, **options):
    with pytest.raises(forms.ValidationError) as refusal:
        CommuneField(**options).clean(text)
    (message,) = refusal.value.messages
    return message


@pytest.mark.parametrize("text", ["Apt", "  apt ", "84400 Apt", "APT (84400)"])
def test_a_text_becomes_a_commune(text):
    form = PlaceForm({"commune": text})
    assert form.is_valid()
    assert form.cleaned_data["commune"] == real_commune("Apt")


@pytest.mark.parametrize("data", [{}, {"commune": ""}, {"commune": "   "}])
def test_nothing_is_none(data):
    form = PlaceForm(data)
    assert form.is_valid()
    assert form.cleaned_data["commune"] is None


def test_a_required_commune_is_asked_for():
    assert error("") == "Ce champ est obligatoire."


def test_two_names_are_both_named():
    message = "Deux communes portent ce nom\u00a0: Saint-Saturnin-lès-Avignon ou Saint-Saturnin-lès-Apt\u202f?"
    assert error("st saturnin") == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("84100", "2 communes ont le code postal 84100\u00a0: Orange ou Uchaux\u202f?"),
        (
            "84400",
            "10 communes ont le code postal 84400\u00a0: "
            "Apt, Gargas, Saignon, Villars, Rustrel, Castellet-en-Luberon ou une des 4 autres\u202f?",
        ),
        ("ventoux", "2 communes correspondent à «\u00a0ventoux\u00a0»\u00a0: Beaumont-du-Ventoux ou Saint-Léger-du-Ventoux\u202f?"),
        ("so", "Écrivez le nom en entier\u00a0: Sorgues\u202f?"),
        ("carpantras", "Aucune commune de Vaucluse ne correspond à «\u00a0carpantras\u00a0». Vouliez-vous écrire Carpentras\u202f?"),
        (
            "Paris 100 %",
            "Aucune commune de Vaucluse ne correspond à «\u00a0Paris 100 %\u00a0». "
            "Écrivez un nom de commune ou un code postal, par exemple Carpentras ou 84200.",
        ),
    ],
)
def test_errors_say_what_to_write(text, message):
    assert error(text) == message


@pytest.mark.parametrize("text", ["\x00", "a" * 10_000, "\ud800", "<script>", "%s %(x)s", "\n\n-\n"])
def test_absurd_texts_are_refused_in_one_short_line(text):
    message = error(text)
    assert message.startswith("Aucune commune de Vaucluse ne correspond")
    assert len(message) < 200
    assert "\n" not in message
    assert "\x00" not in message


def test_errors_are_typeset_in_french():
    texts = ["84400", "84100", "st saturnin", "ventoux", "so", "carpantras", "paris", "sain"]
    assert [fault for text in texts for fault in faults(error(text))] == []


def test_initial_shows_the_name_of_a_commune_or_of_its_key():
    apt = real_commune("Apt")
    for initial in (apt, apt.pk):
        assert 'value="Apt"' in PlaceForm(initial={"commune": initial}).as_p()
    assert "value" not in PlaceForm(initial={"commune": None})["commune"].as_widget()
    assert "value" not in PlaceForm(initial={"commune": 0})["commune"].as_widget()


def test_what_was_typed_stays_after_an_error():
    assert 'value="st &lt;saturnin"' in PlaceForm({"commune": "st <saturnin"})["commune"].as_widget()


@pytest.mark.parametrize(("typed", "changed"), [("Apt", False), ("apt", False), ("Sault", True), ("", True)])
def test_a_form_knows_whether_the_commune_changed(typed, changed):
    apt = real_commune("Apt")
    for initial in (apt, apt.pk):
        assert PlaceForm({"commune": typed}, initial={"commune": initial}).has_changed() is changed


def test_a_commune_in_a_model_form():
    outline = real_commune("Apt").outline
    assert 'value="Apt"' in CommuneModelForm(instance=outline)["commune"].as_widget()
    form = CommuneModelForm({"commune": "Sault"}, instance=outline)
    form.full_clean()
    assert form.instance.commune == real_commune("Sault")


def test_a_commune_in_a_filter():
    class CommuneFilter(django_filters.Filter):
        field_class = CommuneField

    class EpciFilter(django_filters.FilterSet):
        commune = CommuneFilter(label="Commune", method="keep")

        def keep(self, queryset, name, commune):
            return queryset.filter(epci=commune.epci_id)

    assert EpciFilter({}, Commune.objects.all()).qs.count() == 151
    assert EpciFilter({"commune": "sault"}, Commune.objects.all()).qs.count() == 10
    refused = EpciFilter({"commune": "beaumont"}, Commune.objects.all())
    assert refused.errors["commune"][0].startswith("Deux communes portent ce nom")


def test_one_query_to_clean_a_name(django_assert_num_queries):
    with django_assert_num_queries(1):
        CommuneField().clean("L’Isle-sur-la-Sorgue")


# --- Markup --------------------------------------------------------------------------------------


def component(**context):
    return render_to_string(
        "components/commune_field.html", {"name": "commune", "id": "f-commune", "label": "Commune", "value": "", **context}
    )


def test_widget_and_component_are_the_same_control():
    """What the script looks for, and what the browser must know, is on both."""
    for attribute in (
        'data-commune-source="/territoires/communes.json"',
        'autocomplete="off"',
        'spellcheck="false"',
        'autocapitalize="words"',
        'maxlength="100"',
    ):
        assert attribute in component()
        assert attribute in PlaceForm()["commune"].as_widget()
    for markup in (component(), PlaceForm()["commune"].as_widget()):
        assert '<span class="commune-field"><input type="text"' in markup


def test_the_component_links_label_hint_and_error():
    html = component(value='L’Isle "sur"', hint="Nom ou code postal.", error="Deux communes.")
    assert '<label for="f-commune">Commune</label>' in html
    assert 'value="L’Isle &quot;sur&quot;"' in html
    assert 'aria-describedby="f-commune-hint f-commune-error" aria-invalid="true"' in html
    assert '<p class="hint" id="f-commune-hint">Nom ou code postal.</p>' in html
    assert '<p class="error" id="f-commune-error">Deux communes.</p>' in html
    assert "aria-" not in component()


def test_the_component_asks_for_a_place_of_any_kind():
    html = component(anchors=True, value="Apt", token="commune-84003")
    assert 'value="Apt"' in html
    assert 'data-anchor-source="/territoires/lieux.json" data-token="commune-84003">' in html
    assert "data-commune-source" not in html
    assert "data-token" not in component(anchors=True)
    assert "data-anchor" not in component()


def test_forms_bring_the_script_and_the_style():
    media = str(PlaceForm().media)
    assert "css/components/commune-field.css" in media
    assert '<script src="/static/js/commune-field.js" type="module">' in media
    assert (ROOT / "static/js/commune-field.js").exists()
