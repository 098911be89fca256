"""Invented health facilities over real communes, so that every layer of the map shows something. Each says that it is an example.

No name, telephone or address here is real; none has a FINESS number.
"""

from territories.models import Commune, FacilityKind, HealthFacility

FACILITIES = [
    # kind, what its name begins with, commune, degrees north and east of the town hall, equipment
    ("msp", "Maison de santé", "Sault", 0.003, 0.002, "Salle d’urgence\nSpirométrie\nTélé-expertise"),
    ("msp", "Maison de santé", "Mormoiron", 0.002, -0.003, "Électrocardiogramme\nPetite chirurgie"),
    ("msp", "Maison de santé", "Cadenet", -0.002, 0.003, "Échographe\nPetite chirurgie"),
    ("msp", "Maison de santé", "Valréas", 0.002, 0.002, "Électrocardiogramme"),
    ("msp", "Maison de santé", "Bédoin", -0.001, 0.002, ""),
    ("health_centre", "Centre de santé", "Bollène", 0.002, 0.003, "Échographe"),
    ("pharmacy", "Pharmacie", "Sault", 0.001, 0.001, ""),
    ("pharmacy", "Pharmacie", "Malaucène", 0.001, -0.001, ""),
    ("pharmacy", "Pharmacie", "Apt", 0.002, 0.004, ""),
    ("pharmacy", "Pharmacie", "Monteux", -0.001, 0.002, ""),
    ("laboratory", "Laboratoire", "Carpentras", 0.004, 0.003, ""),
    ("laboratory", "Laboratoire", "Pertuis", 0.003, -0.002, ""),
    ("imaging", "Centre d’imagerie", "Cavaillon", 0.004, 0.002, "Radiographie\nÉchographie\nScanner"),
    ("mmg", "Maison médicale de garde", "Orange", -0.003, 0.002, ""),
    ("ehpad", "EHPAD", "Vaison-la-Romaine", 0.003, 0.003, ""),
    ("creche", "Crèche", "Le Thor", 0.002, 0.002, ""),
    ("edes", "Espace départemental des solidarités", "Carpentras", -0.003, 0.002, ""),
]
DESCRIPTION = "Établissement inventé pour la démonstration\u00a0: ni ce lieu, ni cette équipe n’existent."


def create():
    """Create the facilities and return them; the communes and the kinds are those of the portal."""
    kinds = {kind.code: kind for kind in FacilityKind.objects.all()}
    communes = {commune.name: commune for commune in Commune.objects.filter(name__in={row[2] for row in FACILITIES})}
    facilities = []
    for code, name, town, north, east, equipment in FACILITIES:
        commune = communes[town]
        facilities.append(
            HealthFacility.objects.create(
                kind=kinds[code],
                name=f"{name} exemple ({town})",
                commune=commune,
                latitude=round(commune.latitude + north, 5),
                longitude=round(commune.longitude + east, 5),
                point_precision="address",
                equipment=equipment,
                description=DESCRIPTION,
                is_demo=True,
            )
        )
    return facilities
