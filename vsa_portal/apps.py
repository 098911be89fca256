from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import SimpleAdminConfig
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
