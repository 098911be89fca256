"""Changes that publishers propose to published offers."""

from django.contrib import admin

from core.announced.admin_records import ProposalAdmin
from opportunities import actions, rules
from opportunities.enums import HalfDay
from opportunities.models import ProposedChange


@admin.register(ProposedChange)
class ProposedChangeAdmin(ProposalAdmin):
    life = actions.LIFE
    menu_position = 5
    for_row = ("kind",)

    def wording_warnings(self, row):
        """As the rules say."""
        return rules.wording_warnings(row)

    def list_in_words(self, field, values):
        """Half-days by their names."""
        return ", ".join(HalfDay(item).label for item in values)
