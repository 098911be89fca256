"""What the staff screens of every app share: their fields, their history in words, versions that one goes back to."""

from datetime import date, datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper, ObjDiffDisplay

from core import french
from core.admin import KeySelects
from core.forms import TypesetField
from core.prose import ProseField, plain_text
from core.widgets import DayInput, HourInput, MomentInput

FIELDS = {
    models.DateField: {"widget": DayInput},
    models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    models.TimeField: {"widget": HourInput},
    models.CharField: {"form_class": TypesetField},
    models.TextField: {"form_class": TypesetField},
    models.EmailField: {},
    models.SlugField: {},
    models.URLField: {"assume_scheme": "https"},
    ProseField: {},
}
"""`formfield_overrides` of screens and inlines: the browser's date fields, texts typeset in French, addresses as they are."""


SHOWN_CHARACTERS = 300
"""Of a value in the history; what is left out in the middle reads […]."""


class FrenchDiffDisplay(ObjDiffDisplay):
    def shortened_str(self, prefix, num_skipped_chars, suffix):
        return f"{prefix}[…]{suffix}"


class Changes(HistoricalRecordContextHelper):
    """Values of a change written as on the form: labels of choices, French dates, texts without their tags."""

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if field.many_to_many:
            return super().prepare_delta_change_value(change, value) or "vide"
        if value is None or value in ("", []) or getattr(value, "pk", value) is None:
            return "vide"
        return self.in_words(field, value)

    def in_words(self, field, value):
        """The value of this field, neither empty nor None, as staff read it."""
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, datetime):
            return french.moment(value)
        if isinstance(value, date):
            return french.date(value)
        if isinstance(value, list):
            return ", ".join(str(item) for item in value)
        if isinstance(field, ProseField):
            return plain_text(value)
        return dict(field.flatchoices).get(value, value) if field.choices else value

    def get_obj_diff_display(self):
        return FrenchDiffDisplay(max_length=self.max_displayed_delta_change_chars)


class RecordAdmin(KeySelects, SimpleHistoryAdmin):
    """A record with its history, the fields that browsers do well, and keys that survive any address."""

    formfield_overrides = FIELDS
    list_per_page = 50
    changes = Changes

    def history_view(self, request, object_id, extra_context=None):
        if not unquote(object_id).isdecimal():
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if not (unquote(object_id).isdecimal() and version_id.isdecimal()):
            raise Http404
        return self.version_view(request, object_id, version_id, extra_context)

    def version_view(self, request, object_id, version_id, extra_context=None):
        """The page of an earlier version; both keys are numbers."""
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_historical_record_context_helper(self, request, historical_record):
        return self.changes(self.model, historical_record, max_displayed_delta_change_chars=SHOWN_CHARACTERS)


class Coded:
    """A list whose rows have a `code`, made of the label when one is added; addresses, feeds and files rely on it ever after."""

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["label"]}


class Previewed:
    """A `ModelAdmin` with a page that shows staff a record as readers would see it, in any state.

    A screen defines `preview(request, obj)`, which returns the template and the context of the public page.
    """

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<int:pk>/apercu/", self.admin_site.admin_view(self.preview_view), name=name), *super().get_urls()]

    def preview_view(self, request, pk):
        """The public page of a record, for staff only."""
        obj = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        template, context = self.preview(request, obj)
        response = render(request, template, {**context, "robots": "noindex"})
        response["X-Robots-Tag"] = "noindex"
        return response

    @admin.display(description="aperçu")
    def preview_link(self, obj):
        """A link to the preview, once the record is saved."""
        if obj.pk is None:
            return f"Après l’enregistrement{french.NBSP}: comme les lecteurs le verront."
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[obj.pk])
        return format_html('<a href="{}">Voir comme un lecteur</a>', url)


class RestorableAdmin(RecordAdmin):
    """A record whose earlier versions are compared with today's on a page that has one button: going back to it.

    A screen defines `restore_version(request, obj, version)`, which gives `obj` the content of an earlier version or raises
    `ValidationError` when that cannot stand today, and says in `restore_note` what stays as it is.
    """

    object_history_form_template = "admin/version.html"
    restore_note = ""
    restore_excluded = ()
    """Fields that neither change nor are compared."""
    version_relations = ()
    """Foreign keys read with the latest version."""

    def version_links(self, obj, version):
        """Links beside a version: `(label, address)` each."""
        return []

    def version_view(self, request, object_id, version_id, extra_context=None):
        """An earlier version: what would change by going back to it, and the button that does."""
        obj = get_object_or_404(self.model, pk=object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        version = get_object_or_404(obj.history.select_related("history_user"), pk=version_id)
        if request.method == "POST":
            try:
                self.restore_version(request, obj, version)
            except ValidationError as refusal:
                for text in refusal.messages:
                    messages.error(request, text)
            else:
                messages.success(
                    request, f"«{french.NBSP}{obj}{french.NBSP}» a retrouvé son contenu du {french.moment(version.history_date)}."
                )
                return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Version du {french.moment(version.history_date)}",
            "object": obj,
            "version": version,
            "links": self.version_links(obj, version),
            "differences": self.differences(request, obj, version),
            "restore_note": self.restore_note,
            **(extra_context or {}),
        }
        return render(request, self.object_history_form_template, context)

    def differences(self, request, obj, version):
        """Rows `field`, `old` (of that version), `new` (of today)."""
        latest = obj.history.select_related(*self.version_relations).first()
        delta = latest.diff_against(version, foreign_keys_are_objs=True, excluded_fields=self.restore_excluded)
        return self.get_historical_record_context_helper(request, latest).context_for_delta_changes(delta)
