"""Accounts of the team and their groups of rights."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group

from accounts.forms import LoginForm, RoleForm, StaffChangeForm, StaffCreationForm
from accounts.models import EmailDomain, User

admin.site.login_form = LoginForm


@admin.register(User)
class StaffAdmin(UserAdmin):
    form = StaffChangeForm
    add_form = StaffCreationForm
    ordering = ["last_name", "first_name", "pk"]
    list_display = ["email", "first_name", "last_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", ("first_name", "last_name")]}),
        ("Droits", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": [("last_login", "date_joined")]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", ("first_name", "last_name"), "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request, obj=None):
        """Only who may do everything gives that right, or a role, which may hold any right."""
        return [*self.readonly_fields, *([] if request.user.is_superuser else ["is_superuser", "groups"])]

    def has_change_permission(self, request, obj=None):
        """The account of who may do everything, its password with it, is changed by such a person only."""
        return super().has_change_permission(request, obj) and _may_touch(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _may_touch(request.user, obj)

    def get_actions(self, request):
        found = super().get_actions(request)
        if not request.user.is_superuser:
            found.pop("delete_selected", None)  # it asks once for all accounts, those of superusers among them
        return found

    def save_model(self, request, obj, form, change):
        """An account made here is for the team: it may enter, and do what its groups allow."""
        obj.is_staff = obj.is_staff or not change
        super().save_model(request, obj, form, change)


def _may_touch(user, account):
    return account is None or user.is_superuser or not account.is_superuser


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Groups of rights, listed under the team."""

    menu_app = "accounts"
    form = RoleForm
    filter_horizontal = []


@admin.register(EmailDomain)
class EmailDomainAdmin(admin.ModelAdmin):
    """Domains that public forms refuse or accept, whatever the public list of throw-away ones says."""

    menu_app = "accounts"
    list_display = ["domain", "refused", "note"]
    list_filter = ["refused"]
    search_fields = ["domain", "note"]
