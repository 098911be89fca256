"""Words of real people, exact, with their agreement."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from collective.models.partners import Sourced
from collective.querysets import TestimonialQuerySet
from core.days import past_day
from core.illustrated import Illustrated
from core.models import Dated, Supplied
from core.text_search import search_column
from territories.models import Commune


class TestimonialTag(Supplied, Dated):
    """What a testimonial speaks of, so that any page can ask for those on its subject (mission: M47)."""

    code = models.SlugField("code", unique=True, help_text="Valeur stable, employée dans les adresses.")
    label = models.CharField("libellé", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "sujet de témoignage"
        verbose_name_plural = "sujets de témoignage"
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class Testimonial(Supplied, Illustrated, Sourced, Dated):
    """Without a date of consent it is a draft (MEN-03). Its image is the portrait of the person."""

    PENDING = "Accord pour cette réutilisation à enregistrer avant la mise en service."

    quote = models.TextField(
        "citation",
        max_length=1200,
        help_text="Les mots exacts, sans les guillemets. Ni correction, ni coupe qui ne soit pas marquée «\u00a0[…]\u00a0».",
    )
    name = models.CharField("nom", max_length=80)
    role = models.CharField("qualité", max_length=120, help_text="«\u00a0médecin généraliste\u00a0», comme la personne l’a dit.")
    place = models.CharField("lieu", max_length=120, blank=True, help_text="«\u00a0dans le bassin avignonnais\u00a0».")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, verbose_name="commune", related_name="+", null=True, blank=True)
    tags = models.ManyToManyField(TestimonialTag, verbose_name="sujets", related_name="testimonials", blank=True)
    consent_on = models.DateField(
        "accord donné le",
        validators=[past_day],
        null=True,
        blank=True,
        help_text="Vide\u00a0: brouillon, jamais montré. Pour tout effacer\u00a0: «\u00a0Retirer\u00a0», dans la liste.",
    )
    consent_proof = models.CharField(
        "preuve de l’accord",
        max_length=200,
        blank=True,
        help_text="Où elle se trouve\u00a0: courriel du…, formulaire signé. Jamais publiée.",
    )
    is_demo = models.BooleanField(
        "montré sur un site de démonstration",
        default=False,
        help_text="Sans accord, il y paraît avec une mention\u00a0; jamais en production.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    active = models.BooleanField("affiché", default=True)
    withdrawn_on = models.DateField("retiré le", null=True, blank=True, editable=False)
    """The day on which its author took it back: of the words and the person nothing is left, here or in the history."""

    search_vector = search_column("name", "quote", "role", "place")

    # The proof is a person's datum: it is kept once, where it can be erased.
    history = HistoricalRecords(
        verbose_name="version", excluded_fields=["supplied", "consent_proof", "search_vector"], cascade_delete_history=True
    )
    objects = TestimonialQuerySet.as_manager()

    class Meta(Illustrated.Meta):
        verbose_name = "témoignage"
        indexes = [GinIndex("search_vector", name="testimonial_search")]
        ordering = ["position", "pk"]
        constraints = [
            *Illustrated.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(consent_on__isnull=True) | ~models.Q(consent_proof=""),
                name="collective_consent_has_proof",
                violation_error_message="La date de l’accord va avec sa preuve\u00a0: dites où elle se trouve.",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True)
                | models.Q(quote="", name="", role="", place="", image="", consent_proof="", consent_on=None, active=False, is_demo=False),
                name="collective_withdrawn_words_are_gone",
                violation_error_message="Un témoignage retiré n’a plus ni mots, ni nom, ni portrait.",
            ),
        ]

    @property
    def follows_file(self):
        """What its author took back stays as it is, whatever the file says."""
        return self.withdrawn_on is None

    def __str__(self):
        return f"témoignage {self.pk}, retiré" if self.withdrawn_on else f"{self.name}, {self.role}"

    def get_absolute_url(self):
        return f"{reverse('collective:testimonials')}#temoignage-{self.pk}"

    @property
    def mention(self):
        """What goes with words that are shown on a demonstration site without the agreement of their author."""
        return "" if self.consent_on else self.PENDING

    @property
    def attribution(self):
        """Role and place, as they were given."""
        return " ".join(part for part in (self.role, self.place) if part)
