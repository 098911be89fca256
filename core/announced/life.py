"""The life of whatever is announced: verbs that change its state, and what is told of each step.

A verb is one transaction on the stored row, which it locks. It takes the caller's instance, reloads it under lock (unsaved changes are
lost, save them first with `save_content`) and leaves it as stored. A refusal raises `TransitionRefused` and changes nothing. Times are
arguments: `at` is the moment of the verb, an aware datetime.
"""

from abc import ABC, abstractmethod
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import french, mail
from core.announced import rules
from core.enums import REASON_REQUIRED, TRANSITIONS, UNLAWFUL, ChangeState, State
from core.links import absolute
from core.models import new_link_key

HISTORY_REASON_LENGTH = 100
CLOSED = {State.FILLED, State.EXPIRED, State.WITHDRAWN}
"""States in which something is over; `closed_at` says since when."""
LIFE_COLUMNS = {
    *("id", "reference", "state", "published_at", "expires_at", "confirmed_at", "closed_at", "is_demo", "created_at", "updated_at", "slug"),
    *("by_publisher", "contact_confirmed_at", "submitted_at"),
}
"""What an earlier version never brings back: the life of a row is not its content."""
MAILS = {
    "draft": "core/announced/mail/draft.txt",
    "draft_ending": "core/announced/mail/draft_ending.txt",
    "submitted": "core/announced/mail/submitted.txt",
    "published": "core/announced/mail/published.txt",
    "sent_back": "core/announced/mail/sent_back.txt",
    "withdrawn": "core/announced/mail/withdrawn.txt",
    "change_approved": "core/announced/mail/change_approved.txt",
    "change_refused": "core/announced/mail/change_refused.txt",
    "new_contact": "core/announced/mail/new_contact.txt",
    "contact_changed": "core/announced/mail/contact_changed.txt",
    "link": "core/announced/mail/link.txt",
    "confirm": "core/announced/mail/confirm.txt",
    "remind": "core/announced/mail/remind.txt",
    "retired": "core/announced/mail/retired.txt",
    "ended": "core/announced/mail/ended.txt",
    "reported": "core/announced/mail/reported.txt",
    "report_receipt": "core/announced/mail/report_receipt.txt",
    "report_settled": "core/announced/mail/report_settled.txt",
}
"""What publishers and readers are told, and its words."""


class TransitionRefused(Exception):
    """The verb cannot be done now; `messages` says why, in French, one text per problem."""

    def __init__(self, *messages):
        super().__init__(" ".join(messages))
        self.messages = list(messages)


def refuse_if(problems):
    """Raise `TransitionRefused` with each of these `Problem`s once, if there are some."""
    if problems:
        raise TransitionRefused(*dict.fromkeys(problem.message for problem in problems))


def calling(name, *verbs):
    """The same verbs, whose callers name the row as their app does: `publish(offer=...)`."""

    def named(verb):
        @wraps(verb)
        def called(**arguments):
            return verb(row=arguments.pop(name), **arguments)

        return called

    return [named(verb) for verb in verbs]


