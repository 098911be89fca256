"""Non-breaking spaces part words for the search: PostgreSQL takes them for letters."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_plain_words"),
        ("opportunities", "0004_kinds_share_markers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="opportunity",
            name="opp_search",
        ),
        migrations.RemoveField(
            model_name="opportunity",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="opportunity",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("title"),
                                models.Value("\xa0\u202f\u2009‑«»"),
                                models.Value("      "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            config="fr",
                            weight="A",
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("title"),
                                models.Value("\xa0\u202f\u2009‑«»"),
                                models.Value("      "),
                                function="translate",
                                output_field=models.TextField(),
                            ),
                            config="fr_plain",
                            weight="A",
                        ),
                        django.contrib.postgres.search.SearchConfig("fr"),
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        models.Func(
                            models.F("search_text"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        config="fr",
                        weight="B",
                    ),
                    django.contrib.postgres.search.SearchConfig("fr"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="opp_search"),
        ),
    ]
