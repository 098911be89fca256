from django.urls import path

from territories import views

app_name = "territories"
urlpatterns = [
    path("communes.json", views.commune_search, name="commune_search"),
    path("lieux.json", views.anchor_search, name="anchor_search"),
    path("etablissements/", views.facility_list, name="facility_list"),
    path("etablissements/carte.geojson", views.facility_map, name="facility_map"),
    path("etablissements/tableau.csv", views.facility_table, name="facility_table"),
    path("etablissements/<int:pk>/fiche/", views.facility_card, name="facility_card"),
    path("etablissements/<int:pk>/alentour.geojson", views.facility_around, name="facility_around"),
    path("etablissements/<int:pk>-<slug:slug>/", views.facility_detail, name="facility_detail"),
    path("chiffres/", views.figures, name="figures"),
]
