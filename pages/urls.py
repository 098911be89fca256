"""Addresses of the editorial pages; included last, because a page may stand anywhere."""

from django.urls import path, register_converter

from pages import views
from pages.converters import PagePath

register_converter(PagePath, "page_path")

app_name = "pages"
urlpatterns = [
    path("glossaire/", views.glossary, name="glossary"),
    path("documents/<slug:key>/<slug:name>.pdf", views.document, name="document"),
    path("<page_path:path>/", views.page, name="page"),
]
