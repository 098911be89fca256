"""Public addresses of the portal."""

from django.contrib import admin
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path

from core.media import photo
from vsa_portal import views
from vsa_portal.health import health
from vsa_portal.home.views import home
from vsa_portal.search.views import search, suggest
from vsa_portal.sitemaps import SITEMAPS

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns = [
    path("", home, name="home"),
    path("exercer/", include("opportunities.urls")),
    path("s-installer/", include("aids.urls")),
    path("s-installer/logement/", include("housing.urls")),
    path("internes/", include("interns.urls")),
    path("agenda/", include("agenda.urls")),
    path("collectif/", include("collective.urls")),
    path("territoires/", include("territories.urls")),
    path("territoires/", include("vsa_portal.places.urls")),
    path("recherche/", search, name="search"),
    path("recherche/suggestions.json", suggest, name="search_suggest"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap_section"}, name="sitemap"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap_section"),
    path("equipe/", admin.site.urls),
    path("sante/", health, name="health"),
    path("media/<path:path>", photo, name="photo"),
    path("", include("contacts.urls")),
    path("", include("pages.urls")),  # last: a page may stand at any address that is left
]
