"""The mail that leaves, as staff see it: what was said to whom, whether it left, and what to do when it did not."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html

from core import french, mail
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from core.enums import MailState
from core.models import Mail

TONES = {MailState.SENT: "olive", MailState.WAITING: "ochre", MailState.FAILED: "brick"}
CHANGE = "admin:core_mail_change"


def told(message):
    """State and date of a message, as a tag."""
    moment = message.sent_at or (message.due_at if message.attempts else None)
    words = message.get_state_display()
    if message.state == MailState.WAITING and message.attempts:
        words = "nouvel essai"
    when = f" {french.moment(moment)}" if moment and message.state != MailState.FAILED else ""
    return format_html('<span class="tag tag--{}">{}</span>{}', TONES[message.state], words, when)


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    menu_app = "accounts"
    list_display = ["subject_told", "recipient", "state_told", "created_at"]
    list_filter = ["state", "about_type"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["recipient", "subject", "event"]
    search_help_text = "Destinataire, objet ou événement"
    ordering = ["-created_at", "-pk"]
    actions = ["send_again"]
    fieldsets = [
        (None, {"fields": ["recipient", "subject", "words", "about_link"]}),
        ("Son envoi", {"fields": ["state_told", "attempts", "problem", "created_at", "event", "message_id"]}),
    ]
    readonly_fields = ["words", "about_link", "state_told"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

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
        return format_html('<pre class="mail">{}</pre>', message.text) if message.text else "effacé"

    @admin.display(description="à propos de")
    def about_link(self, message):
        if message.about is None:
            return "—"
        meta = message.about._meta
        name = f"admin:{meta.app_label}_{meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[message.about_id]), message.about)

    @admin.action(description="Envoyer de nouveau ceux qui ont échoué", permissions=["view"])
    def send_again(self, request, queryset):
        count = mail.send_again(mails=queryset)
        messages.success(request, f"{french.plural(count, 'courriel repart', 'courriels repartent')}.")

    def work_queues(self, request, at):
        failed = Mail.objects.failed().defer("text", "html").order_by("-due_at", "-pk")
        count = failed.count()
        return [
            WorkQueue(
                code="courriels-en-echec",
                title="Courriels en échec",
                counter="courriels en échec",
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
