"""Events of the agenda, and who stands behind each. Staff write them; they go to the archive by themselves."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from agenda import moments
from agenda.enums import ActorKind, EventGlyph, Role, Stage, State
from agenda.querysets import EventQuerySet, in_order_of_roles
from core.days import near_day
from core.enums import MarkerShape
from core.illustrated import Illustrated
from core.links import address
from core.models import Dated, MarkedKind
from core.prose import ProseField
from core.text_search import search_column
from territories.models import Commune, Cpts, Epci, HealthFacility, Placed, Profession


class EventKind(MarkedKind, Dated):
    """A kind of event: a list that staff edit, as that of offers."""

    glyph = models.CharField("dessin du repère", max_length=15, choices=EventGlyph, default=EventGlyph.CALENDAR)
    shape = models.CharField("forme du repère", max_length=10, choices=MarkerShape, default=MarkerShape.PENNANT)

    class Meta(MarkedKind.Meta):
        verbose_name = "type de rencontre"
        verbose_name_plural = "types de rencontres"


class Event(Placed, Illustrated, Dated):
    """Something that takes place on a day or on several, in a commune, online, or both."""

    kind = models.ForeignKey(EventKind, on_delete=models.PROTECT, related_name="events", verbose_name="type")
    title = models.CharField("titre", max_length=120)
    slug = models.SlugField("adresse de la page", max_length=80, editable=False, default="rencontre")
    summary = models.CharField(
        "en une phrase", max_length=300, blank=True, help_text="Lue dans les listes, les flux et les agendas\u00a0: pour qui, pour quoi."
    )
    text = ProseField("présentation", blank=True, help_text="Programme, accès, repas\u00a0: ce qu’il faut savoir avant de venir.")

    # When
    first_day = models.DateField("premier jour", validators=[near_day])
    last_day = models.DateField("dernier jour", validators=[near_day], blank=True, help_text="Vide\u00a0: le même jour.")
    start_time = models.TimeField("heure de début", null=True, blank=True, help_text="Le premier jour. Vide\u00a0: la journée entière.")
    end_time = models.TimeField("heure de fin", null=True, blank=True, help_text="Le dernier jour.")
    starts_at = models.DateTimeField("début", editable=False)
    ends_at = models.DateTimeField("fin", editable=False)

    # Where: `latitude` and `longitude` may be empty here, for what takes place online alone
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="events", verbose_name="commune", null=True, blank=True)
    venue = models.CharField("lieu", max_length=160, blank=True, help_text="Salle, hôpital, domaine\u00a0: le nom que l’on demande.")
    latitude = models.FloatField("latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField("longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    is_online = models.BooleanField("à distance", default=False, help_text="On peut y assister de chez soi.")
    online_url = models.URLField(
        "lien pour y assister", max_length=300, blank=True, help_text="Montré à tous. Vide\u00a0: le lien est donné aux inscrits."
    )
    communes = models.ManyToManyField(
        Commune, related_name="+", verbose_name="communes associées", blank=True, help_text="Celles qui s’y joignent, au-delà du lieu."
    )

    # For whom
    stages = ArrayField(
        models.CharField(max_length=15, choices=Stage),
        verbose_name="pour qui",
        default=list,
        blank=True,
        help_text="Rien\u00a0: pour tous.",
    )
    professions = models.ManyToManyField(
        Profession, related_name="+", verbose_name="professions", blank=True, help_text="Rien\u00a0: toutes."
    )
    is_free = models.BooleanField("gratuite", default=False)
    price = models.CharField("prix", max_length=160, blank=True, help_text="Ce que l’on paie, et ce que cela comprend.")

    # How to take part: the portal takes no registration
    how_to_join = models.TextField("comment participer", max_length=1000, blank=True, help_text="À qui s’adresser, que préparer.")
    join_url = models.URLField("page d’inscription de l’organisateur", max_length=300, blank=True)
    register_by = models.DateField("s’inscrire jusqu’au", validators=[near_day], null=True, blank=True, help_text="Ce jour-là compris.")

    # The organiser: never shown; kept out of the history, so that erasing it on the row erases it
    contact_email = models.EmailField("courriel de l’organisateur", blank=True, help_text="Jamais montré. Effacé un an après la rencontre.")
    takes_messages = models.BooleanField(
        "reçoit des messages", default=False, help_text="Un bouton de la page lui écrit à cette adresse, sans la montrer."
    )

    # Life
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    state_reason = models.CharField("motif montré aux lecteurs", max_length=300, blank=True, help_text="D’une annulation ou d’un report.")
    published_at = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    former_day = models.DateField("premier jour annoncé d’abord", null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField("version pour les agendas", default=0, editable=False)
    staff_note = models.TextField("note interne", max_length=2000, blank=True, help_text="Jamais publiée.")
    is_demo = models.BooleanField("démonstration", default=False, help_text="Rencontre inventée, marquée «\u00a0exemple\u00a0» partout.")

    # Search
    search_text = models.TextField(editable=False, default="", blank=True)
    """Kind, stages, venue, commune and actors in words (`public_words`)."""
    search_vector = search_column("title", "search_text", "summary", "text")

    history = HistoricalRecords(
        verbose_name="version",
        excluded_fields=["created_at", "updated_at", "slug", "search_text", "search_vector", "contact_email", "starts_at", "ends_at"],
    )
    objects = EventQuerySet.as_manager()

    class Meta(Illustrated.Meta):
        verbose_name = "rencontre"
        ordering = ["starts_at", "pk"]
        constraints = [
            *Illustrated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day"))
                | Q(last_day=F("first_day")) & (Q(start_time__isnull=True) | Q(end_time__isnull=True) | Q(end_time__gt=F("start_time"))),
                name="event_ends_after_it_begins",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=Q(end_time__isnull=True) | Q(start_time__isnull=False),
                name="event_end_hour_has_start_hour",
                violation_error_message="Une heure de fin demande une heure de début.",
            ),
            models.CheckConstraint(
                condition=Q(register_by__isnull=True) | Q(register_by__lte=F("last_day")),
                name="event_register_before_the_end",
                violation_error_message="On s’inscrit avant la fin de la rencontre.",
            ),
            models.CheckConstraint(
                condition=Q(stages__contained_by=Stage.values), name="event_stages_known", violation_error_message="Ce public n’existe pas."
            ),
            models.CheckConstraint(
                condition=Q(commune__isnull=True, latitude__isnull=True, longitude__isnull=True)
                | Q(commune__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="event_point_in_its_commune",
                violation_error_message="Un point demande une commune, une latitude de -90 à 90 et une longitude de -180 à 180.",
            ),
            models.CheckConstraint(
                condition=Q(online_url="") | Q(is_online=True),
                name="event_online_link_is_online",
                violation_error_message="Un lien pour y assister\u00a0: cochez aussi «\u00a0à distance\u00a0».",
            ),
            models.CheckConstraint(
                condition=Q(is_free=False) | Q(price=""),
                name="event_free_has_no_price",
                violation_error_message="Gratuite ou payante\u00a0: décochez «\u00a0gratuite\u00a0», ou effacez le prix.",
            ),
            models.CheckConstraint(
                condition=Q(takes_messages=False) | ~Q(contact_email=""),
                name="event_messages_have_an_address",
                violation_error_message="Pour recevoir des messages, il faut le courriel de l’organisateur.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | ~Q(summary="") & (Q(commune__isnull=False) | Q(is_online=True)),
                name="event_shown_is_told",
                violation_error_message="Une rencontre visible a une phrase de présentation, et un lieu ou un accès à distance.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.PUBLISHED]) | ~Q(state_reason=""),
                name="event_change_has_a_reason",
                violation_error_message="Une annulation ou un report dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, published_at__isnull=True) | ~Q(state=State.DRAFT) & Q(published_at__isnull=False),
                name="event_published_once_for_all",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="event_ends", condition=~Q(state=State.DRAFT)),
            models.Index(fields=["starts_at", "id"], name="event_starts", condition=~Q(state=State.DRAFT)),
            GinIndex("search_vector", name="event_search"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.complete()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"{address('agenda:event_list')}{self.pk}-{self.slug}/"

    def clean(self):
        super().clean()
        self.last_day = self.last_day or self.first_day
        if self.commune is None:
            self.stand_nowhere()

    def complete(self):
        """Fill in what follows from the other fields."""
        self.last_day = self.last_day or self.first_day
        self.starts_at, self.ends_at = moments.bounds(self.first_day, self.last_day, self.start_time, self.end_time)
        if self.commune:
            self.stand_somewhere()
        else:
            self.stand_nowhere()
        self.slug = slugify(self.title.replace("’", " ").replace("'", " "))[:80].strip("-") or "rencontre"
        self.search_text = self.public_words()

    def stand_nowhere(self):
        """Without a commune it has neither a street nor a point."""
        self.address = self.postal_code = ""
        self.latitude = self.longitude = None

    def public_words(self):
        """What it is, for whom, where and with whom, besides its own columns. One query, the actors; a new event has none yet."""
        place = [self.venue, self.commune.name, *self.commune.postal_codes] if self.commune else [self.venue]
        stages = [stage.label for stage in Stage if stage in self.stages]
        online = ["en ligne", "à distance", "visio"] if self.is_online else []
        actors = [actor.name for actor in self.actors.all()] if self.pk else []
        return " ".join(filter(None, [self.kind.label, *stages, *place, *online, *actors]))

    @property
    def name(self):
        """Its title: what maps and structured data call the name of a thing at a place."""
        return self.title

    @property
    def is_all_day(self):
        """Whether it is told by days, without hours."""
        return self.start_time is None

    @property
    def has_ended(self):
        """Whether it is over now."""
        return self.is_over(timezone.now())

    def is_over(self, at):
        """Whether it is over at that moment."""
        return self.ends_at <= at


class EventActor(Dated):
    """Who organises an event, supports it, joins it or is invited: any number of them (mission: M88, M96)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="actors", verbose_name="rencontre")
    name = models.CharField("nom", max_length=160, help_text="L’organisme, jamais une personne sans son accord.")
    role = models.CharField("rôle", max_length=10, choices=Role, default=Role.ORGANISER)
    kind = models.CharField("sorte", max_length=12, choices=ActorKind, default=ActorKind.OTHER)
    url = models.URLField("site", max_length=300, blank=True)
    facility = models.ForeignKey(
        HealthFacility, on_delete=models.SET_NULL, related_name="+", verbose_name="établissement du répertoire", null=True, blank=True
    )
    cpts = models.ForeignKey(Cpts, on_delete=models.SET_NULL, related_name="+", verbose_name="CPTS", null=True, blank=True)
    epci = models.ForeignKey(Epci, on_delete=models.SET_NULL, related_name="+", verbose_name="intercommunalité", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "acteur d’une rencontre"
        verbose_name_plural = "acteurs d’une rencontre"
        ordering = [in_order_of_roles(), "position", "pk"]

    def __str__(self):
        return self.name

    @property
    def link(self):
        """Its own site, or its page here."""
        known = self.facility or self.cpts or self.epci
        return self.url or (known.get_absolute_url() if known else "")
