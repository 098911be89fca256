"""Offers that found somebody, counted by whom and how: the figures of impact."""

from django.contrib import admin

from opportunities.models import OfferOutcome


@admin.register(OfferOutcome)
class OfferOutcomeAdmin(admin.ModelAdmin):
    menu_position = 6
    list_display = ["offer", "who", "how", "at"]
    list_filter = ["who", "how", "opportunity__kind"]
    show_facets = admin.ShowFacets.ALWAYS
    list_select_related = ["opportunity"]
    list_per_page = 50
    date_hierarchy = "at"
    search_fields = ["opportunity__title", "opportunity__reference"]
    search_help_text = "Titre ou référence de l’offre"
    ordering = ["-at", "-pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """What publishers said is theirs."""
        return False

    @admin.display(description="offre", ordering="opportunity__title")
    def offer(self, outcome):
        return outcome.opportunity.title
