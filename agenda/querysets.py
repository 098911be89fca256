"""What the rest of the portal may ask about events."""

from datetime import timedelta

from django.db.models import Case, Prefetch, Q, When

from agenda.enums import NEWCOMERS, Role, State
from core.placed import PlacedQuerySet


class EventQuerySet(PlacedQuerySet):
    def visible(self, at):
        """Events that readers may see: published once, even if cancelled, postponed or over since.

        `at` changes nothing, it is there as everywhere.
        """
        return self.exclude(state=State.DRAFT)

    def coming(self, at):
        """Those that are not over at that moment; one under way is still coming."""
        return self.filter(ends_at__gt=at)

    def past(self, at):
        """Those that are over at that moment."""
        return self.filter(ends_at__lte=at)

    def taking_place(self):
        """Those that are to take place as told: neither cancelled nor postponed."""
        return self.filter(state=State.PUBLISHED)

    def of_kinds(self, kinds):
        """Events of one of these kinds (primary keys)."""
        return self.filter(kind__in=kinds)

    def for_stages(self, stages):
        """Events for at least one of these stages of a career; one that names none is for everybody."""
        return self.filter(Q(stages__overlap=list(stages)) | Q(stages=[]))

    def for_professions(self, professions):
        """Events for at least one of these professions (primary keys); one that names none is for all of them."""
        through = self.model.professions.through.objects
        named = through.filter(profession__in=professions).values("event_id")
        return self.filter(Q(pk__in=named) | ~Q(pk__in=through.values("event_id")))

    def in_epcis(self, epcis):
        """Events that take place in one of these intercommunalités (primary keys)."""
        return self.filter(commune__epci__in=epcis)

    def of_commune(self, commune):
        """Events in a commune (its primary key), or that it joins."""
        joined = self.model.communes.through.objects.filter(commune=commune).values("event_id")
        return self.filter(Q(commune=commune) | Q(pk__in=joined))

    def of_cpts(self, cpts):
        """Events in the communes of a CPTS (its primary key), or that it stands behind."""
        return self.filter(Q(commune__cpts=cpts) | Q(pk__in=self._by_actor(cpts=cpts)))

    def of_epci(self, epci):
        """Events in the communes of an intercommunalité (its primary key), or that it stands behind."""
        return self.filter(Q(commune__epci=epci) | Q(pk__in=self._by_actor(epci=epci)))

    def _by_actor(self, **actor):
        return self.model.actors.rel.related_model.objects.filter(**actor).order_by().values("event_id")

    def online(self):
        """Events that one may follow from anywhere."""
        return self.filter(is_online=True)

    def free(self):
        """Events that cost nothing."""
        return self.filter(is_free=True)

    def by_day(self):
        """The next one first."""
        return self.order_by("starts_at", "pk")

    def latest_first(self):
        """The one that began last first: for those that are over."""
        return self.order_by("-starts_at", "-pk")

    def by_distance(self, point):
        """Nearest first, then the next one; annotates `distance_km`."""
        return self.with_distance(point).order_by("distance_km", "starts_at", "pk")

    def for_cards(self):
        """With what a card reads: one query, and one for the organisers."""
        organisers = self.model.actors.rel.related_model.objects.filter(role=Role.ORGANISER)
        return self.for_lines().prefetch_related(Prefetch("actors", organisers, to_attr="organisers"))

    def for_lines(self):
        """With what a short row reads, in one query."""
        return self.select_related("kind", "commune").defer("search_vector", "text")

    def for_detail(self):
        """With everything that the page of an event reads of it: one query, and one each for actors, professions and communes."""
        actors = self.model.actors.rel.related_model.objects.select_related("facility", "cpts", "epci")
        return (
            self.select_related("kind", "commune__epci", "commune__cpts")
            .defer("search_vector")
            .prefetch_related(Prefetch("actors", actors), "professions", "communes")
        )

    def welcoming(self, day, days, today):
        """Events where those who train or replace here meet, that begin within so many days from a day on; the first one first.

        Not what takes place online alone, nor what one can no longer register for `today`.
        """
        begin = self.taking_place().filter(first_day__range=(day, day + timedelta(days=days)), commune__isnull=False)
        still = begin.filter(Q(register_by__isnull=True) | Q(register_by__gte=today))
        return still.for_stages(NEWCOMERS).order_by("starts_at", "pk")

    def register_soon(self, today, until):
        """Events to take place whose last day to register lies between these days, the nearest first."""
        return self.taking_place().filter(register_by__range=(today, until)).order_by("register_by", "pk")

    def with_address_over_before(self, moment):
        """Over before that moment, with the address of the organiser still there."""
        return self.filter(ends_at__lt=moment).exclude(contact_email="")


def in_order_of_roles():
    """Organisers first, then those who support, partners, guests."""
    return Case(*(When(role=role, then=rank) for rank, role in enumerate(Role.values)), default=len(Role.values))
