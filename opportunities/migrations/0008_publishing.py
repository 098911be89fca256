import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.models


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0007_freshness"),
        ("territories", "0011_days_that_somebody_can_mean"),
    ]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="by_publisher",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="écrite par l’annonceur"),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="contact_confirmed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="adresse confirmée le"),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="facility",
            field=models.ForeignKey(
                blank=True,
                help_text="Sa page est proposée aux lecteurs, sauf quand la commune reste discrète.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="territories.healthfacility",
                verbose_name="établissement de l’annuaire",
            ),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="submitted_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reçue le"),
        ),
        migrations.CreateModel(
            name="ContactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("link_key", models.CharField(default=core.models.new_link_key, editable=False, max_length=12)),
                ("email", models.EmailField(max_length=254, verbose_name="nouvelle adresse")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="demandé le")),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_changes",
                        to="opportunities.opportunity",
                        verbose_name="offre",
                    ),
                ),
            ],
            options={
                "verbose_name": "changement d’adresse",
                "verbose_name_plural": "changements d’adresse",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OfferOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "who",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("locum_here", "un médecin qui remplaçait déjà en Vaucluse"),
                            ("first", "un médecin dont c’est la première installation"),
                            ("settled", "un médecin déjà installé en Vaucluse"),
                            ("elsewhere", "un médecin venu d’un autre département"),
                            ("abroad", "un médecin venu d’un autre pays"),
                            ("intern", "un interne ou un docteur junior"),
                            ("retired", "un médecin retraité actif"),
                            ("other", "une autre personne"),
                        ],
                        max_length=10,
                        verbose_name="qui",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("portal", "par ce portail"),
                            ("team", "par l’équipe VSA"),
                            ("word", "par le bouche-à-oreille"),
                            ("training", "par la faculté ou un maître de stage"),
                            ("advert", "par un autre site ou une autre annonce"),
                            ("agency", "par un cabinet de recrutement"),
                            ("other", "autrement"),
                        ],
                        max_length=10,
                        verbose_name="comment",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="dit le")),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="opportunities.opportunity",
                        verbose_name="offre",
                    ),
                ),
            ],
            options={
                "verbose_name": "offre pourvue",
                "verbose_name_plural": "offres pourvues",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DayViews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="jour")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="pages ouvertes")),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="day_views",
                        to="opportunities.opportunity",
                        verbose_name="offre",
                    ),
                ),
            ],
            options={
                "verbose_name": "pages ouvertes",
                "verbose_name_plural": "pages ouvertes",
                "constraints": [models.UniqueConstraint(fields=("opportunity", "day"), name="opp_views_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "values",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="Par champ de l’offre.",
                        verbose_name="valeurs proposées",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="proposée le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "à relire"),
                            ("approved", "approuvée"),
                            ("refused", "refusée"),
                            ("replaced", "remplacée par une autre"),
                            ("void", "sans objet"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="décidée le")),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="motif")),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposed_changes",
                        to="opportunities.opportunity",
                        verbose_name="offre",
                    ),
                ),
            ],
            options={
                "verbose_name": "modification proposée",
                "verbose_name_plural": "modifications proposées",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("opportunity",), name="opp_change_one_open")
                ],
            },
        ),
    ]
