from django.urls import path

from collective import views

app_name = "collective"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("partenaires/<slug:slug>/", views.partner, name="partner"),
    path("qui-fait-quoi/", views.desks, name="desks"),
    path("realisations/", views.achievements, name="achievements"),
    path("presse/", views.press, name="press"),
    path("temoignages/", views.testimonials, name="testimonials"),
    path("actualites/", views.news_list, name="news_list"),
    path("actualites/flux.atom", views.news_feed, name="news_feed"),
    path("actualites/<int:pk>-<slug:slug>/", views.news_detail, name="news_detail"),
]
