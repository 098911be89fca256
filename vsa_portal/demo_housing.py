"""Forty invented dwellings over the real communes of Vaucluse, each marked as a demonstration, with their months and their stays.

The same seed gives the same dwellings; dates follow the semesters after the day they are loaded. No host, address or telephone here
is real, and the pictures are drawings.
"""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from PIL import Image, ImageDraw

from core.enums import State
from core.images import store_photo
from housing import actions, rules
from housing.enums import (
    Allowed,
    Audience,
    ChargesMode,
    DwellingKind,
    EnergyClass,
    Equipment,
    HostKind,
    Internet,
    Lease,
    Parking,
)
from housing.models import Dwelling, DwellingPhoto
from territories import semesters
from territories.models import Commune

SEED = 84
HOSTS = {
    HostKind.COMMUNE: "Commune (exemple)",
    HostKind.HOSPITAL: "Centre hospitalier (exemple)",
    HostKind.CPTS: "CPTS (exemple)",
    HostKind.DEPARTMENT: "Conseil départemental (exemple)",
}
PLACES = [
    "Vaison-la-Romaine", "Malaucène", "Crestet", "Entrechaux", "Carpentras", "Mazan", "Caromb", "Bédoin", "Mormoiron", "Sault",
    "Apt", "Gargas",
    "Saint-Saturnin-lès-Apt", "Cavaillon", "Robion", "Orange", "Camaret-sur-Aigues", "Sérignan-du-Comtat", "Valréas", "Visan", "Bollène",
    "Avignon", "Le Pontet", "L’Isle-sur-la-Sorgue", "Le Thor", "Pertuis", "La Tour-d’Aigues", "Gordes", "Monteux",
]  # fmt: skip
KINDS = {
    # code: how many, titles, surface, rent, forms of let, hosts
    DwellingKind.ROOM: (
        14, ["Chambre calme à {place}", "Chambre avec vue, {place}", "Chambre et petit bureau à {place}"],
        (11, 18), (250, 380), [Lease.LODGER], [HostKind.PRIVATE],
    ),
    DwellingKind.STUDIO: (
        8, ["Studio au centre de {place}", "Studio avec terrasse, {place}"],
        (20, 32), (380, 520), [Lease.MOBILITY, Lease.FURNISHED], [HostKind.PRIVATE, HostKind.COMMUNE],
    ),
    DwellingKind.FLAT: (
        5, ["Deux pièces à {place}", "Appartement communal, {place}"],
        (36, 58), (480, 680), [Lease.FURNISHED, Lease.MOBILITY], [HostKind.COMMUNE, HostKind.PRIVATE],
    ),
    DwellingKind.HOUSE: (3, ["Petite maison à {place}"], (60, 95), (700, 950), [Lease.UNFURNISHED, Lease.FURNISHED], [HostKind.PRIVATE]),
    DwellingKind.RESIDENCE: (
        4, ["Chambres de l’internat, {place}"],
        (12, 16), (120, 220), [Lease.PROVIDED], [HostKind.HOSPITAL, HostKind.DEPARTMENT],
    ),
    DwellingKind.SHARED: (6, ["Colocation d’internes à {place}"], (12, 16), (300, 400), [Lease.SHARED], [HostKind.CPTS, HostKind.COMMUNE]),
}  # fmt: skip
STORY = (
    "Les commerces sont à quelques minutes à pied.\n"
    "On laisse travailler et dormir ceux qui rentrent de garde. Cette annonce est un exemple inventé pour la démonstration."
)
ENDINGS = [State.DRAFT, State.SUBMITTED, State.PAUSED, State.FILLED, State.EXPIRED]
"""The first dwellings take these states; all the others are published."""
DRAWN = 8
"""How many have a drawing: encoding one takes half a second."""


def create(*, now, actor):
    """Create the forty dwellings and return them; every step of their life goes through `housing.actions`."""
    rng = random.Random(SEED)
    communes = {commune.name: commune for commune in Commune.objects.filter(name__in=PLACES).select_related("epci")}
    places = [communes[name] for name in PLACES if name in communes]
    plan = [kind for kind, (number, *_) in KINDS.items() for _ in range(number)]
    rng.shuffle(plan)
    coming = semesters.upcoming(timezone.localdate(now), 3, current=True)
    dwellings = []
    for rank, kind in enumerate(plan):
        dwelling = _dwelling(rng, kind, places[rank % len(places)], now, rank)
        actions.save_dwelling(dwelling=dwelling, actor=actor, reason="démonstration")
        _calendar(rng, dwelling, coming, now)
        _live(rng, dwelling, ENDINGS[rank] if rank < len(ENDINGS) else State.PUBLISHED, now, actor)
        if len(ENDINGS) <= rank < len(ENDINGS) + DRAWN:
            _draw(rng, dwelling)
        dwellings.append(dwelling)
    return dwellings


