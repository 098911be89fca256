"""Forms without an account: who writes has an address that answers, and neither a machine nor an address writes too often."""

from disposable_email_domains import blocklist
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions import note_failure
from accounts.models import EmailDomain
from accounts.rules import Limit, fingerprint, may_try
from core import french
from core.french import NBSP
from core.guard import GuardedForm

TOO_MANY = f"Trop d’envois en peu de temps. Rien n’est perdu{NBSP}: réessayez dans un quart d’heure, ou écrivez à l’équipe."


class PublicEmailField(forms.EmailField):
    """An address that can be answered, in lower case; throw-away domains are refused, because the answer would be lost."""

    widget = forms.EmailInput({"class": "input", "autocomplete": "email"})

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 254, "label": "Votre adresse électronique", **kwargs})

    def clean(self, value):
        typed = super().clean(value)
        if french.one_line(typed) != typed:
            raise ValidationError(f"Cette adresse contient un caractère qui ne se voit pas{NBSP}: écrivez-la de nouveau.")
        email = typed.lower()
        if email and is_disposable(email):
            raise ValidationError(f"Cette adresse est jetable{NBSP}: la réponse n’arriverait pas. Donnez celle que vous lisez.")
        return email


def is_disposable(email):
    """Whether the domain of an address, or one above it, is known to be thrown away; the list of the team goes before the public one."""
    labels = email.rpartition("@")[2].lower().split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    ours = dict(EmailDomain.objects.filter(domain__in=domains).values_list("domain", "refused"))
    known = next((ours[domain] for domain in domains if domain in ours), None)
    return any(domain in blocklist for domain in domains) if known is None else known


class PublicForm(GuardedForm):
    """A `GuardedForm` that counts: at most `FROM_MACHINE` from one machine and `FROM_ADDRESS` from one address in a quarter of an hour.

    `counter` names what is counted. Only keyed hashes of machine and address are kept. `count()` is called once the form has done its work.
    """

    counter = ""
    FROM_MACHINE = 10
    FROM_ADDRESS = 3
    address_field = "email"

    def __init__(self, *args, machine="", **kwargs):
        super().__init__(*args, **kwargs)
        self.machine = machine

    def limits(self):
        """What this form counts for."""
        email = self.cleaned_data.get(self.address_field)
        from_address = [Limit(fingerprint(self.counter, "address", email), self.FROM_ADDRESS)] if email else []
        return [Limit(fingerprint(self.counter, "machine", self.machine), self.FROM_MACHINE), *from_address]

    def clean(self):
        data = super().clean()
        if not self.errors and not may_try(self.limits(), timezone.now()):
            self.add_error(None, TOO_MANY)
        return data

    def count(self):
        """Note that this form was used."""
        note_failure(limits=self.limits(), at=timezone.now())
