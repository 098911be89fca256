"""What may be done to the records of the territory."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from territories import rules
from territories.models import Commune, Cpts, HealthFacility, KeyFigure


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


@transaction.atomic
def confirm_zonings(*, zonings):
    """Tell these zones to readers; those without a dated source are left. Returns (confirmed, left), as lists."""
    confirmed, left = [], []
    for zoning in zonings:
        if zoning.source and zoning.source_date:
            zoning.confirmed = True
            zoning.keep(["confirmed"])
            zoning.save(update_fields=["confirmed", "kept_fields", "updated_at"])
            confirmed.append(zoning)
        else:
            left.append(zoning)
    return confirmed, left


@transaction.atomic
def verify_facilities(*, facilities, at):
    """Say that somebody has checked today that these facilities are as told. Returns how many."""
    for facility in facilities:
        facility.verified_on = timezone.localdate(at)
        facility.save(update_fields=["verified_on", "updated_at"])
    return len(facilities)


@transaction.atomic
def give_back(*, rows):
    """Let imports write every field of these rows again (`Kept`). Returns how many had been taken over."""
    taken = [row for row in rows if row.kept_fields]
    for row in taken:
        row.kept_fields = []
        row.save(update_fields=["kept_fields", "updated_at"])
    return len(taken)


@transaction.atomic
def assign_communes(*, cpts, communes):
    """Make these the communes of a CPTS; a commune leaves the one it belonged to. Both lists are then kept from imports."""
    before = set(cpts.communes.all())
    wanted = set(communes)
    if before == wanted:
        return
    others = {commune.cpts_id for commune in wanted - before} - {None}
    Commune.objects.filter(pk__in=[commune.pk for commune in before - wanted]).update(cpts=None)
    Commune.objects.filter(pk__in=[commune.pk for commune in wanted]).update(cpts=cpts)
    for each in [cpts, *Cpts.objects.filter(pk__in=others)]:
        each.keep(["communes"])
        each.save(update_fields=["kept_fields", "updated_at"])
