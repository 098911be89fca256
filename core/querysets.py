"""Words for the rows of `core`."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.enums import UNLAWFUL, MailState, State

OPEN_STATES = (State.SUBMITTED, State.PUBLISHED, State.PAUSED)
"""What is with the team or with readers, or may be tomorrow."""
STAFF_AFTER_HOURS = 48
"""What a reader reports goes to the publisher first; without an answer, staff look after so long."""


class Announcements(models.QuerySet):
    """Words for rows of `core.models.Announced`."""

    def published(self):
        """Those that staff have approved and that nobody has paused, filled, withdrawn or let expire."""
        return self.filter(state=State.PUBLISHED)

    def open(self, at):
        """Those whose publication has come and whose expiry has not, at that moment."""
        return self.filter(published_at__lte=at, expires_at__gt=at)

    def visible(self, at):
        """Those that readers may see at that moment: the only rule of visibility of the portal."""
        return self.published().open(at)

    def silent_since(self, moment):
        """Published ones of which the publisher has said nothing since."""
        return self.published().filter(confirmed_at__lt=moment)

    def asked_about(self, at):
        """Those whose publisher is asked whether they still hold; the others stay in the lists meanwhile."""
        return self

    def extendable(self):
        """Those whose last day may be moved without changing what they say."""
        return self

    def with_page(self):
        """Those that were public once: they keep their page when they are over. Drafts have none."""
        return self.filter(published_at__isnull=False).exclude(state__in=(State.DRAFT, State.SUBMITTED))

    def known_to_team(self):
        """All but drafts of publishers whose address nobody has confirmed yet: those reach nobody."""
        return self.exclude(state=State.DRAFT, by_publisher=True, contact_confirmed_at__isnull=True)


class ReportQuerySet(models.QuerySet):
    """Words for rows of `core.announced.models.Report`."""

    def open(self):
        """Reports that nobody has settled yet."""
        return self.filter(settled_at__isnull=True)

    def for_staff(self, at):
        """Those that staff have to look at: the publisher said nothing for two days, was not asked, or the text may be unlawful."""
        waited = Q(created_at__lte=at - timedelta(hours=STAFF_AFTER_HOURS))
        return self.open().filter(waited | Q(reason=UNLAWFUL) | Q(asked=False))


class MailQuerySet(models.QuerySet):
    def due(self, at):
        """Waiting, and to be tried at or before this moment."""
        return self.filter(state=MailState.WAITING, due_at__lte=at)

    def failed(self):
        """Given up, and nobody has looked yet."""
        return self.filter(state=MailState.FAILED)

    def unsent(self):
        """Those that no server took yet."""
        return self.filter(state__in=(MailState.WAITING, MailState.FAILED))

    def about(self, row):
        """Those that speak of this row."""
        return self.filter(about_type=ContentType.objects.get_for_model(row), about_id=row.pk)

    def about_any(self, rows):
        """Those that speak of one of these rows, a queryset."""
        return self.filter(about_type=ContentType.objects.get_for_model(rows.model), about_id__in=rows.order_by().values("pk"))

    def to_erase(self, before):
        """Ended before this moment, with words and an address still there."""
        return self.exclude(state=MailState.WAITING).exclude(recipient="").filter(due_at__lt=before)
