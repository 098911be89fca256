"""Rubrique Agenda: the opening page, until its records come."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "agenda"
urlpatterns = [
    path("", TemplateView.as_view(template_name="agenda/landing.html"), name="landing"),
]
