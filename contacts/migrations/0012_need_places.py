"""Who looks for a room says up to three places: the commune of those who already do becomes their first place."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

PLACES = """
INSERT INTO contacts_needplace (need_id, rank, token, label, commune_id, latitude, longitude, half_days)
SELECT need.id, 1, 'commune-' || commune.insee, commune.name, commune.id, commune.latitude, commune.longitude, 1
FROM contacts_need need JOIN territories_commune commune ON commune.id = need.commune_id
WHERE need.subject = 'lodging';
UPDATE contacts_need SET commune_id = NULL WHERE subject = 'lodging';
"""
COMMUNES = """
UPDATE contacts_need need SET commune_id = place.commune_id, radius_km = coalesce(need.radius_km, 20)
FROM contacts_needplace place WHERE place.need_id = need.id AND place.rank = 1;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0011_afterwords"),
        ("territories", "0013_travel_times"),
    ]

    operations = [
        migrations.AddField(
            model_name="need",
            name="highest_rent",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="loyer au plus (€ par mois, charges comprises)"),
        ),
        migrations.AlterField(
            model_name="need",
            name="radius_km",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=20,
                help_text="D’un logement, de chacun des lieux\xa0; vide\xa0: sans limite.",
                null=True,
                validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(50)],
                verbose_name="rayon (km)",
            ),
        ),
        migrations.CreateModel(
            name="NeedPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("token", models.CharField(max_length=40, verbose_name="lieu")),
                ("label", models.CharField(max_length=300, verbose_name="nom")),
                ("latitude", models.FloatField(verbose_name="latitude")),
                ("longitude", models.FloatField(verbose_name="longitude")),
                (
                    "half_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)],
                        verbose_name="demi-journées par semaine",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.commune", verbose_name="commune"
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="contacts.need", verbose_name="recherche"
                    ),
                ),
            ],
            options={
                "verbose_name": "lieu cherché",
                "verbose_name_plural": "lieux cherchés",
                "ordering": ["rank"],
                "constraints": [models.UniqueConstraint(fields=("need", "rank"), name="contacts_need_place_once")],
            },
        ),
        migrations.RunSQL(PLACES, COMMUNES),
    ]
