#!/usr/bin/env python
"""Bring the database to a number of plausible offers, for measuring: `python bench/load_offers.py 100000`.

The rows are made by PostgreSQL from the communes, kinds and settings that are loaded (run
`manage.py load_reference` first). They are marked as demonstration, their reference begins with
`BENCH-`; running again with another number adds or removes only those. The seed is fixed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vsa_portal.settings")

INSERT = """
WITH place AS (
    SELECT c.id, c.name, c.latitude, c.longitude, c.area_km2, e.short_name AS epci, c.epci_id,
           row_number() OVER (ORDER BY c.population DESC) AS rank
    FROM territories_commune c JOIN territories_epci e ON e.id = c.epci_id
),
kind AS (
    SELECT *, row_number() OVER (ORDER BY position) AS rank FROM opportunities_opportunitykind
),
setting AS (
    SELECT *, row_number() OVER (ORDER BY position) AS rank FROM opportunities_practicesetting
),
drawn AS MATERIALIZED (
    SELECT g,
           1 + floor(power(random(), 1.6) * (SELECT count(*) FROM place))::int AS place_rank,
           1 + floor(random() * (SELECT count(*) FROM kind))::int AS kind_rank,
           1 + floor(random() * (SELECT count(*) FROM setting))::int AS setting_rank,
           random() AS precise, random() AS a, random() AS b, random() AS life, random() AS fresh,
           70 + 5 * floor(random() * 7) AS share, floor(random() * 300)::int AS start_in, floor(random() * 6)::int AS day
    FROM generate_series(%(first)s, %(last)s) AS g
)
INSERT INTO opportunities_opportunity (
    reference, slug, kind_id, profession_id, setting_id, title, summary, description, commune_id, location_precision, workplace, address,
    latitude, longitude, radius_km, commune_ids, other_commune_ids, starts_on, ends_on, flexible_start, partial_coverage, days_per_week,
    half_days, fee_share, salary_period, terms_note, patients_per_day, patient_list, tariff_sector, software, secretary, home_visits,
    duty_rota, duty_note, team, equipment, lodging, lodging_note, msu_on_site, retired_active_welcome, publisher_kind, organisation,
    contact_name, contact_email, contact_phone, state, published_at, expires_at, confirmed_at, is_demo, created_at, updated_at, search_text
)
SELECT
    'BENCH-' || lpad(g::text, 7, '0'), 'mesure-' || g, kind.id, (SELECT min(id) FROM territories_profession), setting.id,
    kind.label || ' à ' || place.name, 'Une équipe soudée au pied du village.',
    'Les consultations durent vingt minutes. Le secrétariat prend les appels et prépare les visites.',
    place.id, CASE WHEN precise < 0.33 THEN 'exact' ELSE 'commune' END, '', '',
    place.latitude + CASE WHEN precise < 0.33 THEN (a - 0.5) * 0.03 ELSE 0 END,
    place.longitude + CASE WHEN precise < 0.33 THEN (b - 0.5) * 0.03 ELSE 0 END,
    CASE WHEN precise < 0.33 THEN 0 ELSE round(sqrt(place.area_km2 / pi())::numeric, 2) END, ARRAY[place.id], '{}',
    current_date + start_in, CASE WHEN a < 0.6 THEN current_date + start_in + 5 + floor(b * 90)::int END,
    a > 0.6, b < 0.3, 1 + floor(a * 8) / 2,
    CASE WHEN b < 0.4 THEN ARRAY[2 * day, 2 * day + 1]::smallint[] ELSE '{}' END,
    share, '', '', 15 + floor(a * 12)::int, 600 + 10 * floor(b * 100)::int, 'sector_1', 'référencé Ségur',
    CASE WHEN a < 0.5 THEN 'on_site' ELSE 'remote' END, CASE WHEN b < 0.5 THEN 'few' ELSE 'regular' END,
    CASE WHEN fresh < 0.5 THEN 'optional' ELSE 'none' END, '', '2 médecins, 2 IDE', 'ECG, spiromètre', life < 0.3, '', a < 0.2, b < 0.2,
    'practice', '', 'Mesure', 'mesure@example.org', '', 'published', now() - interval '1 day' * (31 + 30 * fresh),
    now() + interval '1 day' * (40 + 60 * life), now() - interval '1 day' * 40 * fresh, true, now(), now() - interval '1 day' * 40 * fresh,
    concat_ws(E'\\n', kind.label, kind.definition, 'Médecin généraliste', setting.label, place.name, place.epci, 'référencé Ségur',
              '2 médecins, 2 IDE', 'ECG, spiromètre', 'Une équipe soudée au pied du village.',
              CASE WHEN life < 0.01 THEN 'échographe' END, CASE WHEN life > 0.9 THEN 'pédiatrie' END)
FROM drawn
JOIN place ON place.rank = drawn.place_rank
JOIN kind ON kind.rank = drawn.kind_rank
JOIN setting ON setting.rank = drawn.setting_rank
"""

WORDS = """
INSERT INTO opportunities_searchword (word)
SELECT DISTINCT lower(unaccent(found[1]))
FROM opportunities_opportunity, regexp_matches(title || ' ' || search_text, '[[:alpha:]]{3,60}', 'g') AS found
WHERE reference LIKE 'BENCH-%' AND id % 50 = 0
ON CONFLICT DO NOTHING
"""


def main():
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    cli.add_argument("size", type=int, help="how many offers made for measuring there should be")
    size = cli.parse_args().size

    import django

    django.setup()
    from django.db import connection, transaction

    begun = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.84)")
        cursor.execute("SELECT count(*) FROM opportunities_opportunity WHERE reference LIKE 'BENCH-%'")
        present = cursor.fetchone()[0]
        if present > size:
            cursor.execute(
                "DELETE FROM opportunities_opportunity WHERE reference > %s AND reference LIKE 'BENCH-%%'", [f"BENCH-{size:07d}"]
            )
        elif present < size:
            cursor.execute(INSERT, {"first": present + 1, "last": size})
            cursor.execute(WORDS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE opportunities_opportunity")
        cursor.execute("VACUUM ANALYZE opportunities_searchword")
    print(f"{size} offers for measuring in {time.monotonic() - begun:.1f} s (there were {present})")


if __name__ == "__main__":
    main()
