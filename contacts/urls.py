from django.urls import path

from contacts.views import alerts

app_name = "contacts"
urlpatterns = [
    path("alertes/", alerts.alerts_link, name="alerts_link"),
    path("alertes/nouvelle/", alerts.alerts_new, name="alerts_new"),
    path("alertes/confirmer/<str:token>/", alerts.alerts_confirm, name="alerts_confirm"),
    path("alertes/gerer/<str:token>/", alerts.alerts_manage, name="alerts_manage"),
    path("alertes/gerer/<str:token>/<int:pk>/", alerts.alerts_change, name="alerts_change"),
    path("alertes/arreter/<str:token>/", alerts.alerts_stop, name="alerts_stop"),
    path("alertes/desabonnement/<str:token>/", alerts.alerts_off, name="alerts_off"),
    path("alertes/continuer/<str:token>/", alerts.alerts_renew, name="alerts_renew"),
    path("alertes/avis/<str:token>/oui/", alerts.alerts_useful, name="alerts_useful"),
    path("alertes/avis/<str:token>/non/", alerts.alerts_useless, name="alerts_useless"),
]
