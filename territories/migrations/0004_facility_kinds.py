"""The kinds of health facility that a new portal starts with (mission M51, M75, M76, M101; glossary, section 6).

Staff edit the list afterwards. The reference files name these codes.
"""

from django.db import migrations

KINDS = [
    # code, label, plural, definition, (shape, glyph, tone), schema.org type, FINESS categories
    (
        "hospital",
        "Hôpital",
        "Hôpitaux",
        "Centre hospitalier public qui a son siège dans le Vaucluse.",
        ("square", "hospital", "action"),
        "Hospital",
        ["101", "106", "292", "355"],
    ),
    (
        "hospital_site",
        "Site hospitalier",
        "Sites hospitaliers",
        "Site d’un hôpital dont le siège est ailleurs\u00a0: autre commune, autre département.",
        ("square", "hospital", "sorgue"),
        "Hospital",
        ["362"],
    ),
    (
        "clinic",
        "Clinique privée",
        "Cliniques privées",
        "Établissement privé de médecine, de chirurgie ou d’obstétrique.",
        ("shield", "clinic", "action"),
        "Hospital",
        ["128", "365"],
    ),
    (
        "rehabilitation",
        "Centre de rééducation",
        "Centres de rééducation",
        "Soins médicaux et de réadaptation, après une opération ou une maladie.",
        ("shield", "rehabilitation", "olive"),
        "Hospital",
        ["109"],
    ),
    (
        "psychiatry",
        "Établissement psychiatrique",
        "Établissements psychiatriques",
        "Clinique, hôpital de jour ou centre médico-psychologique.",
        ("shield", "mind", "sorgue"),
        "Hospital",
        ["161"],
    ),
    (
        "cancer_centre",
        "Centre de cancérologie",
        "Centres de cancérologie",
        "Établissement consacré aux soins du cancer.",
        ("shield", "ribbon", "ochre"),
        "Hospital",
        [],
    ),
    (
        "dialysis",
        "Centre de dialyse",
        "Centres de dialyse",
        "Hémodialyse en centre, en unité médicalisée ou en autodialyse.",
        ("diamond", "drop", "sorgue"),
        "MedicalClinic",
        ["141", "146"],
    ),
    (
        "home_hospitalisation",
        "Hospitalisation à domicile",
        "Services d’hospitalisation à domicile",
        "Soins hospitaliers donnés chez le patient (HAD).",
        ("house", "home_care", "sorgue"),
        "MedicalOrganization",
        ["127"],
    ),
    (
        "msp",
        "Maison de santé (MSP)",
        "Maisons de santé (MSP)",
        "Maison de santé pluriprofessionnelle\u00a0: une équipe libérale autour d’un projet de santé commun.",
        ("house", "msp", "olive"),
        "MedicalClinic",
        ["603"],
    ),
    (
        "health_centre",
        "Centre de santé",
        "Centres de santé",
        "Lieu de soins dont les médecins sont salariés\u00a0: Département, commune, association, mutuelle.",
        ("circle", "centre", "olive"),
        "MedicalClinic",
        ["124"],
    ),
    (
        "mmg",
        "Maison médicale de garde",
        "Maisons médicales de garde",
        "Lieu de la permanence des soins\u00a0: soirs, nuits, week-ends et jours fériés.",
        ("house", "moon", "action"),
        "MedicalClinic",
        [],
    ),
    (
        "emergency_site",
        "Antenne d’urgence",
        "Antennes d’urgence",
        "Équipe d’urgence ou de SMUR installée sur le site d’un autre établissement.",
        ("triangle", "emergency", "ochre"),
        "EmergencyService",
        [],
    ),
    (
        "edes",
        "Espace départemental des solidarités",
        "Espaces départementaux des solidarités",
        "EDeS\u00a0: accueil social du Département, où exercent aussi des médecins salariés.",
        ("arch", "solidarity", "olive"),
        "MedicalOrganization",
        [],
    ),
    (
        "itinerant",
        "Bus santé",
        "Bus santé",
        "Soins itinérants, qui vont de commune en commune.",
        ("pennant", "bus", "olive"),
        "MedicalOrganization",
        [],
    ),
    (
        "ehpad",
        "EHPAD",
        "EHPAD",
        "Établissement d’hébergement pour personnes âgées dépendantes, lieu d’exercice partagé pour un généraliste.",
        ("arch", "elderly", "ochre"),
        "NursingHome",
        ["500"],
    ),
    (
        "creche",
        "Crèche",
        "Crèches",
        "Accueil du jeune enfant, où un généraliste peut exercer quelques heures.",
        ("circle", "child", "ochre"),
        "ChildCare",
        [],
    ),
    ("pharmacy", "Pharmacie", "Pharmacies", "Pharmacie d’officine.", ("circle", "pharmacy", "sorgue"), "Pharmacy", ["620"]),
    (
        "laboratory",
        "Laboratoire",
        "Laboratoires",
        "Laboratoire de biologie médicale.",
        ("hexagon", "flask", "sorgue"),
        "DiagnosticLab",
        ["611"],
    ),
    (
        "imaging",
        "Centre d’imagerie",
        "Centres d’imagerie",
        "Radiologie, échographie, scanner ou IRM.",
        ("hexagon", "imaging", "action"),
        "DiagnosticLab",
        [],
    ),
    (
        "other",
        "Autre structure de soins",
        "Autres structures de soins",
        "Structure de soins d’une autre sorte.",
        ("circle", "consultation", "action"),
        "MedicalOrganization",
        [],
    ),
]


def create(apps, schema_editor):
    FacilityKind = apps.get_model("territories", "FacilityKind")
    for position, (code, label, plural, definition, (shape, glyph, tone), schema_type, categories) in enumerate(KINDS, 1):
        FacilityKind.objects.create(
            code=code,
            label=label,
            plural_label=plural,
            definition=definition,
            position=10 * position,
            shape=shape,
            glyph=glyph,
            tone=tone,
            schema_type=schema_type,
            finess_categories=categories,
            itinerant=code == "itinerant",
        )


class Migration(migrations.Migration):
    dependencies = [("territories", "0003_health")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
