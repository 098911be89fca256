"""Rubrique S’installer: aids and accompaniment: the opening page, until its records come."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "aids"
urlpatterns = [
    path("", TemplateView.as_view(template_name="aids/landing.html"), name="landing"),
]
