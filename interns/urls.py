"""Rubrique Internes: the opening page, until its records come."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "interns"
urlpatterns = [
    path("", TemplateView.as_view(template_name="interns/landing.html"), name="landing"),
]
