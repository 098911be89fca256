from django.urls import path

from contacts.views import alerts, needs, needs_public

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
    path("je-cherche/", needs.needs_new, name="needs_new"),
    path("je-cherche/confirmer/<str:token>/", needs.needs_confirm, name="needs_confirm"),
    path("je-cherche/arreter/<str:token>/", needs.needs_stop, name="needs_stop"),
    path("je-cherche/effacee/", needs.needs_erased, name="needs_erased"),
    path("je-cherche/suivi/<str:token>/", needs.needs_keep, name="needs_keep"),
    path("je-cherche/suivi/<str:token>/changer/", needs.needs_edit, name="needs_edit"),
    path("besoins/", needs_public.needs_counts_page, name="needs_counts"),
    path("besoins/besoins.csv", needs_public.needs_counts_csv, name="needs_counts_csv"),
    path("disponibilites/demande/<str:token>/", needs_public.needs_request, name="needs_request"),
    path("disponibilites/reponse/<str:token>/<str:answer>/", needs_public.needs_answer, name="needs_answer"),
    path("disponibilites/arreter/<str:token>/", needs_public.needs_mute, name="needs_mute"),
    path("disponibilites/tout-arreter/<str:token>/", needs_public.needs_mute_all, name="needs_mute_all"),
]
