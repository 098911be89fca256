"""What visitors write freely, in whatever form: never a number of the Sécurité sociale (RGPD-03), never nothing but invisible marks."""

import pytest
from django.core.exceptions import ValidationError

from contacts.forms.alerts import OpinionForm
from contacts.forms.conversations import AnswerForm, SayForm, WriteForm
from contacts.forms.needs import NeedForm
from contacts.forms.selections import NoteForm
from opportunities.forms import PublishForm, ReportForm
from opportunities.models import OpportunityKind
from opportunities.rules import PUBLIC_TEXTS

FIELDS = [
    (AnswerForm, "text"),
    (NeedForm, "words"),
    (NoteForm, "text"),
    (OpinionForm, "word"),
    (ReportForm, "text"),
    (SayForm, "text"),
    (WriteForm, "text"),
]
NUMBER = "Mon numéro : 2 84 05 84 007 123 45, merci."


@pytest.mark.parametrize(("form", "name"), FIELDS, ids=[form.__name__ for form, _ in FIELDS])
def test_no_number_and_something_visible(form, name):
    field = form.base_fields[name]
    with pytest.raises(ValidationError, match="sécurité sociale"):
        field.clean(NUMBER)
    with pytest.raises(ValidationError, match="aucun caractère visible"):
        field.clean("\u200b\u2060")
    assert field.clean("Le 12 mars 2027, vers 8 h 30, au 04 65 71 00 00.")


@pytest.mark.django_db
def test_nor_in_the_texts_of_an_offer():
    form = PublishForm(kind=OpportunityKind.objects.filter(active=True).first())
    for name in {*PUBLIC_TEXTS} & {*form.fields}:
        with pytest.raises(ValidationError, match="sécurité sociale"):
            form.fields[name].run_validators(NUMBER)
