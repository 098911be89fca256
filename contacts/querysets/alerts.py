"""What one may ask of the alerts. Each word's docstring is the rule."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from contacts.enums import Rhythm


class AlertQuerySet(models.QuerySet):
    def active(self):
        """Alerts that their person confirmed and nobody stopped."""
        return self.filter(confirmed_at__isnull=False, stopped_at__isnull=True)

    def waiting(self):
        """Alerts asked for, whose address nobody has confirmed."""
        return self.filter(confirmed_at__isnull=True)

    def stopped(self):
        """Alerts that write no more; a month later they are erased."""
        return self.filter(stopped_at__isnull=False)

    def due(self, at, periods):
        """Active alerts that have not looked since their last period began (`rules.alerts.periods`)."""
        late = Q()
        for rhythm in Rhythm.values:
            late |= Q(rhythm=rhythm, checked_at__lt=periods[rhythm])
        return self.active().filter(late)

    def over(self, asked_before, stopped_before):
        """Alerts never confirmed that were asked for before the one moment, and those stopped before the other."""
        return self.filter(Q(confirmed_at__isnull=True, created_at__lt=asked_before) | Q(stopped_at__lt=stopped_before))


class SubscriberQuerySet(models.QuerySet):
    def with_active_alerts(self):
        """People to whom at least one alert writes."""
        return self.filter(self._has_alert(confirmed_at__isnull=False, stopped_at__isnull=True))

    def without_alerts(self):
        """People of whom nothing is left to do."""
        return self.exclude(self._has_alert())

    def silent_since(self, moment):
        """People to whom alerts write and who have said nothing since."""
        return self.with_active_alerts().filter(renewed_at__lt=moment)

    def _has_alert(self, **which):
        alerts = self.model.alerts.rel.related_model
        return Exists(alerts.objects.filter(subscriber=OuterRef("pk"), **which))
