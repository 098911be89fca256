"""Keeping what is announced true: its publisher is asked, reminded, and a row of which nobody says anything any more leaves the lists.

Every step is a message, written once for a row and its last confirmation (`core.mail`): running a step twice, at once or after a
day of outage, tells nothing twice. Times are arguments.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import french, mail
from core.announced import rules
from core.enums import UNLAWFUL, MailState, State
from core.links import absolute
from core.models import Mail, new_link_key

REMIND_AFTER_ASKING_DAYS = 7
ASKED_A_DAY = 5
"""Reports that one publisher is asked about in a day; the team looks at the others."""
ERASED_AFTER = timedelta(days=90)
"""How long the words and the address of a reader stay after the end of their report (docs/registre.md)."""


class Freshness:
    """The steps for the rows of one app, whose `life` (`core.announced.life.Life`) moves and tells."""

    def __init__(self, life):
        self.life = life
        self.rows = life.model.objects

    # --- What an app says ----------------------------------------------------------------------

    def not_told(self, rows):
        """Of rows that reached their last day, those whose publishers are told."""
        return rows

    # --- Asking --------------------------------------------------------------------------------

    def ask_publishers(self, *, at):
        """Ask whether rows of which nothing was heard for 30 days still hold, remind after 40; returns how many messages."""
        silent = self._silent(rules.CONFIRM_AFTER_DAYS, at).exclude(contact_email="")
        return sum(self._ask(pk, at) for pk in keys(silent))

    def retire_silent(self, *, at):
        """Take rows of which nothing was heard for 45 days out of the lists, and tell their publishers; returns how many."""
        return sum(self._retire(pk, at) for pk in keys(self._silent(rules.RETIRE_AFTER_DAYS, at)))

    def _silent(self, days, at):
        """Rows to ask about of which nothing was heard for so many days."""
        return self.rows.silent_since(at - timedelta(days=days)).asked_about(at)

    def _held(self, pk, days, at):
        """The row, locked, if it is still silent and nobody else holds it."""
        return self._silent(days, at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()

    @transaction.atomic
    def _ask(self, pk, at):
        row = self._held(pk, rules.CONFIRM_AFTER_DAYS, at)
        if row is None:
            return False
        if not self._messages(row, "confirm").exists():
            return self._write(row, "confirm", at, leaves_at=min(leaves_at(row, at), row.expires_at)).is_new
        asked = self._asked(row)
        late = row.confirmed_at <= at - timedelta(days=rules.REMIND_AFTER_DAYS)
        if asked and late and asked <= at - timedelta(days=REMIND_AFTER_ASKING_DAYS) and leaves_at(row, asked) > at:
            return self._write(row, "remind", at, leaves_at=min(leaves_at(row, asked), row.expires_at)).is_new
        return False

    @transaction.atomic
    def _retire(self, pk, at):
        row = self._held(pk, rules.RETIRE_AFTER_DAYS, at)
        if row is None:
            return False
        asked = self._asked(row)
        if row.contact_email and (asked is None or leaves_at(row, asked) > at):
            return False
        confirmed_at = row.confirmed_at
        self.life.retire(row=row, at=at)
        if row.contact_email:
            self._write(row, "retired", at, confirmed_at=confirmed_at)
        return True

    def _event(self, row, step):
        return f"{self.life.event(step, row)}:{row.confirmed_at:%Y%m%dT%H%M%S}"

    def _messages(self, row, step):
        """What was written to the contact of today about this confirmation."""
        return Mail.objects.filter(event=self._event(row, step), recipient_key=mail.key_of(row.contact_email))

    def _asked(self, row):
        """When our question reached the contact, or None: a message that waits or failed asks nobody."""
        return self._messages(row, "confirm").filter(state=MailState.SENT).values_list("sent_at", flat=True).first()

    def tell_ended(self, *, at):
        """Tell publishers whose rows reached their last day since yesterday; returns how many messages were written."""
        ended = self.rows.filter(state=State.EXPIRED, closed_at__gt=at - timedelta(days=2)).exclude(contact_email="")
        return sum(self._tell_ended(pk, at) for pk in keys(self.not_told(ended)))

    @transaction.atomic
    def _tell_ended(self, pk, at):
        row = self.rows.select_for_update().get(pk=pk)
        told = row.state != State.EXPIRED or self._messages(row, "retired").exists()
        return False if told else self._write(row, "ended", at).is_new

    def _write(self, row, step, at, **context):
        """One message to the publisher, with the private link."""
        days = {name: french.date(timezone.localtime(moment)) for name, moment in context.items()}
        confirmed = french.date(timezone.localtime(context.get("confirmed_at", row.confirmed_at)))
        return mail.post(
            event=self._event(row, step),
            recipient=row.contact_email,
            template=self.life.mails[step],
            context=self.life.context(row, confirmed=confirmed, **days),
            reason=self.life.because,
            about=row,
            at=at,
        )

    @transaction.atomic
    def send_fresh_link(self, *, row, at):
        """Send the publisher a link that opens, once a day at most."""
        return self.life.tell(row, "link", at, daily=True)

    # --- Reports -------------------------------------------------------------------------------

    @transaction.atomic
    def report(self, *, row, reason, text="", email="", at):
        """Write down what a reader says of a row, ask its publisher at once, and thank who left an address, once a day each.

        What may be unlawful goes to the team instead, and so does what the publisher was asked too often today. Returns the report.
        """
        said = row.reports.create(reason=reason, text=text, email=email, created_at=at)
        what = said.get_reason_display()
        if row.contact_email and reason != UNLAWFUL and self._may_ask(row, at):
            mail.post(
                event=f"{self._event(row, 'reported')}:{timezone.localdate(at):%Y%m%d}",
                recipient=row.contact_email,
                template=self.life.mails["reported"],
                context=self.life.context(row, what=what, text=mail.quote(text)),
                reason=self.life.because,
                about=row,
                at=at,
            )
            said.asked = True
            said.save(update_fields=["asked"])
        if email:
            mail.post(
                event=f"{self.life.event('report_receipt', row)}:{timezone.localdate(at):%Y%m%d}",
                recipient=email,
                template=self.life.mails["report_receipt"],
                context=self.life.context(row, what=what, asked=said.asked, url=absolute(row.get_absolute_url()), keep_url=""),
                reason=f"vous avez signalé cette {self.life.words.noun} et laissé votre adresse",
                about=said,
                at=at,
            )
        return said

    def _may_ask(self, row, at):
        """Whether the publisher was asked less than `ASKED_A_DAY` times since yesterday, all their rows together."""
        app = self.life.model._meta.app_label
        asked = Mail.objects.filter(recipient_key=mail.key_of(row.contact_email), event__startswith=f"{app}.reported:")
        return asked.filter(created_at__gt=at - timedelta(days=1)).count() < ASKED_A_DAY

    def erase_old_reports(self, *, at):
        """Forget words and addresses of reports that ended long ago; returns how many."""
        reports = self.life.model.reports.rel.related_model.objects.filter(settled_at__lt=at - ERASED_AFTER)
        return reports.exclude(text="", email="").update(text="", email="")

    @transaction.atomic
    def revoke_links(self, *, rows):
        """Make void the private links sent for these rows; returns how many."""
        locked = list(rows.select_for_update(of=("self",)))
        for row in locked:
            self.rows.filter(pk=row.pk).update(link_key=new_link_key())
        return len(locked)


def keys(rows):
    """Primary keys, in order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


def leaves_at(row, asked):
    """When a silent row leaves the lists: 45 days after its last confirmation, and never within two weeks of our question."""
    return max(row.confirmed_at + timedelta(days=rules.RETIRE_AFTER_DAYS), asked + timedelta(days=rules.ASKED_BEFORE_DAYS))
