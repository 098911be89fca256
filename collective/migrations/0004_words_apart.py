"""Non-breaking spaces part words for the search: PostgreSQL takes them for letters."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collective", "0003_dates_and_notes"),
        ("core", "0002_plain_words"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="partner",
            name="partner_search",
        ),
        migrations.RemoveField(
            model_name="partner",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="partner",
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
                            models.F("short_name"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("caption"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("role"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("summary"),
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
            model_name="partner",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="partner_search"),
        ),
        migrations.RemoveIndex(
            model_name="desk",
            name="desk_search",
        ),
        migrations.RemoveField(
            model_name="desk",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="desk",
            name="search_vector",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            models.Func(
                                models.F("question"),
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
                                models.F("question"),
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
                            models.F("answer"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("words"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("desk_name"),
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
            model_name="desk",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="desk_search"),
        ),
        migrations.RemoveIndex(
            model_name="achievement",
            name="achievement_search",
        ),
        migrations.RemoveField(
            model_name="achievement",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="achievement",
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
            model_name="achievement",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="achievement_search"),
        ),
        migrations.RemoveIndex(
            model_name="pressitem",
            name="press_search",
        ),
        migrations.RemoveField(
            model_name="pressitem",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="pressitem",
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
                            models.F("outlet"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("summary"),
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
            model_name="pressitem",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="press_search"),
        ),
        migrations.RemoveIndex(
            model_name="news",
            name="news_search",
        ),
        migrations.RemoveField(
            model_name="news",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="news",
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
                            models.F("body"),
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
            model_name="news",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="news_search"),
        ),
        migrations.RemoveIndex(
            model_name="testimonial",
            name="testimonial_search",
        ),
        migrations.RemoveField(
            model_name="testimonial",
            name="search_vector",
        ),
        migrations.AddField(
            model_name="testimonial",
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
                            models.F("quote"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("role"),
                            models.Value("\xa0\u202f\u2009‑«»"),
                            models.Value("      "),
                            function="translate",
                            output_field=models.TextField(),
                        ),
                        models.Func(
                            models.F("place"),
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
            model_name="testimonial",
            index=django.contrib.postgres.indexes.GinIndex(models.F("search_vector"), name="testimonial_search"),
        ),
    ]
