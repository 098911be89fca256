"""PostgreSQL extensions and the `fr` text-search configuration that every app relies on.

`fr` is PostgreSQL's `french` with accents removed before stemming, so that "medecin" finds
"médecin"; stop words go first, while "à" still has its accent. Extensions need a role that may create them: the owner of the
database is enough for all but `earthdistance`, which a superuser creates first (`docs/operate.md`).
"""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

CREATE = """
CREATE TEXT SEARCH DICTIONARY fr_stop (TEMPLATE = pg_catalog.simple, STOPWORDS = french, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION fr (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION fr
    ALTER MAPPING FOR hword, hword_part, word WITH fr_stop, unaccent, french_stem;
ALTER TEXT SEARCH CONFIGURATION fr
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH fr_stop, french_stem;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION IF EXISTS fr; DROP TEXT SEARCH DICTIONARY IF EXISTS fr_stop"


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
