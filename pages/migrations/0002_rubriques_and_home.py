"""The root page of each rubrique, and the parts of the home page in the order of the portal's first day."""

from django.db import migrations

RUBRIQUES = [
    ("exercer", "Exercer la médecine en Vaucluse", "Exercer"),
    ("s-installer", "S’installer", ""),
    ("internes", "Internes", ""),
    ("agenda", "Agenda", ""),
    ("collectif", "Le collectif VSA", ""),
]
HOME = ["doors", "figures", "map", "latest_offers", "events", "testimonial", "news", "partners", "adviser"]


def create(apps, schema_editor):
    Page, HomeSection = apps.get_model("pages", "Page"), apps.get_model("pages", "HomeSection")
    for rank, (slug, title, menu_title) in enumerate(RUBRIQUES, 1):
        position = 10 * rank
        Page.objects.create(
            slug=slug,
            path=slug,
            position=position,
            tree_order=f"{position:05d}-{slug}",
            title=title,
            menu_title=menu_title,
            state="published",
        )
    for rank, kind in enumerate(HOME, 1):
        HomeSection.objects.create(kind=kind, position=10 * rank)


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