class Life(ABC):
    """The verbs of one app. It says its model, its words, its links, its rules, and what follows from the content of a row."""

    model = None
    words = None
    links = None
    mails = MAILS

    # --- What an app says ----------------------------------------------------------------------

    @abstractmethod
    def derive(self, row):
        """Set what follows from the content of a row: the place shown, what it is found by; does not save."""

    @abstractmethod
    def missing(self, row, at):
        """What keeps a row from being published, as `Problem`s."""

    @abstractmethod
    def reference(self, row, at):
        """The public reference of a row that is published for the first time."""

    def default_expiry(self, row, at):
        """When a row published at that moment ends by itself."""
        return rules.default_expiry(at)

    def kept_expiry(self, row, at):
        """The expiry of a row that comes back; None when it is over."""
        return row.expires_at if row.expires_at and row.expires_at > at else None

    def check_extension(self, row, until, limit):  # noqa: B027  nothing to refuse unless an app says so
        """Raise `TransitionRefused` when a row cannot be shown until then."""

    # --- Verbs ---------------------------------------------------------------------------------

    @transaction.atomic
    def submit(self, *, row, actor=None, at=None):
        """Hand a draft over to the team for reading."""
        at = at or timezone.now()
        self.lock(row)
        row.submitted_at = at
        return self.move(row, State.SUBMITTED, actor=actor, at=at)

    @transaction.atomic
    def publish(self, *, row, actor=None, at=None, expires_at=None):
        """Show the row to readers from `at` until `expires_at` (by default `default_expiry`).

        A first publication gives the reference. Coming back from a pause keeps the date of publication, so that a pause never makes
        anything new again; any other return starts a new publication. Publishing confirms. Raises `TransitionRefused` with every fact
        that is missing.
        """
        at = at or timezone.now()
        self.lock(row)
        self.check(row, State.PUBLISHED)
        self.derive(row)
        # An expiry that is over belongs to the last publication; the one asked for now is judged.
        row.expires_at = expires_at or self.kept_expiry(row, at) or self.default_expiry(row, at)
        refuse_if(self.missing(row, at))
        if row.state != State.PAUSED or row.published_at is None:
            row.published_at = at
        row.confirmed_at = at
        row.reference = row.reference or self.reference(row, at)
        self.derive(row)  # what is public is found by its words from now on
        before = row.state
        self.move(row, State.PUBLISHED, actor=actor, at=at)
        if actor is not None and before in (State.DRAFT, State.SUBMITTED, State.WITHDRAWN):
            self.tell(row, "published", at, url=absolute(row.get_absolute_url()))
        return row

    @transaction.atomic
    def pause(self, *, row, actor=None, at=None, reason=""):
        """Hide a published row for a while."""
        self.lock(row)
        return self.move(row, State.PAUSED, actor=actor, at=at, reason=reason)

    @transaction.atomic
    def fill(self, *, row, actor=None, at=None, reason=""):
        """Say that somebody was found: the row keeps its page and leaves every list. Said by staff, it counts, with whom unknown."""
        at = at or timezone.now()
        self.lock(row)
        self.move(row, State.FILLED, actor=actor, at=at, reason=reason)
        if actor is not None:
            row.outcomes.create(at=at)
        return row

    @transaction.atomic
    def declare_filled(self, *, row, note="", at, **answers):
        """The publisher says that somebody was found, who and how in the words of closed lists."""
        self.fill(row=row, at=at, reason=note)
        return row.outcomes.create(at=at, **answers)

    @transaction.atomic
    def complete_outcome(self, *, row, who="", how="", at):
        """With whom and how a row was filled, said later: what was left out is completed, what was said stays."""
        self.lock(row)
        if row.state != State.FILLED:
            noun, state = self.words.noun, row.get_state_display()
            raise TransitionRefused(f"L’{noun} est maintenant {state}{french.NBSP}: il n’y a rien à compléter.")
        outcome = row.outcomes.filter(at__gte=row.closed_at).first() or row.outcomes.create(at=at)
        outcome.who, outcome.how = outcome.who or who, outcome.how or how
        outcome.save()
        return outcome

    @transaction.atomic
    def withdraw(self, *, row, reason="", actor=None, at=None):
        """Take a row away for a stated reason (DSA-01), told to its publisher; refused without one."""
        at = at or timezone.now()
        self.lock(row)
        self.move(row, State.WITHDRAWN, actor=actor, at=at, reason=reason)
        if actor is not None:
            self.tell(row, "withdrawn", at, decision=mail.quote(reason))
        return row

    @transaction.atomic
    def send_back(self, *, row, reason="", actor=None, at=None):
        """Return a row to its writer as a draft, for a stated reason, told to a publisher who wrote it; refused without one."""
        at = at or timezone.now()
        self.lock(row)
        self.move(row, State.DRAFT, actor=actor, at=at, reason=reason)
        if actor is not None and rules.is_told("send_back", row):
            self.tell(row, "sent_back", at, decision=mail.quote(reason))
        return row

    @transaction.atomic
    def extend(self, *, row, actor=None, at=None, until=None):
        """Move the expiry of a row that is published or paused to `until` (by default `default_expiry`).

        Refused when `until` is over or brings nothing.
        """
        at = at or timezone.now()
        self.lock(row)
        if row.state not in (State.PUBLISHED, State.PAUSED):
            raise TransitionRefused(
                f"Une {self.words.noun} {row.get_state_display()} ne se prolonge pas{french.NBSP}: publiez-la de nouveau."
            )
        limit = self.default_expiry(row, at)
        until = until or limit
        self.check_extension(row, until, limit)
        if until <= at:
            raise TransitionRefused("La nouvelle date d’expiration est passée.")
        if row.expires_at and until <= row.expires_at:
            raise TransitionRefused(f"L’{self.words.noun} est déjà visible jusqu’au {french.date(timezone.localtime(row.expires_at))}.")
        row.expires_at = until
        self.save(row, actor, f"prolongée jusqu’au {french.date(timezone.localtime(until))}")
        return row

    @transaction.atomic
    def confirm(self, *, row, actor=None, at=None):
        """Note that the publisher says the row still holds: it is shown for as long as one published today."""
        at = at or timezone.now()
        self.lock(row)
        if row.state != State.PUBLISHED:
            raise TransitionRefused(
                f"Seule une {self.words.noun} publiée se confirme{french.NBSP}; celle-ci est {row.get_state_display()}."
            )
        row.confirmed_at = max(at, row.confirmed_at)
        row.expires_at = max(row.expires_at, self.default_expiry(row, at))
        self.save(row, actor, "confirmée")
        who = "L’équipe" if actor else "L’annonceur"
        self.settle_reports(row=row, outcome=f"{who} a confirmé l’{self.words.noun}.", at=at, by_team=actor is not None)
        return row

    @transaction.atomic
    def retire(self, *, row, at=None):
        """End a published row of which its publisher says nothing any more; one word of theirs brings it back."""
        self.lock(row)
        return self.move(row, State.EXPIRED, actor=None, at=at, reason="sans nouvelles de l’annonceur")

    def expire_due(self, *, at):
        """Expire what is published or paused and has reached its end; returns how many.

        Safe to run twice, also at the same time: a row another run holds is left to it.
        """
        return sum(self._expire(pk, at) for pk in list(self._due(at).order_by("pk").values_list("pk", flat=True)))

    def _due(self, at):
        return self.model.objects.filter(state__in=(State.PUBLISHED, State.PAUSED), expires_at__lte=at)

    @transaction.atomic
    def _expire(self, pk, at):
        row = self._due(at).select_for_update(skip_locked=True).filter(pk=pk).first()
        if row is not None:
            self.move(row, State.EXPIRED, actor=None, at=at)
        return row is not None

    # --- One step ------------------------------------------------------------------------------

    def lock(self, row):
        """Reload the row under lock until the end of the transaction."""
        row.refresh_from_db(from_queryset=self.model.objects.select_for_update())

    def check(self, row, after, reason=""):
        """Raise `TransitionRefused` unless the table allows the step and a required reason is given."""
        if after not in TRANSITIONS[State(row.state)]:
            raise TransitionRefused(f"Une {self.words.noun} {row.get_state_display()} ne peut pas devenir {State(after).label}.")
        if after in REASON_REQUIRED and not reason.strip():
            raise TransitionRefused("Écrivez le motif de cette décision.")

    def move(self, row, after, *, actor, at, reason=""):
        """The only place that changes the `state` of a row: checks, saves, and writes the step down."""
        at = at or timezone.now()
        self.check(row, after, reason)
        before, row.state = row.state, after
        row.closed_at = (row.closed_at if before in CLOSED and row.closed_at else at) if after in CLOSED else None
        self.save(row, actor, f"{State(after).label}{french.NBSP}: {reason}" if reason else State(after).label)
        row.state_changes.create(at=at, before=before, after=after, reason=reason.strip(), actor=actor)
        if after in (State.FILLED, State.WITHDRAWN):
            row.proposed_changes.filter(state=ChangeState.OPEN).update(state=ChangeState.VOID, decided_at=at)
        outcome = f"L’{self.words.noun} est maintenant {State(after).label}."
        self.settle_reports(row=row, outcome=outcome, at=at, by_team=actor is not None)
        return row

    @transaction.atomic
    def settle_reports(self, *, row, outcome, at, by_team=False, reports=None):
        """What readers reported is settled by what becomes of the row, and who left an address is told, once a day.

        A text that may be unlawful is settled by the team alone (DSA-01). `reports` are those to settle, all that are open if None.
        """
        found = (row.reports if reports is None else reports).open().select_for_update()
        for report in found if by_team else found.exclude(reason=UNLAWFUL):
            report.settled_at, report.outcome = at, outcome
            report.save(update_fields=["settled_at", "outcome"])
            if report.email:
                mail.post(
                    event=f"{self.event('report_settled', row)}:{timezone.localdate(at):%Y%m%d}",
                    recipient=report.email,
                    template=self.mails["report_settled"],
                    context=self.context(row, outcome=outcome, url=absolute(row.get_absolute_url()), keep_url=""),
                    reason=f"vous avez signalé cette {self.words.noun}",
                    about=report,
                )

    def save(self, row, actor, reason):
        """Save with an entry of history signed and explained."""
        row._history_user = actor
        row._change_reason = reason[:HISTORY_REASON_LENGTH]
        row.save()

    # --- Content -------------------------------------------------------------------------------

    @transaction.atomic
    def save_content(self, *, row, actor=None, reason=""):
        """Save the content of a row with everything that follows from it. Does not touch the state.

        Links sent to a former contact are void.
        """
        if row.pk and not self.model.objects.filter(pk=row.pk, contact_email=row.contact_email).exists():
            row.link_key = new_link_key()
        self.derive(row)
        self.save(row, actor, reason)
        return row

    @transaction.atomic
    def restore(self, *, row, version, actor=None, at=None, excluded=LIFE_COLUMNS):
        """Give a row the content it had in `version` (a row of its history); its life goes on unchanged.

        Raises `TransitionRefused` when the row is published and the old content could not be.
        """
        at = at or timezone.now()
        self.lock(row)
        for field in version.tracked_fields:
            if field.name not in excluded:
                setattr(row, field.attname, getattr(version, field.attname))
        self.derive(row)
        try:
            row.clean_fields(exclude=excluded)
            row.validate_constraints()
        except ValidationError as error:
            raise TransitionRefused(*error.messages) from error
        if row.state == State.PUBLISHED:
            refuse_if(self.missing(row, at))
        return self.save_content(row=row, actor=actor, reason=f"retour à la version du {french.moment(version.history_date)}")

    def touch(self, *, row, at):
        """Note that somebody works on a row whose own columns have not changed: a draft that is touched is not abandoned."""
        self.model.objects.filter(pk=row.pk).update(updated_at=at)

    @transaction.atomic
    def delete(self, *, row):
        """Delete a row for good, and the files of its photographs once the transaction has ended."""
        for photo in row.photos.all():
            photo.delete()
        return row.delete()

    # --- Telling -------------------------------------------------------------------------------

    @property
    def because(self):
        """Why a publisher receives our messages."""
        return f"votre adresse est celle du contact de cette {self.words.noun}"

    def event(self, step, row):
        """How the event of a message about this row begins."""
        return f"{self.model._meta.app_label}.{step}:{row.pk}"

    def context(self, row, **more):
        """What every message about a row reads."""
        return {"row": row, "words": self.words, "keep_url": self.links.keep_url(row)} | more

    def tell(self, row, step, at, *, daily=False, **context):
        """Write one message about this step to the contact of the row, if it has one; returns the `Mail` or None.

        `daily`: once a day at most, whoever asks for it.
        """
        if not row.contact_email:
            return None
        moment = f"{timezone.localdate(at):%Y%m%d}" if daily else f"{at:%Y%m%dT%H%M%S}"
        return mail.post(
            event=f"{self.event(step, row)}:{moment}",
            recipient=row.contact_email,
            template=self.mails[step],
            context=self.context(row, **context),
            reason=self.because,
            about=row,
            at=at,
        )

    @property
    def verbs(self):
        """Verbs that staff may choose, by name."""
        names = ("submit", "publish", "pause", "fill", "withdraw", "send_back", "extend", "confirm")
        return {name: getattr(self, name) for name in names}
