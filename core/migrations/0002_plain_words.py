"""The text-search configuration `fr_plain`: words as they are written, accents aside, for the beginnings that people type.

`fr` keeps the stem of a word ("remplac"), so that "remplaceme" would find nothing until its last letter is typed.
"""

from django.db import migrations

CREATE = """
CREATE TEXT SEARCH CONFIGURATION fr_plain (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION fr_plain
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""
DROP = "DROP TEXT SEARCH CONFIGURATION IF EXISTS fr_plain"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
