"""The specialties of a general practitioner's internships (glossary, section 3: the model of the eight semesters)."""

from django.db import migrations

SPECIALTIES = [
    ("general_practice", "Médecine générale"),
    ("emergency", "Urgences"),
    ("polyvalent", "Médecine polyvalente"),
    ("women_children", "Santé de la femme et de l’enfant"),
    ("gynaecology", "Gynécologie et obstétrique"),
    ("paediatrics", "Pédiatrie"),
    ("geriatrics", "Gériatrie"),
    ("internal", "Médecine interne"),
    ("psychiatry", "Psychiatrie"),
    ("palliative", "Soins palliatifs"),
    ("addiction", "Addictologie"),
    ("rehabilitation", "Médecine physique et de réadaptation"),
    ("other", "Autre spécialité"),
]


def fill(apps, schema_editor):
    specialty = apps.get_model("interns", "Specialty")
    specialty.objects.bulk_create(
        specialty(code=code, label=label, position=rank * 10) for rank, (code, label) in enumerate(SPECIALTIES, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("interns", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
