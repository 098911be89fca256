"""What a publisher does without an account: a draft, its address, its way to the team, changes; and what is erased."""

from abc import abstractmethod
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core import french, mail
from core.announced import rules
from core.announced.life import Life, TransitionRefused, refuse_if
from core.announced.links import CONTACT_KEPT, CONTACT_LIFETIME
from core.enums import ChangeState, State

EDITABLE = (State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.PAUSED, State.EXPIRED)
"""States in which publishers change their row themselves."""
READ_AGAIN = (State.PUBLISHED, State.PAUSED, State.EXPIRED)
"""Those in which the team has read it, and reads sensitive changes again."""


class Publishing(Life):
    """The life of a row, and what its publisher does alone."""

    for_proposals = ()
    """Relations that are read with the row of a proposal."""
    private_columns = ()
    """Columns that are erased with the contact (`erase_private`), wherever they wait."""

    # --- What an app says ----------------------------------------------------------------------

    @abstractmethod
    def missing_to_submit(self, row, at):
        """What keeps a publisher from handing a row over, as `Problem`s."""

    @abstractmethod
    def to_read_again(self, before, values):
        """Names of `values` (by column) that the team reads before readers do."""

    def give(self, row, values, at):
        """Set these columns, and what cannot stand with them."""
        for name, value in values.items():
            setattr(row, name, value)

    def give_approved(self, row, values, at):
        """Set what the team has read and approved. Raises `TransitionRefused` when something is to be done first."""
        self.give(row, values, at)
        self.derive(row)

    def told_of_approval(self, row):
        """What else the message about an approved change says."""
        return {}

    @abstractmethod
    def kind_of(self, row):
        """What a row is, for those who know nothing of it yet."""

    def erase_private(self, rows):
        """Forget whatever else is private in these rows, whose contact is being erased; a queryset."""

    # --- Draft and submission ------------------------------------------------------------------

    @transaction.atomic
    def begin(self, *, row, confirmed, send, at):
        """Keep the first draft of a publisher and write them their private link, once.

        `confirmed`: this browser has confirmed the address. Then `send` hands the draft over at once; else the button behind the link does.
        The message repeats no word of the draft: whoever wrote it may not be who receives it. Refused when the address was asked enough.
        """
        if not confirmed and not mail.may_ask(row.contact_email, at):
            raise TransitionRefused(mail.ASKED_ENOUGH)
        row.by_publisher = True
        row.contact_confirmed_at = at if confirmed else None
        self.save_content(row=row, reason="écrite par l’annonceur")
        mail.post(
            event=self.event("draft", row),
            recipient=row.contact_email,
            template=self.mails["draft"],
            context={
                "words": self.words,
                "kind": self.kind_of(row),
                "keep_url": self.links.keep_url(row),
                "send": send,
                "confirmed": confirmed,
                "until": french.date(timezone.localtime(rules.draft_kept_until(row))),
            },
            reason=self.because_of_draft,
            about=row,
            at=at,
        )
        if send and confirmed:
            self.hand_over(row=row, at=at)
        return row

    @property
    def because_of_draft(self):
        """Why an address receives our messages about a draft, whoever typed it."""
        return f"cette adresse a été donnée comme contact d’une {self.words.noun} en préparation"

    @transaction.atomic
    def keep_draft(self, *, row, at):
        """A publisher, behind the link, says that a draft is theirs and goes on: it is kept as if it had been touched now."""
        self.lock(row)
        if rules.draft_kept_until(row) is None:
            raise TransitionRefused(f"Cette {self.words.noun} n’est plus un brouillon.")
        self.confirm_contact(row=row, at=at)
        self.touch(row=row, at=at)

    @transaction.atomic
    def confirm_contact(self, *, row, at):
        """Note that whoever reads the address of this row has acted behind its link."""
        if row.contact_confirmed_at is None:
            row.contact_confirmed_at = at
            self.model.objects.filter(pk=row.pk).update(contact_confirmed_at=at)

    @transaction.atomic
    def hand_over(self, *, row, at):
        """A publisher gives a draft to the team. Raises `TransitionRefused` with every fact that is missing."""
        self.lock(row)
        self.model.objects.filter(pk=row.pk).update(expires_at=self.kept_expiry(row, at))
        refuse_if(self.missing_to_submit(row, at))
        self.submit(row=row, at=at)
        self.tell(row, "submitted", at)
        return row

    @transaction.atomic
    def drop_draft(self, *, row):
        """Delete a row that was never public, with its versions and what was written about it."""
        self.lock(row)
        if row.published_at is not None or row.state not in (State.DRAFT, State.SUBMITTED):
            raise TransitionRefused(f"Cette {self.words.noun} a été publiée\u00a0: elle se met en pause, ou se déclare pourvue.")
        pk = row.pk
        mail.erase(about=row)
        self.delete(row=row)
        self.model.history.filter(id=pk).delete()

    # --- Changes -------------------------------------------------------------------------------

    @transaction.atomic
    def change(self, *, row, values, at):
        """Give a row what its publisher wrote (`values` by column). What the team must read first waits; returns the columns that wait."""
        self.lock(row)
        if row.state not in EDITABLE:
            raise TransitionRefused(f"Une {self.words.noun} {row.get_state_display()} ne se modifie plus ici. Écrivez à l’équipe.")
        held = self.to_read_again(row, values) if row.state in READ_AGAIN else set()
        at_once = {name: value for name, value in values.items() if name not in held and getattr(row, name) != value}
        if at_once:
            self.give(row, at_once, at)
            self.save_content(row=row, reason="modifiée par l’annonceur")
        self._propose(row, values, {name: values[name] for name in sorted(held)}, at)
        return held

    def _propose(self, row, values, held, at):
        """What waits for the team: `held`, and what waited already and is not among the `values` written now."""
        waiting = row.proposed_changes.select_for_update().filter(state=ChangeState.OPEN).first()
        before = self.read_values(waiting.values) if waiting else {}
        wanted = {name: value for name, value in before.items() if name not in values} | held
        if wanted == before:
            return
        if waiting:
            row.proposed_changes.filter(pk=waiting.pk).update(state=ChangeState.REPLACED, decided_at=at)
        if wanted:
            row.proposed_changes.create(values=wanted, created_at=at)

    def with_waiting(self, row):
        """The row as its publisher wants it, with the change that waits for the team, which is returned; not to be saved."""
        waiting = row.proposed_changes.filter(state=ChangeState.OPEN).first() if row.state in READ_AGAIN else None
        for name, value in self.read_values(waiting.values if waiting else {}).items():
            setattr(row, name, value)
        return waiting

    @transaction.atomic
    def approve(self, *, proposal, actor, at):
        """Give a published row the change that its publisher proposed. Raises `TransitionRefused` when it could not be published so."""
        row = self._decide(proposal, ChangeState.APPROVED, at)
        if row.state not in READ_AGAIN:
            raise TransitionRefused(
                f"L’{self.words.noun} est {row.get_state_display()}\u00a0: cette modification n’a plus d’objet. Refusez-la."
            )
        self.give_approved(row, self.read_values(proposal.values), at)
        refuse_if(self.missing(row, at) if row.state == State.PUBLISHED else [])
        self.save_content(row=row, actor=actor, reason="modification de l’annonceur, approuvée")
        self.tell(row, "change_approved", at, **self.told_of_approval(row))
        return row

    @transaction.atomic
    def refuse(self, *, proposal, reason, actor, at):
        """Leave a row as it is, for a stated reason, told to its publisher."""
        if not reason.strip():
            raise TransitionRefused("Écrivez le motif de cette décision.")
        proposal.reason = reason.strip()
        row = self._decide(proposal, ChangeState.REFUSED, at)
        self.tell(row, "change_refused", at, decision=mail.quote(reason))
        return row

    def _decide(self, proposal, state, at):
        """The row, locked, of a proposal that nobody has decided yet."""
        row = self.model.objects.select_for_update(of=("self",)).select_related(*self.for_proposals).get(pk=proposal.row_id)
        opened = row.proposed_changes.filter(pk=proposal.pk, state=ChangeState.OPEN)
        if not opened.update(state=state, decided_at=at, reason=proposal.reason):
            raise TransitionRefused("Cette modification a déjà reçu une réponse.")
        proposal.refresh_from_db()
        return row

    def read_values(self, values):
        """The values of a proposal as a row holds them, from JSON."""
        read = {}
        for name, value in values.items():
            field = self.model._meta.get_field(name.removesuffix("_id"))
            read[name] = value if value is None or field.is_relation else field.to_python(value)
        return read

    # --- Contact -------------------------------------------------------------------------------

    @transaction.atomic
    def ask_contact(self, *, row, email, at):
        """The publisher, behind the link sent to the old address, names a new one; it counts once somebody has answered there."""
        self.lock(row)
        if not mail.may_ask(email, at):
            raise TransitionRefused(mail.ASKED_ENOUGH)
        row.contact_changes.all().delete()
        asked = row.contact_changes.create(email=email, created_at=at)
        mail.post(
            event=f"{self.model._meta.app_label}.new_contact:{asked.pk}",
            recipient=email,
            template=self.mails["new_contact"],
            context={
                "url": self.links.contact_url(asked),
                "days": CONTACT_LIFETIME.days,
                "kind": self.kind_of(row),
                "words": self.words,
            },
            reason=f"l’annonceur d’une {self.words.noun} a donné cette adresse comme nouveau contact",
            about=row,
            at=at,
        )
        return asked

    @transaction.atomic
    def take_contact(self, *, asked, at):
        """The new address answered: it becomes the contact, links sent to the old one are void, and the old one is told.

        Returns the row, whose contact this address is then; None when another one was asked for meanwhile.
        """
        found = self.model.objects.select_for_update(of=("self",)).select_related(*self.for_proposals, "commune__epci")
        row = found.get(pk=asked.row_id)
        if not row.contact_changes.select_for_update().filter(pk=asked.pk).exists():
            return row if row.contact_email == asked.email else None
        former = row.contact_email
        row.contact_email, row.contact_confirmed_at = asked.email, at
        self.save_content(row=row, reason="nouvelle adresse du contact")
        if former:
            mail.post(
                event=f"{self.model._meta.app_label}.contact_changed:{asked.pk}",
                recipient=former,
                template=self.mails["contact_changed"],
                context={"row": row, "words": self.words},
                reason=self.because,
                about=row,
                at=at,
            )
        self.tell(row, "link", at)
        asked.delete()
        return row

    # --- Pages opened, erasure -----------------------------------------------------------------

    def count_view(self, *, pk, at):
        """Count one opening of the page of a visible row; returns whether it was."""
        row = self.model.objects.visible(at).only("pk").filter(pk=pk).first()
        if row is None:
            return False
        today = row.day_views.filter(day=timezone.localdate(at))
        if today.update(count=F("count") + 1):
            return True
        try:
            with transaction.atomic():
                row.day_views.create(day=timezone.localdate(at), count=1)
        except IntegrityError:  # another reader opened it at that very moment
            today.update(count=F("count") + 1)
        return True

    def _ending_drafts(self, at):
        """Drafts of publishers that are kept no longer at that moment (`rules.draft_kept_until`)."""
        drafts = self.model.objects.filter(state=State.DRAFT, by_publisher=True, published_at__isnull=True)
        unconfirmed = Q(contact_confirmed_at__isnull=True, created_at__lte=at - timedelta(days=rules.UNCONFIRMED_DAYS))
        return drafts.filter(unconfirmed | Q(updated_at__lte=at - timedelta(days=rules.ABANDONED_DAYS)))

    def tell_ending_drafts(self, *, at):
        """Tell publishers, two days before, that their draft is going to be erased; returns how many messages were written."""
        ending = self._ending_drafts(at + timedelta(days=rules.DRAFT_TOLD_DAYS)).exclude(contact_email="")
        return sum(self._tell_ending(ending, pk, at) for pk in list(ending.order_by("pk").values_list("pk", flat=True)))

    @transaction.atomic
    def _tell_ending(self, drafts, pk, at):
        row = drafts.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        until = rules.draft_kept_until(row) if row else at
        if until <= at:  # it goes tonight, whatever is said
            return False
        return mail.post(
            event=f"{self.event('draft_ending', row)}:{until:%Y%m%d}",
            recipient=row.contact_email,
            template=self.mails["draft_ending"],
            context={
                "words": self.words,
                "kind": self.kind_of(row),
                "keep_url": self.links.keep_url(row),
                "confirmed": row.contact_confirmed_at is not None,
                "until": french.date(timezone.localtime(until)),
            },
            reason=self.because_of_draft,
            about=row,
            at=at,
        ).is_new

    def erase_drafts(self, *, at):
        """Delete drafts of publishers that nobody confirmed, or that nobody touched for long; returns how many."""
        old = self._ending_drafts(at)
        return sum(self._erase_draft(old, pk) for pk in list(old.order_by("pk").values_list("pk", flat=True)))

    @transaction.atomic
    def _erase_draft(self, drafts, pk):
        row = drafts.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        if row is None:
            return 0
        self.drop_draft(row=row)
        return 1

    @transaction.atomic
    def erase_contacts(self, *, at):
        """Forget the contact of rows that ended a year ago, or that nobody touched or decided for a year; returns how many rows.

        And new addresses that nobody confirmed, and what was proposed and decided long ago.
        """
        contacts = self.model.contact_changes.rel.related_model.objects
        contacts.filter(created_at__lte=at - CONTACT_LIFETIME - CONTACT_KEPT).delete()
        proposals = self.model.proposed_changes.rel.related_model.objects
        proposals.exclude(state=ChangeState.OPEN).filter(decided_at__lte=at - timedelta(days=rules.DECIDED_KEPT_DAYS)).delete()
        found = list(self.model.objects.filter(self.to_erase(at)).select_for_update(of=("self",)).values_list("pk", flat=True))
        rows = self.model.objects.filter(pk__in=found)
        private = [*rules.CONTACT, *self.private_columns]
        for proposal in proposals.filter(**{f"{proposals.model.row_field}__in": found}, values__has_any_keys=private):
            proposal.values = {name: value for name, value in proposal.values.items() if name not in private}
            proposal.save(update_fields=["values"])
        self.erase_private(rows)
        # The date stays: it hides nothing of what the team has read, and says nothing of anybody.
        return rows.update(contact_name="", contact_email="", contact_phone="")

    def to_erase(self, at):
        """Those of `is_old` with something left to erase; a `Q`."""
        return self.is_old(at) & ~Q(contact_name="", contact_email="", contact_phone="")

    def is_old(self, at):
        """Rows that ended a year ago, or that nobody touched for a year; a `Q`."""
        year_ago = at - timedelta(days=rules.CONTACT_KEPT_DAYS)
        return Q(closed_at__lte=year_ago) | Q(state__in=(State.DRAFT, State.SUBMITTED), updated_at__lte=year_ago)
