"""Words for the rows of `core`."""

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core.enums import MailState


class MailQuerySet(models.QuerySet):
    def due(self, at):
        """Waiting, and to be tried at or before this moment."""
        return self.filter(state=MailState.WAITING, due_at__lte=at)

    def failed(self):
        """Given up, and nobody has looked yet."""
        return self.filter(state=MailState.FAILED)

    def about(self, row):
        """Those that speak of this row."""
        return self.filter(about_type=ContentType.objects.get_for_model(row), about_id=row.pk)

    def about_any(self, rows):
        """Those that speak of one of these rows, a queryset."""
        return self.filter(about_type=ContentType.objects.get_for_model(rows.model), about_id__in=rows.order_by().values("pk"))

    def to_erase(self, before):
        """Ended before this moment, with words and an address still there."""
        return self.exclude(state=MailState.WAITING).exclude(recipient="").filter(due_at__lt=before)
