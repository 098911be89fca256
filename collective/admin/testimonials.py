"""Testimonials: nothing shows before the agreement of the person is recorded."""

from django.contrib import admin, messages
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from collective import actions
from collective.admin.screens import CollectiveAdmin
from collective.forms import TestimonialForm
from collective.models import Testimonial, TestimonialTag
from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow

CHANGELIST = "admin:collective_testimonial_changelist"


class ConsentFilter(admin.SimpleListFilter):
    title = "accord"
    parameter_name = "accord"

    def lookups(self, request, model_admin):
        return [("attendu", "à enregistrer"), ("donne", "donné"), ("retire", "repris par la personne")]

    def queryset(self, request, queryset):
        if self.value() == "attendu":
            return queryset.filter(pk__in=Testimonial.objects.waiting_for_consent().values("pk"))
        if self.value() == "retire":
            return queryset.filter(withdrawn_on__isnull=False)
        return queryset.filter(consent_on__isnull=False) if self.value() == "donne" else queryset


@admin.register(Testimonial)
class TestimonialAdmin(CollectiveAdmin):
    form = TestimonialForm
    menu_position = 3
    list_display = ["who", "attribution", "consent_on", "position", "active", "is_demo"]
    list_editable = ["position"]
    list_filter = [ConsentFilter, "tags", "active", "is_demo"]
    search_fields = ["name__unaccent", "quote__unaccent", "role__unaccent", "place__unaccent"]
    search_help_text = "Nom, mots, qualité ou lieu, sans souci des accents."
    filter_horizontal = ["tags"]
    actions = ["withdraw"]
    readonly_fields = ["shown"]
    fieldsets = [
        ("Les mots", {"fields": ["quote", ("name", "role", "place"), "commune", "tags", "shown"]}),
        (
            "L’accord",
            {
                "fields": [("consent_on", "consent_proof"), ("active", "is_demo", "position")],
                "description": "Sans date d’accord, un témoignage n’est pas montré. «\u00a0Retirer\u00a0», dans la liste, efface tout.",
            },
        ),
        ("Le portrait", {"fields": ["image", ("image_alt", "image_credit")]}),
        ("La source", {"fields": ["source", ("source_url", "source_date")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    def delete_model(self, request, obj):
        actions.delete_testimonial(testimonial=obj)

    def delete_queryset(self, request, queryset):
        for testimonial in queryset:
            actions.delete_testimonial(testimonial=testimonial)

    def has_change_permission(self, request, obj=None):
        """What its author took back is read, not written."""
        return super().has_change_permission(request, obj) and not (obj and obj.withdrawn_on)

    @admin.display(description="nom", ordering="name")
    def who(self, testimonial):
        return testimonial.name or "Témoignage retiré"

    @admin.display(description="qualité, lieu")
    def attribution(self, testimonial):
        return f"le {french.date(testimonial.withdrawn_on)}" if testimonial.withdrawn_on else testimonial.attribution

    @admin.display(description="aperçu")
    def shown(self, testimonial):
        """As every page shows it."""
        if testimonial.pk is None:
            return "Après l’enregistrement."
        if testimonial.withdrawn_on:
            return f"Retiré le {french.date(testimonial.withdrawn_on)} à la demande de la personne{french.NBSP}: rien d’autre n’est gardé."
        return render_to_string("components/testimonial.html", {"item": testimonial})

    def is_public(self, testimonial):
        return testimonial.active and testimonial.consent_on is not None

    @admin.action(description="Retirer à la demande de la personne", permissions=["change"])
    def withdraw(self, request, queryset):
        """Asks first: what is erased does not come back."""
        found = list(queryset.filter(withdrawn_on=None).order_by("pk"))
        if not found:
            messages.warning(request, "Déjà retiré.")
            return None
        if request.POST.get("confirmed") != "oui":
            context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Retirer", "testimonials": found}
            return render(request, "admin/collective/testimonial/withdraw.html", context)
        for testimonial in found:
            actions.withdraw_testimonial(testimonial=testimonial, at=timezone.now(), actor=request.user)
        words = french.plural(len(found), "témoignage retiré", "témoignages retirés")
        messages.success(request, f"{words}. Mots, nom, portrait et accord sont effacés.")
        return None

    def work_queues(self, request, at):
        """Words that wait for the agreement of their author."""
        waiting = Testimonial.objects.waiting_for_consent().defer("search_vector")
        count = waiting.count()
        rows = [
            WorkRow(
                title=testimonial.name,
                url=(url := reverse("admin:collective_testimonial_change", args=[testimonial.pk])),
                note=testimonial.attribution,
                action_label="Enregistrer l’accord",
                action_url=url,
            )
            for testimonial in (waiting[:QUEUE_ROWS] if count else [])
        ]
        return [
            WorkQueue(
                code="accords",
                title="Témoignages sans accord",
                counter="accord à enregistrer|accords à enregistrer",
                count=count,
                url=reverse(CHANGELIST) + "?accord=attendu",
                tone="ochre",
                empty="Chaque témoignage affiché a l’accord de son auteur.",
                rows=rows,
            )
        ]


@admin.register(TestimonialTag)
class TestimonialTagAdmin(admin.ModelAdmin):
    menu_position = 6
    list_display = ["label", "code", "position"]
    list_editable = ["position"]
    search_fields = ["label__unaccent", "code"]
    fields = ["label", "code", "position"]

    def get_readonly_fields(self, request, obj=None):
        """The code is what addresses use: it is chosen once."""
        return ["code"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["label"]}
