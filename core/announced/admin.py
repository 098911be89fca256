"""The staff screen of an announcement: list, form, the buttons that change its state, preview, history."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe

from core import french
from core.admin_mail import mails_of
from core.announced import rules
from core.announced.admin_queues import ago
from core.announced.admin_verbs import Verbs
from core.announced.forms import ReasonForm
from core.announced.life import TransitionRefused
from core.enums import ChangeState, State
from core.french import NBSP
from core.querysets import OPEN_STATES
from core.staff import RestorableAdmin

STATE_TONES = {
    State.PUBLISHED: "olive",
    State.SUBMITTED: "ochre",
    State.EXPIRED: "brick",
    State.PAUSED: "sorgue",
    State.FILLED: "action",
}
DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')
TWINS_SHOWN = 5


class AnnouncedAdmin(Verbs, RestorableAdmin):
    """An app says its life, its freshness, its fields and how a row looks."""

    list_display = ["row", "commune", "state_tag", "age", "confirmed", "expires"]
    show_full_result_count = False
    view_on_site = False  # the form has its own link, which knows which rows have a page
    date_hierarchy = "published_at"
    ordering = ["-updated_at", "-pk"]
    raw_id_fields = ["facility"]  # the script of autocompletion leaves an empty field without a name
    readonly_fields = ["reference", "published", "confirmed", "mails"]
    change_form_template = "admin/announced/change_form.html"
    for_preview = ()
    """Relations that the public page reads."""

    # --- What an app says ----------------------------------------------------------------------

    def preview(self, request, row):
        """The public page of a row in any state, as a response."""
        raise NotImplementedError

    def meter(self, row):
        """Its quality."""
        raise NotImplementedError

    def twins(self, row):
        """Other rows that look like it."""
        raise NotImplementedError

    def wording_warnings(self, row):
        """What to look at again in its texts."""
        raise NotImplementedError

    worded = ()
    """Fields whose change asks to look at them again."""

    def kind_of(self, row):
        """What it is, in words."""
        return self.life.kind_of(row)

    def after_saving(self, request, form):
        """What else follows once the form and its inlines are saved."""

    # --- List ----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).known_to_team().defer("search_text", "search_vector")

    @admin.display(description="annonce", ordering="title")
    def row(self, row):
        return format_html('{}<small class="cell-note">{}</small>', row.title, self.kind_of(row))

    @admin.display(description="état", ordering="state")
    def state_tag(self, row):
        tone = STATE_TONES.get(row.state)
        tag = format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", row.get_state_display())
        return tag + DEMO_TAG if row.is_demo else tag

    @admin.display(description="âge", ordering="published_at")
    def age(self, row):
        at = timezone.now()
        return f"publiée {ago(row.published_at, at)}" if row.published_at else f"créée {ago(row.created_at, at)}"

    @admin.display(description="confirmée", ordering="confirmed_at")
    def confirmed(self, row):
        if row.state == State.PUBLISHED and (timezone.now() - row.confirmed_at).days >= rules.CONFIRM_AFTER_DAYS:
            return format_html('<span class="late">{}</span>', _day(row.confirmed_at))
        return _day(row.confirmed_at)

    @admin.display(description="publiée")
    def published(self, row):
        return _day(row.published_at)

    @admin.display(description="expire", ordering="expires_at")
    def expires(self, row):
        return _day(row.expires_at)

    # --- Form ----------------------------------------------------------------------------------

    def get_object(self, request, object_id, from_field=None):
        """The row; locked while a form about it is saved, so that a change of state meanwhile is not undone."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and connection.in_atomic_block:
            row.refresh_from_db(from_queryset=self.model.objects.select_for_update())
        return row

    def get_fieldsets(self, request, obj=None):
        """With the version that is changed, hidden, for who may change it."""
        found = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return found
        (title, options), *others = found
        return [(title, {**options, "fields": [*options["fields"], "version"]}), *others]

    def save_model(self, request, obj, form, change):
        """Save what was changed; a button pressed on a form that was not touched leaves no empty version."""
        if not change or form.changed_data or getattr(form, "dropped", ()):
            self.life.save_content(row=obj, actor=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.after_saving(request, form)
        if not change or form.instance.state == State.SUBMITTED or {"kind", *self.worded} & set(form.changed_data):
            for warning in self.wording_warnings(form.instance):
                messages.warning(request, warning)

    def has_delete_permission(self, request, obj=None):
        """Only what nobody has ever read is deleted; the rest is withdrawn and keeps its trace."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def delete_model(self, request, obj):
        self.life.delete(row=obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if request.FILES and context["errors"]:
            messages.warning(request, f"Rien n’est encore enregistré{NBSP}: choisissez de nouveau les photographies.")
        buttons = self.buttons_of(obj) if self.has_change_permission(request, obj) else []
        context |= {
            "words": self.life.words,
            "kind_label": self.kind_of(obj) if obj else "",
            "state_changes": obj.state_changes.select_related("actor") if obj else [],
            "state_tag": self.state_tag(obj) if obj else "",
            "verb_buttons": [{**one, "url": self.url("reason", obj.pk, one["verb"]) if one["needs_reason"] else ""} for one in buttons],
            "preview_url": self.url("preview", obj.pk) if obj else "",
            **(self.beside(obj) if obj else {}),
            "public_url": obj.get_absolute_url() if obj and obj.published_at else "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def beside(self, row):
        """What staff see beside a row: its quality, its twins, the change that its publisher proposes, how often its page was opened."""
        waiting = row.proposed_changes.filter(state=ChangeState.OPEN).first()
        twins = self.twins(row).order_by("-updated_at", "-pk") if row.state in (State.DRAFT, *OPEN_STATES) else ()
        return {
            "meter": self.meter(row),
            "twins": [(twin, self.url("change", twin.pk)) for twin in twins[:TWINS_SHOWN]],
            "waiting_url": reverse(f"admin:{self.opts.app_label}_proposedchange_change", args=[waiting.pk]) if waiting else "",
            "views": row.day_views.aggregate(total=Sum("count"))["total"] or 0,
            "answer_due": rules.answer_due(row.submitted_at) if row.state == State.SUBMITTED and row.submitted_at else None,
        }

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_button(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_button(request, obj) or super().response_change(request, obj)

    def _response_to_button(self, request, obj):
        """After saving: the preview, or the verb of the button that was pressed; None for a plain save.

        Who may only add rows saves a draft: publishing is a change.
        """
        if "_preview" in request.POST:
            return HttpResponseRedirect(self.url("preview", obj.pk))
        for verb in self.verbs:
            if f"_{verb}" in request.POST and self.has_change_permission(request, obj):
                self.perform(request, obj, verb)
                return HttpResponseRedirect(self.url("change", obj.pk))
        return None

    # --- Pages of one row ----------------------------------------------------------------------

    def url(self, page, *args):
        """The address of a page of this screen."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            ("<int:pk>/apercu/", self.preview_view, "preview"),
            ("<int:pk>/faire/<slug:verb>/", self.verb_view, "verb"),
            ("<int:pk>/motif/<slug:verb>/", self.reason_view, "reason"),
        ]
        return [*(path(route, self.admin_site.admin_view(view), name=f"{name}_{page}") for route, view, page in pages), *super().get_urls()]

    def _row_to_change(self, request, pk):
        row = get_object_or_404(self.model.objects.known_to_team(), pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def preview_view(self, request, pk):
        """The public page of a row in any state, for staff only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.model.objects.known_to_team().select_related(*self.for_preview), pk=pk)
        response = self.preview(request, row)
        response["X-Robots-Tag"] = "noindex"
        return response

    def verb_view(self, request, pk, verb):
        """One click on a row of the first page: do it, say so, come back."""
        row = self._row_to_change(request, pk)
        if request.method != "POST":  # back from the login, where a session that had expired led
            messages.warning(request, "Votre session avait expiré, rien n’a été fait. Appuyez de nouveau sur le bouton.")
            return HttpResponseRedirect(reverse("admin:index"))
        if verb in self.done:
            self.perform(request, row, verb)
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(back if safe else self.url("change", pk))

    def reason_view(self, request, pk, verb):
        """Ask why before a row is withdrawn or sent back."""
        row = self._row_to_change(request, pk)
        change_url = self.url("change", pk)
        button = next((button for button in self.buttons_of(row) if button["verb"] == verb and button["needs_reason"]), None)
        if button is None:
            noun = self.life.words.noun
            messages.error(request, f"Cette décision n’est pas possible{NBSP}: l’{noun} est {row.get_state_display()}.")
            return HttpResponseRedirect(change_url)
        form = ReasonForm(request.POST or None, told=self.told(verb, [row]))
        if request.method == "POST" and form.is_valid() and self.perform(request, row, verb, reason=form.cleaned_data["reason"]):
            return HttpResponseRedirect(change_url)
        title = f"{button['label']}{NBSP}: {row.title}"
        return self.render_reason(request, form, title=title, rows=[row], label=button["label"], back=change_url)

    def at_stake(self, rows):
        """What whoever withdraws these rows, or sends them back, must know of each: `(sentence, address of a screen)`."""
        return []

    def render_reason(self, request, form, *, title, rows, label, back, hidden=()):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "rows": [(row, self.kind_of(row)) for row in rows],
            "at_stake": self.at_stake(rows),
            "label": label,
            "back": back,
            "hidden": hidden,
            "list_url": self.url("changelist"),
        }
        return render(request, "admin/announced/reason.html", context)

    # --- History -------------------------------------------------------------------------------

    @admin.display(description="courriels")
    def mails(self, row):
        return mails_of(row)

    def restore_version(self, request, row, version):
        try:
            self.life.restore(row=row, version=version, actor=request.user)
        except TransitionRefused as refusal:
            raise ValidationError(refusal.messages) from refusal


def _day(moment):
    return french.date(timezone.localtime(moment)) if moment else ""
