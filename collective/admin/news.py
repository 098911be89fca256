"""News: written, read over as readers would, published now or at an hour to come."""

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from collective import actions
from collective.admin.screens import PreviewedAdmin
from collective.forms import NewsForm
from collective.models import News
from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow

CHANGELIST = "admin:collective_news_changelist"
DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')


class StateFilter(admin.SimpleListFilter):
    title = "parution"
    parameter_name = "parution"

    def lookups(self, request, model_admin):
        return [("parue", "parues"), ("programmee", "programmées"), ("brouillon", "brouillons")]

    def queryset(self, request, queryset):
        now = timezone.now()
        chosen = {"parue": queryset.visible, "programmee": queryset.scheduled, "brouillon": lambda at: queryset.drafts()}.get(self.value())
        return chosen(now) if chosen else queryset


@admin.register(News)
class NewsAdmin(PreviewedAdmin):
    form = NewsForm
    menu_position = 0
    list_display = ["heading", "rubrique", "place", "state", "updated_at"]
    list_filter = [StateFilter, "rubrique", "is_demo", "epci"]
    list_select_related = ["commune", "epci", "cpts"]
    date_hierarchy = "published_at"
    search_fields = ["title__unaccent", "summary__unaccent", "body__unaccent", "commune__name__unaccent", "author__unaccent"]
    search_help_text = "Titre, texte, commune ou signature, sans souci des accents."
    ordering = ["-updated_at", "-pk"]
    filter_horizontal = ["partners"]
    actions = ["publish", "withdraw"]
    readonly_fields = ["preview_link"]
    fieldsets = [
        ("L’actualité", {"fields": ["title", "summary", "body", "preview_link"]}),
        ("Où et avec qui", {"fields": ["rubrique", "commune", ("epci", "cpts"), "partners"]}),
        ("L’image", {"fields": ["image", ("image_alt", "image_credit")]}),
        ("La publication", {"fields": [("published_at", "reviewed_at"), ("author", "is_demo")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    @admin.display(description="actualité", ordering="title")
    def heading(self, news):
        return format_html('{}{}<small class="cell-note">{}</small>', news.title, DEMO_TAG if news.is_demo else "", news.summary)

    @admin.display(description="territoire")
    def place(self, news):
        return str(news.territory or "Vaucluse")

    @admin.display(description="parution", ordering="published_at")
    def state(self, news):
        if news.published_at is None:
            return mark_safe('<span class="tag">brouillon</span>')
        tone, word = ("olive", "parue") if news.published_at <= timezone.now() else ("ochre", "programmée")
        return format_html('<span class="tag tag--{}">{}</span> {}', tone, word, french.moment(news.published_at))

    def is_public(self, news):
        return news.published_at is not None and news.published_at <= timezone.now()

    @admin.action(description="Publier maintenant", permissions=["change"])
    def publish(self, request, queryset):
        now = timezone.now()
        count = sum(actions.publish_news(news=news, at=now) for news in queryset.order_by("pk"))
        messages.success(request, f"{french.plural(count, 'actualité publiée', 'actualités publiées')}.")

    @admin.action(description="Repasser en brouillon", permissions=["change"])
    def withdraw(self, request, queryset):
        count = sum(actions.withdraw_news(news=news) for news in queryset.order_by("pk"))
        messages.success(request, f"{french.plural(count, 'actualité repassée', 'actualités repassées')} en brouillon.")

    def preview(self, request, news):
        from collective.views import news_context

        return "collective/news_detail.html", news_context(news, request, timezone.now(), preview=True)

    def work_queues(self, request, at):
        """News that will appear by themselves, and drafts."""
        scheduled = News.objects.scheduled(at).order_by("published_at", "pk")
        drafts = News.objects.drafts().order_by("-updated_at", "-pk")
        return [
            queue(
                *("actualites-programmees", "Actualités programmées", "actualité programmée|actualités programmées", scheduled),
                *("programmee", "Aucune actualité programmée."),
            ),
            queue(
                "actualites-brouillons",
                "Actualités en brouillon",
                "brouillon d’actualité|brouillons d’actualité",
                drafts,
                "brouillon",
                "Aucun brouillon.",
            ),
        ]


def queue(code, title, counter, found, state, empty):
    """A queue of news, each leading to its form."""
    count = found.count()
    rows = [
        WorkRow(
            title=news.title,
            url=(url := reverse("admin:collective_news_change", args=[news.pk])),
            note=f"paraît le {french.moment(news.published_at)}" if news.published_at else news.get_rubrique_display(),
            action_label="Relire",
            action_url=url,
        )
        for news in (found.defer("body", "search_vector")[:QUEUE_ROWS] if count else [])
    ]
    return WorkQueue(
        code=code, title=title, counter=counter, count=count, url=f"{reverse(CHANGELIST)}?parution={state}", empty=empty, rows=rows
    )
