"""What readers reported of offers, and what became of it."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.admin_mail import mails_of
from opportunities import actions
from opportunities.enums import ReportReason
from opportunities.models import OfferReport

CHANGE = "admin:opportunities_opportunity_change"


@admin.register(OfferReport)
class OfferReportAdmin(ReadOnly, admin.ModelAdmin):
    menu_position = 4
    list_display = ["offer", "reason", "text", "received", "settled"]
    list_filter = ["reason", ("settled_at", admin.EmptyFieldListFilter)]
    list_select_related = ["opportunity"]
    list_per_page = 50
    search_fields = ["opportunity__title", "opportunity__reference", "text"]
    search_help_text = "Titre ou référence de l’offre, texte du lecteur"
    ordering = ["settled_at", "-created_at", "-pk"]
    actions = ["settle"]
    fields = ["offer", "reason", "text", "email", "received", "asked", "settled", "outcome", "mails"]
    readonly_fields = ["offer", "received", "settled", "mails"]

    def has_settle_permission(self, request):
        return request.user.has_perm("opportunities.change_opportunity")

    @admin.display(description="offre", ordering="opportunity__title")
    def offer(self, report):
        return format_html('<a href="{}">{}</a>', reverse(CHANGE, args=[report.opportunity_id]), report.opportunity.title)

    @admin.display(description="reçu le", ordering="created_at")
    def received(self, report):
        return french.moment(report.created_at)

    @admin.display(description="réglé le", ordering="settled_at")
    def settled(self, report):
        return french.moment(report.settled_at) if report.settled_at else "en cours"

    @admin.display(description="courriels")
    def mails(self, report):
        return mails_of(report)

    @admin.action(description="Regardé\u00a0: l’offre tient toujours", permissions=["settle"])
    def settle(self, request, queryset):
        offers = {report.opportunity for report in queryset.open().select_related("opportunity")}
        for offer in sorted(offers, key=lambda offer: offer.pk):
            actions.settle_reports(
                offer=offer,
                outcome="L’équipe a vérifié\u00a0: l’offre tient toujours.",
                at=timezone.now(),
                by_team=True,
                reports=queryset.filter(opportunity=offer),
            )
        messages.success(request, f"{french.plural(len(offers), 'offre vérifiée', 'offres vérifiées')}.")

    def work_queues(self, request, at):
        """What the publisher did not answer within two days, and what may be unlawful."""
        waiting = OfferReport.objects.for_staff(at).select_related("opportunity").order_by("created_at", "pk")
        count = waiting.count()
        urgent = count and waiting.filter(reason=ReportReason.UNLAWFUL).exists()
        return [
            WorkQueue(
                code="signalements",
                title="Offres signalées",
                counter="offre signalée|offres signalées",
                count=count,
                url=reverse("admin:opportunities_offerreport_changelist") + "?settled_at__isempty=1",
                tone="brick" if urgent else "ochre",
                empty="Aucun signalement n’attend l’équipe.",
                rows=[
                    WorkRow(
                        title=report.opportunity.title,
                        url=(url := reverse(CHANGE, args=[report.opportunity_id])),
                        note=f"{report.get_reason_display()} · {french.moment(report.created_at)}",
                        action_label="Regarder",
                        action_url=url,
                    )
                    for report in (waiting[:QUEUE_ROWS] if count else [])
                ],
            )
        ]
