"""Accounts of the team, known by e-mail address, and the groups that give them rights."""

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from core.french import NBSP


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
