"""What staff read beside dwellings: changes that hosts propose, reports of readers, who came."""

from django.contrib import admin

from core.announced.admin_records import OutcomeAdmin, ProposalAdmin, ReportAdmin
from housing import actions, rules
from housing.models import DwellingOutcome, DwellingReport, ProposedChange

PREFIX = "logement-"
"""What tells the queues of dwellings from those of offers."""


@admin.register(ProposedChange)
class ProposedChangeAdmin(ProposalAdmin):
    life, prefix = actions.LIFE, PREFIX
    menu_position = 3

    def wording_warnings(self, row):
        """As the rules say."""
        return rules.wording_warnings(row)


@admin.register(DwellingReport)
class DwellingReportAdmin(ReportAdmin):
    life, prefix = actions.LIFE, PREFIX
    menu_position = 2


@admin.register(DwellingOutcome)
class DwellingOutcomeAdmin(OutcomeAdmin):
    menu_position = 4
    row_field = "dwelling"
    list_filter = ["who", "how", "dwelling__kind"]
