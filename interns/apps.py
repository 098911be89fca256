from django.apps import AppConfig


class InternsConfig(AppConfig):
    name = "interns"
    verbose_name = "Internes"

    def ready(self):
        from interns.near import TrainingPlaces
        from territories import anchors

        anchors.register(TrainingPlaces())
