"""What people look for, what they agree to have told about it, and the offers that fit."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.enums import Answer, NeedSubject, Standing
from contacts.querysets.needs import LodgingQuerySet, MatchQuerySet, NeedQuerySet
from core.geography import Point
from core.models import Linked, Mail
from housing.asked import MOST_HALF_DAYS, Near
from housing.models import Dwelling
from opportunities.enums import HalfDay
from opportunities.filters import DEFAULT_RADIUS_KM, MAX_RADIUS_KM, MIN_RADIUS_KM
from opportunities.models import Opportunity, OpportunityKind
from territories.anchors import Anchor
from territories.models import Commune, Epci


class Need(Linked):
    """What somebody looks for, where, when; with `available`, a doctor whom publishers may ask for without knowing who it is."""

    subject = models.CharField("recherche", max_length=10, choices=NeedSubject, default=NeedSubject.EXERCISE)
    kinds = models.ManyToManyField(
        OpportunityKind, blank=True, related_name="+", verbose_name="types d’offre", help_text="Vide\u00a0: tous."
    )
    standing = models.CharField("situation", max_length=20, choices=Standing)

    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="autour de")
    radius_km = models.PositiveSmallIntegerField(
        "rayon (km)",
        default=DEFAULT_RADIUS_KM,
        null=True,
        blank=True,
        validators=[MinValueValidator(MIN_RADIUS_KM), MaxValueValidator(MAX_RADIUS_KM)],
        help_text="D’un logement, de chacun des lieux ; vide : sans limite.",
    )
    epcis = models.ManyToManyField(Epci, blank=True, related_name="+", verbose_name="intercommunalités")

    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    half_days = ArrayField(models.SmallIntegerField(choices=HalfDay), verbose_name="demi-journées", default=list, blank=True)
    lodging = models.BooleanField("avec un logement", default=False)
    highest_rent = models.PositiveSmallIntegerField("loyer au plus (€ par mois, charges comprises)", null=True, blank=True)
    words = models.TextField("en quelques mots", max_length=1000, blank=True, help_text="Lu par l’équipe seule.")

    notify = models.BooleanField("prévenir des offres qui conviennent", default=True)
    available = models.BooleanField("disponible, les annonceurs peuvent proposer", default=False)
    email = models.EmailField("courriel", max_length=254)

    created_at = models.DateTimeField("reçue le", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True, editable=False)
    expires_at = models.DateTimeField("se termine le")
    stopped_at = models.DateTimeField("arrêtée le", null=True, blank=True, editable=False)
    held = models.CharField(
        "à regarder", max_length=200, blank=True, editable=False, help_text="Pourquoi rien ne part avant un regard de l’équipe."
    )
    seen_at = models.DateTimeField("prise en charge le", null=True, blank=True, editable=False)

    is_demo = models.BooleanField("démonstration", default=False, help_text="Recherche inventée\u00a0: elle compte, et n’écrit à personne.")

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche"
        verbose_name_plural = "recherches et disponibilités"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contacts_need_end_after_start",
                violation_error_message="La date de fin vient avant la date de début.",
            ),
            models.CheckConstraint(
                condition=Q(subject=NeedSubject.EXERCISE) | Q(available=False),
                name="contacts_need_available_for_exercise",
                violation_error_message="Une disponibilité se propose pour un exercice.",
            ),
        ]
        indexes = [
            models.Index("expires_at", condition=Q(stopped_at__isnull=True, confirmed_at__isnull=False), name="contacts_need_active"),
            models.Index("email", name="contacts_need_email"),
        ]

    def __str__(self):
        return f"Recherche nº\u00a0{self.pk}"


class NeedPlace(models.Model):
    """A place that somebody wants a room near, as it was when they asked: a place that is gone since is still near the same rooms."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="places", verbose_name="recherche")
    rank = models.PositiveSmallIntegerField("rang")
    token = models.CharField("lieu", max_length=40)
    label = models.CharField("nom", max_length=300)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+", verbose_name="commune")
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    half_days = models.PositiveSmallIntegerField(
        "demi-journées par semaine", default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_HALF_DAYS)]
    )

    class Meta:
        verbose_name = "lieu cherché"
        verbose_name_plural = "lieux cherchés"
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["need", "rank"], name="contacts_need_place_once")]

    def __str__(self):
        return self.label

    @property
    def near(self):
        """The same as a search of rooms has it."""
        point = Point(self.latitude, self.longitude)
        anchor = Anchor(self.token, self.label, point, self.commune_id, url="", text=self.label, detail="", kind="")
        return Near(anchor, self.half_days)


