"""The form field of a place that one may search near (`territories.anchors`)."""

from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html

from territories import anchors
from territories.anchors import Anchor
from territories.forms import ATTRIBUTES

PLACE_ATTRIBUTES = {
    **{name: value for name, value in ATTRIBUTES.items() if name != "data-commune-source"},
    "data-anchor-source": reverse_lazy("territories:anchor_search"),
}


class AnchorInput(forms.TextInput):
    """A text field that suggests places as one types, and then sends a token; without JavaScript, the text is sent as it is."""

    def __init__(self, attrs=None):
        super().__init__({"class": "input", **PLACE_ATTRIBUTES, **(attrs or {})})

    def get_context(self, name, value, attrs):
        """A token is shown as the text of its place."""
        [asked] = anchors.resolve([str(value)]).asked if value else [None]
        if asked and asked.anchor:
            value, attrs = asked.shown, {**(attrs or {}), "data-token": asked.token}
        return super().get_context(name, value, attrs)

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="commune-field">{}</span>', super().render(name, value, attrs, renderer))


class AnchorField(forms.CharField):
    """A place by its name or its token; cleans to an `Anchor`, or None when empty and not required."""

    widget = AnchorInput

    def prepare_value(self, value):
        return value.token if isinstance(value, Anchor) else value

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        [asked] = anchors.resolve([text]).asked
        if asked.problem:
            raise forms.ValidationError(asked.problem, code="unknown")
        return asked.anchor

    def run_validators(self, value):
        """Validators of texts have nothing to say about a place."""
