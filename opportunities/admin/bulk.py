"""Actions of the list on several offers. Each offer is done or refused on its own, and the person is told which and why."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from core import french
from core.french import NBSP
from opportunities import actions, freshness
from opportunities.admin.verbs import DONE
from opportunities.forms import ReasonForm

REFUSALS_SHOWN = 10


class BulkActions(admin.ModelAdmin):
    actions = ["publish_all", "confirm_all", "extend_all", "pause_all", "fill_all", "withdraw_all", "revoke_links"]

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)  # offers are withdrawn, one draft at a time is deleted from its form
        return found

    @admin.action(description="Annuler les liens envoyés à l’annonceur", permissions=["change"])
    def revoke_links(self, request, queryset):
        count = freshness.revoke_links(rows=queryset.order_by("pk"))
        messages.success(request, f"Liens annulés pour {french.plural(count, 'offre')}{NBSP}: le prochain courriel en porte un nouveau.")

    @admin.action(description="Publier", permissions=["change"])
    def publish_all(self, request, queryset):
        self._each(request, queryset, "publish")

    @admin.action(description="Confirmer", permissions=["change"])
    def confirm_all(self, request, queryset):
        self._each(request, queryset, "confirm")

    @admin.action(description="Prolonger", permissions=["change"])
    def extend_all(self, request, queryset):
        self._each(request, queryset, "extend")

    @admin.action(description="Mettre en pause", permissions=["change"])
    def pause_all(self, request, queryset):
        self._each(request, queryset, "pause")

    @admin.action(description="Marquer pourvues", permissions=["change"])
    def fill_all(self, request, queryset):
        self._each(request, queryset, "fill")

    @admin.action(description="Retirer (motif demandé)", permissions=["change"])
    def withdraw_all(self, request, queryset):
        form = ReasonForm(request.POST if "apply" in request.POST else None)
        if form.is_bound and form.is_valid():
            self._each(request, queryset, "withdraw", reason=form.cleaned_data["reason"])
            return None
        chosen = list(queryset.select_related("kind"))
        hidden = [("action", "withdraw_all"), ("apply", "1"), *((ACTION_CHECKBOX_NAME, offer.pk) for offer in chosen)]
        return self.render_reason(
            request,
            form,
            title=f"Retirer {french.plural(len(chosen), 'offre')}",
            offers=chosen,
            label="Retirer",
            back=request.get_full_path(),
            hidden=hidden,
        )

    def _each(self, request, queryset, verb, **details):
        done, refused = 0, []
        for offer in queryset.order_by("pk"):
            try:
                actions.VERBS[verb](offer=offer, actor=request.user, at=timezone.now(), **details)
            except actions.TransitionRefused as refusal:
                refused.append(f"«{NBSP}{offer.title}{NBSP}»{NBSP}: {' '.join(refusal.messages)}")
            else:
                done += 1
        if done:
            messages.success(request, f"{french.plural(done, 'offre')} {DONE[verb]}{'s' if done > 1 else ''}.")
        if refused:
            messages.error(request, f"{french.plural(len(refused), 'offre')} en l’état{NBSP}:")
        for text in refused[:REFUSALS_SHOWN]:
            messages.error(request, text)
        if len(refused) > REFUSALS_SHOWN:
            messages.error(request, f"… et {len(refused) - REFUSALS_SHOWN} autres.")
