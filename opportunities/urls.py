from django.urls import path

from opportunities import keep, publish, views

app_name = "opportunities"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("publier/", publish.choose, name="publish"),
    path("publier/qualite/", publish.meter, name="publish_meter"),
    path("succession/", publish.succession, name="succession"),
    path("publier/<slug:code>/", publish.write, name="publish_write"),
    path("offres/", views.offer_list, name="offer_list"),
    path("offres/carte.geojson", views.offer_map, name="offer_map"),
    path("offres/flux.atom", views.offer_feed, name="offer_feed"),
    path("offres/flux.ics", views.offer_calendar, name="offer_calendar"),
    path("offres/<int:pk>/signaler/", keep.offer_report, name="offer_report"),
    path("offres/<int:pk>/vue/", views.offer_seen, name="offer_seen"),
    path("mon-offre/<str:token>/", keep.offer_keep, name="offer_keep"),
    path("mon-offre/<str:token>/modifier/", keep.offer_edit, name="offer_edit"),
    path("mon-offre/<str:token>/photos/", keep.offer_photos, name="offer_photos"),
    path("mon-offre/<str:token>/adresse/", keep.offer_address, name="offer_address"),
    path("nouvelle-adresse/<str:token>/", keep.offer_contact, name="offer_contact"),
    path("offres/<int:pk>/fiche/", views.offer_card, name="offer_card"),
    path("offres/<int:pk>-<slug:slug>/", views.offer_detail, name="offer_detail"),
]
