"""The staff side: our Django admin, which opens on the work to do.

A `ModelAdmin` takes part in that page by defining

    def work_queues(self, request, at) -> list[WorkQueue]

It is asked only when the person may view its records. `core` knows none of them.

In the menu, apps come in the order of the settings, then by the `menu_position` of their `AppConfig`
(0 unless told otherwise); models by that of their `ModelAdmin`; `menu_app` moves a model under
another app's heading.
"""

from dataclasses import dataclass, field
from functools import wraps

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.forms import Script
from django.utils import timezone
from django.views.i18n import JavaScriptCatalog
from js_asset import Media

from core import french

QUEUE_ROWS = 6
"""Rows of a queue shown on the first page; the rest is behind its "Tout voir" link."""
LAST_IN_MENU = 100


@dataclass(slots=True)
class WorkRow:
    """One thing to do. `action_url` is followed, or posted to when `is_post` is true."""

    title: str
    url: str
    note: str
    action_label: str
    action_url: str
    is_post: bool = False
    marker: object = None
    """Anything with `shape`, `glyph` and `tone` (symbols of the icon sprite), or None."""


@dataclass(slots=True)
class WorkQueue:
    """Things of one sort to do, most urgent first, with the list page that shows them all."""

    code: str
    title: str
    counter: str
    """What is counted, for one and for several: `offre à relire|offres à relire`."""
    count: int
    url: str
    tone: str = ""
    """What a queue that is not empty means: `brick` late, `ochre` waits for us, empty otherwise."""
    empty: str = "Rien à faire ici."
    rows: list[WorkRow] = field(default_factory=list)
    is_message: bool = False
    """Whether people wrote what it holds: it comes first, then what is late."""
    is_draft: bool = False
    """Whether it waits for nobody: it is not counted on top."""
    is_awaited: bool = False
    """Whether somebody outside of the team waits for it: when late it is told by mail as well (`core.late`)."""

    @property
    def counted(self):
        one, _, many = self.counter.partition("|")
        return one if self.count == 1 else many or one

    @property
    def is_late(self):
        return self.tone == "brick" and self.count > 0


class PortalAdminSite(admin.AdminSite):
    site_header = "Équipe VSA"
    site_title = "Équipe VSA"
    index_title = "Aujourd’hui"
    index_template = "admin/today.html"
    enable_nav_sidebar = False
    """The menu is ours (templates/admin/_menu.html), with no script."""

    def admin_view(self, view, cacheable=False):
        """As Django's, except that what only a forged address or form can hold is a bad request, not a failure of the database."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request, *args, **kwargs):
            if is_forged(request):
                raise BadRequest("forged address or form")
            return with_nonce(request, inner(request, *args, **kwargs))

        return checked

    def i18n_javascript(self, request, extra_context=None):
        """Words of scripts in French: Django's, and those of the dialogs of the editors."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])(request)

    def index(self, request, extra_context=None):
        at = timezone.now()
        queues = self.work_queues(request, at)
        today = timezone.localdate(at)
        context = {
            "queues": sorted((queue for queue in queues if queue.count), key=lambda queue: (not queue.is_message, not queue.is_late)),
            "nothing": [queue for queue in queues if not queue.count],
            "today": f"{french.WEEKDAYS[today.weekday()]} {french.date(today)}",
            **(extra_context or {}),
        }
        return super().index(request, context)

    def work_queues(self, request, at):
        """The queues of every model admin that has some and whose records this person may view, in the order of the menu."""
        admins = (self._registry[entry["model"]] for group in self.get_app_list(request) for entry in group["models"])
        return [queue for one in admins if hasattr(one, "work_queues") for queue in one.work_queues(request, at)]

    def late_queues(self, at):
        """The queues in which somebody waits for something late, whoever may view them: for the mail to the whole team."""
        queues = (queue for one in self._registry.values() if hasattr(one, "work_queues") for queue in one.work_queues(None, at))
        return [queue for queue in queues if queue.is_awaited and queue.is_late]

    def get_app_list(self, request, app_label=None):
        """The menu: rubriques in the order of the settings, then what serves them (`AppConfig.menu_position`)."""
        order = {config.label: (getattr(config, "menu_position", 0), rank) for rank, config in enumerate(apps.get_app_configs())}
        groups = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        for group in list(groups.values()):
            for entry in list(group["models"]):
                home = groups.get(getattr(self._registry[entry["model"]], "menu_app", None), group)
                if home is not group:
                    group["models"].remove(entry)
                    home["models"].append(entry)
        for group in groups.values():
            group["models"].sort(key=lambda entry: getattr(self._registry[entry["model"]], "menu_position", LAST_IN_MENU))
        return sorted((group for group in groups.values() if group["models"]), key=lambda group: order[group["app_label"]])


class ReadOnly:
    """A `ModelAdmin` of rows that nobody types: staff read them, and act through the buttons of its pages."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class KeySelect(AutocompleteSelect):
    """Django's, which asks the database for whatever was sent: what is no key is no choice, and the field says so."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if str(key).isdecimal()], attr)


class KeySelects:
    """A `ModelAdmin` whose `autocomplete_fields` survive any address and any form."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def with_nonce(request, response):
    """The same page; its editors, whose modules find each other through an inline map, bear the nonce of its Content-Security-Policy.

    Other pages have none, and their policy stays as strict as it is.
    """
    media = (getattr(response, "context_data", None) or {}).get("media")
    if getattr(media, "_importmap", None) is not None:
        first = Media(js=[Script("js/admin/nonce.js"), Script("js/admin/editor.js", defer=True)])
        response.context_data["media"] = (first + media).with_nonce(str(request.csp_nonce))
    return response


def is_forged(request):
    """A null character in the address (a search says so itself), or a row ticked in a list that is not the key of a record."""
    address = (value for name, values in request.GET.lists() if name != SEARCH_VAR for value in values)
    return any("\0" in value for value in address) or not all(key.isdecimal() for key in request.POST.getlist(ACTION_CHECKBOX_NAME))
