"""What one may ask of conversations and of those who receive them. Each word's docstring is the rule."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.aggregates import Aggregate
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from agenda.enums import State as EventState
from contacts.enums import IN_QUEUE, OPEN, Handover, Outcome, Side, Stage, Target
from core.enums import State as DwellingState
from core.mail import key_of
from core.models import Mail
from housing.enums import BookingState
from housing.models import Availability, StateChange

URGENT_DAYS = 30
"""Who arrives within so many days without a room goes first."""
UNFORGOTTEN_DAYS = 7
"""So long without a word of the team its authors are told, once, that they are not forgotten."""
TRIED_AGAIN_DAYS = 30
"""An address that refused our mail is tried again after so long."""
RATED_AFTER_DAYS = 7
"""A message that came less than so long ago counts neither for nor against an answer rate."""


CONTACTS = ("offer__contact_email", "dwelling__contact_email", "event__contact_email", "partner__email")
"""Where the address is kept of who receives messages, by what they are about."""


def _told(step):
    """That an author was told this once."""
    about = {"about_type__app_label": "contacts", "about_type__model": "conversation", "about_id": OuterRef("pk")}
    return Exists(Mail.objects.filter(**about, event__startswith=f"contacts.{step}:"))


def _told_over():
    """That an author was told of this end, by a message of `endings.tell_over`; what was put back and ends again is told again."""
    closed_at = Coalesce(OuterRef("offer__closed_at"), OuterRef("dwelling__closed_at"), Value(datetime(2000, 1, 1, tzinfo=UTC)))
    about = {"about_type__app_label": "contacts", "about_type__model": "conversation", "about_id": OuterRef("pk")}
    return Exists(Mail.objects.filter(**about, event__startswith="contacts.over:", created_at__gte=closed_at))


def _days_are_past(at):
    """A replacement whose last day has passed."""
    return Q(offer__kind__is_locum=True, offer__ends_on__lt=timezone.localdate(at))


class Median(Aggregate):
    """The middle value of an interval."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()


