"""The professions that a new portal starts with; staff then edit the list (mission M3: general practitioners first)."""

from django.db import migrations

PROFESSIONS = [
    ("general_practitioner", "Médecin généraliste"),
    ("specialist", "Médecin d’une autre spécialité"),
    ("midwife", "Sage-femme"),
    ("dentist", "Chirurgien-dentiste"),
]


def create_professions(apps, schema_editor):
    profession = apps.get_model("territories", "Profession")
    for position, (code, label) in enumerate(PROFESSIONS, start=1):
        profession.objects.get_or_create(code=code, defaults={"label": label, "position": position})


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_initial")]

    operations = [migrations.RunPython(create_professions, migrations.RunPython.noop)]
