"""Redirects, and links that were checked."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from core import french
from core.admin import KeySelects, ReadOnly
from core.jobs import defer_once
from pages.admin import work
from pages.enums import LinkStatus
from pages.forms import RedirectForm
from pages.models import LinkCheck, Redirect

TONES = {LinkStatus.OK: "olive", LinkStatus.MOVED: "ochre", LinkStatus.DOUBTFUL: "ochre", LinkStatus.BROKEN: "brick"}


@admin.register(Redirect)
class RedirectAdmin(KeySelects, admin.ModelAdmin):
    form = RedirectForm
    menu_position = 4
    list_display = ["__str__", "leads_to", "created_at"]
    list_select_related = ["page"]
    search_fields = ["old_path", "url", "page__title__unaccent"]
    search_help_text = "Ancienne adresse, ou page où elle mène"
    autocomplete_fields = ["page"]
    fields = ["old_path", "page", "url"]

    @admin.display(description="mène à")
    def leads_to(self, redirect):
        return format_html('<a href="{0}">{0}</a>', redirect.target())


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly, admin.ModelAdmin):
    menu_position = 5
    list_display = ["url", "status_tag", "detail", "where", "since", "checked"]
    list_filter = ["status", "is_internal"]
    search_fields = ["url", "places"]
    search_help_text = "Une partie de l’adresse, ou de la page où le lien se trouve"
    ordering = ["-failing_since", "url"]
    show_full_result_count = False
    fields = ["link", "status_tag", "detail", "leads_to", "since", "checked", "all_places"]
    readonly_fields = fields

    @admin.display(description="résultat", ordering="status")
    def status_tag(self, link):
        return format_html('<span class="tag tag--{}">{}</span>', TONES.get(link.status, "plain"), link.get_status_display())

    @admin.display(description="où")
    def where(self, link):
        return work.where(link)

    @admin.display(description="où il se trouve")
    def all_places(self, link):
        return format_html_join("", '<div><a href="{}">{}</a></div>', ((place["url"], place["label"]) for place in link.places)) or "—"

    @admin.display(description="adresse")
    def link(self, link):
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', link.url)

    @admin.display(description="mène à")
    def leads_to(self, link):
        return link.final_url or "—"

    @admin.display(description="en échec depuis", ordering="failing_since")
    def since(self, link):
        return _day(link.failing_since)

    @admin.display(description="vérifié", ordering="checked_at")
    def checked(self, link):
        return _day(link.checked_at)

    def get_urls(self):
        return [path("verifier/", self.admin_site.admin_view(self.check_now_view), name="pages_linkcheck_now"), *super().get_urls()]

    def check_now_view(self, request):
        """The button above the list, which is there before any link was checked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            defer_once("pages.tasks.check_links")
            messages.success(request, "La vérification est lancée\u00a0; ses résultats arrivent ici au fil des minutes.")
        return HttpResponseRedirect(reverse("admin:pages_linkcheck_changelist"))

    def work_queues(self, request, at):
        return [work.broken_links(at)]


def _day(moment):
    return french.date(timezone.localtime(moment)) if moment else ""
