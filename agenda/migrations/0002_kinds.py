"""The first kinds of event (mission: M32, M58, M66, M81); staff change them."""

from django.db import migrations

KINDS = [
    # code, label, definition, glyph, tone
    ("peers", "Rencontre entre pairs", "Un repas, une soirée, des numéros échangés.", "collaboration", "action"),
    ("visit", "Visite", "Une maison de santé, un hôpital, un village et son école.", "local", "olive"),
    ("training", "Formation", "Comptabilité, premiers pas en libéral, accueil d’un interne.", "training", "sorgue"),
    ("seminar", "Séminaire", "Un ou plusieurs jours de travail et de découverte.", "association", "ochre"),
    ("fair", "Forum ou salon", "Plusieurs employeurs et territoires au même endroit.", "shared", "ochre"),
    ("cpts", "Réunion de CPTS", "Groupe de travail ou soirée, ouverts à ceux qui pensent venir.", "msp", "action"),
    ("webinar", "Webinaire", "À suivre de chez soi.", "evenement", "sorgue"),
    ("other", "Autre rencontre", "", "evenement", "action"),
]


def fill(apps, schema_editor):
    kind = apps.get_model("agenda", "EventKind")
    kind.objects.bulk_create(
        kind(code=code, label=label, definition=definition, glyph=glyph, tone=tone, position=rank * 10)
        for rank, (code, label, definition, glyph, tone) in enumerate(KINDS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
