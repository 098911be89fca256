"""« Passerelles »: how many links the portal made between doctors and each territory (M34). Numbers only; a small one is not told.

What is invented for a demonstration is no link.
"""

import csv

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render

from contacts.enums import Outcome, Side, TookPlace
from contacts.models import Conversation, Message, NeedMatch
from opportunities.models import OfferOutcome

FEWEST = 3
"""Under so many, one could guess who."""
NAME = "commune__epci__short_name"
MADE = Q(afterword__took_place__in=(TookPlace.YES, TookPlace.PARTLY))
COUNTS = {
    "Messages reçus": Count("pk"),
    "Messages répondus": Count("pk", filter=Q(answered_at__isnull=False) | Q(team_answered=True)),
    "Mises en relation": Count("pk", filter=Q(introduced_at__isnull=False)),
    "Séjours confirmés": Count("pk", filter=Q(outcome=Outcome.BOOKED)),
    "Remplacements faits": Count("pk", filter=MADE),
}
"""What is counted of messages about an offer, a room or an event, by head of its column; an answer of the team is one."""
HEADS = ("Intercommunalité", *COUNTS, "Offres pourvues")
INTRODUCED, REPLACED = map(list(COUNTS).index, ("Mises en relation", "Remplacements faits"))


def rows():
    """`(territory, a number of each of COUNTS, offers filled)` of each intercommunalité that has some. Three queries in all."""
    invented = Q(offer__is_demo=True) | Q(dwelling__is_demo=True) | Q(event__is_demo=True)
    written = Conversation.objects.filter(confirmed_at__isnull=False).exclude(invented)
    placed = written.annotate(
        place=Coalesce(*(f"{announced}__{NAME}" for announced in ("offer", "dwelling", "event"))),
        team_answered=Exists(Message.objects.filter(conversation=OuterRef("pk"), side=Side.ADVISER)),
    )
    columns = {f"count_{rank}": count for rank, count in enumerate(COUNTS.values())}
    found = placed.exclude(place=None).order_by().values("place").annotate(**columns)
    messages = {row["place"]: [row[name] for name in columns] for row in found}
    real = NeedMatch.objects.filter(introduced_at__isnull=False, offer__is_demo=False)
    matched = real.values_list(f"offer__{NAME}").order_by().annotate(introduced=Count("pk"), replaced=Count("pk", filter=MADE))
    matched = {place: numbers for place, *numbers in matched}
    filled = OfferOutcome.objects.filter(opportunity__is_demo=False)
    filled = dict(filled.values_list(f"opportunity__{NAME}").order_by().annotate(Count("pk")))
    for name in sorted({*messages, *matched, *filled} - {None}):
        numbers = messages.get(name, [0] * len(COUNTS))
        introduced, replaced = matched.get(name, (0, 0))
        numbers[INTRODUCED] += introduced
        numbers[REPLACED] += replaced
        yield name, *numbers, filled.get(name, 0)


def told(number):
    """A number as it may be shown."""
    return f"moins de {FEWEST}" if 0 < number < FEWEST else number


def view(request, model_admin):
    """The page of the team, or its file with `?format=csv`."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    table = [(name, *map(told, numbers)) for name, *numbers in rows()]
    if request.GET.get("format") == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="passerelles.csv"'
        csv.writer(response, delimiter=";").writerows([HEADS, *table])
        return response
    context = {**model_admin.admin_site.each_context(request), "title": "Passerelles", "heads": HEADS, "table": table}
    return render(request, "admin/contacts/bridges.html", context)
