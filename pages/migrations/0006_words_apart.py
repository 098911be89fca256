"""Non-breaking spaces part words for the search: PostgreSQL takes them for letters."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_plain_words"),
        ("pages", "0005_links_that_lead_somewhere"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="page",
            name="page_search",
        ),
        migrations.RemoveField(
            model_name="page",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="page",
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
                            models.F("summary"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
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
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="page_search"),
        ),
        migrations.RemoveIndex(
            model_name="term",
            name="term_search",
        ),
        migrations.RemoveField(
            model_name="term",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="term",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("term"),
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
                                models.F("term"),
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
                            models.F("expansion"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("definition"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("text"),
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
            model_name="term",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="term_search"),
        ),
    ]
