"""The pages: tree, editor of blocks, preview, publication, versions."""

from content_editor.admin import ContentEditor
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.french import NBSP
from core.links import origin
from core.staff import RestorableAdmin
from pages import actions, frame, rules
from pages.actions import LIFE
from pages.admin import work
from pages.admin.blocks import INLINES
from pages.admin.versions import PageChanges
from pages.enums import RUBRIQUES, State
from pages.forms import PageForm
from pages.models import Page

HEAVY = ("content", "search_text", "search_vector", "supplied")
CHANGE = "admin:pages_page_change"


class RubriqueFilter(admin.SimpleListFilter):
    title = "rubrique"
    parameter_name = "rubrique"

    def lookups(self, request, model_admin):
        return [*((root.path, root.label) for root in Page.objects.filter(path__in=RUBRIQUES).for_links()), ("autres", "hors rubrique")]

    def queryset(self, request, queryset):
        if self.value() in RUBRIQUES:
            return queryset & Page.objects.under(self.value())
        if self.value() == "autres":
            for root in RUBRIQUES:
                queryset = queryset.exclude(path=root).exclude(path__startswith=f"{root}/")
        return queryset


class ReviewFilter(admin.SimpleListFilter):
    title = "relecture"
    parameter_name = "relecture"

    def lookups(self, request, model_admin):
        return [("a-faire", "à relire (six mois)")]

    def queryset(self, request, queryset):
        if self.value() != "a-faire":
            return queryset
        return queryset.filter(pk__in=Page.objects.to_review(rules.review_limit(timezone.localdate())).values("pk"))


