"""Staff users."""

import factory
from django.contrib.auth import get_user_model

PASSWORD = "un mot de passe de test"


class UserFactory(factory.django.DjangoModelFactory):
    """An account that may not enter the admin."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Fabre {n}")
    password = factory.django.Password(PASSWORD)


class StaffFactory(UserFactory):
    """A member of the team, without any permission yet."""

    is_staff = True


class SuperuserFactory(StaffFactory):
    """A member of the team who may do everything."""

    is_superuser = True
