"""Accounts of the team, known by e-mail address, and the groups that give them rights."""

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts import actions, rules
from accounts.models import User
from accounts.rules import MINUTES
from core.french import NBSP
from core.requests import client_address


class LoginForm(AdminAuthenticationForm):
    """Login of the team: an e-mail address, whatever its letter case, and a password; guessing is slowed down."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "Cette adresse et ce mot de passe n’ouvrent aucun compte de l’équipe. "
        "Les majuscules comptent dans le mot de passe, pas dans l’adresse.",
        "too_many": f"Trop d’essais. Attendez {MINUTES} minutes, ou demandez à un collègue de changer votre mot de passe.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        email = self.fields["username"]
        email.label = "Adresse électronique"
        email.widget.input_type = "email"
        email.widget.attrs.update({"autocomplete": "username", "maxlength": 254})
        email.max_length = 254

    def _account(self):
        """The address as the account found by it spells it, whatever was typed; what was typed when there is none."""
        typed = (self.cleaned_data.get("username") or "").strip()
        return User.objects.filter(email__iexact=typed).values_list("email", flat=True).first() or typed.upper()

    def clean(self):
        at = timezone.now()
        limits = rules.login_limits(self._account(), client_address(self.request))
        if not rules.may_try(limits, at):
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            data = super().clean()
        except forms.ValidationError:
            actions.note_failure(limits=limits, at=at)
            raise
        if self.get_user() is not None:  # none when a field is empty: Django then checks nothing
            actions.forget_failures(limits=limits)
        return data


class StaffCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")
        field_classes = {}


class StaffChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = []  # named by the fieldsets of the screen
        field_classes = {}
        widgets = {"groups": forms.CheckboxSelectMultiple}


class PermissionField(forms.ModelMultipleChoiceField):
    """Rights as checkboxes, said in French."""

    widget = forms.CheckboxSelectMultiple
    verbs = {"view": "voir", "add": "ajouter", "change": "modifier", "delete": "supprimer"}

    def label_from_instance(self, permission):
        verb, _, model = permission.codename.partition("_")
        kind = permission.content_type.name
        return f"{kind}{NBSP}: {self.verbs[verb]}" if verb in self.verbs and model == permission.content_type.model else permission.name


class RoleForm(forms.ModelForm):
    """A group of rights on the records that have a screen."""

    permissions = PermissionField(label="droits", queryset=Permission.objects.none(), required=False)

    class Meta:
        model = Group
        fields = ["name", "permissions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        screens = ContentType.objects.get_for_models(*admin.site._registry).values()
        rights = Permission.objects.filter(content_type__in=screens).select_related("content_type")
        self.fields["permissions"].queryset = rights.order_by("content_type__app_label", "content_type__model", "pk")
