"""Events: written, read over as readers would, published, cancelled or postponed with a reason, in one screen."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from agenda import actions, detail, moments, rules
from agenda.enums import State
from agenda.forms import EventForm
from agenda.models import Event, EventActor
from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from core.links import origin
from core.staff import FIELDS, Previewed, RecordAdmin

CHANGELIST = "admin:agenda_event_changelist"
CHANGE = "admin:agenda_event_change"
TONES = {State.PUBLISHED: "olive", State.POSTPONED: "ochre", State.CANCELLED: "brick"}
DEMO_TAG = mark_safe(' <span class="tag tag--ex">exemple</span>')
WHEN = "quand"


class WhenFilter(admin.SimpleListFilter):
    title = "quand"
    parameter_name = WHEN

    def lookups(self, request, model_admin):
        return [("avenir", "à venir"), ("inscription", "inscriptions qui ferment bientôt"), ("passees", "passées")]

    def queryset(self, request, queryset):
        now = timezone.now()
        if self.value() == "inscription":
            today = timezone.localdate(now)
            return queryset.register_soon(today, today + rules.REGISTER_SOON)
        chosen = {"avenir": queryset.coming, "passees": queryset.past}.get(self.value())
        return chosen(now) if chosen else queryset


class ActorInline(admin.StackedInline):
    model = EventActor
    extra = 0
    fields = ["name", ("role", "kind"), ("url", "position"), ("cpts", "epci", "facility")]
    raw_id_fields = ["facility"]
    formfield_overrides = FIELDS
    verbose_name_plural = "Qui organise, accompagne, participe"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Without the buttons that would change the directory from here."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        for right in ("add", "change", "delete", "view"):
            setattr(field.widget, f"can_{right}_related", False)
        return field


@admin.register(Event)
class EventAdmin(Previewed, RecordAdmin):
    form = EventForm
    inlines = [ActorInline]
    menu_position = 1
    list_display = ["heading", "kind", "when", "where", "state_told", "register_by"]
    list_filter = [WhenFilter, "state", "kind", "is_online", "takes_messages", "commune__epci", "is_demo"]
    list_select_related = ["kind", "commune"]
    date_hierarchy = "first_day"
    search_fields = ["title__unaccent", "summary__unaccent", "commune__name__unaccent", "actors__name__unaccent"]
    search_help_text = "Titre, commune ou organisateur, sans souci des accents."
    ordering = ["-starts_at", "-pk"]
    readonly_fields = ["preview_link"]
    fieldsets = [
        ("La rencontre", {"fields": ["title", "kind", "summary", "text", "preview_link"]}),
        ("Quand", {"fields": [("first_day", "last_day"), ("start_time", "end_time")]}),
        (
            "Où",
            {
                "fields": [
                    "venue",
                    "commune",
                    ("address", "postal_code"),
                    "point_precision",
                    ("latitude", "longitude"),
                    ("is_online", "online_url"),
                ]
            },
        ),
        ("Pour qui", {"fields": ["stages", "professions", ("is_free", "price")]}),
        (
            "Y participer",
            {
                "fields": ["how_to_join", ("join_url", "register_by")],
                "description": "Le portail ne prend pas d’inscription\u00a0: dites comment prévenir l’organisateur.",
            },
        ),
        ("L’organisateur", {"fields": [("contact_email", "takes_messages")]}),
        ("Les communes associées", {"fields": ["communes"], "classes": ["collapse"]}),
        ("L’image", {"fields": ["image", ("image_alt", "image_credit")]}),
        (
            "La publication",
            {
                "fields": [("state", "state_reason"), ("is_demo", "staff_note")],
                "description": "Publiée, elle garde son adresse\u00a0: une annulation ou un report s’y lit, avec son motif, "
                "et les agendas abonnés l’apprennent. Passée, elle va d’elle-même aux archives.",
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search_vector")

    @admin.display(description="rencontre", ordering="title")
    def heading(self, event):
        return format_html('{}{}<small class="cell-note">{}</small>', event.title, DEMO_TAG if event.is_demo else "", event.summary)

    @admin.display(description="quand", ordering="starts_at")
    def when(self, event):
        told = moments.days(event)
        return format_html('<span class="late">{}</span>', told) if event.has_ended else told

    @admin.display(description="où", ordering="commune__name")
    def where(self, event):
        return event.commune.name if event.commune else "à distance"

    @admin.display(description="état", ordering="state")
    def state_told(self, event):
        return format_html('<span class="tag tag--{}">{}</span>', TONES.get(event.state, "plain"), event.get_state_display())

    def view_on_site(self, event):
        """The public page, once there is one."""
        return event.get_absolute_url() if event.published_at else None

    def preview(self, request, event):
        context = detail.context(event, now=timezone.now(), origin=origin(request), preview=True)
        return "agenda/event_detail.html", context

    def save_model(self, request, obj, form, change):
        actions.record(event=obj, at=timezone.now())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        actions.keep_words(event=form.instance)

    def has_delete_permission(self, request, obj=None):
        """Only what no reader has seen, or what was invented, can be deleted: the rest is cancelled, with a reason."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_demo or obj.published_at is None)

    def get_deleted_objects(self, objs, request):
        """The list's own "delete" passes over what readers have seen."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(str(one) for one in objs if not self.has_delete_permission(request, one))]

    def delete_queryset(self, request, queryset):
        """One by one: the files of a photograph go with their row."""
        for one in queryset:
            one.delete()

    def work_queues(self, request, at):
        """Drafts, and events whose last day to register is near."""
        today = timezone.localdate(at)
        drafts = Event.objects.filter(state=State.DRAFT).order_by("starts_at", "pk")
        return [
            queue(
                code="rencontres-inscriptions",
                title="Inscriptions qui ferment bientôt",
                counter="rencontre dont les inscriptions ferment|rencontres dont les inscriptions ferment",
                found=Event.objects.register_soon(today, today + rules.REGISTER_SOON),
                query=f"{WHEN}=inscription",
                empty="Aucune inscription ne ferme cette semaine.",
            ),
            queue(
                code="rencontres-brouillons",
                title="Rencontres en brouillon",
                counter="brouillon de rencontre|brouillons de rencontre",
                found=drafts,
                query=f"state__exact={State.DRAFT}",
                empty="Aucun brouillon de rencontre.",
                is_draft=True,
            ),
        ]


def queue(*, code, title, counter, found, query, empty, is_draft=False):
    """A queue of events, each leading to its form."""
    count = found.count()
    rows = [
        WorkRow(
            title=event.title,
            url=(url := reverse(CHANGE, args=[event.pk])),
            note=note(event),
            action_label="Relire",
            action_url=url,
            marker=event.kind,
        )
        for event in (found.select_related("kind").defer("text", "search_vector")[:QUEUE_ROWS] if count else [])
    ]
    url = f"{reverse(CHANGELIST)}?{query}"
    return WorkQueue(code=code, title=title, counter=counter, count=count, url=url, empty=empty, rows=rows, is_draft=is_draft)


def note(event):
    """When it is and, if one registers, until when."""
    until = f", inscriptions jusqu’au {french.date(event.register_by)}" if event.register_by else ""
    return f"{moments.days(event)}{until}"
