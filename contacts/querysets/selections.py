"""What one may ask of the selections and of what they hold."""

from django.db import models


class SelectionQuerySet(models.QuerySet):
    def forgotten(self, moment):
        """Selections that nobody has opened since."""
        return self.filter(opened_at__lt=moment)


class KeptQuerySet(models.QuerySet):
    """Rows that are put aside before they are erased."""

    def kept(self):
        """Those that nobody took away."""
        return self.filter(removed_at__isnull=True)

    def removed(self):
        """Those that somebody took away, and may still put back."""
        return self.filter(removed_at__isnull=False)

    def removed_before(self, moment):
        """Those that were taken away before a moment: it is too late to put them back."""
        return self.filter(removed_at__lt=moment)
