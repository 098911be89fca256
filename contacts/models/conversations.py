"""A message to somebody, its answers, and what the person who receives such messages wishes.

No address goes from one side to the other before an answer says so (`Conversation.introduced_at`).
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agenda.models import Event
from collective.models import Partner
from contacts.enums import Aim, Channel, Handover, Outcome, Refusal, Reply, Side, Stage, Standing, Target, Topic
from contacts.querysets.conversations import ConversationQuerySet
from core.models import Linked, new_link_key
from core.validators import phone_number
from housing.models import Booking, Dwelling
from opportunities.models import Opportunity


class Recipient(Linked):
    """Somebody to whom messages are relayed, by address: whether they want some now, and how they answered so far (N4, C3)."""

    email = models.EmailField("courriel", unique=True)
    paused = models.BooleanField("messages suspendus", default=False)
    monthly_cap = models.PositiveSmallIntegerField(
        "demandes par mois, au plus", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    absent_from = models.DateField("absent du", null=True, blank=True)
    absent_until = models.DateField("au", null=True, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)

    class Meta:
        verbose_name = "destinataire"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(absent_from__isnull=True, absent_until__isnull=True)
                | Q(absent_from__isnull=False, absent_until__isnull=False, absent_until__gte=F("absent_from")),
                name="recipient_absence_is_a_range",
                violation_error_message="Une absence a un premier et un dernier jour, dans cet ordre.",
            ),
        ]

    def __str__(self):
        return self.email


class Conversation(Linked):
    """What somebody without an account writes to somebody else, and what becomes of it."""

    target = models.CharField("à", max_length=8, choices=Target)
    offer = models.ForeignKey(Opportunity, models.SET_NULL, verbose_name="offre", related_name="+", null=True, blank=True)
    partner = models.ForeignKey(Partner, models.SET_NULL, verbose_name="partenaire", related_name="+", null=True, blank=True)
    dwelling = models.ForeignKey(Dwelling, models.SET_NULL, verbose_name="logement", related_name="+", null=True, blank=True)
    event = models.ForeignKey(Event, models.SET_NULL, verbose_name="rencontre", related_name="+", null=True, blank=True)
    booking = models.OneToOneField(
        Booking, models.SET_NULL, verbose_name="séjour", related_name="conversation", null=True, blank=True, editable=False
    )
    recipient = models.ForeignKey(
        Recipient, models.SET_NULL, verbose_name="destinataire", related_name="conversations", null=True, blank=True
    )
    about = models.CharField("à propos de", max_length=160, help_text="Titre de l’annonce ou nom du partenaire au moment de l’envoi.")
    told_as = models.CharField(
        "annoncée ainsi", max_length=400, blank=True, editable=False, help_text="Date et lieu d’une rencontre, tels que l’auteur les a lus."
    )

    name = models.CharField("nom", max_length=120, blank=True)
    email = models.EmailField("courriel", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True, validators=[phone_number])
    standing = models.CharField("situation", max_length=16, choices=Standing)
    aim = models.CharField("but", max_length=8, choices=Aim, blank=True)
    topic = models.CharField("sujet", max_length=10, choices=Topic, blank=True)
    starts_on = models.DateField("à partir du", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    purpose = models.CharField("pour quel stage ou remplacement", max_length=160, blank=True)
    people = models.PositiveSmallIntegerField("personnes", null=True, blank=True)
    text = models.TextField("message", max_length=4000, blank=True)

    stage = models.CharField("état", max_length=12, choices=Stage, default=Stage.UNCONFIRMED)
    outcome = models.CharField("suite", max_length=10, choices=Outcome, blank=True, default=Outcome.NONE)
    refusal = models.CharField("motif du non", max_length=8, choices=Refusal, blank=True)
    handover = models.CharField("pourquoi l’équipe", max_length=12, choices=Handover, blank=True, default=Handover.NONE)
    doubts = models.CharField("pourquoi retenu", max_length=300, blank=True)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="suivi par", related_name="+", null=True, blank=True
    )
    with_team = models.BooleanField("entre les mains de l’équipe", default=False, help_text="Ce que l’auteur écrit va à l’équipe.")
    answer_key = models.CharField(max_length=12, default=new_link_key, editable=False)
    """What the links of the recipient are signed with; `link_key` is the author's."""

    created_at = models.DateTimeField("écrit le", default=timezone.now)
    confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    relayed_at = models.DateTimeField("transmis le", null=True, blank=True)
    waiting_since = models.DateTimeField("réponse attendue depuis", null=True, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True, help_text="Première réponse du destinataire.")
    introduced_at = models.DateTimeField("coordonnées échangées le", null=True, blank=True)
    handed_over_at = models.DateTimeField("confié à l’équipe le", null=True, blank=True)
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    moved_at = models.DateTimeField("dernier mouvement le", default=timezone.now)
    erased_at = models.DateTimeField("effacé le", null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = "conversation"
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage__in=(Stage.WAITING, Stage.ASKED)) | Q(relayed_at__isnull=False, waiting_since__isnull=False),
                name="conversation_waiting_since_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=(Stage.UNCONFIRMED, Stage.CLOSED)) | Q(confirmed_at__isnull=False),
                name="conversation_goes_nowhere_unconfirmed",
            ),
            # One subject at most, and of the kind that is told; none is left when it was deleted.
            models.CheckConstraint(
                condition=(Q(target=Target.OFFER) | Q(offer__isnull=True))
                & (Q(target=Target.PARTNER) | Q(partner__isnull=True))
                & (Q(target=Target.ROOM) | Q(dwelling__isnull=True))
                & (Q(target=Target.EVENT) | Q(event__isnull=True)),
                name="conversation_about_its_target",
            ),
            models.CheckConstraint(condition=~Q(stage=Stage.CLOSED) | Q(closed_at__isnull=False), name="conversation_closed_has_a_date"),
        ]
        indexes = [
            models.Index("waiting_since", condition=Q(stage__in=(Stage.WAITING, Stage.ASKED)), name="conversation_waiting"),
            models.Index(fields=["stage", "-moved_at"], name="conversation_stage"),
            models.Index("recipient", "relayed_at", name="conversation_recipient"),
            models.Index("moved_at", condition=Q(erased_at__isnull=True), name="conversation_to_erase"),
        ]

    def __str__(self):
        return f"{self.name or 'effacé'} · {self.about}"


class Message(models.Model):
    """Something said in a conversation after its first text, or told by the portal about it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    side = models.CharField("de", max_length=9, choices=Side)
    channel = models.CharField("par", max_length=5, choices=Channel, default=Channel.PAGE)
    answer = models.CharField("réponse", max_length=10, choices=Reply, blank=True)
    text = models.TextField("texte", max_length=8000, blank=True)
    written_at = models.DateTimeField("le", default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="par", related_name="+", null=True, blank=True)
    to_recipient = models.BooleanField("lu par le destinataire", default=False)
    read_first = models.BooleanField("relu par l’équipe d’abord", default=False, editable=False)
    # NULL rather than empty: what was written on a page has no identifier, and only NULL may repeat in a unique column.
    message_id = models.CharField("identifiant du courriel", max_length=300, null=True, editable=False)  # noqa: DJ001

    class Meta:
        verbose_name = "message"
        ordering = ["written_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["conversation", "message_id"], name="message_read_once")]

    def __str__(self):
        return f"{self.get_side_display()}, {self.written_at:%d/%m/%Y}"
