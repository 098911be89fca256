"""Alerts as staff see them: how many, of what, how often; what was written; whether they are useful. Addresses for who may see people."""

from django.contrib import admin, messages
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from contacts.actions import alerts as verbs
from contacts.models import Alert, AlertOpinion, Subscriber
from contacts.searches import KINDS
from core import french
from core.admin import ReadOnly
from core.admin_mail import mails_of

PERSON = "admin:contacts_subscriber_change"


class FollowedAdmin(ReadOnly, admin.ModelAdmin):
    """Nobody writes in a person's place."""

    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS


class KindFilter(admin.SimpleListFilter):
    """What the alert speaks of; kinds are classes of the portal, not rows."""

    title, parameter_name = "sujet", "sujet"

    def lookups(self, request, model_admin):
        return [(key, kind.label) for key, kind in KINDS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


class StateFilter(admin.SimpleListFilter):
    """Where an alert stands."""

    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("active", "en cours"), ("waiting", "à confirmer"), ("stopped", "arrêtée")]

    def queryset(self, request, queryset):
        words = {"active": queryset.active, "waiting": queryset.waiting, "stopped": queryset.stopped}
        return words[self.value()]() if self.value() in words else queryset


@admin.register(Alert)
class AlertAdmin(FollowedAdmin):
    list_display = ["search", "rhythm", "state", "told_count", "created", "sent"]
    list_filter = [StateFilter, "rhythm", KindFilter]
    ordering = ["-created_at", "-pk"]
    fields = ["search", "kind_label", "rhythm", "state", "told_count", "created", "sent", "person", "mails"]
    readonly_fields = ["search", "kind_label", "state", "told_count", "created", "sent", "person", "mails"]

    def get_fields(self, request, obj=None):
        """The person, and what was written to them, for who may see people."""
        may = request.user.has_perm("contacts.view_subscriber")
        return [name for name in self.fields if may or name not in ("person", "mails")]

    def get_queryset(self, request):
        self.kinds = {key: kind(timezone.now()) for key, kind in KINDS.items()}
        return super().get_queryset(request).defer("known_ids").select_related("subscriber").annotate(items_count=Count("items"))

    @admin.display(description="recherche")
    def search(self, alert):
        return self.kinds[alert.kind].written(alert.query).title

    @admin.display(description="sujet")
    def kind_label(self, alert):
        return self.kinds[alert.kind].label

    @admin.display(description="état")
    def state(self, alert):
        return "arrêtée" if alert.stopped_at else "en cours" if alert.confirmed_at else "à confirmer"

    @admin.display(description="annonces faites", ordering="items_count")
    def told_count(self, alert):
        return alert.items_count

    @admin.display(description="demandée le", ordering="created_at")
    def created(self, alert):
        return french.moment(alert.created_at)

    @admin.display(description="dernier message", ordering="sent_at")
    def sent(self, alert):
        return french.moment(alert.sent_at) if alert.sent_at else "aucun"

    @admin.display(description="personne")
    def person(self, alert):
        return format_html('<a href="{}">{}</a>', reverse(PERSON, args=[alert.subscriber_id]), alert.subscriber.email)

    @admin.display(description="courriels")
    def mails(self, alert):
        return mails_of(alert.subscriber)


@admin.register(Subscriber)
class SubscriberAdmin(FollowedAdmin):
    """People, found by their address: to answer who asks what the portal knows of them, and to erase them on demand."""

    list_display = ["email", "alerts_count", "created", "renewed"]
    search_fields = ["email"]
    search_help_text = "Adresse électronique"
    ordering = ["-created_at", "-pk"]
    fields = ["email", "alerts_told", "created", "renewed", "mails"]
    readonly_fields = ["alerts_told", "created", "renewed", "mails"]
    actions = ["forget"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(running=Count("alerts"))

    def has_forget_permission(self, request):
        return request.user.has_perm("contacts.delete_subscriber")

    @admin.display(description="alertes", ordering="running")
    def alerts_count(self, person):
        return person.running

    @admin.display(description="alertes")
    def alerts_told(self, person):
        kinds = {key: kind(timezone.now()) for key, kind in KINDS.items()}
        return ", ".join(f"{kinds[alert.kind].written(alert.query).title} ({alert.get_rhythm_display()})" for alert in person.alerts.all())

    @admin.display(description="connue depuis le", ordering="created_at")
    def created(self, person):
        return french.moment(person.created_at)

    @admin.display(description="dernier signe de vie", ordering="renewed_at")
    def renewed(self, person):
        return french.moment(person.renewed_at)

    @admin.display(description="courriels")
    def mails(self, person):
        return mails_of(person)

    @admin.action(description="Effacer à la demande de la personne", permissions=["forget"])
    def forget(self, request, queryset):
        people = list(queryset)
        for person in people:
            verbs.forget(person=person)
        messages.success(request, f"{french.plural(len(people), 'personne effacée', 'personnes effacées')}, avec alertes et courriels.")


@admin.register(AlertOpinion)
class AlertOpinionAdmin(FollowedAdmin):
    """Figures beside the filters, words below."""

    list_display = ["useful", "word", "rhythm", "given"]
    list_filter = ["useful", "rhythm", KindFilter, ("word", admin.EmptyFieldListFilter)]
    ordering = ["-at", "-pk"]
    fields = ["useful", "word", "kind", "rhythm", "given"]
    readonly_fields = ["given"]

    @admin.display(description="le", ordering="at")
    def given(self, opinion):
        return french.moment(opinion.at)
