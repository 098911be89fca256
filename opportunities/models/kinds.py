"""The two lists that staff edit: kinds of offer and settings of practice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.models import MarkedKind
from opportunities.enums import KindField


class OpportunityKind(MarkedKind):
    """A kind of offer (glossary, section 2): which facts it asks for, how it is drawn, which rules apply."""

    shown_fields = ArrayField(models.CharField(max_length=30, choices=KindField), verbose_name="champs proposés", default=list, blank=True)
    required_fields = ArrayField(
        models.CharField(max_length=30, choices=KindField),
        verbose_name="champs obligatoires",
        default=list,
        blank=True,
        help_text="Exigés à la publication ; à choisir parmi les champs proposés.",
    )
    is_employment = models.BooleanField(
        "contrat de travail",
        default=False,
        help_text="Oui pour un poste salarié : l’offre reçoit alors le balisage JobPosting (obligation EMP-07).",
    )
    is_locum = models.BooleanField("remplacement", default=False, help_text="Affiche le rappel de l’article 86 (non-concurrence, DEO-04).")
    contract_to_order = models.BooleanField(
        "contrat à communiquer à l’Ordre", default=False, help_text="Affiche le rappel de l’article L. 4113-9 (DEO-01)."
    )

    class Meta(MarkedKind.Meta):
        verbose_name = "type d’offre"
        verbose_name_plural = "types d’offre"


class PracticeSetting(models.Model):
    """The setting of practice ("cadre d’exercice"): solo practice, group, MSP, health centre, hospital..."""

    code = models.SlugField("code", unique=True)
    label = models.CharField("libellé", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "cadre d’exercice"
        verbose_name_plural = "cadres d’exercice"
        ordering = ["position", "label"]

    def __str__(self):
        return self.label
