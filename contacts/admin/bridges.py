"""« Passerelles »: how many links the portal made between doctors and each territory (M34). Numbers only; a small one is not told."""

import csv

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render

from contacts.models import Conversation, NeedMatch
from opportunities.models import OfferOutcome

FEWEST = 3
"""Under so many, one could guess who."""
HEADS = ("Intercommunalité", "Messages reçus", "Messages répondus", "Mises en relation", "Offres pourvues")


def rows():
    """`(territory, received, answered, introduced, filled)` of each intercommunalité that has some. Three queries in all."""
    place = "offer__commune__epci__short_name"
    written = Conversation.objects.filter(offer__isnull=False, confirmed_at__isnull=False, offer__is_demo=False)
    counts = {
        "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "introduced": Count("pk", filter=Q(introduced_at__isnull=False)),
    }
    found = written.order_by().values(place).annotate(received=Count("pk"), **counts)
    messages = {row[place]: (row["received"], row["answered"], row["introduced"]) for row in found}
    matched = NeedMatch.objects.filter(introduced_at__isnull=False).values_list(place).order_by().annotate(Count("pk"))
    filled = OfferOutcome.objects.values_list("opportunity__commune__epci__short_name").order_by().annotate(Count("pk"))
    matched, filled = dict(matched), dict(filled)
    for name in sorted({*messages, *matched, *filled} - {None}):
        received, answered, introduced = messages.get(name, (0, 0, 0))
        yield name, received, answered, introduced + matched.get(name, 0), filled.get(name, 0)


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
