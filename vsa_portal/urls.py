"""Public addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("exercer/", include("opportunities.urls")),
    path("territoires/", include("territories.urls")),
    path("equipe/", admin.site.urls),
]
