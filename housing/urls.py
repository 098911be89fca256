"""Rubrique S’installer > se loger: the opening page, until its records come."""

from django.urls import path
from django.views.generic import TemplateView

app_name = "housing"
urlpatterns = [
    path("", TemplateView.as_view(template_name="housing/landing.html"), name="landing"),
]
