"""The kinds of offer and the settings of practice a new portal starts with (glossary, sections 1 and 2).

Staff edit both lists afterwards; nothing in the code depends on a code listed here.
"""

from django.db import migrations

PRACTICE = ["patients_per_day", "tariff_sector", "software", "secretary", "home_visits", "duty_rota", "team", "equipment"]
WELCOME = ["lodging", "msu_on_site", "retired_active_welcome"]
RHYTHM = ["days_per_week", "half_days"]
SALARY = ["salary_min", "salary_max", "salary_period"]

KINDS = [
    # code, label, definition, (shape, glyph, tone), shown, required, flags
    (
        "locum_occasional",
        "Remplacement ponctuel",
        "Remplacer un médecin absent, sur des dates précises.",
        ("circle", "locum", "action"),
        ["starts_on", "ends_on", "partial_coverage", *RHYTHM, "fee_share", *PRACTICE, *WELCOME],
        ["starts_on", "ends_on", "fee_share"],
        {"is_locum": True, "contract_to_order": True},
    ),
    (
        "locum_regular",
        "Remplacement régulier",
        "Remplacer un médecin les mêmes jours, semaine après semaine.",
        ("circle", "locum", "action"),
        ["starts_on", "ends_on", "partial_coverage", *RHYTHM, "fee_share", *PRACTICE, *WELCOME],
        ["starts_on", "fee_share"],
        {"is_locum": True, "contract_to_order": True},
    ),
    (
        "succession",
        "Succession",
        "Prendre la suite d’un médecin qui part, par un droit de présentation de sa patientèle.",
        ("square", "succession", "action"),
        ["starts_on", *RHYTHM, "price", "monthly_charges", "patient_list", *PRACTICE, *WELCOME],
        ["starts_on"],
        {"contract_to_order": True},
    ),
    (
        "collaboration",
        "Collaboration libérale",
        "Exercer auprès d’un titulaire, sans lien de subordination, en se constituant sa patientèle.",
        ("hexagon", "collaboration", "action"),
        ["starts_on", *RHYTHM, "fee_share", "monthly_charges", "patient_list", *PRACTICE, *WELCOME],
        [],
        {"contract_to_order": True},
    ),
    (
        "association_offer",
        "Association",
        "Rejoindre des médecins installés et exercer en commun.",
        ("hexagon", "association", "action"),
        ["starts_on", *RHYTHM, "price", "monthly_charges", "patient_list", *PRACTICE, *WELCOME],
        [],
        {"contract_to_order": True},
    ),
    (
        "salaried_post",
        "Poste salarié",
        "Exercer sous contrat de travail, en centre de santé, à l’hôpital ou pour une collectivité.",
        ("shield", "salaried", "action"),
        ["starts_on", "ends_on", *RHYTHM, *SALARY, *PRACTICE, *WELCOME],
        [*SALARY],
        {"is_employment": True, "contract_to_order": True},
    ),
    (
        "shared_practice",
        "Exercice partagé",
        "Répartir sa semaine entre deux lieux ou deux structures, à temps plein ou partiel.",
        ("diamond", "shared", "action"),
        ["starts_on", "ends_on", *RHYTHM, "fee_share", *SALARY, "patient_list", *PRACTICE, *WELCOME],
        ["days_per_week"],
        {"contract_to_order": True},
    ),
    (
        "assistant_post",
        "Poste d’adjoint",
        "Pour un étudiant autorisé par l’Ordre à exercer en même temps que le médecin qu’il assiste.",
        ("circle", "assistant", "olive"),
        ["starts_on", "ends_on", *RHYTHM, "fee_share", *SALARY, *PRACTICE, *WELCOME],
        ["starts_on"],
        {"contract_to_order": True},
    ),
    (
        "advanced_consultations",
        "Consultations avancées",
        "Consulter quelques demi-journées dans une commune qui manque de médecins, sans s’y installer.",
        ("diamond", "consultation", "action"),
        ["starts_on", "ends_on", *RHYTHM, "fee_share", "monthly_charges", *PRACTICE, *WELCOME],
        ["half_days"],
        {},
    ),
    (
        "new_practice",
        "Création",
        "Ouvrir un cabinet là où tout est à créer : un local, une commune, pas de patientèle à reprendre.",
        ("triangle", "creation", "action"),
        ["starts_on", "monthly_charges", "team", "equipment", *WELCOME],
        [],
        {},
    ),
    (
        "internship_site",
        "Terrain de stage",
        "Place auprès d’un maître de stage, pour un interne ou un docteur junior ; l’affectation passe par la faculté et l’ARS.",
        ("arch", "training", "olive"),
        ["starts_on", "ends_on", *RHYTHM, *PRACTICE, "lodging", "msu_on_site"],
        ["starts_on"],
        {},
    ),
]

SETTINGS = [
    ("liberal_solo", "Cabinet seul"),
    ("liberal_group", "Cabinet de groupe"),
    ("liberal_msp", "Maison de santé (MSP)"),
    ("health_centre", "Centre de santé"),
    ("hospital", "Hôpital ou clinique"),
    ("ehpad", "Ehpad"),
    ("creche", "Crèche ou PMI"),
    ("department", "Département"),
    ("municipal_premises", "Local communal"),
    ("itinerant", "Exercice itinérant"),
    ("other", "Autre cadre"),
]


def create(apps, schema_editor):
    OpportunityKind = apps.get_model("opportunities", "OpportunityKind")
    PracticeSetting = apps.get_model("opportunities", "PracticeSetting")
    for position, (code, label, definition, (shape, glyph, tone), shown, required, flags) in enumerate(KINDS, 1):
        OpportunityKind.objects.create(
            code=code,
            label=label,
            definition=definition,
            position=10 * position,
            shape=shape,
            glyph=glyph,
            tone=tone,
            shown_fields=shown,
            required_fields=required,
            **flags,
        )
    for position, (code, label) in enumerate(SETTINGS, 1):
        PracticeSetting.objects.create(code=code, label=label, position=10 * position)


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
