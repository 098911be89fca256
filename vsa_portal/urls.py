"""Public addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from core.media import photo

urlpatterns = [
    path("exercer/", include("opportunities.urls")),
    path("territoires/", include("territories.urls")),
    path("equipe/", admin.site.urls),
    path("media/<path:path>", photo, name="photo"),
]
