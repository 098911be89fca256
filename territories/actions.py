"""What may be done to the records of the territory."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from territories import rules
from territories.models import Commune, HealthFacility, KeyFigure


@transaction.atomic
def recount_figures(*, at):
    """Count again what the portal can count of its key figures; returns those that differ from what they say.

    Invented records do not count. Readers are told the day, so it is written each time; the figure itself is not changed.
    """
    figures = list(KeyFigure.objects.countable().with_territory().select_for_update(of=("self",)).order_by("position", "pk"))
    shown = HealthFacility.objects.visible().filter(is_demo=False).order_by()
    places = ("commune", "commune__epci", "commune__cpts")
    facilities = list(shown.values("kind", *places).annotate(number=Count("pk")).values_list("number", "kind", *places))
    communes = list(Commune.objects.order_by().values_list("population", "pk", "epci", "cpts"))
    for figure in figures:
        figure.counted, figure.counted_at = rules.count(figure, facilities, communes), at
    KeyFigure.objects.bulk_update(figures, ["counted", "counted_at"])
    return [figure for figure in figures if rules.has_gap(figure)]


@transaction.atomic
def confirm_figures(*, figures, at):
    """Say that somebody has read these figures again and that they hold: their next review is in a year. Returns how many."""
    today = timezone.localdate(at)
    day = today.replace(year=today.year + 1, day=min(today.day, 28))
    for figure in figures:
        figure.review_on = day
        figure.keep(["review_on"])
        figure.save(update_fields=["review_on", "kept_fields", "updated_at"])
    return len(figures)


@transaction.atomic
def publish_figures(*, figures):
    """Show these figures to readers. Returns how many."""
    for figure in figures:
        figure.published = True
        figure.keep(["published"])
        figure.save(update_fields=["published", "kept_fields", "updated_at"])
    return len(figures)
