"""Conversations as the team sees them: by state and age, what was said, what left, and what to do."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from contacts.actions import disclosures, endings, further, stays, steps
from contacts.admin import bridges, conversation_verbs, quiet
from contacts.enums import Handover, Side, Stage, Target
from contacts.models import Conversation, Recipient
from contacts.querysets.conversations import URGENT_DAYS
from contacts.rules import conversations as rules
from contacts.rules import promises
from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.admin_mail import mails_of
from core.days import a_working_day_before

CHANGE = "admin:contacts_conversation_change"
CHANGELIST = "admin:contacts_conversation_changelist"
TONES = {
    Stage.UNCONFIRMED: "plain",
    Stage.HELD: "ochre",
    Stage.WAITING: "ochre",
    Stage.ASKED: "plain",
    Stage.ADVISER: "brick",
    Stage.LISTED: "plain",
    Stage.PROPOSED: "plain",
    Stage.ANSWERED: "olive",
    Stage.CLOSED: "plain",
}


class TeamFilter(admin.SimpleListFilter):
    """Those in which somebody waits for the team, whatever their stage."""

    title = "attend l’équipe"
    parameter_name = "equipe"

    def lookups(self, request, model_admin):
        return [("oui", "oui")]

    def queryset(self, request, queryset):
        return queryset.for_team() if self.value() == "oui" else queryset


class AgeFilter(admin.SimpleListFilter):
    """Days since a conversation last moved."""

    title = "âge"
    parameter_name = "age"
    ages = (("2", "plus de 2 jours", 2), ("5", "plus de 5 jours", 5), ("7", "plus de 7 jours", 7), ("30", "plus de 30 jours", 30))

    def lookups(self, request, model_admin):
        return [(key, label) for key, label, _ in self.ages]

    def queryset(self, request, queryset):
        days = next((days for key, _, days in self.ages if key == self.value()), None)
        return queryset if days is None else queryset.filter(moved_at__lte=timezone.now() - timedelta(days=days))


class UrgentFilter(admin.SimpleListFilter):
    """Who arrives within a month and has no room yet."""

    title = "arrivée"
    parameter_name = "arrivee"

    def lookups(self, request, model_admin):
        return [("bientot", f"dans moins de {URGENT_DAYS} jours, sans logement")]

    def queryset(self, request, queryset):
        return queryset.filter(is_urgent=True) if self.value() == "bientot" else queryset


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    menu_position = 1
    change_form_template = "admin/contacts/conversation/change_form.html"
    list_display = ["who", "about", "state_told", "arrival", "age", "handover", "adviser"]
    list_filter = [
        TeamFilter,
        "stage",
        UrgentFilter,
        AgeFilter,
        "target",
        "handover",
        "outcome",
        ("adviser", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["adviser"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "email", "about", "offer__reference", "dwelling__reference", "recipient__email"]
    search_help_text = "Nom, courriel, titre ou référence de l’annonce, courriel du destinataire"
    actions = ["forget"]
    fieldsets = [
        (None, {"fields": ["about_link", "handover", "doubts", "adviser"]}),
        (
            "Qui écrit",
            {"fields": ["name", "email", "phone", "standing", "aim", "topic", "days_asked", "purpose", "people"]},
        ),
        ("À qui", {"fields": ["recipient_link", "promise"]}),
        ("Après le remplacement", {"fields": ["after"]}),
        ("Courriels", {"fields": ["mails"]}),
    ]
    readonly_fields = ["days_asked", "about_link", "recipient_link", "promise", "after", "mails"]

    def has_act_permission(self, request):
        return request.user.has_perm("contacts.change_conversation")

    def get_urls(self):
        verb = path(
            "<int:pk>/faire/<slug:verb>/", self.admin_site.admin_view(require_POST(self.verb_view)), name="contacts_conversation_verb"
        )
        counts = path("passerelles/", self.admin_site.admin_view(lambda request: bridges.view(request, self)), name="contacts_bridges")
        return [verb, counts, *super().get_urls()]

    def get_queryset(self, request):
        found = Conversation.objects.with_urgency(timezone.now()).order_by(*self.get_ordering(request))
        return found.select_related("offer", "partner", "dwelling", "event", "recipient", "adviser", "afterword")

    def get_ordering(self, request):
        """Who arrives soon without a room first."""
        return ["-is_urgent", "-moved_at", "-pk"]

    def get_fieldsets(self, request, obj=None):
        """What there is to say of it: a field without a value has no row."""
        found = super().get_fieldsets(request, obj)
        told = ((title, [name for name in options["fields"] if self._says(obj, name)]) for title, options in found)
        return [(title, {"fields": fields}) for title, fields in told if fields]

    def _says(self, conversation, name):
        if isinstance(name, tuple):
            return any(self._says(conversation, one) for one in name)
        return bool(getattr(self, name)(conversation) if name in self.readonly_fields else getattr(conversation, name))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id) if object_id.isdecimal() else None
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **(self._thread(request, found) if found else {"conversation": None})}
        )

    def _thread(self, request, conversation):
        said = list(conversation.messages.select_related("actor"))
        may_act = self.has_act_permission(request)
        return {
            "kept_back": set(further.kept_back(conversation)) if may_act else (),
            "conversation": conversation,
            "steps": rules.timeline(conversation, said),
            "said": [message for message in said if message.side != Side.PORTAL and message.text],
            "verbs": conversation_verbs.buttons(conversation) if may_act else [],
            "state_told": self.state_told(conversation),
            "stands": disclosures.stands(conversation),
        }

    def verb_view(self, request, pk, verb):
        """One button, with what was written beside it, or the word that it stands under."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        conversation = get_object_or_404(Conversation, pk=pk)
        text = request.POST.get("word") or french.typeset(request.POST.get("text", "").replace("\0", "")).strip()[:4000]
        try:
            messages.success(request, conversation_verbs.perform(conversation, verb, text, request.user, timezone.now()))
        except steps.ConversationRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    @admin.display(description="qui", ordering="name")
    def who(self, conversation):
        return conversation.name or "effacé"

    @admin.display(description="état", ordering="stage")
    def state_told(self, conversation):
        return format_html('<span class="tag tag--{}">{}</span>', TONES[conversation.stage], conversation.get_stage_display())

    @admin.display(description="arrivée", ordering="starts_on")
    def arrival(self, conversation):
        if conversation.target != Target.ROOM or conversation.starts_on is None:
            return "—"
        day = french.date(conversation.starts_on)
        return format_html('{} <span class="tag tag--brick">urgent</span>', day) if conversation.is_urgent else day

    @admin.display(description="sans mouvement depuis", ordering="moved_at")
    def age(self, conversation):
        return french.plural((timezone.now() - conversation.moved_at).days, "jour")

    @admin.display(description="à propos de")
    def about_link(self, conversation):
        if conversation.dwelling_id is not None:
            return format_html('<a href="{}">{}</a>', conversation.dwelling.get_absolute_url(), conversation.about)
        screens = {"opportunities_opportunity": conversation.offer_id, "agenda_event": conversation.event_id}
        for name, pk in screens.items():
            if pk is not None:
                return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}_change", args=[pk]), conversation.about)
        return conversation.about

    @admin.display(description="dates")
    def days_asked(self, conversation):
        first, last = conversation.starts_on, conversation.ends_on
        if first and last:
            return french.date_range(first, last)
        return f"à partir du {french.date(first)}" if first else f"jusqu’au {french.date(last)}" if last else ""

    @admin.display(description="destinataire")
    def recipient_link(self, conversation):
        if conversation.recipient is None:
            return "l’équipe" if conversation.target == Target.ADVISER else _without_address(conversation)
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:contacts_recipient_change", args=[conversation.recipient_id]), conversation.recipient
        )

    @admin.display(description="comment il répond")
    def promise(self, conversation):
        if conversation.recipient is None:
            return ""
        figures = Conversation.objects.filter(recipient=conversation.recipient).promise(timezone.now())
        return promises.promise_in_words(figures) or "Trop peu de messages pour le dire."

    @admin.display(description="trois questions à l’auteur")
    def after(self, conversation):
        """What was answered once a replacement was over; the publisher never reads it."""
        told = getattr(conversation, "afterword", None)
        if told is None:
            return ""
        return format_html_join("", "{} : {}<br>", [(capfirst(label), value) for label, value in told.facts])

    @admin.display(description="courriels")
    def mails(self, conversation):
        return mails_of(conversation)

    @admin.action(description="Effacer les messages jamais confirmés", permissions=["act"])
    def forget(self, request, queryset):
        count = endings.forget_unconfirmed(conversations=queryset)
        messages.success(
            request, f"{french.plural(count, 'message effacé', 'messages effacés')}, avec le courriel qui attendait de partir."
        )

    def work_queues(self, request, at):
        """What the team has to answer, what it holds back, and a flood of messages that nobody confirmed."""
        team = Conversation.objects.for_team().with_urgency(at).order_by("-is_urgent", "handed_over_at", "pk")
        held = Conversation.objects.held().order_by("moved_at", "pk")
        late = team.filter(moved_at__lte=at - timedelta(days=2)).exists()
        unread = held.filter(moved_at__lte=a_working_day_before(at)).exists()
        queues = [
            queue(
                *("messages-a-suivre", "Messages à suivre", "message à suivre|messages à suivre", team),
                *("equipe=oui", "brick" if late else "ochre", _why),
            ),
            queue(
                *("messages-retenus", "Messages retenus", "message retenu|messages retenus", held),
                *(f"stage__exact={Stage.HELD}", "brick" if unread else "ochre", lambda one: one.doubts),
            ),
        ]
        flood = Conversation.objects.flood(at).order_by("-created_at", "-pk")
        if flood.count() >= rules.FLOOD:
            queues.append(
                queue(
                    "afflux",
                    "Afflux de messages non confirmés",
                    "messages non confirmés",
                    flood,
                    f"stage__exact={Stage.UNCONFIRMED}",
                    "brick",
                    _written,
                )
            )
        return [*queues, *quiet.queues(at)]


