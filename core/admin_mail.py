"""The mail that leaves, as staff see it: what was said to whom, whether it left, and what to do when it did not."""

import re

from django.conf import settings
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from core import french, mail
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.enums import MailState
from core.models import Mail

TONES = {MailState.SENT: "olive", MailState.WAITING: "ochre", MailState.FAILED: "brick", MailState.DROPPED: "plain"}
PRIVATE = re.compile(r"https?://\S+")
MAILS_SHOWN = 10
CHANGE = "admin:core_mail_change"


def told(message):
    """State and date of a message, as a tag."""
    moment = message.sent_at or (message.due_at if message.attempts else None)
    words = message.get_state_display()
    if message.state == MailState.WAITING and message.attempts:
        words = "nouvel essai"
    when = f" {french.moment(moment)}" if moment and message.state != MailState.FAILED else ""
    return format_html('<span class="tag tag--{}">{}</span>{}', TONES[message.state], words, when)


def mails_of(row):
    """The messages that speak of a record, newest first, each with its state: for the screen of that record."""
    if row.pk is None:
        return "Après l’enregistrement."
    shown = Mail.objects.about(row).defer("text", "html").order_by("-created_at", "-pk")[:MAILS_SHOWN]
    lines = ((reverse(CHANGE, args=[message.pk]), message.subject or "effacé", told(message)) for message in shown)
    return format_html_join("", '<div><a href="{}">{}</a> {}</div>', lines) or "aucun"


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    menu_app = "accounts"
    list_display = ["subject_told", "recipient", "state_told", "created_at"]
    list_filter = ["state", ("about_type", admin.RelatedOnlyFieldListFilter)]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["recipient", "subject", "event"]
    search_help_text = "Destinataire, objet ou événement"
    ordering = ["-created_at", "-pk"]
    actions = ["send_again", "drop"]
    fieldsets = [
        (None, {"fields": ["recipient", "subject", "words", "about_link"]}),
        ("Son envoi", {"fields": ["state_told", "attempts", "problem", "created_at", "event", "message_id"]}),
    ]
    readonly_fields = ["words", "about_link", "state_told"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html")

    @admin.display(description="objet", ordering="subject")
    def subject_told(self, message):
        return message.subject or "effacé"

    @admin.display(description="état", ordering="state")
    def state_told(self, message):
        return told(message)

    @admin.display(description="texte")
    def words(self, message):
        """What was written, without the links: they act in the name of who received them. A demonstration shows them: nobody did."""
        text = PRIVATE.sub("(lien personnel)", message.text) if settings.PRODUCTION else message.text
        return format_html('<pre class="mail">{}</pre>', text) if text else "effacé"

    @admin.display(description="à propos de")
    def about_link(self, message):
        model = message.about_type and message.about_type.model_class()
        if model is None or message.about is None:
            return "—"
        if not self.admin_site.is_registered(model):
            return str(message.about)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[message.about_id]), message.about)

    @admin.action(description="Envoyer de nouveau ceux qui ont échoué", permissions=["view"])
    def send_again(self, request, queryset):
        count = mail.send_again(mails=queryset)
        if count:
            messages.success(request, f"{french.plural(count, 'courriel repart', 'courriels repartent')}.")
        else:
            messages.warning(request, "Aucun de ces courriels n’est en échec avec une adresse\u00a0: rien ne repart.")

    @admin.action(description="Classer sans suite ceux qui ont échoué", permissions=["view"])
    def drop(self, request, queryset):
        count = mail.drop(mails=queryset)
        messages.success(request, f"{french.plural(count, 'courriel classé', 'courriels classés')} sans suite.")

    def work_queues(self, request, at):
        failed = Mail.objects.failed().defer("text", "html").order_by("-due_at", "-pk")
        count = failed.count()
        return [
            WorkQueue(
                code="courriels-en-echec",
                title="Courriels en échec",
                counter="courriel en échec|courriels en échec",
                count=count,
                url=reverse("admin:core_mail_changelist") + "?state__exact=failed",
                tone="brick",
                empty="Tous les courriels sont partis.",
                rows=[
                    WorkRow(
                        title=message.subject or message.event,
                        url=(url := reverse(CHANGE, args=[message.pk])),
                        note=f"{message.recipient} · {message.problem}",
                        action_label="Lire",
                        action_url=url,
                    )
                    for message in (failed[:QUEUE_ROWS] if count else [])
                ],
            )
        ]
