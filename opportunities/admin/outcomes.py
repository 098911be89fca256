"""Offers that found somebody, counted by whom and how: the figures of impact."""

from django.contrib import admin

from core.announced.admin_records import OutcomeAdmin
from opportunities.models import OfferOutcome


@admin.register(OfferOutcome)
class OfferOutcomeAdmin(OutcomeAdmin):
    menu_position = 6
    row_field = "opportunity"
    list_filter = ["who", "how", "opportunity__kind"]
