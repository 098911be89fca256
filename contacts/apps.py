from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Mise en relation"

    def ready(self):
        """Be told of stays, to tell their people."""
        from contacts.actions import stays
        from housing.actions import tell_of_stays

        tell_of_stays(stays.follow)
