"""Advice to publishers to whom nobody wrote for 60 days: how often they were read, what they do not say, whom to ask (journey 5)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from contacts.enums import Topic
from contacts.models import Conversation, NeedMatch
from core import french, mail
from core.enums import State
from core.links import absolute, address
from housing import preview
from housing.actions.life import LIFE as ROOMS
from housing.models import Booking
from opportunities import quality
from opportunities.actions.life import LIFE as OFFERS

QUIET_DAYS = 60
SHOWN = 5
"""Missing facts that a message names; the private page has them all."""
WELCOME_PAGE = "collectif/accueillir-un-medecin"
"""What makes a doctor come, for those who announce."""


def quiet_offers(at):
    """Offers that readers have seen for 60 days, and about which nobody wrote, nor was any doctor asked for, meanwhile."""
    asked = NeedMatch.objects.filter(offer=OuterRef("pk"), requested_at__gt=at - timedelta(days=QUIET_DAYS))
    return _quiet(OFFERS, "offer", at).exclude(Exists(asked))


def quiet_rooms(at):
    """The same of dwellings, but for those that somebody stays in, or will."""
    stays = Booking.objects.confirmed().of_somebody().ahead(timezone.localdate(at)).filter(dwelling=OuterRef("pk"))
    return _quiet(ROOMS, "dwelling", at).exclude(Exists(stays))


def _quiet(life, subject, at):
    since = at - timedelta(days=QUIET_DAYS)
    written = Conversation.objects.filter(**{subject: OuterRef("pk")}, confirmed_at__gt=since)
    seen = life.model.objects.visible(at).filter(published_at__lte=since)
    back = seen.filter(state_changes__after=State.PUBLISHED, state_changes__at__gt=since).values("pk")  # from a pause, say
    return seen.exclude(Exists(written)).exclude(pk__in=back)


def advise(*, at):
    """Write once to the publisher of each; returns how many messages were written."""
    kinds = (
        (OFFERS, quiet_offers, lambda offer: quality.meter(offer, photos=quality.photos_of(offer, may_add=True))),
        (ROOMS, quiet_rooms, lambda dwelling: preview.meter_of(dwelling, may_add=True)),
    )
    return sum(_advise(*kind, pk, at) for kind in kinds for pk in _keys(kind[1](at)))


def _keys(rows):
    return list(rows.exclude(contact_email="").order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _advise(life, quiet, meter, pk, at):
    row = quiet(at).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if row is None:
        return False
    since = timezone.localdate(at) - timedelta(days=QUIET_DAYS)
    views = row.day_views.filter(day__gt=since).aggregate(total=Sum("count"))["total"] or 0
    write = f"{address('contacts:write_adviser')}?sujet={Topic.PUBLISH}"
    return mail.post(
        event=f"contacts.quiet:{row._meta.model_name}:{pk}:{row.published_at:%Y%m%d}",
        recipient=row.contact_email,
        template="contacts/mail/quiet.txt",
        context=life.context(
            row,
            views=french.plural(views, "fois", "fois"),
            days=QUIET_DAYS,
            missing=meter(row).missing[:SHOWN],
            welcome_url=absolute(address("pages:page", WELCOME_PAGE)),
            write_url=absolute(write),
        ),
        reason=life.because,
        about=row,
        at=at,
    ).is_new