class ConversationQuerySet(models.QuerySet):
    def for_team(self):
        """Those in which the team has to answer, to read a word first, or to help an author who asked for it."""
        read_first = Q(handover=Handover.DOUBTFUL, with_team=True)
        return self.filter(Q(stage=Stage.ADVISER) | Q(read_first | Q(handover=Handover.ASKED_FOR), stage__in=OPEN))

    def held(self):
        """Kept back until somebody of the team has read them."""
        return self.filter(stage=Stage.HELD)

    def of_recipient(self, recipient):
        """Those that were passed on to this recipient; what a portal that knew better kept back is not theirs."""
        return self.filter(recipient=recipient, relayed_at__isnull=False)

    def kept_by_team(self, offer):
        """Messages about an offer that the team received in place of its publisher."""
        return self.filter(offer=offer, confirmed_at__isnull=False, relayed_at__isnull=True, erased_at__isnull=True)

    def rated(self, at):
        """Those that say how a recipient answers: answered, or left a week without an answer.

        What was passed on in the moment of its answer (the team asked for it, a step of confidence) says nothing of a delay.
        """
        late = Q(relayed_at__lte=at - timedelta(days=RATED_AFTER_DAYS))
        gone = Q(outcome__in=(Outcome.WITHDRAWN, Outcome.GONE), answered_at__isnull=True)
        return (
            self.filter(relayed_at__isnull=False)
            .filter(Q(answered_at__isnull=False) | late)
            .exclude(gone)
            .exclude(answered_at=F("relayed_at"))
        )

    def promise(self, at):
        """`rated`, `answered` and the `median` delay of these conversations. One query."""
        return self.rated(at).aggregate(
            rated=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            median=Median(F("answered_at") - F("relayed_at"), filter=Q(answered_at__isnull=False)),
        )

    def about_what_is_over(self, states, at):
        """Open ones that what they are about ends: who waits for an answer waits for nothing more.

        An offer or a room over for this reason, a replacement whose last day has passed: those that wait or are held back (not who
        was answered, and writes again after that end), all but introduced ones in confidence, all about a room without a stay. All
        about a cancelled event; those that wait about one that is past.
        """
        waiting = Q(stage__in=(Stage.HELD, Stage.WAITING, Stage.ASKED))
        over = Q(offer__state__in=states)
        confided = Q(offer__is_confidential=True, introduced_at__isnull=True, stage__in=(Stage.ADVISER, Stage.ANSWERED))
        answered = Q(stage=Stage.ANSWERED) & ~Q(outcome=Outcome.BOOKED)
        rooms = (Q(stage__in=(Stage.HELD, Stage.WAITING, Stage.ASKED, *IN_QUEUE)) | answered) & Q(dwelling__state__in=states)
        cancelled = Q(stage__in=(Stage.HELD, *OPEN), event__state=EventState.CANCELLED)
        past = waiting & Q(event__ends_at__lte=at) & ~Q(event__state=EventState.POSTPONED)
        again = Q(answered_at__isnull=False, waiting_since__date__gt=F("offer__ends_on"))
        offers = waiting & ~_told_over() & (over | _days_are_past(at) & ~again)
        return self.filter(offers | confided & over | rooms | cancelled | past)

    def to_tell_over(self, states, at):
        """Those that go on when an offer or a room is over for this reason, whose author was not told yet: answered, or with the team.

        Not of a replacement whose days have passed: everybody knew.
        """
        offers = Q(stage__in=(Stage.ANSWERED, Stage.ADVISER), offer__state__in=states) & ~_days_are_past(at)
        rooms = Q(stage=Stage.ADVISER, dwelling__state__in=states) & ~Q(outcome=Outcome.BOOKED)
        confided = Q(offer__is_confidential=True, introduced_at__isnull=True)
        return self.filter(offers | rooms).exclude(confided).exclude(_told_over())

    def counting_on_events(self):
        """Those whose authors count on an event: open, or closed after an answer that was no refusal.

        Open ones about an event that is cancelled are ended, and told so, by `tell_gone`.
        """
        answered = Q(stage=Stage.CLOSED, outcome__in=(Outcome.INTERESTED, Outcome.REPLIED, Outcome.HELPED))
        waiting = Q(stage__in=OPEN) & ~Q(event__state=EventState.CANCELLED)
        return self.filter(waiting | answered, target=Target.EVENT, erased_at__isnull=True).exclude(told_as="").exclude(email="")

    def hearing_of(self, event):
        """Those whose authors hear of a change of this event: as `counting_on_events`, or from `tell_gone` when it is cancelled."""
        ended = Q(event__state=EventState.CANCELLED) & (Q(stage__in=OPEN) | Q(stage=Stage.CLOSED, outcome=Outcome.GONE))
        return self.filter(Q(pk__in=self.model.objects.counting_on_events()) | ended, event=event)

    def to_chase(self, reminded, at):
        """Those that wait since this moment, or for days that begin by tomorrow: their recipient, or the team, is told."""
        soon = timezone.localdate(at) + timedelta(days=1)
        begins = Q(starts_on__lte=soon) | Q(offer__kind__is_locum=True, offer__starts_on__lte=soon) | Q(event__starts_at__date__lte=soon)
        return self.filter(Q(waiting_since__lte=reminded) | begins, stage=Stage.WAITING)

    def without_a_word(self, at):
        """Those that the team has, or holds back, that did not move for a week, and whose author has no word of the team since theirs.

        They are told, once, that they are not forgotten; not who was introduced, or whom the team answered and follows.
        """
        team, author = (Max("messages__written_at", filter=Q(messages__side=side)) for side in (Side.ADVISER, Side.SENDER))
        spoken = self.model.objects.alias(team=team, author=author).filter(team__isnull=False)
        answered = spoken.filter(Q(author__isnull=True) | Q(team__gte=F("author")))
        ours = self.filter(
            stage__in=(Stage.ADVISER, Stage.HELD),
            moved_at__lte=at - timedelta(days=UNFORGOTTEN_DAYS),
            erased_at__isnull=True,
            introduced_at__isnull=True,
        ).exclude(pk__in=answered.values("pk"))
        spoken_to = ours.exclude(email="").exclude(handover=Handover.NO_AUTHOR).exclude(disclosures__isnull=False)
        return spoken_to.exclude(_told("not_forgotten"))

    def out_of_reach(self, recipient, at):
        """Whether an address refused our mail lately, and nobody there has answered anything since.

        What was sent to no address, or to a former one, says nothing of this one.
        """
        about = {"about_type__app_label": "contacts", "about_type__model": "conversation", "about_id": OuterRef("pk")}
        sent = Mail.objects.filter(**about, recipient_key=key_of(recipient.email), created_at__lte=OuterRef("handed_over_at"))
        tried = self.filter(Exists(sent), recipient=recipient, handover=Handover.UNREACHABLE)
        lately = tried.filter(handed_over_at__gt=at - timedelta(days=TRIED_AGAIN_DAYS))
        refused = lately.order_by("-handed_over_at").values_list("handed_over_at", flat=True).first()
        if refused is None:
            return False
        return not self.filter(recipient=recipient, messages__side=Side.RECIPIENT, messages__written_at__gt=refused).exists()

    def with_contact(self):
        """Annotates `contact`: the address that whatever a conversation is about has now, empty or NULL when it has none."""
        return self.annotate(contact=Lower(Coalesce(*CONTACTS)))

    def misdirected(self):
        """Open ones whose offer, room, event or partner has another address by now, which takes messages."""
        passed_on = self.with_contact().filter(stage__in=OPEN, recipient__isnull=False).exclude(event__takes_messages=False)
        return passed_on.exclude(contact="").exclude(contact__isnull=True).exclude(recipient__email=F("contact"))

    def taken_no_more(self):
        """Those that wait for somebody who takes no messages any more: paused before any answer, or with no address for them left."""
        waiting = Q(stage=Stage.WAITING) & (Q(recipient__paused=True, answered_at__isnull=True) | Q(event__takes_messages=False))
        return self.with_contact().filter(waiting | Q(contact="", stage__in=(Stage.WAITING, Stage.ASKED)))

    def to_erase(self, before):
        """Closed or silent since this moment, with a name still there; whoever stays in a room counts as silent from their departure on."""
        silent = self.filter(moved_at__lt=before, erased_at__isnull=True).exclude(stage=Stage.UNCONFIRMED)
        return silent.exclude(outcome=Outcome.BOOKED, booking__period__endswith__gt=before.date())

    def urgent(self, at):
        """Requests for a room of people who arrive within a month and have none yet."""
        today = timezone.localdate(at)
        asking = self.filter(target=Target.ROOM, starts_on__range=(today, today + timedelta(days=URGENT_DAYS)))
        return asking.exclude(stage__in=(Stage.UNCONFIRMED, Stage.CLOSED)).exclude(outcome=Outcome.BOOKED)

    def with_urgency(self, at):
        """Annotates `is_urgent`, for an order that begins with those of `urgent`."""
        keys = self.model.objects.urgent(at).order_by().values("pk")
        return self.annotate(is_urgent=Case(When(pk__in=keys, then=Value(True)), default=Value(False)))

    def proposed(self):
        """Those whose turn has come to take a room that came free."""
        return self.filter(stage=Stage.PROPOSED)

    def undecided(self, answered, at):
        """Those about a stay that was answered in words, and neither confirmed nor refused (`rules.rooms.is_undecided`).

        The last word came before that moment, or the stay begins by tomorrow.
        """
        due = Q(waiting_since__lte=answered) | Q(starts_on__lte=timezone.localdate(at) + timedelta(days=1))
        return self.filter(due, stage=Stage.ANSWERED, booking__state=BookingState.REQUESTED, waiting_since__isnull=False)

    def listed_in_vain(self):
        """On the list of a room that is not online, and not paused or over either, or that is not offered all their nights."""
        offered = Availability.objects.filter(dwelling=OuterRef("dwelling"), period__contains=OuterRef("booking__period"))
        others = (DwellingState.PUBLISHED, DwellingState.PAUSED, DwellingState.FILLED, DwellingState.WITHDRAWN)
        stuck = Q(dwelling__state=DwellingState.PUBLISHED) & ~Exists(offered)
        return self.filter(stage=Stage.LISTED, booking__isnull=False).filter(stuck | ~Q(dwelling__state__in=others))

    def taken_away(self, day):
        """Those with a confirmed stay not over on that day, in a room that the team took off the portal, whose author was not told yet."""
        since = OuterRef("dwelling__closed_at")
        by_team = StateChange.objects.filter(
            dwelling=OuterRef("dwelling"), after=DwellingState.WITHDRAWN, actor__isnull=False, at__gte=since
        )
        about = {"about_type__app_label": "contacts", "about_type__model": "conversation", "about_id": OuterRef("pk")}
        told = Mail.objects.filter(**about, event__startswith="contacts.room_taken_away:", created_at__gte=since)
        stays = self.filter(outcome=Outcome.BOOKED, booking__state=BookingState.CONFIRMED, booking__period__endswith__gt=day)
        return stays.filter(Exists(by_team), ~Exists(told), dwelling__state=DwellingState.WITHDRAWN).exclude(email="")

    def staying(self):
        """Those with a confirmed stay that the team does not follow, and somebody to write to about it."""
        return self.filter(outcome=Outcome.BOOKED, stage=Stage.ANSWERED, erased_at__isnull=True, booking__isnull=False).exclude(email="")

    def replaced(self, first, last):
        """Those of a replacement whose two sides were introduced and whose last day lies between these."""
        ended = Coalesce("ends_on", "offer__ends_on")
        met = self.filter(outcome=Outcome.INTERESTED, offer__kind__is_locum=True, erased_at__isnull=True).exclude(email="")
        return met.annotate(ended=ended).filter(ended__range=(first, last), afterword__isnull=True)

    def never_confirmed(self, before):
        """Written before this moment, by an address that never confirmed."""
        return self.filter(stage=Stage.UNCONFIRMED, created_at__lt=before)

    def flood(self, at):
        """Written in the last hour by addresses that have not confirmed yet."""
        return self.filter(stage=Stage.UNCONFIRMED, created_at__gt=at - timedelta(hours=1), created_at__lte=at)
