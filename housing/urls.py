"""Rubrique S’installer > se loger: the search of dwellings is its opening page."""

from django.urls import path

from housing import chain, host_calendar, ical, keep, publish, views

app_name = "housing"
urlpatterns = [
    path("", views.dwelling_list, name="dwelling_list"),
    path("carte.geojson", views.dwelling_map, name="dwelling_map"),
    path("flux.atom", views.dwelling_feed, name="dwelling_feed"),
    path("<int:pk>/fiche/", views.dwelling_card, name="dwelling_card"),
    path("<int:pk>-<slug:slug>/", views.dwelling_detail, name="dwelling_detail"),
    path("<int:pk>/signaler/", keep.dwelling_report, name="dwelling_report"),
    path("<int:pk>/vue/", keep.dwelling_seen, name="dwelling_seen"),
    path("proposer/", publish.choose, name="publish"),
    path("proposer/qualite/", publish.meter, name="publish_meter"),
    path("proposer/<slug:code>/", publish.write, name="publish_write"),
    path("charte/", publish.charter, name="charter"),
    path("mon-logement/<str:token>/", keep.dwelling_keep, name="dwelling_keep"),
    path("mon-logement/<str:token>/calendrier/", host_calendar.host_calendar, name="host_calendar"),
    path("agenda/<str:token>.ics", ical.dwelling_ics, name="dwelling_ics"),
    path("suite/<str:token>/", chain.next_semester, name="next_semester"),
    path("mon-logement/<str:token>/modifier/", keep.dwelling_edit, name="dwelling_edit"),
    path("mon-logement/<str:token>/photos/", keep.dwelling_photos, name="dwelling_photos"),
    path("mon-logement/<str:token>/adresse/", keep.dwelling_address, name="dwelling_address"),
    path("nouvelle-adresse/<str:token>/", keep.dwelling_contact, name="dwelling_contact"),
]
