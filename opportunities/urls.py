from django.urls import path

from opportunities import keep, views

app_name = "opportunities"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("offres/", views.offer_list, name="offer_list"),
    path("offres/carte.geojson", views.offer_map, name="offer_map"),
    path("offres/flux.atom", views.offer_feed, name="offer_feed"),
    path("offres/<int:pk>/signaler/", keep.offer_report, name="offer_report"),
    path("mon-offre/<str:token>/", keep.offer_keep, name="offer_keep"),
    path("offres/<int:pk>/fiche/", views.offer_card, name="offer_card"),
    path("offres/<int:pk>-<slug:slug>/", views.offer_detail, name="offer_detail"),
]
