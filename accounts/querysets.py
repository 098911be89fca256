"""What one may ask of attempts."""

from datetime import timedelta

from django.db import models
from django.db.models import Count


class AttemptQuerySet(models.QuerySet):
    def recent(self, at, minutes):
        """Attempts of the last minutes before that moment."""
        return self.filter(at__gt=at - timedelta(minutes=minutes))

    def counts(self, fingerprints):
        """How many attempts each of these fingerprints made; those that made none are left out. One query."""
        return dict(self.filter(fingerprint__in=fingerprints).values_list("fingerprint").annotate(Count("pk")))
