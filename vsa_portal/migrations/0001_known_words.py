"""Words that the site search knows, with the index that gives the nearest ones first."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("core", "0002_plain_words")]
    operations = [
        migrations.CreateModel(
            name="KnownWord",
            fields=[("word", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="mot"))],
            options={
                "verbose_name": "mot connu de la recherche",
                "verbose_name_plural": "mots connus de la recherche",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["word"], name="knownword_nearest", opclasses=["gist_trgm_ops"])
                ],
            },
        ),
    ]
