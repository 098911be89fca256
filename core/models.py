"""What the tables of several apps share, and the one table that belongs to all of them: the mail that leaves."""

import secrets

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.enums import MailState, MarkerGlyph, MarkerShape, MarkerTone, State
from core.querysets import MailQuerySet
from core.validators import phone_number


class Dated(models.Model):
    """A row that knows when it was made and last changed; `core.caching.stamp` reads the latter."""

    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True


class MarkedKind(models.Model):
    """A kind of things in a list that staff edit, with the marker that draws it on maps and in lists."""

    code = models.SlugField("code", unique=True, help_text="Valeur stable, employée dans les adresses et les flux.")
    label = models.CharField("libellé", max_length=60, unique=True)
    definition = models.CharField("définition", max_length=300, blank=True, help_text="Une phrase pour un lecteur qui découvre.")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField(
        "proposé", default=True, help_text="Décoché, ce type n’est plus proposé dans les formulaires et les filtres."
    )
    shape = models.CharField("forme du repère", max_length=10, choices=MarkerShape, default=MarkerShape.CIRCLE)
    glyph = models.CharField("dessin du repère", max_length=15, choices=MarkerGlyph, default=MarkerGlyph.CONSULTATION)
    tone = models.CharField("couleur du repère", max_length=8, choices=MarkerTone, default=MarkerTone.ACTION)

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class Supplied(models.Model):
    """A row that may come from a file of `reference/`; `core.supply` loads it and leaves alone what staff changed since."""

    # NULL rather than empty: rows that staff made have no key, and only NULL may repeat in a unique column.
    supply_key = models.CharField("clé du fichier", max_length=120, unique=True, null=True, editable=False)  # noqa: DJ001
    supplied = models.JSONField("valeurs fournies", default=dict, editable=False)

    follows_file = True
    """Whether a load may write the row at all."""

    class Meta:
        abstract = True


def new_link_key():
    return secrets.token_urlsafe(9)


class Linked(models.Model):
    """A row that signed links open (`core.signed`); a new key makes every link sent so far void."""

    link_key = models.CharField(max_length=12, default=new_link_key, editable=False)

    class Meta:
        abstract = True


class Announced(Linked):
    """What somebody announces without an account, the team reads and everybody sees for a while: its contact and its life.

    Columns alone: which states follow which is `core.enums.TRANSITIONS`, who sees it `core.querysets.Announcements.visible`.
    """

    contact_name = models.CharField("nom du contact", max_length=120, blank=True)
    contact_email = models.EmailField("courriel du contact", blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=30, blank=True, validators=[phone_number])
    by_publisher = models.BooleanField("écrite par l’annonceur", default=False, db_default=False, editable=False)
    contact_confirmed_at = models.DateTimeField("adresse confirmée le", null=True, blank=True, editable=False)

    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT, editable=False)
    submitted_at = models.DateTimeField("reçue le", null=True, blank=True, editable=False)
    published_at = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    expires_at = models.DateTimeField("expire le", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmée le", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("close le", null=True, blank=True, editable=False)
    is_demo = models.BooleanField("démonstration", default=False, help_text="Annonce inventée, marquée «\u00a0exemple\u00a0» partout.")
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        abstract = True


class Mail(models.Model):
    """One message to one person about one event, written in the transaction of the row it speaks of, sent by the worker (`core.mail`).

    Words and address are erased some time after it was sent; what stays keeps the same event from being told twice.
    """

    event = models.CharField("événement", max_length=120, help_text="Ce qui est dit, une fois par personne.")
    recipient = models.EmailField("destinataire", max_length=254, blank=True)
    recipient_key = models.CharField(max_length=40, editable=False, help_text="Empreinte de l’adresse, gardée quand elle est effacée.")
    subject = models.CharField("objet", max_length=200, blank=True)
    text = models.TextField("texte", blank=True)
    html = models.TextField("texte mis en forme", blank=True)
    reply_to = models.EmailField("réponse à", max_length=254, blank=True)
    unsubscribe_url = models.URLField("adresse de désinscription", max_length=500, blank=True)
    message_id = models.CharField("identifiant du message", max_length=120, unique=True, editable=False)
    state = models.CharField("état", max_length=8, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    due_at = models.DateTimeField("prochain essai", default=timezone.now)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    problem = models.CharField("ce que le serveur a répondu", max_length=300, blank=True)
    about_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="sorte de fiche")
    about_id = models.PositiveBigIntegerField("fiche", null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient_key"], name="core_mail_once_per_event_and_person"),
            models.CheckConstraint(condition=~Q(state=MailState.SENT) | Q(sent_at__isnull=False), name="core_mail_sent_has_a_date"),
        ]
        indexes = [
            models.Index("due_at", condition=Q(state=MailState.WAITING), name="core_mail_waiting"),
            models.Index("about_type", "about_id", name="core_mail_about"),
            models.Index("due_at", condition=~Q(recipient=""), name="core_mail_to_erase"),
            models.Index("recipient_key", "created_at", name="core_mail_of_address"),
            models.Index("due_at", condition=Q(state=MailState.FAILED), name="core_mail_failed"),
        ]

    def __str__(self):
        return self.subject or self.event
