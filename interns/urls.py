"""Public addresses of the rubrique Internes."""

from django.urls import path

from interns import notes, views

app_name = "interns"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("recherche/", views.together, name="together"),
    path("terrains/", views.place_list, name="place_list"),
    path("terrains/carte.geojson", views.place_map, name="place_map"),
    path("terrains/<int:pk>/fiche/", views.place_card, name="place_card"),
    path("terrains/<int:pk>/alentour.geojson", views.place_around, name="place_around"),
    path("terrains/<int:pk>-<slug:slug>/", views.place_detail, name="place_detail"),
    path("terrains/<int:pk>-<slug:slug>/temoigner/", notes.note_new, name="note_new"),
    path("terrains/temoignages/<str:token>/confirmer/", notes.note_confirm, name="note_confirm"),
    path("terrains/temoignages/<str:token>/retirer/", notes.note_withdraw, name="note_withdraw"),
]
