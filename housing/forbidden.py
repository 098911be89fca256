"""From the day that a class is no longer let, what is announced of it leaves the lists, and its host is told why (LOG-03)."""

from django.db import transaction
from django.utils import timezone

from core.enums import State
from housing import letters, rules
from housing.actions import LIFE
from housing.models import Dwelling


def retire(*, at):
    """End what is published or paused and may no longer be let; returns how many. Stays agreed before are kept."""
    return sum(_retire(pk, at) for pk in list(_found(at).order_by("pk").values_list("pk", flat=True)))


def _found(at):
    classes = rules.forbidden_classes(timezone.localdate(at))
    return Dwelling.objects.filter(state__in=(State.PUBLISHED, State.PAUSED), energy_class__in=classes)


@transaction.atomic
def _retire(pk, at):
    row = _found(at).select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None:
        return 0
    why = rules.forbidden_in_words(row, timezone.localdate(at))
    LIFE.move(row, State.EXPIRED, actor=None, at=at, reason=why)
    letters.to_host(row, f"forbidden:{row.pk}:{row.energy_class}", "housing/mail/forbidden.txt", at, why=why)
    return 1
