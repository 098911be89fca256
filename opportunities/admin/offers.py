"""The offers: what `core.announced.admin` does for whatever is announced, with what is particular to offers of practice."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import Script
from django.shortcuts import render

from core.announced.admin import AnnouncedAdmin
from core.announced.admin_queues import FreshnessFilter
from core.announced.admin_verbs import DONE, button, buttons_of
from core.announced.life import TransitionRefused
from core.french import NBSP
from opportunities import actions, quality, rules
from opportunities.admin import work
from opportunities.admin.inlines import OtherPlaceInline, PhotoInline
from opportunities.admin.versions import OfferChanges
from opportunities.forms import OfferForm
from opportunities.freshness import FRESHNESS
from opportunities.models import Opportunity
from territories.models import Profession


@admin.register(Opportunity)
class OpportunityAdmin(AnnouncedAdmin):
    life, freshness = actions.LIFE, FRESHNESS
    form = OfferForm
    menu_position = 1
    inlines = [OtherPlaceInline, PhotoInline]
    list_filter = [FreshnessFilter, "state", "kind", "setting", "location_precision", "is_demo"]
    list_select_related = ["kind", "commune"]
    search_fields = ["reference", "title", "commune__name", "organisation", "contact_name", "contact_email"]
    search_help_text = "Référence, titre, commune, organisme ou contact"
    changes = OfferChanges
    version_relations = ("kind", "profession", "setting", "commune")
    restore_excluded = actions.CONTENT_EXCLUDED
    restore_note = "L’état, les dates de publication et d’expiration, les photographies et les autres lieux ne changent pas."
    for_preview = ("kind", "profession", "setting", "commune__epci")
    worded = rules.WORDED
    done = DONE | {"ask_agreement": "soumise à l’accord du médecin"}
    fieldsets = [
        ("L’offre", {"fields": ["kind", "title", "summary", ("profession", "setting")]}),
        (
            "Le lieu",
            {
                "fields": ["commune", "location_precision", "is_confidential", "workplace", "address", ("latitude", "longitude")],
                "description": "Sans adresse exacte, les lecteurs ne voient qu’une zone, et aucun point privé n’est gardé.",
            },
        ),
        ("Les dates", {"fields": [("starts_on", "ends_on"), ("flexible_start", "partial_coverage"), "days_per_week", "half_days"]}),
        (
            "Les conditions",
            {
                "fields": [
                    "fee_share",
                    ("salary_min", "salary_max", "salary_period"),
                    ("price", "monthly_charges"),
                    "terms_note",
                ]
            },
        ),
        (
            "Le cabinet",
            {
                "fields": [
                    ("patients_per_day", "patient_list"),
                    ("tariff_sector", "software"),
                    ("secretary", "home_visits"),
                    ("duty_rota", "duty_note"),
                    "team",
                    "equipment",
                    ("lodging", "lodging_note"),
                    ("msu_on_site", "retired_active_welcome"),
                ]
            },
        ),
        ("Le mot du cabinet", {"fields": ["description"]}),
        (
            "L’annonceur",
            {
                "fields": [("publisher_kind", "organisation"), "facility", ("contact_name", "contact_email", "contact_phone")],
                "description": f"Le contact reste privé{NBSP}: seule l’équipe le voit.",
            },
        ),
        ("La publication", {"fields": [("reference", "published", "confirmed"), "expires_at", "is_demo", "mails"]}),
    ]

    class Media:
        js = [Script("js/admin/offer.js", type="module")]

    @property
    def verbs(self):
        """To ask for the agreement of a doctor is one more."""
        return self.life.verbs | {"ask_agreement": lambda row, **details: actions.ask_agreement(offer=row, **details)}

    def buttons_of(self, row):
        """The agreement of a doctor comes first."""
        found = buttons_of(row)
        if row is not None and rules.may_agree(row):
            found.insert(0, button("ask_agreement", "Demander l’accord du médecin", "main"))
        return found

    def preview(self, request, row):
        """The public page."""
        from opportunities.views import detail_context

        return render(request, "opportunities/opportunity_detail.html", detail_context(row, request, preview=True))

    def meter(self, row):
        """With its photographs."""
        return quality.meter(row, photos=quality.photos_of(row, may_add=True))

    def twins(self, row):
        """Offers still open that look like this one."""
        return Opportunity.objects.twins_of(row)

    def wording_warnings(self, row):
        """As the rules say."""
        return rules.wording_warnings(row)

    def work_queues(self, request, at):
        return work.QUEUES(at)

    def get_changeform_initial_data(self, request):
        general_practitioner = Profession.objects.filter(code="general_practitioner").first()
        return {"profession": general_practitioner, **super().get_changeform_initial_data(request)}

    def after_saving(self, request, form):
        """What depends on other places; what the kind does not ask for."""
        actions.refresh_derived(offer=form.instance)
        if form.dropped:
            messages.warning(request, f"Effacé, ce type d’offre ne le demande pas{NBSP}: {' ; '.join(form.dropped)}.")

    def restore_version(self, request, row, version):
        try:
            actions.restore(offer=row, version=version, actor=request.user)
        except TransitionRefused as refusal:
            raise ValidationError(refusal.messages) from refusal
