import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.models


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0006_contact_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="link_key",
            field=models.CharField(default=core.models.new_link_key, editable=False, max_length=12),
        ),
        # The default was computed once for all rows that were there; each offer has a key of its own.
        migrations.RunSQL(
            "UPDATE opportunities_opportunity SET link_key = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="OfferReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("filled", "le poste est pourvu"),
                            ("over", "les dates sont passées"),
                            ("wrong", "une information est fausse"),
                            ("silent", "personne ne répond"),
                            ("unlawful", "le texte est illicite ou trompeur"),
                        ],
                        max_length=10,
                        verbose_name="motif",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=1000, verbose_name="ce que dit le lecteur")),
                (
                    "email",
                    models.EmailField(
                        blank=True, help_text="Pour lui répondre, s’il l’a voulu.", max_length=254, verbose_name="courriel du lecteur"
                    ),
                ),
                ("asked", models.BooleanField(default=False, verbose_name="annonceur interrogé")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="reçu le")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="réglé le")),
                ("outcome", models.CharField(blank=True, max_length=200, verbose_name="suite donnée")),
                (
                    "opportunity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="opportunities.opportunity",
                        verbose_name="offre",
                    ),
                ),
            ],
            options={
                "verbose_name": "signalement",
                "verbose_name_plural": "signalements",
                "ordering": ["-created_at", "-pk"],
                "indexes": [models.Index(models.F("created_at"), condition=models.Q(("settled_at__isnull", True)), name="opp_report_open")],
            },
        ),
    ]
