import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="commune", name="outline"),
        migrations.RemoveField(model_name="epci", name="outline"),
        migrations.RemoveField(model_name="commune", name="postal_codes"),
        migrations.AddField(
            model_name="commune",
            name="postal_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=5),
                default=list,
                help_text="Le principal d’abord.",
                size=None,
                verbose_name="codes postaux",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="commune",
            name="search_name",
            field=models.CharField(
                help_text="Nom réduit par core.search.fold, article compris : « l isle sur la sorgue ».",
                max_length=80,
                verbose_name="nom pour la recherche",
            ),
        ),
        migrations.CreateModel(
            name="CommuneOutline",
            fields=[
                ("geometry", models.JSONField(help_text="GeoJSON, degrés WGS84.", verbose_name="géométrie")),
                (
                    "commune",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outline",
                        serialize=False,
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
            ],
            options={"verbose_name": "contour de commune", "verbose_name_plural": "contours de communes"},
        ),
        migrations.CreateModel(
            name="EpciOutline",
            fields=[
                ("geometry", models.JSONField(help_text="GeoJSON, degrés WGS84.", verbose_name="géométrie")),
                (
                    "epci",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outline",
                        serialize=False,
                        to="territories.epci",
                        verbose_name="intercommunalité",
                    ),
                ),
            ],
            options={"verbose_name": "contour d’intercommunalité", "verbose_name_plural": "contours d’intercommunalités"},
        ),
    ]
