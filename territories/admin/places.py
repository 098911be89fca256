"""Screens of the territory: communes and EPCI are read there, imported with `load_reference`; professions are edited."""

from django.contrib import admin
from django.db.models import Count

from core import french
from core.admin import ReadOnly
from territories.models import Commune, Epci, Profession


class ReferenceAdmin(ReadOnly, admin.ModelAdmin):
    """Reference data: everyone with access reads them, nobody types them."""

    list_per_page = 50


@admin.register(Commune)
class CommuneAdmin(ReferenceAdmin):
    list_display = ("name", "codes", "epci", "inhabitants", "insee")
    list_filter = ("epci",)
    list_select_related = ("epci",)
    search_fields = ("name",)
    search_help_text = "Nom ou code postal, sans souci des accents ni des traits d’union."
    fields = ("name", "insee", "codes", "epci", "cpts", "inhabitants", "area", "latitude", "longitude", "point_source")

    @admin.display(description="codes postaux")
    def codes(self, commune):
        return ", ".join(commune.postal_codes)

    @admin.display(description="population", ordering="population")
    def inhabitants(self, commune):
        return french.number(commune.population)

    @admin.display(description="superficie")
    def area(self, commune):
        return f"{french.number(commune.area_km2)}\u00a0km²"

    def get_search_results(self, request, queryset, search_term):
        """The rows that the commune field would propose, in the order of the list."""
        if not search_term:
            return queryset, False
        found = [commune.pk for commune in Commune.objects.matching(search_term)]
        return queryset.filter(pk__in=found), False


@admin.register(Epci)
class EpciAdmin(ReferenceAdmin):
    list_display = ("short_name", "legal_form", "communes_here", "inhabitants", "siren")
    search_fields = ("name__unaccent", "siren")
    fields = ("short_name", "name", "legal_form", "siren", "communes_here", "inhabitants", "area", "latitude", "longitude")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(commune_count=Count("communes"))

    @admin.display(description="communes en Vaucluse", ordering="commune_count")
    def communes_here(self, epci):
        return epci.commune_count

    @admin.display(description="population", ordering="population")
    def inhabitants(self, epci):
        return french.number(epci.population)

    @admin.display(description="superficie en Vaucluse")
    def area(self, epci):
        return f"{french.number(epci.area_km2)}\u00a0km²"


@admin.register(Profession)
class ProfessionAdmin(admin.ModelAdmin):
    list_display = ("label", "code", "position")
    list_editable = ("position",)
    search_fields = ("label__unaccent", "code")

    def get_readonly_fields(self, request, obj=None):
        """The code is what addresses and feeds use: it is chosen once."""
        return ("code",) if obj else ()
