"""The dates of a semester of internship, when staff have read them; `territories.semesters` computes those of the others."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from simple_history.models import HistoricalRecords

from core.days import plausible_day
from core.models import Dated


class InternshipSemester(Dated):
    """The confirmed dates of one semester: they replace the computed ones everywhere."""

    code = models.CharField(
        "semestre",
        max_length=7,
        unique=True,
        validators=[RegexValidator(r"^20[0-9]{2}-(05|11)\Z", "Écrivez l’année et le mois de début\u00a0: 2026-11 ou 2027-05.")],
        help_text="Année et mois de début\u00a0: 2026-11 pour l’hiver, 2027-05 pour l’été.",
    )
    start_date = models.DateField("premier jour", validators=[plausible_day])
    end_date = models.DateField(
        "dernier jour", validators=[plausible_day], help_text="Ce jour compris\u00a0: la veille du semestre suivant."
    )
    note = models.CharField("remarque", max_length=300, blank=True, help_text="Où ces dates ont été lues. L’équipe seule la voit.")

    history = HistoricalRecords(verbose_name="version")

    class Meta:
        verbose_name = "semestre d’internat"
        verbose_name_plural = "semestres d’internat"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__gt=F("start_date")),
                name="semester_ends_after_it_starts",
                violation_error_message="Le dernier jour vient après le premier.",
            ),
            ExclusionConstraint(
                name="semesters_do_not_overlap",
                expressions=[
                    (
                        Func("start_date", "end_date", Value("[]"), function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(end_date__gt=F("start_date")),
                violation_error_message="Ces dates recouvrent celles d’un autre semestre.",
            ),
        ]

    def __str__(self):
        return f"Semestre {self.code}"
