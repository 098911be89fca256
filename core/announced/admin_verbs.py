"""The verbs that staff may choose on an announcement: which buttons stand under its form, what pressing one does, on one or on several."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from core import french
from core.announced import rules
from core.announced.forms import ReasonForm
from core.announced.life import TransitionRefused
from core.enums import REASON_REQUIRED, TRANSITIONS, State
from core.french import NBSP

TRANSITION_VERBS = [
    # verb, state entered, label, tone of the button
    ("publish", State.PUBLISHED, "Publier", "main"),
    ("pause", State.PAUSED, "Mettre en pause", ""),
    ("fill", State.FILLED, "Pourvue", ""),
    ("send_back", State.DRAFT, "Renvoyer en brouillon", ""),
    ("withdraw", State.WITHDRAWN, "Retirer", "danger"),
]
REPUBLISH_LABELS = {
    State.PAUSED: "Reprendre la publication",
    State.FILLED: "Publier de nouveau",
    State.EXPIRED: "Publier de nouveau",
    State.WITHDRAWN: "Publier de nouveau",
}
DONE = {
    "submit": "remise à relire",
    "publish": "publiée",
    "pause": "mise en pause",
    "fill": "marquée pourvue",
    "withdraw": "retirée",
    "send_back": "renvoyée en brouillon",
    "extend": "prolongée",
    "confirm": "confirmée",
}
"""What has been done, to complete "... est ..."."""
REFUSALS_SHOWN = 10


def button(verb, label, tone="", needs_reason=False):
    """A button for the template."""
    return {"verb": verb, "label": label, "tone": tone, "needs_reason": needs_reason}


def buttons_of(row):
    """The buttons allowed in the state of a row, in reading order."""
    if row is None:
        return [button("publish", "Publier", "main")]
    allowed = TRANSITIONS[State(row.state)]
    buttons = [
        button(verb, REPUBLISH_LABELS.get(row.state, label) if verb == "publish" else label, tone, needs_reason=state in REASON_REQUIRED)
        for verb, state, label, tone in TRANSITION_VERBS
        if state in allowed
    ]
    if row.state == State.PUBLISHED:
        buttons.insert(0, button("confirm", "Confirmer", "main"))
    if row.state in (State.PUBLISHED, State.PAUSED):
        buttons.insert(1, button("extend", "Prolonger"))
    return buttons


class Verbs(admin.ModelAdmin):
    """A screen whose buttons and bulk actions are the verbs of `life`. Each row is done or refused on its own."""

    life = None
    freshness = None
    done = DONE
    actions = ["publish_all", "confirm_all", "extend_all", "pause_all", "fill_all", "withdraw_all", "revoke_links"]

    @property
    def verbs(self):
        """By name, what staff may do."""
        return self.life.verbs

    def buttons_of(self, row):
        """The buttons of a row, or of a new one."""
        return buttons_of(row)

    def perform(self, request, row, verb, **details):
        """Do it for the person of the request and tell them the outcome; returns whether it was done."""
        try:
            self.verbs[verb](row=row, actor=request.user, at=timezone.now(), **details)
        except TransitionRefused as refusal:
            for text in refusal.messages:
                messages.error(request, text)
            return False
        until = f" jusqu’au {french.date(timezone.localtime(row.expires_at))}" if verb in ("publish", "extend") else ""
        messages.success(request, f"«{NBSP}{row.title}{NBSP}» est {self.done[verb]}{until}.")
        return True

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)  # rows are withdrawn, one draft at a time is deleted from its form
        return found

    @admin.action(description="Annuler les liens envoyés à l’annonceur", permissions=["change"])
    def revoke_links(self, request, queryset):
        count = self.freshness.revoke_links(rows=queryset.order_by("pk"))
        told = french.plural(count, self.life.words.noun)
        messages.success(request, f"Liens annulés pour {told}{NBSP}: le prochain courriel en porte un nouveau.")

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
        chosen = list(queryset)
        moving = [row for row in chosen if State.WITHDRAWN in TRANSITIONS[row.state]]
        form = ReasonForm(request.POST if "apply" in request.POST else None, told=self.told("withdraw", moving))
        if form.is_bound and form.is_valid():
            self._each(request, queryset, "withdraw", reason=form.cleaned_data["reason"])
            return None
        hidden = [("action", "withdraw_all"), ("apply", "1"), *((ACTION_CHECKBOX_NAME, row.pk) for row in chosen)]
        return self.render_reason(
            request,
            form,
            title=f"Retirer {french.plural(len(chosen), self.life.words.noun)}",
            rows=chosen,
            label="Retirer",
            back=request.get_full_path(),
            hidden=hidden,
        )

    def told(self, verb, rows):
        """To whom the reason of a verb is sent, in words."""
        if not rows:
            return f"Aucun courriel ne part{NBSP}: rien de ce choix ne peut être retiré."
        count, noun = sum(rules.is_told(verb, row) for row in rows), self.life.words.noun
        if count == len(rows):
            return "Envoyé à l’annonceur." if count == 1 else "Envoyé à chaque annonceur."
        if count:
            return f"Envoyé à {french.plural(count, 'annonceur')} sur {len(rows)}{NBSP}: les autres n’ont pas d’adresse."
        if all(row.contact_email for row in rows):
            return f"Aucun courriel ne part{NBSP}: l’équipe a écrit cette {noun}."
        which = f"cette {noun} n’a" if len(rows) == 1 else f"ces {noun}s n’ont"
        return f"Aucun courriel ne part{NBSP}: {which} pas d’adresse de contact."

    def _each(self, request, queryset, verb, **details):
        done, refused = 0, []
        for row in queryset.order_by("pk"):
            try:
                self.verbs[verb](row=row, actor=request.user, at=timezone.now(), **details)
            except TransitionRefused as refusal:
                refused.append(f"«{NBSP}{row.title}{NBSP}»{NBSP}: {' '.join(refusal.messages)}")
            else:
                done += 1
        noun = self.life.words.noun
        if done:
            messages.success(request, f"{french.plural(done, noun)} {self.done[verb]}{'s' if done > 1 else ''}.")
        if refused:
            messages.error(request, f"{french.plural(len(refused), noun)} en l’état{NBSP}:")
        for text in refused[:REFUSALS_SHOWN]:
            messages.error(request, text)
        if len(refused) > REFUSALS_SHOWN:
            messages.error(request, f"… et {len(refused) - REFUSALS_SHOWN} autres.")
