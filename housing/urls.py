"""Rubrique S’installer > se loger: the opening page, until its records come."""

from django.urls import path
from django.views.generic import TemplateView

from housing import keep

app_name = "housing"
urlpatterns = [
    path("", TemplateView.as_view(template_name="housing/landing.html"), name="landing"),
    path("mon-logement/<str:token>/", keep.dwelling_keep, name="dwelling_keep"),
]
