"""What was offered until the end of a semester, whose next one no longer begins on a holiday, is offered for its last night too."""

from datetime import date

from django.db import migrations

ONE_NIGHT_MORE = """
UPDATE housing_availability AS a SET period = daterange(lower(a.period), upper(a.period) + 1)
WHERE upper(a.period) = %(end)s AND lower(a.period) <= greatest(%(start)s, current_date)
AND NOT EXISTS (SELECT 1 FROM territories_internshipsemester WHERE code IN (%(code)s, %(after)s))
AND NOT EXISTS (SELECT 1 FROM housing_availability AS b WHERE b.dwelling_id = a.dwelling_id AND lower(b.period) = upper(a.period) + 1)
"""
ENDS = (
    {"code": "2027-05", "after": "2027-11", "start": date(2027, 5, 3), "end": date(2027, 11, 1)},
    {"code": "2027-11", "after": "2028-05", "start": date(2027, 11, 2), "end": date(2028, 5, 1)},
)
"""Semesters within the reach of calendars of which the next one was computed to begin on a holiday."""


def follow(apps, schema_editor):
    for semester in ENDS:
        schema_editor.execute(ONE_NIGHT_MORE, semester)


class Migration(migrations.Migration):
    dependencies = [
        ("housing", "0007_rooms_kept"),
        ("territories", "0013_travel_times"),
    ]

    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
