"""What readers reported of offers, and what became of it."""

from django.contrib import admin

from core.announced.admin_records import ReportAdmin
from opportunities import actions
from opportunities.models import OfferReport


@admin.register(OfferReport)
class OfferReportAdmin(ReportAdmin):
    life = actions.LIFE
    menu_position = 4
