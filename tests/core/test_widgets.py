"""The two number inputs of a point and the map that fills them."""

from django import forms

from core.widgets import CoordinateInput, PointWidget


class PlaceForm(forms.Form):
    latitude = forms.FloatField(widget=CoordinateInput())
    longitude = forms.FloatField(widget=PointWidget(commune="town"))


def test_the_inputs_hold_numbers_as_browsers_want_them():
    html = str(PlaceForm(initial={"latitude": 44.05, "longitude": 5.05}))
    assert 'name="latitude" value="44.05"' in html
    assert 'name="longitude" value="5.05"' in html


def test_the_map_names_the_fields_of_its_own_form():
    html = str(PlaceForm(prefix="place")["longitude"])
    assert 'data-latitude-name="place-latitude" data-longitude-name="place-longitude" data-commune-name="place-town"' in html
    assert "Placer à la mairie" in html


def test_without_a_commune_there_is_no_town_hall():
    assert "mairie" not in PointWidget(commune=None).render("longitude", None)


def test_what_is_typed_is_kept_with_its_error():
    form = PlaceForm({"latitude": "44", "longitude": "cinq"})
    assert form.errors == {"longitude": ["Saisissez un nombre."]}
    assert 'value="cinq"' in str(form["longitude"])


def test_a_page_gets_one_script_whatever_the_number_of_maps():
    assert str(PlaceForm().media).count("js/map/map.js") == 1
