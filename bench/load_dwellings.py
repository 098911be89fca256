#!/usr/bin/env python
"""Bring the database to a number of plausible dwellings, each with ten periods and two stays: `python bench/load_dwellings.py 10000`.

The rows are made by PostgreSQL from the communes that are loaded (run `manage.py load_reference` first). They are marked as
demonstration, their reference begins with `BENCH-`; running again with another number begins anew. The seed is fixed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vsa_portal.settings")

DWELLINGS = """
WITH place AS (
    SELECT id, name, latitude, longitude, row_number() OVER (ORDER BY population DESC) AS rank FROM territories_commune
),
drawn AS MATERIALIZED (
    SELECT g, 1 + floor(power(random(), 1.4) * (SELECT count(*) FROM place))::int AS place_rank, random() AS a, random() AS b, random() AS c
    FROM generate_series(1, %(number)s) AS g
)
INSERT INTO housing_dwelling (
    reference, kind, host_kind, organisation, slug, title, description, commune_id, address, latitude, longitude, radius_km, places,
    capacity, living_area_m2, is_furnished, equipment, internet, parking, step_free, car_needed, pets, smoking, visitors, rules_note,
    audience, lease,
    rent, charges, charges_mode, deposit, agency_fee, inventory_fee, right_to_let, energy_class, climate_class, energy_exempt_reason,
    contact_name, contact_email, contact_phone, link_key, state, published_at, expires_at, confirmed_at, is_demo, created_at, updated_at,
    search_text
)
SELECT
    'BENCH-' || lpad(g::text, 7, '0'),
    (ARRAY['room', 'studio', 'flat', 'house', 'residence', 'shared'])[1 + floor(a * 6)::int],
    (ARRAY['private', 'commune', 'hospital', 'cpts'])[1 + floor(b * 4)::int], '', 'mesure-' || g, 'Chambre à ' || place.name,
    'Une chambre au calme.', place.id, '', place.latitude + (a - 0.5) * 0.03, place.longitude + (b - 0.5) * 0.03, 0.7,
    CASE WHEN c < 0.1 THEN 6 ELSE 1 END, 1, 12 + floor(a * 40), b < 0.8, '{kitchen,desk}', 'wifi', 'street', c < 0.3, c < 0.4,
    (ARRAY['yes', 'ask', 'no'])[1 + floor(c * 3)::int], 'no', 'yes', '', '{}', 'lodger', 200 + 10 * floor(a * 50), 10 * floor(b * 6),
    'flat', 0, 0, 0, true, 'D', 'C', '', 'Mesure', 'mesure@example.org', '', substr(md5(g::text), 1, 12), 'published',
    now() - interval '1 day' * (30 * b), now() + interval '1 day' * (40 + 60 * c), now() - interval '1 day' * 30 * b, true, now(),
    now() - interval '1 day' * 30 * b, place.name || E'\\nchambre calme'
FROM drawn JOIN place ON place.rank = drawn.place_rank
"""
PERIODS = """
INSERT INTO housing_availability (dwelling_id, period)
SELECT id, daterange(first, first + 30 + mod(id * 7 + n * 13, 150)::int)
FROM housing_dwelling, generate_series(0, %(periods)s - 1) AS n,
     LATERAL (SELECT current_date - 400 + n * 181 + mod(id, 10)::int AS first) AS starts
WHERE reference LIKE 'BENCH-%%'
"""
STAYS = """
INSERT INTO housing_booking (dwelling_id, place, period, state, origin, purpose, note, created_at, confirmed_at, reason, link_key)
SELECT id, 1 + mod(n, places), daterange(first, first + 40), 'confirmed', 'portal', '', '', now(), now(), '',
       substr(md5(id::text || n), 1, 12)
FROM housing_dwelling, generate_series(0, 1) AS n, LATERAL (SELECT current_date + 5 + n * 70 + mod(id, 20)::int AS first) AS starts
WHERE reference LIKE 'BENCH-%'
"""


def main():
    """Read the command line, load, say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", type=int)
    parser.add_argument("--periods", type=int, default=10, help="periods of availability a dwelling")
    options = parser.parse_args()

    import django

    django.setup()
    from django.db import connection, transaction

    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("availability", "booking", "block"):
            cursor.execute(
                f"DELETE FROM housing_{table} WHERE dwelling_id IN (SELECT id FROM housing_dwelling WHERE reference LIKE 'BENCH-%')"
            )
        cursor.execute("DELETE FROM housing_dwelling WHERE reference LIKE 'BENCH-%'")
        cursor.execute("SELECT setseed(0.84)")
        cursor.execute(DWELLINGS, {"number": options.number})
        cursor.execute(PERIODS, {"periods": options.periods})
        cursor.execute(STAYS)
    with connection.cursor() as cursor:
        for table in ("dwelling", "availability", "booking"):
            cursor.execute(f"VACUUM ANALYZE housing_{table}")
    print(f"{options.number} dwellings in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
