from django.apps import AppConfig


class HousingConfig(AppConfig):
    name = "housing"
    verbose_name = "Se loger"

    def ready(self):
        """Be told of the dates of semesters, which rooms are offered for."""
        from housing.actions import follow_semester
        from territories.semesters import tell_of_dates

        tell_of_dates(follow_semester)
