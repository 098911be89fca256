"""Form widgets that several apps share."""

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html


class DayInput(forms.DateInput):
    """The date field of the browser: a calendar of its own, in the language and with the keys a person is used to."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class HourInput(forms.TimeInput):
    """The browser's own field for an hour."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class PhotoInput(forms.ClearableFileInput):
    """A photograph, with the one that is stored (`core.illustrated.Photographed`) shown small above the field."""

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        if not self.is_initial(value):
            return field
        return format_html('<img class="thumb" src="{}" alt="" width="160" loading="lazy">{}', value.instance.srcset.split(" ")[0], field)


class CoordinateInput(forms.NumberInput):
    """A latitude or a longitude in decimal degrees, with a point as browsers want it."""

    def __init__(self, attrs=None):
        super().__init__({"step": "any", "inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class PointWidget(CoordinateInput):
    """The longitude of a point, with the map that places it; the latitude stays a field of its own.

    Two plain model fields remain two plain form fields: their errors, their history and the
    constraints of the model work as usual, and without JavaScript they are two number inputs. In a
    `ModelForm`, the admin's included, under one same prefix:

        class Meta:
            widgets = {"latitude": CoordinateInput(), "longitude": PointWidget(commune="commune")}

    In the admin put both in one line, `("latitude", "longitude")`: the map takes the width of the
    line below them. `commune` names the commune field (`territories.forms.CommuneField`) whose town
    hall the button "Placer à la mairie" takes; None leaves the button out. The page needs our
    tokens (css/site.css or css/admin.css).
    """

    class Media:
        css = {"all": ["css/components/point.css", "css/components/button.css", "css/components/map.css"]}
        js = [forms.Script("js/map/map.js", type="module")]

    def __init__(self, attrs=None, *, latitude="latitude", commune="commune"):
        super().__init__(attrs)
        self.latitude, self.commune = latitude, commune

    def render(self, name, value, attrs=None, renderer=None):
        prefix, separator, _ = name.rpartition("-")
        context = {
            "longitude_name": name,
            "latitude_name": f"{prefix}{separator}{self.latitude}",
            "commune_name": f"{prefix}{separator}{self.commune}" if self.commune else "",
            "after": f"{(attrs or {}).get('id') or name}-apres",
        }
        return format_html("{}{}", super().render(name, value, attrs, renderer), render_to_string("core/point_widget.html", context))