def _without_address(conversation):
    """Who receives by telephone, so that the team calls; what waits has nobody yet."""
    if conversation.target != Target.ROOM or conversation.handover != Handover.NO_ADDRESS:
        return "pas encore transmis"
    name, _, phone = stays.contact_of(conversation)
    return f"{name}, {phone or 'sans téléphone'}, sans courriel"


def _why(conversation):
    arrival = f"Arrive le {french.date(conversation.starts_on)} · " if conversation.is_urgent else ""
    return f"{arrival}{conversation.get_handover_display()} · {french.moment(conversation.handed_over_at or conversation.moved_at)}"


def _written(conversation):
    return french.moment(conversation.created_at)


def queue(code, title, counter, rows, query, tone, note):
    """One queue of conversations, oldest first; `query` opens the list on them."""
    count = rows.count()
    return WorkQueue(
        code=code,
        title=title,
        counter=counter,
        count=count,
        url=f"{reverse(CHANGELIST)}?{query}",
        tone=tone,
        is_awaited=True,
        empty="Aucun message n’attend l’équipe ici.",
        is_message=True,
        rows=[
            WorkRow(title=str(one), url=(url := reverse(CHANGE, args=[one.pk])), note=note(one), action_label="Ouvrir", action_url=url)
            for one in (rows[:QUEUE_ROWS] if count else [])
        ],
    )


@admin.register(Recipient)
class RecipientAdmin(admin.ModelAdmin):
    menu_position = 2
    list_display = ["email", "paused", "monthly_cap", "absent_from", "absent_until"]
    list_filter = ["paused"]
    list_per_page = 50
    search_fields = ["email"]
    fields = ["email", "paused", "monthly_cap", ("absent_from", "absent_until"), "promise"]
    readonly_fields = ["email", "promise"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="comment il répond")
    def promise(self, recipient):
        return promises.promise_in_words(Conversation.objects.filter(recipient=recipient).promise(timezone.now())) or "—"
