"""Invented training places, so that the directory shows something. Each says that it is an example, at a real facility too.

No service, practice, capacity or person here is real.
"""

from datetime import timedelta

from django.utils import timezone

from interns.enums import NoteState
from interns.models import Specialty, TrainingCapacity, TrainingNote, TrainingPlace
from territories import semesters
from territories.models import Commune, HealthFacility

SECOND = ["internship_saspas", "junior_doctor"]
GENERAL = ["intern_foundation", "internship_saspas"]
PLACES = [
    # name, setting, specialty, levels, FINESS of a real facility or name of a commune, lodging, places in the next two semesters
    ("Urgences (exemple)", "hospital", "emergency", ["intern_foundation"], "hospital:Avignon", "yes", (6, 6)),
    ("Médecine polyvalente (exemple)", "hospital", "polyvalent", ["intern_advanced", "extern"], "hospital:Carpentras", "yes", (3, 3)),
    ("Court séjour gériatrique (exemple)", "hospital", "geriatrics", ["intern_advanced"], "hospital:Orange", "no", (2, 2)),
    ("Médecine et soins de suite (exemple)", "hospital", "polyvalent", ["intern_advanced"], "hospital:Vaison-la-Romaine", "yes", (2, 1)),
    ("Pédiatrie (exemple)", "hospital", "paediatrics", ["intern_advanced"], "hospital:Cavaillon", "unknown", (2, 2)),
    ("Médecine polyvalente (exemple d’Apt)", "hospital", "polyvalent", ["extern", "intern_advanced"], "hospital:Apt", "yes", (2, 2)),
    ("Cabinet de groupe exemple (Malaucène)", "ambulatory", "general_practice", GENERAL, "Malaucène", "no", (1, 1)),
    ("Maison de santé exemple (Sault)", "ambulatory", "general_practice", [*GENERAL, "junior_doctor"], "Sault", "yes", (2, 1)),
    ("Cabinet exemple (Valréas)", "ambulatory", "general_practice", ["extern", *GENERAL], "Valréas", "unknown", (1, 0)),
    (
        "Centre de santé exemple (Bollène)",
        "ambulatory",
        "general_practice",
        ["internship_saspas", "junior_doctor"],
        "Bollène",
        "no",
        (1, 1),
    ),
    ("Cabinet de groupe exemple (Pertuis)", "ambulatory", "women_children", ["intern_advanced"], "Pertuis", "no", (1, 1)),
    ("Maison de santé exemple (Cadenet)", "ambulatory", "general_practice", [*GENERAL, "junior_doctor"], "Cadenet", "unknown", (2, 2)),
]
DESCRIPTION = "Terrain inventé pour la démonstration\u00a0: ni ce service, ni cette équipe, ni ces places n’existent."
EQUIPMENT = {
    "hospital": "Échographe au lit\nImagerie sur place\nLaboratoire",
    "ambulatory": "Électrocardiogramme\nPetite chirurgie\nÉchographe",
}
LODGING_NOTES = {"yes": "chambre à demander à l’accueil (exemple)", "no": "", "unknown": ""}
NOTES = [
    # rank of the place, text
    (6, "Exemple inventé. Beaucoup de gestes, du temps pour en parler après chaque demi-journée. Une voiture est utile, surtout l’hiver."),
    (3, "Exemple inventé. La chambre est à deux pas du service, les gardes sont doublées au début, on mange bien le midi."),
]


def create(*, now):
    """Make them; returns the list."""
    today = timezone.localdate(now)
    ahead = semesters.upcoming(today, 2)
    specialties = {specialty.code: specialty for specialty in Specialty.objects.all()}
    communes = {commune.name: commune for commune in Commune.objects.all()}
    hospitals = HealthFacility.objects.visible().filter(kind__code="hospital").select_related("commune").order_by("-pk")
    in_town = {facility.commune.name: facility for facility in hospitals}
    places = []
    for name, setting, specialty, levels, where, lodging, capacities in PLACES:
        town = where.removeprefix("hospital:")
        place = TrainingPlace.objects.create(
            name=name,
            setting=setting,
            specialty=specialties[specialty],
            levels=levels,
            facility=in_town.get(town) if setting == "hospital" else None,
            commune=communes[town],
            lodging=lodging,
            lodging_note=LODGING_NOTES[lodging],
            equipment=EQUIPMENT[setting],
            transport="Voiture utile (exemple)",
            description=DESCRIPTION,
            published=True,
            is_demo=True,
        )
        for semester, count in zip(ahead, capacities, strict=True):
            TrainingCapacity.objects.create(place=place, semester=semester.code, places=count)
        places.append(place)
    before = semesters.of_code(semesters.code_of(today.year - 1, semesters.WINTER))
    for rank, text in NOTES:
        TrainingNote.objects.create(
            place=places[rank],
            semester=before.code,
            text=text,
            state=NoteState.PUBLISHED,
            written_at=now - timedelta(days=40),
            confirmed_at=now - timedelta(days=40),
            decided_at=now - timedelta(days=38),
            is_demo=True,
        )
    return places
