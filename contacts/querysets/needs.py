"""What one may ask of the needs that people recorded, and of the offers that fit them. Each word's docstring is the rule."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Least
from django.utils import timezone

from contacts.enums import Answer, NeedSubject
from housing.asked import OPEN_STAY_DAYS
from housing.models import Dwelling
from opportunities.models import Opportunity
from territories.models import Commune

URGENT_DAYS = 30
"""A start within so many days makes a need urgent."""


class NeedQuerySet(models.QuerySet):
    def active(self, at):
        """Needs that count at that moment: address confirmed, looked at if it had to be, neither stopped nor over."""
        return self.filter(confirmed_at__lte=at, stopped_at__isnull=True, expires_at__gt=at, held="")

    def to_match(self, at):
        """Active needs of an exercise, which offers can fit. Those of a demonstration write to nobody."""
        return self.active(at).filter(subject=NeedSubject.EXERCISE, is_demo=False).filter(Q(notify=True) | Q(available=True))

    def to_lodge(self, at):
        """Active needs of a room whose people want to be told of those that fit."""
        return self.active(at).filter(subject=NeedSubject.LODGING, is_demo=False, notify=True)

    def held_back(self, at):
        """Confirmed needs whose text somebody has to read first."""
        return self.filter(confirmed_at__lte=at, stopped_at__isnull=True, expires_at__gt=at).exclude(held="")

    def urgent(self, at):
        """Active needs that begin within a month, and that nobody of the team has taken up."""
        today = timezone.localdate(at)
        soon = self.filter(starts_on__lte=today + timedelta(days=URGENT_DAYS)).exclude(ends_on__lt=today)
        return soon.active(at).filter(seen_at__isnull=True)

    def to_call(self):
        """Those whose people asked for a call after a replacement, and that nobody of the team has taken up."""
        return self.filter(matches__afterword__call_asked=True, seen_at__isnull=True).distinct()

    def of_address(self, email):
        """Those of one address."""
        return self.filter(email__iexact=email)

    def to_erase(self, *, unconfirmed, ended, agreed):
        """Never confirmed since, over since, or stopped since; one whose doctor was put in touch waits until `agreed`."""
        over = Q(confirmed_at__isnull=False) & (Q(expires_at__lt=ended) | Q(stopped_at__lt=ended))
        kept = self.model.matches.rel.related_model.objects.filter(need=OuterRef("pk"), introduced_at__gte=agreed)
        return self.filter(Q(confirmed_at__isnull=True, created_at__lt=unconfirmed) | over).exclude(Exists(kept))


class MatchQuerySet(models.QuerySet):
    def to_tell(self, at):
        """Fitting offers of which the person who looks was not told."""
        return self.filter(told_at__isnull=True, need__notify=True, need__in=self._needs().active(at))

    def told_to(self, email):
        """Offers of which this address was told, whichever of its needs they fit."""
        return self.filter(need__email=email, told_at__isnull=False)

    def to_show(self, at):
        """Fitting availabilities of which the publisher was not told, nor asked to hear nothing; a doctor counts once for an offer."""
        active = self._needs().active(at)
        same = {"offer": OuterRef("offer"), "need__email": OuterRef("need__email")}
        twin = self.model.objects.filter(**same, shown_at__isnull=False, need__available=True, need__in=active)
        return (
            self.filter(shown_at__isnull=True, need__available=True, need__in=active)
            .exclude(Exists(twin))
            .filter(offer__availability_mute__isnull=True)
            .exclude(offer__contact_email="")
            .exclude(offer__is_confidential=True)
        )

    def asked(self):
        """Requests of a publisher that the doctor has not settled."""
        return self.filter(requested_at__isnull=False, answer__in=("", Answer.LATER))

    def replaced(self, first, last):
        """Those of a locum whose two sides were introduced and whose last day, of the offer or of the doctor, lies between these.

        Who had their need erased is written to no more.
        """
        met = self.filter(introduced_at__isnull=False, offer__kind__is_locum=True, need__is_demo=False, afterword__isnull=True)
        wanted = met.filter(Q(need__available=True) | Q(need__notify=True))
        return wanted.annotate(ended=Least("need__ends_on", "offer__ends_on")).filter(ended__range=(first, last))

    def _needs(self):
        return self.model.need.field.related_model.objects


class LodgingQuerySet(models.QuerySet):
    def told_to(self, email):
        """Rooms of which this address was told, whichever of its needs they fit."""
        return self.filter(need__email=email, told_at__isnull=False)


def rooms_for(need, at):
    """Rooms that readers see at that moment, within the radius of each place of a need, at its rent at most, free for its dates.

    All its nights, a month from its first day on; once they have begun, from today on. `housing.search` finds the same.
    """
    today = timezone.localdate(at)
    rooms = Dwelling.objects.visible(at)
    if need.highest_rent is not None:
        rooms = rooms.at_most(need.highest_rent)
    if places := need.places.all():
        for place in places if need.radius_km else ():
            rooms = rooms.near(place.near.point, need.radius_km)
    elif epcis := [epci.pk for epci in need.epcis.all()]:
        rooms = rooms.in_communes(Commune.objects.filter(epci__in=epcis).order_by().values_list("pk", flat=True))
    if not need.starts_on and not need.ends_on:
        return rooms
    start = max(need.starts_on or today, today)
    end = need.ends_on or start + timedelta(days=OPEN_STAY_DAYS)
    return rooms.free(start, end).for_stay_of((end - start).days) if start < end else rooms.none()


def offers_for(need, at):
    """Offers that readers see at that moment and that answer the search of a need; which dates go together is for `rules.needs.fits`."""
    today = timezone.localdate(at)
    offers = Opportunity.objects.visible(at).overlapping(max(need.starts_on or today, today), need.ends_on)
    if kinds := [kind.pk for kind in need.kinds.all()]:
        offers = offers.of_kinds(kinds)
    if need.commune_id:
        offers = offers.near(need.commune, need.radius_km)
    elif epcis := [epci.pk for epci in need.epcis.all()]:
        offers = offers.in_communes(Commune.objects.filter(epci__in=epcis).order_by().values_list("pk", flat=True))
    if need.half_days:
        offers = offers.on_half_days(need.half_days)
    return offers.with_lodging() if need.lodging else offers
