"""What one may ask of attempts."""

from datetime import timedelta

from django.db import models


class AttemptQuerySet(models.QuerySet):
    def recent(self, at, minutes):
        """Attempts of the last minutes before that moment."""
        return self.filter(at__gt=at - timedelta(minutes=minutes))
