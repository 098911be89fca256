"""What staff read beside announcements: changes that are proposed, reports of readers, who was found."""

from copy import copy

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.admin_mail import mails_of
from core.announced.admin_queues import ago, is_late
from core.announced.forms import ReasonForm
from core.announced.life import TransitionRefused
from core.enums import UNLAWFUL, ChangeState


class OfRow:
    """A record that belongs to one announcement, whose `life` says the words."""

    life = None
    prefix = ""

    @property
    def row_field(self):
        return self.model.row_field

    def row_url(self, pk):
        """The screen of the announcement."""
        meta = self.life.model._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])

    def may_change_rows(self, request):
        """Whether the person may change announcements."""
        meta = self.life.model._meta
        return request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}")

    def own_url(self, page, *args):
        """A page of this screen."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


class ProposalAdmin(OfRow, ReadOnly, admin.ModelAdmin):
    """Changes that publishers propose: what would differ, and the two answers."""

    list_display = ["title", "state", "proposed"]
    list_filter = ["state"]
    list_per_page = 50
    search_help_text = "Titre ou référence"
    ordering = ["-created_at", "-pk"]
    change_form_template = "admin/announced/decide.html"
    for_row = ()
    """Relations of the announcement that are read with it."""

    def wording_warnings(self, row):
        """What to look at again in the texts of the announcement as it would be."""
        raise NotImplementedError

    def list_in_words(self, field, values):
        """The value of an array, as staff read it."""
        choices = dict(field.base_field.choices or ())
        return ", ".join(str(choices.get(item, item)) for item in values)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(self.row_field)

    def get_search_fields(self, request):
        return [f"{self.row_field}__title", f"{self.row_field}__reference"]

    @admin.display(description="annonce")
    def title(self, proposal):
        return proposal.row.title

    @admin.display(description="proposée le", ordering="created_at")
    def proposed(self, proposal):
        return french.moment(proposal.created_at)

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        return [path("<int:pk>/decider/", self.admin_site.admin_view(self.decide_view), name=name), *super().get_urls()]

    def _proposal(self, pk):
        relations = (self.row_field, *(f"{self.row_field}__{name}" for name in self.for_row))
        return get_object_or_404(self.model.objects.select_related(*relations), pk=pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0
        return self._page(request, self._proposal(pk), ReasonForm())

    def decide_view(self, request, pk):
        """Approve, or refuse with the reason that the publisher is told."""
        proposal = self._proposal(pk)
        if not self.may_change_rows(request):
            raise PermissionDenied
        refusing = "refuse" in request.POST
        form = ReasonForm(request.POST if refusing else None)
        if request.method == "POST" and (not refusing or form.is_valid()) and self._decide(request, proposal, form, refusing):
            return HttpResponseRedirect(self.row_url(proposal.row_id))
        return self._page(request, proposal, form)

    def _decide(self, request, proposal, form, refusing):
        at = timezone.now()
        try:
            if refusing:
                self.life.refuse(proposal=proposal, reason=form.cleaned_data["reason"], actor=request.user, at=at)
            else:
                self.life.approve(proposal=proposal, actor=request.user, at=at)
        except TransitionRefused as refusal:
            for text in refusal.messages:
                messages.error(request, text)
            return False
        messages.success(request, f"Modification {'refusée' if refusing else 'approuvée'}, l’annonceur est prévenu.")
        return True

    def _page(self, request, proposal, form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "words": self.life.words,
            "title": f"Modification proposée\u00a0: {proposal.row.title}",
            "proposal": proposal,
            "differences": self.differences(proposal),
            "wordings": self.wording_warnings(self.as_proposed(proposal)),
            "is_open": proposal.state == ChangeState.OPEN and self.may_change_rows(request),
            "form": form,
            "row_url": self.row_url(proposal.row_id),
            "list_url": self.own_url("changelist"),
            "decide_url": self.own_url("decide", proposal.pk),
        }
        return render(request, self.change_form_template, context)

    def as_proposed(self, proposal):
        """The announcement as it would be."""
        row = copy(proposal.row)
        for name, value in self.life.read_values(proposal.values).items():
            setattr(row, name, value)
        return row

    def differences(self, proposal):
        """Rows `(field, today, proposed)` in words."""
        rows = []
        for name, value in self.life.read_values(proposal.values).items():
            field = self.life.model._meta.get_field(name.removesuffix("_id"))
            rows.append((field.verbose_name, self.in_words(field, getattr(proposal.row, name)), self.in_words(field, value)))
        return rows

    def in_words(self, field, value):
        """The value of a column as staff read it."""
        if value is None or value in ("", []):
            return "vide"
        if field.is_relation:
            return str(field.related_model._default_manager.filter(pk=value).first() or "disparu")
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, list):
            return self.list_in_words(field, value)
        if field.choices:
            return dict(field.flatchoices).get(value, value)
        return french.date(value) if hasattr(value, "year") else str(value)

    def work_queues(self, request, at):
        """Changes that publishers wait an answer to."""
        waiting = self.model.objects.filter(state=ChangeState.OPEN).select_related(self.row_field).order_by("created_at", "pk")
        count = waiting.count()
        first = list(waiting[:QUEUE_ROWS]) if count else []
        return [
            WorkQueue(
                code=f"{self.prefix}modifications",
                title=f"Modifications d’{self.life.words.nouns} à relire",
                counter=f"modification d’{self.life.words.noun} à relire|modifications d’{self.life.words.nouns} à relire",
                count=count,
                url=f"{self.own_url('changelist')}?state__exact={ChangeState.OPEN}",
                tone="brick" if any(is_late(proposal.created_at, at) for proposal in first) else "ochre",
                is_awaited=True,
                empty="Aucune modification n’attend de relecture.",
                rows=[
                    WorkRow(
                        title=proposal.row.title,
                        url=(url := self.own_url("change", proposal.pk)),
                        note=f"proposée {ago(proposal.created_at, at)}{', réponse en retard' if is_late(proposal.created_at, at) else ''}",
                        action_label="Relire",
                        action_url=url,
                    )
                    for proposal in first
                ],
            )
        ]


class ReportAdmin(OfRow, ReadOnly, admin.ModelAdmin):
    """What readers reported, and what became of it."""

    list_display = ["announcement", "reason", "text", "received", "settled"]
    list_filter = ["reason", ("settled_at", admin.EmptyFieldListFilter)]
    list_per_page = 50
    search_help_text = "Titre ou référence, texte du lecteur"
    ordering = ["settled_at", "-created_at", "-pk"]
    actions = ["settle"]
    fields = ["announcement", "reason", "text", "email", "received", "asked", "settled", "outcome", "mails"]
    readonly_fields = ["announcement", "received", "settled", "mails"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(self.row_field)

    def get_search_fields(self, request):
        return [f"{self.row_field}__title", f"{self.row_field}__reference", "text"]

    def has_settle_permission(self, request):
        return self.may_change_rows(request)

    @admin.display(description="annonce")
    def announcement(self, report):
        return format_html('<a href="{}">{}</a>', self.row_url(report.row_id), report.row.title)

    @admin.display(description="reçu le", ordering="created_at")
    def received(self, report):
        return french.moment(report.created_at)

    @admin.display(description="réglé le", ordering="settled_at")
    def settled(self, report):
        return french.moment(report.settled_at) if report.settled_at else "en cours"

    @admin.display(description="courriels")
    def mails(self, report):
        return mails_of(report)

    @admin.action(description="Regardé\u00a0: l’annonce tient toujours", permissions=["settle"])
    def settle(self, request, queryset):
        noun = self.life.words.noun
        rows = {report.row for report in queryset.open().select_related(self.row_field)}
        for row in sorted(rows, key=lambda row: row.pk):
            self.life.settle_reports(
                row=row,
                outcome=f"L’équipe a vérifié\u00a0: l’{noun} tient toujours.",
                at=timezone.now(),
                by_team=True,
                reports=queryset.filter(**{self.row_field: row}),
            )
        messages.success(request, f"{french.plural(len(rows), f'{noun} vérifiée', f'{noun}s vérifiées')}.")

    def work_queues(self, request, at):
        """What the publisher did not answer within two days, and what may be unlawful."""
        waiting = self.model.objects.for_staff(at).select_related(self.row_field).order_by("created_at", "pk")
        count = waiting.count()
        urgent = count and waiting.filter(reason=UNLAWFUL).exists()
        nouns = self.life.words.nouns
        return [
            WorkQueue(
                code=f"{self.prefix}signalements",
                title=f"{nouns.capitalize()} signalées",
                counter=f"{self.life.words.noun} signalée|{nouns} signalées",
                count=count,
                url=f"{self.own_url('changelist')}?settled_at__isempty=1",
                tone="brick" if urgent else "ochre",
                empty="Aucun signalement n’attend l’équipe.",
                rows=[
                    WorkRow(
                        title=report.row.title,
                        url=(url := self.row_url(report.row_id)),
                        note=f"{report.get_reason_display()} · {french.moment(report.created_at)}",
                        action_label="Regarder",
                        action_url=url,
                    )
                    for report in (waiting[:QUEUE_ROWS] if count else [])
                ],
            )
        ]


class OutcomeAdmin(admin.ModelAdmin):
    """Announcements that found somebody, counted by whom and how: the figures of impact."""

    list_display = ["announcement", "who", "how", "at"]
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    date_hierarchy = "at"
    search_help_text = "Titre ou référence"
    ordering = ["-at", "-pk"]
    row_field = ""

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(self.row_field)

    def get_search_fields(self, request):
        return [f"{self.row_field}__title", f"{self.row_field}__reference"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """What publishers said is theirs."""
        return False

    @admin.display(description="annonce")
    def announcement(self, outcome):
        return getattr(outcome, self.row_field).title


class BoundedInline(admin.StackedInline):
    """At most `max_num` records; a request that carries more is refused, and never makes more than twice as many be read."""

    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, absolute_max=2 * self.max_num, **kwargs)
