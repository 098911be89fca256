"""More categories of FINESS that the import knows (nomenclature of categories of establishments, TRE_R66).

122: soins obstétriques et chirurgico-gynécologiques; 129: soins médicaux; 131: lutte contre le cancer (CLCC);
439: centre de santé, a code of earlier years that some rows keep. Staff edit the lists on the kinds.
"""

from django.db import migrations

ADDED = {"clinic": ["122", "129"], "cancer_centre": ["131"], "health_centre": ["439"]}


def add(apps, schema_editor):
    FacilityKind = apps.get_model("territories", "FacilityKind")
    for kind in FacilityKind.objects.filter(code__in=ADDED):
        kind.finess_categories = sorted({*kind.finess_categories, *ADDED[kind.code]})
        kind.save()


class Migration(migrations.Migration):
    dependencies = [("territories", "0007_epci_search")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
