"""List filters of the offers that are more than the value of a column."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone

from opportunities.models import Opportunity
from opportunities.rules import CONFIRM_AFTER_DAYS

EXPIRES_WITHIN_DAYS = 15


def to_confirm(at):
    """Published offers nobody has confirmed for 30 days, the oldest first."""
    return Opportunity.objects.silent_since(at - timedelta(days=CONFIRM_AFTER_DAYS)).order_by("confirmed_at", "pk")


def expiring(at):
    """Published offers that end within 15 days, the nearest first."""
    return (
        Opportunity.objects.published()
        .filter(expires_at__gt=at, expires_at__lte=at + timedelta(days=EXPIRES_WITHIN_DAYS))
        .order_by("expires_at", "pk")
    )


class FreshnessFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = "a_faire"
    choices_to_querysets = {"confirmer": to_confirm, "expirent": expiring}

    def lookups(self, request, model_admin):
        return [
            ("confirmer", f"à confirmer (plus de {CONFIRM_AFTER_DAYS} jours)"),
            ("expirent", f"expirent dans {EXPIRES_WITHIN_DAYS} jours"),
        ]

    def queryset(self, request, queryset):
        chosen = self.choices_to_querysets.get(self.value())
        return queryset.filter(pk__in=chosen(timezone.now()).values("pk")) if chosen else queryset