def _dwelling(rng, kind, commune, now, rank):
    _, titles, surfaces, rents, leases, hosts = KINDS[kind]
    lease, host = rng.choice(leases), rng.choice(hosts)
    energy = rng.choice([EnergyClass.B, EnergyClass.C, EnergyClass.C, EnergyClass.D, EnergyClass.D, EnergyClass.E, EnergyClass.F])
    energy = EnergyClass.D if energy in rules.forbidden_classes(timezone.localdate(now)) else energy  # F from 2028 on
    charges = Decimal(rng.choice([0, 20, 30, 40, 50]))
    low = rng.randrange(500, 1200, 50)
    dwelling = Dwelling(
        kind=kind, commune=commune, is_demo=True, host_kind=host, description=STORY,
        organisation=HOSTS.get(host, ""),
        title=rng.choice(titles).format(place=commune.name).replace("à Le ", "au ").replace("de Le ", "du "),
        address=f"{rng.randint(1, 40)} rue de l’Exemple",
        exact_latitude=commune.latitude + rng.uniform(-0.006, 0.006), exact_longitude=commune.longitude + rng.uniform(-0.006, 0.006),
        living_area_m2=rng.randint(*surfaces), is_furnished=lease != Lease.UNFURNISHED, lease=lease,
        rent=Decimal(rng.randrange(*rents, 10)), charges=charges, charges_mode=ChargesMode.FLAT if charges else ChargesMode.NONE,
        deposit=Decimal(0), agency_fee=Decimal(0), inventory_fee=Decimal(0), right_to_let=True,
        energy_class=energy, climate_class=rng.choice([EnergyClass.A, EnergyClass.B, EnergyClass.C]),
        energy_cost_min=low, energy_cost_max=low + 300, energy_price_year=2024,
        equipment=sorted(rng.sample(Equipment.values, 4)), internet=rng.choice([Internet.WIFI, Internet.FIBRE]),
        parking=rng.choice([Parking.STREET, Parking.PRIVATE]), step_free=rng.random() < 0.3, car_needed=rng.random() < 0.4,
        pets=rng.choice([Allowed.NO, Allowed.ASK, Allowed.YES]), smoking=Allowed.NO, visitors=rng.choice([Allowed.YES, Allowed.ASK]),
        audience=[Audience.INTERN, Audience.EXTERN, Audience.JUNIOR_DOCTOR, Audience.LOCUM] if rng.random() < 0.7 else [],
        contact_name="Hôte (exemple)", contact_email=f"hote{rank}@example.org", contact_confirmed_at=now,
    )  # fmt: skip
    if kind in (DwellingKind.ROOM, DwellingKind.SHARED, DwellingKind.RESIDENCE):
        dwelling.other_occupants = rng.randint(1, 4)
    if kind == DwellingKind.RESIDENCE:
        dwelling.places = rng.choice([4, 6, 10])
    if lease == Lease.MOBILITY:
        dwelling.min_stay_days, dwelling.max_stay_days = 30, 300
    elif lease in (Lease.FURNISHED, Lease.UNFURNISHED):
        dwelling.deposit = dwelling.rent
    return dwelling


def _live(rng, dwelling, state, now, actor):
    if state == State.DRAFT:
        return
    published = now - timedelta(days=rng.randint(10, 40))
    actions.submit(dwelling=dwelling, at=published - timedelta(days=1))
    if state == State.SUBMITTED:
        return
    actions.publish(dwelling=dwelling, at=published)  # no actor: nobody is written to
    if state == State.PUBLISHED:
        actions.confirm(dwelling=dwelling, at=now - timedelta(days=rng.randint(1, 9)))
    elif state == State.PAUSED:
        actions.pause(dwelling=dwelling, at=now - timedelta(days=1))
    elif state == State.FILLED:
        actions.fill(dwelling=dwelling, at=now - timedelta(days=1))
    else:
        actions.retire(dwelling=dwelling, at=now - timedelta(days=1))


def _calendar(rng, dwelling, coming, now):
    """Most are offered through two semesters, some for one; a third is taken for the first of them."""
    last = coming[-1] if rng.random() < 0.7 else coming[1]
    today = timezone.localdate(now)
    actions.offer(dwelling=dwelling, start=today, end=last.nights[1], at=now)
    taken = dwelling.places - 1 if dwelling.places > 1 else int(rng.random() < 0.35)
    for rank in range(1, taken + 1):
        actions.note_stay(
            dwelling=dwelling,
            start=max(coming[0].start, today),
            end=coming[0].end,
            note=f"Interne du semestre (exemple\u00a0{rank})",  # the same words would be the same stay, noted twice
            at=now,
        )


def _draw(rng, dwelling):
    """A drawing in place of a photograph: a house, a hill, the sky."""
    image = Image.new("RGB", (1200, 800), rng.choice(["#dfe6f2", "#f4e9d8", "#e9e3f0"]))
    pen = ImageDraw.Draw(image)
    pen.ellipse((850, 80, 1010, 240), fill="#e8b35c")
    pen.polygon([(0, 620), (rng.randint(300, 700), rng.randint(220, 360)), (1200, 600), (1200, 800), (0, 800)], fill="#8a93b8")
    pen.polygon([(0, 700), (1200, 640), (1200, 800), (0, 800)], fill="#98a06b")
    pen.rectangle((380, 460, 760, 720), fill="#f2ead9")
    pen.polygon([(350, 470), (570, 340), (790, 470)], fill="#b4643c")
    for left in (430, 620):
        pen.rectangle((left, 520, left + 80, 620), fill="#5b6aa0")
    image_name = store_photo(image, "logements")
    DwellingPhoto.objects.create(
        dwelling=dwelling,
        image=image_name,
        alternative_text="Dessin d’exemple\u00a0: une maison au pied d’une colline",
        credit="dessin de démonstration",
    )
