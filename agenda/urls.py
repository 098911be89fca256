"""Public addresses of the rubrique Agenda."""

from django.urls import path

from agenda import views

app_name = "agenda"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("flux.ics", views.calendar, name="calendar"),
    path("flux.atom", views.feed, name="feed"),
    path("rencontres/", views.event_list, name="event_list"),
    path("rencontres/carte.geojson", views.event_map, name="event_map"),
    path("rencontres/<int:pk>/fiche/", views.event_card, name="event_card"),
    path("rencontres/<int:pk>/rencontre.ics", views.event_diary, name="event_diary"),
    path("rencontres/<int:pk>-<slug:slug>/", views.event_detail, name="event_detail"),
]
