from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.module_loading import module_has_submodule

NOT_IN_ADMIN = {"leaflet", "procrastinate.contrib.django"}
"""Packages whose admin we leave out: Leaflet's needs GDAL, the job queue's is an operator's tool, in English."""


class PortalConfig(AppConfig):
    name = "vsa_portal"
    verbose_name = "Portail"


class PortalAdminConfig(SimpleAdminConfig):
    """The admin with our site; `leaflet.admin` is left out, its form widgets need GDAL, which no machine has."""

    default_site = "core.admin.PortalAdminSite"

    def ready(self):
        super().ready()
        for app in apps.get_app_configs():
            if app.name not in NOT_IN_ADMIN and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
        import_module("core.admin_mail")  # apart from core.admin, which makes the site that it registers with


class PortalStaticFilesConfig(StaticFilesConfig):
    """What packages ship and no page of ours names stays out of `collectstatic`, most of whose time is compression."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.map",
        "*-src.js",
        "admin/js/vendor/*/jquery.js",
        "admin/js/vendor/*/select2.full.js",
        "admin/js/vendor/*/xregexp.js",
        "django_htmx/ext/*",
        "django_htmx/ht*-4*",
        "django_htmx/htmx-2.js",
        "leaflet/Control.MiniMap.*",
        "leaflet/draw/*",
        "leaflet/leaflet.forms.js",
        "leaflet/proj4*",
    ]
