"""The offers: list, form, the buttons that change their state, preview, history."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.forms import Script
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe

from core import french
from core.admin_mail import mails_of
from core.french import NBSP
from core.staff import RestorableAdmin
from opportunities import actions, rules
from opportunities.admin import review, work
from opportunities.admin.bulk import BulkActions
from opportunities.admin.filters import FreshnessFilter
from opportunities.admin.inlines import OtherPlaceInline, PhotoInline
from opportunities.admin.verbs import DONE, STAFF_VERBS, buttons_of, perform
from opportunities.admin.versions import OfferChanges
from opportunities.enums import State
from opportunities.forms import OfferForm, ReasonForm
from opportunities.models import Opportunity
from opportunities.presenters import is_old
from territories.models import Profession

STATE_TONES = {
    State.PUBLISHED: "olive",
    State.SUBMITTED: "ochre",
    State.EXPIRED: "brick",
    State.PAUSED: "sorgue",
    State.FILLED: "action",
}

DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')


@admin.register(Opportunity)
class OpportunityAdmin(BulkActions, RestorableAdmin):
    form = OfferForm
    menu_position = 1
    inlines = [OtherPlaceInline, PhotoInline]
    list_display = ["offer", "commune", "state_tag", "age", "confirmed", "expires"]
    list_filter = [FreshnessFilter, "state", "kind", "setting", "location_precision", "is_demo"]
    list_select_related = ["kind", "commune"]
    show_full_result_count = False
    view_on_site = False  # the form has its own link, which knows which offers have a page
    search_fields = ["reference", "title", "commune__name", "organisation", "contact_name", "contact_email"]
    search_help_text = "Référence, titre, commune, organisme ou contact"
    date_hierarchy = "published_at"
    ordering = ["-updated_at", "-pk"]
    raw_id_fields = ["facility"]  # the script of autocompletion leaves an empty field without a name
    readonly_fields = ["reference", "published", "confirmed", "mails"]
    changes = OfferChanges
    version_relations = ("kind", "profession", "setting", "commune")
    restore_excluded = actions.CONTENT_EXCLUDED
    restore_note = "L’état, les dates de publication et d’expiration, les photographies et les autres lieux ne changent pas."
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

    # --- List ----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).known_to_team().defer("search_text", "search_vector")

    @admin.display(description="offre", ordering="title")
    def offer(self, offer):
        return format_html('{}<small class="cell-note">{}</small>', offer.title, offer.kind)

    @admin.display(description="état", ordering="state")
    def state_tag(self, offer):
        tone = STATE_TONES.get(offer.state)
        tag = format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", offer.get_state_display())
        return tag + DEMO_TAG if offer.is_demo else tag

    @admin.display(description="âge", ordering="published_at")
    def age(self, offer):
        at = timezone.now()
        return f"publiée {work.ago(offer.published_at, at)}" if offer.published_at else f"créée {work.ago(offer.created_at, at)}"

    @admin.display(description="confirmée", ordering="confirmed_at")
    def confirmed(self, offer):
        if offer.state == State.PUBLISHED and is_old(offer, timezone.now()):
            return format_html('<span class="late">{}</span>', _day(offer.confirmed_at))
        return _day(offer.confirmed_at)

    @admin.display(description="publiée")
    def published(self, offer):
        return _day(offer.published_at)

    @admin.display(description="expire", ordering="expires_at")
    def expires(self, offer):
        return _day(offer.expires_at)

    def work_queues(self, request, at):
        return work.queues(at)

    # --- Form ----------------------------------------------------------------------------------

    def get_object(self, request, object_id, from_field=None):
        """The offer; locked while a form about it is saved, so that a change of state meanwhile is not undone."""
        offer = super().get_object(request, object_id, from_field)
        if offer is not None and request.method == "POST" and connection.in_atomic_block:
            offer.refresh_from_db(from_queryset=Opportunity.objects.select_for_update())
        return offer

    def get_fieldsets(self, request, obj=None):
        """With the version that is changed, hidden, for who may change it."""
        found = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return found
        (title, options), *others = found
        return [(title, {**options, "fields": [*options["fields"], "version"]}), *others]

    def get_changeform_initial_data(self, request):
        general_practitioner = Profession.objects.filter(code="general_practitioner").first()
        return {"profession": general_practitioner, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        """Save what was changed; a button pressed on a form that was not touched leaves no empty version."""
        if not change or form.changed_data or form.dropped:
            actions.save_offer(offer=obj, actor=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.refresh_derived(offer=form.instance)
        if not change or form.instance.state == State.SUBMITTED or {"kind", *rules.WORDED} & set(form.changed_data):
            for warning in rules.wording_warnings(form.instance):
                messages.warning(request, warning)
        if form.dropped:
            messages.warning(request, f"Effacé, ce type d’offre ne le demande pas{NBSP}: {french_list(form.dropped)}.")

    def has_delete_permission(self, request, obj=None):
        """Only what nobody has ever read is deleted; the rest is withdrawn and keeps its trace."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def delete_model(self, request, obj):
        actions.delete_offer(offer=obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if request.FILES and context["errors"]:
            messages.warning(request, f"Rien n’est encore enregistré{NBSP}: choisissez de nouveau les photographies.")
        context |= {
            "state_changes": obj.state_changes.select_related("actor") if obj else [],
            "state_tag": self.state_tag(obj) if obj else "",
            "verb_buttons": buttons_of(obj) if self.has_change_permission(request, obj) else [],
            "preview_url": reverse("admin:opportunities_opportunity_preview", args=[obj.pk]) if obj else "",
            **(review.about(obj) if obj else {}),
            "public_url": obj.get_absolute_url() if obj and obj.published_at else "",
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_button(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_button(request, obj) or super().response_change(request, obj)

    def _response_to_button(self, request, obj):
        """After saving: the preview, or the verb of the button that was pressed; None for a plain save.

        Who may only add offers saves a draft: publishing is a change.
        """
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:opportunities_opportunity_preview", args=[obj.pk]))
        for verb in STAFF_VERBS:
            if f"_{verb}" in request.POST and self.has_change_permission(request, obj):
                perform(request, obj, verb)
                return HttpResponseRedirect(reverse("admin:opportunities_opportunity_change", args=[obj.pk]))
        return None

    # --- Pages of one offer --------------------------------------------------------------------

    def get_urls(self):
        pages = [
            ("<int:pk>/apercu/", self.preview_view, "preview"),
            ("<int:pk>/faire/<slug:verb>/", self.verb_view, "verb"),
            ("<int:pk>/motif/<slug:verb>/", self.reason_view, "reason"),
        ]
        return [
            *(path(route, self.admin_site.admin_view(view), name=f"opportunities_opportunity_{name}") for route, view, name in pages),
            *super().get_urls(),
        ]

    def _offer_to_change(self, request, pk):
        offer = get_object_or_404(Opportunity.objects.known_to_team().select_related("kind"), pk=pk)
        if not self.has_change_permission(request, offer):
            raise PermissionDenied
        return offer

    def preview_view(self, request, pk):
        """The public page of an offer in any state, for staff only."""
        from opportunities.views import detail_context

        if not self.has_view_permission(request):
            raise PermissionDenied
        everything = ("kind", "profession", "setting", "commune__epci")
        offer = get_object_or_404(Opportunity.objects.known_to_team().select_related(*everything), pk=pk)
        response = render(request, "opportunities/opportunity_detail.html", detail_context(offer, request, preview=True))
        response["X-Robots-Tag"] = "noindex"
        return response

    def verb_view(self, request, pk, verb):
        """One click on a row of the first page: do it, say so, come back."""
        offer = self._offer_to_change(request, pk)
        if request.method != "POST":  # back from the login, where a session that had expired led
            messages.warning(request, "Votre session avait expiré, rien n’a été fait. Appuyez de nouveau sur le bouton.")
            return HttpResponseRedirect(reverse("admin:index"))
        if verb in DONE:
            perform(request, offer, verb)
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(back if safe else reverse("admin:opportunities_opportunity_change", args=[pk]))

    def reason_view(self, request, pk, verb):
        """Ask why before an offer is withdrawn or sent back."""
        offer = self._offer_to_change(request, pk)
        change_url = reverse("admin:opportunities_opportunity_change", args=[pk])
        button = next((button for button in buttons_of(offer) if button["verb"] == verb and button["needs_reason"]), None)
        if button is None:
            messages.error(request, f"Cette décision n’est pas possible{NBSP}: l’offre est {offer.get_state_display()}.")
            return HttpResponseRedirect(change_url)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and perform(request, offer, verb, reason=form.cleaned_data["reason"]):
            return HttpResponseRedirect(change_url)
        return self.render_reason(
            request, form, title=f"{button['label']}{NBSP}: {offer.title}", offers=[offer], label=button["label"], back=change_url
        )

    def render_reason(self, request, form, *, title, offers, label, back, hidden=()):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "offers": offers,
            "label": label,
            "back": back,
            "hidden": hidden,
        }
        return render(request, "admin/opportunities/opportunity/reason.html", context)

    # --- History -------------------------------------------------------------------------------

    @admin.display(description="courriels")
    def mails(self, offer):
        return mails_of(offer)

    def restore_version(self, request, offer, version):
        try:
            actions.restore(offer=offer, version=version, actor=request.user)
        except actions.TransitionRefused as refusal:
            raise ValidationError(refusal.messages) from refusal


def _day(moment):
    return french.date(timezone.localtime(moment)) if moment else ""


def french_list(texts):
    return " ; ".join(texts)
