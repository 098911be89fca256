"""Changes that publishers propose to published offers: what would differ, and the two answers."""

from copy import copy

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone

from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from opportunities import actions, rules
from opportunities.admin.work import ago
from opportunities.enums import ChangeState, HalfDay
from opportunities.forms import ReasonForm
from opportunities.models import Opportunity, ProposedChange

CHANGE = "admin:opportunities_proposedchange_change"


def differences(proposal):
    """Rows `(field, today, proposed)` in words."""
    offer = proposal.opportunity
    rows = []
    for name, value in actions.read_values(proposal.values).items():
        field = Opportunity._meta.get_field(name.removesuffix("_id"))
        rows.append((field.verbose_name, in_words(field, getattr(offer, name)), in_words(field, value)))
    return rows


def wordings(proposal):
    """What to look at again in the texts of the offer as it would be."""
    offer = copy(proposal.opportunity)
    for name, value in actions.read_values(proposal.values).items():
        setattr(offer, name, value)
    return rules.wording_warnings(offer)


def is_late(proposal, at):
    """Whether the answer that its publisher was promised is overdue."""
    return rules.answer_due(proposal.created_at) < at


def in_words(field, value):
    """The value of a column as staff read it."""
    if value is None or value in ("", []):
        return "vide"
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or "disparu")
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(HalfDay(item).label for item in value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    return french.date(value) if hasattr(value, "year") else str(value)


@admin.register(ProposedChange)
class ProposedChangeAdmin(ReadOnly, admin.ModelAdmin):
    menu_position = 5
    list_display = ["title", "state", "proposed"]
    list_filter = ["state"]
    list_select_related = ["opportunity"]
    list_per_page = 50
    search_fields = ["opportunity__title", "opportunity__reference"]
    search_help_text = "Titre ou référence de l’offre"
    ordering = ["-created_at", "-pk"]
    change_form_template = "admin/opportunities/proposedchange/decide.html"

    @admin.display(description="offre", ordering="opportunity__title")
    def title(self, proposal):
        return proposal.opportunity.title

    @admin.display(description="proposée le", ordering="created_at")
    def proposed(self, proposal):
        return french.moment(proposal.created_at)

    def get_urls(self):
        return [
            path("<int:pk>/decider/", self.admin_site.admin_view(self.decide_view), name="opportunities_proposedchange_decide"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0
        return self._page(request, get_object_or_404(ProposedChange.objects.select_related("opportunity__kind"), pk=pk), ReasonForm())

    def decide_view(self, request, pk):
        """Approve, or refuse with the reason that the publisher is told."""
        proposal = get_object_or_404(ProposedChange.objects.select_related("opportunity__kind"), pk=pk)
        if not request.user.has_perm("opportunities.change_opportunity"):
            raise PermissionDenied
        refusing = "refuse" in request.POST
        form = ReasonForm(request.POST if refusing else None)
        if request.method == "POST" and (not refusing or form.is_valid()) and self._decide(request, proposal, form, refusing):
            return HttpResponseRedirect(reverse("admin:opportunities_opportunity_change", args=[proposal.opportunity_id]))
        return self._page(request, proposal, form)

    def _decide(self, request, proposal, form, refusing):
        at = timezone.now()
        try:
            if refusing:
                actions.refuse(proposal=proposal, reason=form.cleaned_data["reason"], actor=request.user, at=at)
            else:
                actions.approve(proposal=proposal, actor=request.user, at=at)
        except actions.TransitionRefused as refusal:
            for text in refusal.messages:
                messages.error(request, text)
            return False
        messages.success(request, f"Modification {'refusée' if refusing else 'approuvée'}, l’annonceur est prévenu.")
        return True

    def _page(self, request, proposal, form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Modification proposée\u00a0: {proposal.opportunity.title}",
            "proposal": proposal,
            "differences": differences(proposal),
            "wordings": wordings(proposal),
            "is_open": proposal.state == ChangeState.OPEN and request.user.has_perm("opportunities.change_opportunity"),
            "form": form,
            "offer_url": reverse("admin:opportunities_opportunity_change", args=[proposal.opportunity_id]),
            "decide_url": reverse("admin:opportunities_proposedchange_decide", args=[proposal.pk]),
        }
        return render(request, self.change_form_template, context)

    def work_queues(self, request, at):
        """Changes that publishers wait an answer to."""
        waiting = ProposedChange.objects.filter(state=ChangeState.OPEN).select_related("opportunity").order_by("created_at", "pk")
        count = waiting.count()
        first = list(waiting[:QUEUE_ROWS]) if count else []
        return [
            WorkQueue(
                code="modifications",
                title="Modifications à relire",
                counter="modification à relire|modifications à relire",
                count=count,
                url=reverse("admin:opportunities_proposedchange_changelist") + f"?state__exact={ChangeState.OPEN}",
                tone="brick" if any(is_late(proposal, at) for proposal in first) else "ochre",
                empty="Aucune modification n’attend de relecture.",
                rows=[
                    WorkRow(
                        title=proposal.opportunity.title,
                        url=(url := reverse(CHANGE, args=[proposal.pk])),
                        note=f"proposée {ago(proposal.created_at, at)}{', réponse en retard' if is_late(proposal, at) else ''}",
                        action_label="Relire",
                        action_url=url,
                    )
                    for proposal in first
                ],
            )
        ]
