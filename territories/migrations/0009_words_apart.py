"""Non-breaking spaces part words for the search: PostgreSQL takes them for letters."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_plain_words"),
        ("territories", "0008_finess_categories"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="epci",
            name="epci_search",
        ),
        migrations.RemoveField(
            model_name="epci",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="epci",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("short_name"),
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
                                models.F("short_name"),
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
                            models.F("name"),
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
            model_name="epci",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="epci_search"),
        ),
        migrations.RemoveIndex(
            model_name="cpts",
            name="cpts_search",
        ),
        migrations.RemoveField(
            model_name="cpts",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="cpts",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("name"),
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
                                models.F("name"),
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
                            models.F("mission"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("outside_note"),
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
            model_name="cpts",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="cpts_search"),
        ),
        migrations.RemoveIndex(
            model_name="healthfacility",
            name="facility_search",
        ),
        migrations.RemoveField(
            model_name="healthfacility",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="healthfacility",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("name"),
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
                                models.F("name"),
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
                        models.Func(
                            models.F("address"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("area"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("equipment"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("description"),
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
            model_name="healthfacility",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="facility_search"),
        ),
    ]
