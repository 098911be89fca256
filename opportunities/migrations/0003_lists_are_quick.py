"""Searches counted from their indexes alone, and the version of all public pages as a function.

PostgreSQL keeps the plan of a function of this language: planning took most of the time of the query that every page asks.
"""

from django.db import migrations, models

CREATE_VERSION = """
CREATE FUNCTION opportunities_version(at timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN concat_ws('/',
        (SELECT max(updated_at) FROM opportunities_opportunity),
        (SELECT max(history_id) FROM opportunities_historicalopportunity),
        (SELECT max(expires_at) FROM opportunities_opportunity WHERE state = 'published' AND expires_at <= at));
END $$
"""
DROP_VERSION = "DROP FUNCTION opportunities_version(timestamptz)"


class Migration(migrations.Migration):
    dependencies = [
        ("opportunities", "0002_kinds_and_settings"),
        ("territories", "0002_professions"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="opportunity",
            name="opp_fresh",
        ),
        migrations.RemoveIndex(
            model_name="opportunity",
            name="opp_kind_fresh",
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                models.OrderBy(models.F("confirmed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "published")),
                include=(
                    "published_at",
                    "expires_at",
                    "lodging",
                    "fee_share",
                    "starts_on",
                    "ends_on",
                    "latitude",
                    "longitude",
                    "commune_ids",
                    "other_commune_ids",
                ),
                name="opp_fresh",
            ),
        ),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("confirmed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "published")),
                include=("published_at", "expires_at", "lodging", "fee_share", "starts_on", "ends_on"),
                name="opp_kind_fresh",
            ),
        ),
        migrations.RunSQL(CREATE_VERSION, DROP_VERSION),
    ]
