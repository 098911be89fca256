"""PostgreSQL extensions and the `fr` text-search configuration that every app relies on.

`fr` is PostgreSQL's `french` with accents removed before stemming, so that "medecin" finds
"médecin". Extensions need a role that may create them; `unaccent`, `pg_trgm`, `btree_gist`,
`cube` and `earthdistance` are trusted since PostgreSQL 13, the owner of the database is enough.
"""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CREATE = """
CREATE TEXT SEARCH CONFIGURATION fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION fr
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION IF EXISTS fr"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        CreateExtension("cube"),
        CreateExtension("earthdistance"),
        migrations.RunSQL(CREATE, DROP),
    ]
