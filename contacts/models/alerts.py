"""Alerts: what a person wants to hear of, and what they heard of already."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone

from contacts.enums import Rhythm
from contacts.querysets.alerts import AlertQuerySet, SubscriberQuerySet
from core.models import Linked, Mail

WORD_LENGTH = 300


class Subscriber(Linked):
    """A person by their address, in lower case, to whom alerts write; gone with the last alert."""

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    created_at = models.DateTimeField("connue depuis le", default=timezone.now, editable=False)
    renewed_at = models.DateTimeField(
        "dernier signe de vie",
        default=timezone.now,
        editable=False,
        help_text="Sans signe pendant six mois, nous demandons s’il faut continuer.",
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = "personne abonnée"
        verbose_name_plural = "personnes abonnées"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Personne abonnée nº\u00a0{self.pk}"


class Alert(Linked):
    """A search that a person follows: its kind of things (`contacts.searches`), its address, how often it writes."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="alerts", verbose_name="personne")
    kind = models.CharField("sujet", max_length=20)
    query = models.TextField("recherche", blank=True, help_text="Les paramètres de la liste, toujours écrits de la même façon.")
    rhythm = models.CharField("rythme", max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField("demandée le", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField("arrêtée le", null=True, blank=True, editable=False)
    began_at = models.DateTimeField("suit depuis le", null=True, blank=True, editable=False)
    checked_at = models.DateTimeField("a regardé le", null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("dernier message", null=True, blank=True, editable=False)
    known_ids = ArrayField(
        models.BigIntegerField(), default=list, editable=False, help_text="Ce que la recherche trouvait quand l’alerte a commencé."
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["created_at", "pk"]
        constraints = [
            # Of the digest: a query may be longer than what an index of PostgreSQL holds.
            models.UniqueConstraint("subscriber", "kind", MD5("query"), name="contacts_alert_once_per_search"),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values),
                name="contacts_alert_rhythm_known",
                violation_error_message="Ce rythme n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(began_at__isnull=False, checked_at__isnull=False),
                name="contacts_alert_confirmed_has_begun",
            ),
        ]
        indexes = [
            models.Index(
                "rhythm", "checked_at", condition=Q(confirmed_at__isnull=False, stopped_at__isnull=True), name="contacts_alert_due"
            ),
            models.Index("stopped_at", condition=Q(stopped_at__isnull=False), name="contacts_alert_stopped"),
            models.Index("created_at", condition=Q(confirmed_at__isnull=True), name="contacts_alert_waiting"),
        ]

    def __str__(self):
        return f"Alerte nº\u00a0{self.pk}"

    @property
    def is_active(self):
        return self.confirmed_at is not None and self.stopped_at is None


class AlertItem(models.Model):
    """One thing that a person was told of, once, whatever the number of their alerts that found it."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="items", verbose_name="personne")
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, blank=True, related_name="items", verbose_name="alerte")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="courriel")
    kind = models.CharField("sujet", max_length=20)
    object_id = models.PositiveBigIntegerField("fiche")
    told_at = models.DateTimeField("annoncée le", default=timezone.now, editable=False)
    told_as = models.CharField(
        "annoncée ainsi", max_length=400, blank=True, editable=False, help_text="Date et lieu d’une rencontre, tels qu’ils ont été dits."
    )

    class Meta:
        verbose_name = "annonce faite à une personne"
        verbose_name_plural = "annonces faites à des personnes"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["subscriber", "kind", "object_id"], name="contacts_alert_item_once")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class AlertOpinion(models.Model):
    """Whether an alert was useful. It stays, without anybody's name, once the alert is gone."""

    alert = models.OneToOneField(Alert, models.SET_NULL, null=True, blank=True, related_name="opinion", verbose_name="alerte")
    kind = models.CharField("sujet", max_length=20)
    rhythm = models.CharField("rythme", max_length=8, choices=Rhythm)
    useful = models.BooleanField("utile")
    word = models.CharField("en un mot", max_length=WORD_LENGTH, blank=True)
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "avis sur une alerte"
        verbose_name_plural = "avis sur les alertes"
        ordering = ["-at", "-pk"]
        indexes = [models.Index("at", condition=~Q(word=""), name="contacts_alert_opinion_word")]

    def __str__(self):
        return "utile" if self.useful else "pas utile"
