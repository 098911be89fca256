"""Staff users. Doctors, interns and hosts have no account (see docs/decisions)."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from accounts.querysets import AttemptQuerySet


class UserManager(BaseUserManager):
    use_in_migrations = True

    def _create(self, email, password, **fields):
        if not email:
            raise ValueError("Un utilisateur a besoin d’une adresse électronique.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email, password=None, **fields):
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **fields})

    def create_superuser(self, email, password=None, **fields):
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A member of the VSA team, known by e-mail address; letter case of the address does not count."""

    username = None
    email = models.EmailField("adresse électronique", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]
    objects = UserManager()

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "membres de l’équipe"
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message="Un compte a déjà cette adresse électronique."
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.email


class Attempt(models.Model):
    """A login that failed, known by keyed hashes of the account and of the machine; erased by a job within half an hour."""

    fingerprint = models.CharField("empreinte", max_length=32)
    at = models.DateTimeField("le")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "essai de connexion"
        verbose_name_plural = "essais de connexion"
        indexes = [models.Index(fields=["fingerprint", "at"], name="attempt_fingerprint"), models.Index(fields=["at"], name="attempt_at")]

    def __str__(self):
        return f"{self.fingerprint} {self.at:%H:%M}"


class EmailDomain(models.Model):
    """What the team says of a domain of addresses, before the public list of throw-away ones (`accounts.public`)."""

    domain = models.CharField(
        "domaine", max_length=253, unique=True, help_text="Ce qui suit @, par exemple exemple.org\u00a0; ses sous-domaines aussi."
    )
    refused = models.BooleanField("refusé", default=True, help_text="Décoché, le domaine est accepté même s’il est dans la liste publique.")
    note = models.CharField("pourquoi", max_length=200, blank=True)

    class Meta:
        verbose_name = "domaine d’adresses"
        verbose_name_plural = "domaines d’adresses"
        ordering = ["domain"]

    def __str__(self):
        return self.domain

    def clean(self):
        self.domain = self.domain.strip().lower().rpartition("@")[2].strip(".")
