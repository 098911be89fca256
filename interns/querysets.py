"""What the rest of the portal may ask about training places and what former interns say of them."""

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from core.placed import PLAIN_NAME, PlacedQuerySet
from interns.enums import Lodging, NoteState


class TrainingPlaceQuerySet(PlacedQuerySet):
    def visible(self):
        """Places that readers may see: shown by the team."""
        return self.filter(published=True)

    def for_cards(self, semesters=()):
        """With what a card reads: one query, and one for the places of these semesters (codes)."""
        capacities = self.model.capacities.rel.related_model.objects.filter(semester__in=semesters).order_by("semester")
        return self.select_related("specialty", "facility", "commune").prefetch_related(
            Prefetch("capacities", capacities, to_attr="upcoming")
        )

    def for_detail(self):
        """With everything that the page of a place reads of it."""
        return self.select_related("specialty", "facility__kind", "commune__epci", "commune__cpts")

    def of_settings(self, settings):
        """Places of one of these settings."""
        return self.filter(setting__in=settings)

    def at_levels(self, levels):
        """Places approved for at least one of these levels."""
        return self.filter(levels__overlap=list(levels))

    def of_specialties(self, specialties):
        """Places of one of these specialties (primary keys)."""
        return self.filter(specialty__in=specialties)

    def with_lodging(self):
        """Places where one may sleep on site."""
        return self.filter(lodging=Lodging.YES)

    def with_places_in(self, semesters):
        """Places that take somebody in one of these semesters (codes)."""
        capacities = self.model.capacities.rel.related_model.objects.filter(place=OuterRef("pk"), semester__in=semesters, places__gt=0)
        return self.filter(Exists(capacities))

    def by_setting(self):
        """Practices before services of hospitals, each in the order of the alphabet."""
        return self.order_by("setting", PLAIN_NAME, "pk")

    def stale(self, day):
        """Places shown whose source, and last check by staff if any, are older than that day."""
        return self.visible().filter(
            Q(source_date__lt=day) | Q(source_date__isnull=True), Q(verified_on__lt=day) | Q(verified_on__isnull=True), is_demo=False
        )


class TrainingNoteQuerySet(models.QuerySet):
    def visible(self):
        """What readers may read: published by the team, about a place that is shown."""
        return self.filter(state=NoteState.PUBLISHED, place__published=True)

    def known_to_team(self):
        """All but those whose author has not confirmed the address: those reach nobody."""
        return self.exclude(state=NoteState.WAITING)

    def to_read(self):
        """Confirmed by their author, and waiting for the team."""
        return self.filter(state=NoteState.TO_READ).order_by("confirmed_at", "pk")

    def by_semester(self):
        """The latest internship first."""
        return self.order_by("-semester", "-pk")

    def never_confirmed(self, before):
        """Written before that moment and never confirmed."""
        return self.filter(state=NoteState.WAITING, written_at__lt=before)

    def refused_before(self, before):
        """Refused before that moment."""
        return self.filter(state=NoteState.REFUSED, decided_at__lt=before)

    def with_address_decided_before(self, before):
        """Published before that moment, with an address still there."""
        return self.filter(state=NoteState.PUBLISHED, decided_at__lt=before).exclude(email="")
