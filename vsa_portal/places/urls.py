from django.urls import path

from vsa_portal.places import views

app_name = "places"
urlpatterns = [
    path("", views.index, name="index"),
    path("communes/<slug:slug>/", views.commune_detail, name="commune"),
    path("cpts/<slug:slug>/", views.cpts_detail, name="cpts"),
    path("intercommunalites/<slug:slug>/", views.epci_detail, name="epci"),
    path("comparer/", views.compare, name="compare"),
    path("trouver/", views.finder, name="finder"),
]