class NeedMatch(Linked):
    """An offer that fits a need: who was told of it, and, step by step, who agreed to what and when."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="matches", verbose_name="recherche")
    offer = models.ForeignKey(Opportunity, models.CASCADE, related_name="need_matches", verbose_name="offre")
    found_at = models.DateTimeField("trouvée le", default=timezone.now, editable=False)
    told_at = models.DateTimeField("dite à la personne le", null=True, blank=True, editable=False)
    told_in = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="dite dans", editable=False)
    shown_at = models.DateTimeField("annonceur prévenu le", null=True, blank=True, editable=False)
    shown_in = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="annonceur prévenu dans", editable=False
    )
    requested_at = models.DateTimeField("demandée par l’annonceur le", null=True, blank=True, editable=False)
    asked_at = models.DateTimeField("médecin interrogé le", null=True, blank=True, editable=False)
    answer = models.CharField("réponse du médecin", max_length=6, choices=Answer, blank=True, editable=False)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True, editable=False)
    introduced_at = models.DateTimeField("mis en relation le", null=True, blank=True, editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = "rapprochement"
        verbose_name_plural = "rapprochements"
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "offer"], name="contacts_match_once"),
            models.CheckConstraint(
                condition=Q(introduced_at__isnull=True) | Q(answer=Answer.YES, requested_at__isnull=False),
                name="contacts_match_introduced_when_both_agreed",
            ),
        ]
        indexes = [
            models.Index("need", condition=Q(told_at__isnull=True), name="contacts_match_to_tell"),
            models.Index("offer", condition=Q(shown_at__isnull=True), name="contacts_match_to_show"),
            models.Index("requested_at", condition=Q(requested_at__isnull=False), name="contacts_match_asked"),
        ]

    def __str__(self):
        return f"Rapprochement nº\u00a0{self.pk}"


class LodgingMatch(models.Model):
    """A room that fits a need of lodging, and when its person was told of it."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="lodgings", verbose_name="recherche")
    dwelling = models.ForeignKey(Dwelling, models.CASCADE, related_name="+", verbose_name="logement")
    found_at = models.DateTimeField("trouvé le", default=timezone.now, editable=False)
    told_at = models.DateTimeField("dit à la personne le", null=True, blank=True, editable=False)
    told_in = models.ForeignKey(Mail, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="dit dans", editable=False)

    objects = LodgingQuerySet.as_manager()

    class Meta:
        verbose_name = "logement qui convient"
        verbose_name_plural = "logements qui conviennent"
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["need", "dwelling"], name="contacts_lodging_once")]
        indexes = [models.Index("need", condition=Q(told_at__isnull=True), name="contacts_lodging_to_tell")]

    def __str__(self):
        return f"Logement nº\u00a0{self.dwelling_id} pour la recherche nº\u00a0{self.need_id}"


class AvailabilityMute(models.Model):
    """An offer, or an address, whose publisher wants to hear of no available doctor."""

    offer = models.OneToOneField(Opportunity, models.CASCADE, null=True, blank=True, related_name="availability_mute", verbose_name="offre")
    address_key = models.CharField(max_length=40, blank=True, editable=False, help_text="Empreinte de l’adresse (`core.mail.key_of`).")
    created_at = models.DateTimeField("depuis le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "annonceur qui ne veut rien recevoir"
        verbose_name_plural = "annonceurs qui ne veulent rien recevoir"
        constraints = [
            models.UniqueConstraint(fields=["address_key"], condition=~Q(address_key=""), name="contacts_mute_once_per_address"),
            models.CheckConstraint(condition=Q(offer__isnull=False) ^ ~Q(address_key=""), name="contacts_mute_of_offer_or_address"),
        ]

    def __str__(self):
        return f"Offre nº\u00a0{self.offer_id}" if self.offer_id else "Une adresse"
