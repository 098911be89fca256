"""The travel times between communes, as they were imported: how many there are, of what source and day."""

from django.contrib import admin
from django.db.models import Count, Max

from core import french
from territories.admin.places import ReferenceAdmin
from territories.models import Commune, TravelTime


@admin.register(TravelTime)
class TravelTimeAdmin(ReferenceAdmin):
    menu_position = 7
    list_display = ["origin", "destination", "minutes", "source", "measured_on"]
    list_filter = ["source", "measured_on"]
    list_select_related = ["origin", "destination"]
    search_fields = ["origin__name__unaccent", "destination__name__unaccent", "origin__insee", "destination__insee"]
    search_help_text = "Commune de départ ou d’arrivée, nom ou code INSEE."
    ordering = ["origin__name", "destination__name"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"subtitle": summary(), **(extra_context or {})})


def summary():
    """`22 650 trajets sur 22 650 : 22 650 de « IGN », mesurés au plus tard le 3 mars 2026`."""
    communes = Commune.objects.count()
    sources = TravelTime.objects.order_by("source").values_list("source").annotate(Count("pk"), Max("measured_on"))
    told = [f"{french.number(count)} de «\u00a0{source}\u00a0», au {french.date(day)}" for source, count, day in sources]
    total = french.plural(sum(count for _, count, _ in sources), "trajet")
    known = f"{total} sur {french.number(communes * (communes - 1))}"
    return f"{known}\u00a0: " + ("\u00a0; ".join(told) or "le portail montre les distances à vol d’oiseau") + "."
