"""Partners and the questions they answer."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from collective.admin.screens import CollectiveAdmin, PreviewedAdmin
from collective.forms import PartnerForm
from collective.models import Desk, Partner, PartnerContact, PartnerFigure, PartnerLink
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from core.staff import FIELDS


class PartInline(admin.TabularInline):
    extra = 0
    formfield_overrides = FIELDS


class LinkInline(PartInline):
    model = PartnerLink
    verbose_name_plural = "Liens"


class FigureInline(PartInline):
    model = PartnerFigure
    verbose_name_plural = "Chiffres de ce partenaire"


class ContactInline(PartInline):
    model = PartnerContact
    verbose_name_plural = "Qui joindre, pour quoi (des services plutôt que des personnes)"


class ContactFilter(admin.SimpleListFilter):
    title = "à faire"
    parameter_name = "a_faire"

    def lookups(self, request, model_admin):
        return [("contact", "sans contact")]

    def queryset(self, request, queryset):
        if self.value() == "contact":
            return queryset.filter(pk__in=Partner.objects.without_contact().values("pk"))
        return queryset


@admin.register(Partner)
class PartnerAdmin(PreviewedAdmin):
    form = PartnerForm
    menu_position = 1
    inlines = [ContactInline, LinkInline, FigureInline]
    list_display = ["name_and_role", "circle", "position", "reachable", "active"]
    list_editable = ["position", "active"]
    list_display_links = ["name_and_role"]
    list_filter = [ContactFilter, "circle", "joins_events", "kind", "active"]
    search_fields = ["name__unaccent", "short_name__unaccent", "summary__unaccent", "slug"]
    search_help_text = "Nom, sigle ou texte, sans souci des accents."
    ordering = ["circle", "position", "name"]
    readonly_fields = ["preview_link"]
    fieldsets = [
        ("Qui", {"fields": ["name", ("short_name", "caption"), ("circle", "kind"), "joins_events", ("position", "active"), "slug"]}),
        ("Ce que lit le visiteur", {"fields": ["role", "summary", "text", "preview_link"]}),
        (
            "Le joindre",
            {
                "fields": ["website", ("email", "phone"), "commune", ("epci", "cpts")],
                "description": "N’écrivez que ce que le partenaire publie lui-même, ou vous a donné pour cela.",
            },
        ),
        ("Son logo", {"fields": ["image", ("image_alt", "image_credit")], "description": "Avec son accord pour cet usage."}),
        ("D’où viennent les faits", {"fields": ["source", ("source_url", "source_date")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector").prefetch_related("contacts")

    def get_readonly_fields(self, request, obj=None):
        """The address is what others link to: it is chosen once."""
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}

    @admin.display(description="partenaire", ordering="name")
    def name_and_role(self, partner):
        return format_html('{}<small class="cell-note">{}</small>', partner.name, partner.role)

    @admin.display(description="joignable", boolean=True)
    def reachable(self, partner):
        return bool(partner.website or partner.email or partner.phone or partner.contacts.all())

    def preview(self, request, partner):
        from collective.views import partner_context

        return "collective/partner_detail.html", partner_context(partner, request, timezone.now())

    def work_queues(self, request, at):
        """Partners that readers cannot reach."""
        waiting = Partner.objects.without_contact().defer("text", "search_vector").order_by("circle", "position", "name")
        count = waiting.count()
        rows = [
            WorkRow(
                title=partner.name,
                url=(url := reverse("admin:collective_partner_change", args=[partner.pk])),
                note=partner.get_circle_display(),
                action_label="Compléter",
                action_url=url,
            )
            for partner in (waiting[:QUEUE_ROWS] if count else [])
        ]
        return [
            WorkQueue(
                code="partenaires-sans-contact",
                title="Partenaires sans contact",
                counter="partenaire sans contact|partenaires sans contact",
                count=count,
                url=reverse("admin:collective_partner_changelist") + "?a_faire=contact",
                tone="ochre",
                empty="Chaque partenaire affiché a un site ou un contact.",
                rows=rows,
            )
        ]


@admin.register(Desk)
class DeskAdmin(CollectiveAdmin):
    menu_position = 2
    list_display = ["question", "theme", "partner", "deadline", "checked_on", "position", "active"]
    list_editable = ["position", "active"]
    list_filter = ["theme", "partner", "active", ("checked_on", admin.EmptyFieldListFilter)]
    list_select_related = ["partner"]
    search_fields = ["question__unaccent", "answer__unaccent", "words__unaccent", "desk_name__unaccent"]
    search_help_text = "Question, réponse ou mots, sans souci des accents."
    autocomplete_fields = ["partner"]
    fieldsets = [
        ("La question", {"fields": ["question", ("theme", "position", "active"), "words", "anchor"]}),
        ("Le guichet", {"fields": [("partner", "desk_name"), "answer", "deadline", ("link_url", "link_label")]}),
        ("D’où vient la réponse", {"fields": ["source", ("source_url", "source_date"), "checked_on"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    def get_readonly_fields(self, request, obj=None):
        """The anchor is what others link to: it is chosen once."""
        return ["anchor"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"anchor": ["question"]}
