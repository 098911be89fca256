from django.urls import path

from contacts.views import alerts, answers, conversations, needs, needs_public

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
    path("contact/ecrire/", conversations.write_adviser, name="write_adviser"),
    path("contact/ecrire/offre/<int:pk>/", conversations.write_offer, name="write_offer"),
    path("contact/ecrire/partenaire/<slug:slug>/", conversations.write_partner, name="write_partner"),
    path("contact/confirmer/<str:token>/", conversations.conversation_confirm, name="conversation_confirm"),
    path("contact/suivi/<str:token>/", conversations.conversation_follow, name="conversation_follow"),
    path("contact/repondre/<str:token>/", answers.conversation_answer, name="conversation_answer"),
    path("exercer/mon-offre/<str:token>/messages/", answers.offer_messages, name="offer_messages"),
    path("exercer/mon-offre/<str:token>/reglages/", answers.offer_wishes, name="offer_wishes"),
]