@admin.register(Page)
class PageAdmin(ContentEditor, RestorableAdmin):
    form = PageForm
    menu_position = 1
    inlines = INLINES
    list_display = ["tree_title", "position", "state_tag", "in_menu", "language", "reviewed"]
    list_editable = ["position", "in_menu"]
    list_filter = ["state", RubriqueFilter, ReviewFilter, "language", "in_menu"]
    list_per_page = 100
    show_full_result_count = False
    ordering = ["tree_order", "pk"]
    search_fields = ["title__unaccent", "path", "summary__unaccent", "search_text__unaccent"]
    search_help_text = "Titre, adresse ou mots de la page"
    autocomplete_fields = ["parent", "translation_of"]
    actions = ["publish", "unpublish", "mark_reviewed"]
    view_on_site = False  # the form has its own link, which knows which pages are visible
    save_on_top = False
    object_history_list_template = "admin/pages/page/versions.html"
    changes = PageChanges
    restore_excluded = LIFE
    restore_note = "L’adresse, la place, l’état et les dates ne changent pas. Les blocs sont remplacés par ceux de cette version."
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (
            "Place et adresse",
            {
                "fields": [("parent", "slug"), ("menu_title", "in_menu", "position")],
                "description": f"Changer l’adresse crée la redirection de l’ancienne, pour cette page et celles qu’elle contient{NBSP}: "
                "aucun lien ne se perd.",
            },
        ),
        ("Publication", {"fields": [("state", "reviewed_on"), ("publish_at", "unpublish_at")]}),
        (
            "Langue, sources et moteurs de recherche",
            {"fields": [("language", "translation_of"), "seo_description", "sources"], "classes": ["collapse"]},
        ),
    ]

    # --- List ----------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*HEAVY)

    @admin.display(description="page", ordering="tree_order")
    def tree_title(self, page):
        return format_html(
            '<span class="tree tree--{}">{}</span><small class="cell-note tree--{}">/{}/</small>',
            page.depth,
            page.title,
            page.depth,
            page.path,
        )

    @admin.display(description="état", ordering="state")
    def state_tag(self, page):
        label, tone = work.state_of(page, timezone.now())
        return format_html('<span class="tag tag--{}">{}</span>', tone, label)

    @admin.display(description="relue", ordering="reviewed_on")
    def reviewed(self, page):
        if page.reviewed_on is None:
            return "jamais"
        words = french.date(page.reviewed_on)
        late = page.reviewed_on < rules.review_limit(timezone.localdate())
        return format_html('<span class="late">{}</span>', words) if late else words

    @admin.action(description="Publier les pages choisies", permissions=["change"])
    def publish(self, request, queryset):
        self._set_state(request, queryset, State.PUBLISHED, "publiée")

    @admin.action(description="Remettre en brouillon", permissions=["change"])
    def unpublish(self, request, queryset):
        roots = queryset.filter(path__in=RUBRIQUES).exists()
        if roots:
            messages.warning(request, "La page d’une rubrique ne se retire pas.")
        self._set_state(request, queryset.exclude(path__in=RUBRIQUES), State.DRAFT, "remise en brouillon")

    def _set_state(self, request, queryset, state, words):
        count = actions.set_state(pages=queryset, state=state, actor=request.user)
        messages.success(request, f"{french.plural(count, 'page')} {words}{'s' if count > 1 else ''}.")

    @admin.action(description="Marquer comme relues aujourd’hui", permissions=["change"])
    def mark_reviewed(self, request, queryset):
        for page in queryset:
            actions.mark_reviewed(page=page, actor=request.user)
        messages.success(request, f"{french.plural(len(queryset), 'page')} à jour.")

    def work_queues(self, request, at):
        return work.queues(at)

    # --- Form ----------------------------------------------------------------------------------

    def get_readonly_fields(self, request, obj=None):
        """The address and the place of a rubrique are those of the portal."""
        return ["parent", "slug", "state", "language", "translation_of"] if obj and obj.is_rubrique else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.is_rubrique)

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)  # a page with others below it, or a rubrique, cannot go with them
        return found

    def save_model(self, request, obj, form, change):
        actions.place_page(page=obj)

    def save_related(self, request, form, formsets, change):
        """Blocks, then the version. What was written today was read today, unless another day was typed."""
        super().save_related(request, form, formsets, change)
        page = form.instance
        told = any(formset.has_changed() for formset in formsets) or {"title", "summary"} & set(form.changed_data)
        if told and "reviewed_on" not in form.changed_data:
            page.reviewed_on = timezone.localdate()
        if not change or form.changed_data or told:
            actions.keep_version(page=page, actor=request.user)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if request.FILES and context["errors"]:
            messages.warning(request, f"Rien n’est encore enregistré{NBSP}: choisissez de nouveau les fichiers.")
        context |= {
            "state_tag": self.state_tag(obj) if obj else "",
            "public_url": obj.get_absolute_url() if obj and obj.is_visible(timezone.now()) else "",
        }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def response_add(self, request, obj, post_url_continue=None):
        return self._preview_after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._preview_after_saving(request, obj) or super().response_change(request, obj)

    def _preview_after_saving(self, request, obj):
        return HttpResponseRedirect(reverse("admin:pages_page_preview", args=[obj.pk])) if "_preview" in request.POST else None

    # --- Pages of one page ---------------------------------------------------------------------

    def get_urls(self):
        pages = [
            ("<int:pk>/apercu/", self.preview_view, "preview"),
            ("<int:pk>/apercu/<int:version>/", self.preview_view, "preview_version"),
            ("<int:pk>/relue/", self.reviewed_view, "reviewed"),
        ]
        return [
            *(path(route, self.admin_site.admin_view(view), name=f"pages_page_{name}") for route, view, name in pages),
            *super().get_urls(),
        ]

    def preview_view(self, request, pk, version=None):
        """The public page in any state, or as an earlier version had it, for staff only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page, now = get_object_or_404(Page, pk=pk), timezone.now()
        note = preview_note(page, now)
        if version is not None:
            record = get_object_or_404(page.history, pk=version)
            for name in ("title", "menu_title", "summary", "sources", "reviewed_on", "content"):
                setattr(page, name, getattr(record, name))
            note = f"Version du {french.moment(record.history_date)}."
        context = frame.context(page, at=now, site=origin(request), preview=True)
        context |= {"preview_note": note, "edit_url": reverse(CHANGE, args=[page.pk]), "robots": "noindex"}
        response = render(request, "pages/page_detail.html", context)
        response["X-Robots-Tag"] = "noindex"
        return response

    def reviewed_view(self, request, pk):
        """One click on a row of the first page: the page was read again and is right."""
        page = get_object_or_404(Page, pk=pk)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        if request.method == "POST":
            actions.mark_reviewed(page=page, actor=request.user)
            messages.success(request, f"«{NBSP}{page.title}{NBSP}» est notée à jour.")
        return HttpResponseRedirect(reverse("admin:index"))

    # --- Versions ------------------------------------------------------------------------------

    def restore_version(self, request, page, version):
        actions.restore(page=page, version=version, actor=request.user)

    def version_links(self, page, version):
        return [("Voir cette version comme un lecteur", reverse("admin:pages_page_preview_version", args=[page.pk, version.pk]))]


def preview_note(page, at):
    """What an earlier look at a page should know of it."""
    if page.is_visible(at):
        return "Cette page est en ligne, telle que vous la voyez."
    if page.state == State.DRAFT:
        return f"Brouillon{NBSP}: vous seuls, membres de l’équipe, la voyez."
    if page.publish_at and page.publish_at > at:
        return f"Paraîtra le {french.moment(page.publish_at)}."
    return f"N’est plus visible depuis le {french.moment(page.unpublish_at)}."
