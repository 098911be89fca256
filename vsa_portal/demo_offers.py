"""Sixty invented offers over the real communes of Vaucluse, each marked as a demonstration.

The same seed gives the same offers; dates follow the day they are loaded, so that the
demonstration never grows old. No person, telephone or address here is real.
"""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from opportunities import actions, rules
from opportunities.enums import DutyRota, HomeVisits, LocationPrecision, PublisherKind, SalaryPeriod, Secretary, State, TariffSector
from opportunities.models import Opportunity, OpportunityKind, OtherPlace, PracticeSetting
from territories.models import Commune, Profession

SEED = 84

PLACES = [
    "Apt", "Aubignan", "Avignon", "Beaumes-de-Venise", "Bédarrides", "Bédoin", "Bollène", "Bonnieux", "Cadenet", "Camaret-sur-Aigues",
    "Caromb", "Carpentras", "Caumont-sur-Durance", "Cavaillon", "Châteauneuf-du-Pape", "Courthézon", "Cucuron", "Entraigues-sur-la-Sorgue",
    "Gargas", "Gordes", "Grillon", "Jonquières", "La Tour-d’Aigues", "Lapalud", "Lauris", "Le Pontet", "Le Thor", "L’Isle-sur-la-Sorgue",
    "Malaucène", "Malemort-du-Comtat", "Mazan", "Mérindol", "Mondragon", "Monteux", "Mormoiron", "Morières-lès-Avignon", "Orange",
    "Pernes-les-Fontaines", "Pertuis", "Piolenc", "Robion", "Roussillon", "Sablet", "Sainte-Cécile-les-Vignes", "Saint-Saturnin-lès-Apt",
    "Saint-Saturnin-lès-Avignon", "Sarrians", "Sault", "Sérignan-du-Comtat", "Sorgues", "Vaison-la-Romaine", "Valréas", "Vedène",
    "Velleron", "Villes-sur-Auzon", "Violès", "Visan",
]  # fmt: skip

LENGTHS = {
    # title of a dated locum: days from the first to the last
    "Une semaine à {place}": 4,
    "Deux semaines à {place}": 11,
    "Pendant les congés d’une consœur, {place}": 18,
    "Dix jours à {place}": 9,
}
WEEKS = {
    # title of a regular locum or of consultations: its half-days
    "Tous les jeudis à {place}": [6, 7],
    "Le mercredi et le samedi matin, {place}": [4, 5, 10],
    "Le mardi et le vendredi à {place}": [2, 3, 8, 9],
    "Consultations du mardi et du vendredi matin, {place}": [2, 8],
    "Deux après-midi par semaine à {place}": [3, 7],
}

KINDS = {
    # code: how many, settings, titles ({place} is the commune), one sentence
    "locum_occasional": (
        12, ["liberal_solo", "liberal_group", "liberal_msp"],
        list(LENGTHS),
        "Le médecin part en congé\u00a0; le secrétariat et l’équipe restent sur place.",
    ),
    "locum_regular": (
        9, ["liberal_group", "liberal_msp", "liberal_solo"],
        list(WEEKS)[:3],
        "Un jour régulier pour laisser souffler le titulaire, avec la même patientèle d’une semaine à l’autre.",
    ),
    "succession": (
        7, ["liberal_solo", "liberal_group"],
        ["Reprendre un cabinet, {place}", "Un cabinet cherche la suite, {place}", "Succession préparée, {place}"],
        "Le médecin prépare son départ et propose plusieurs mois à deux pour faire connaissance avec les patients.",
    ),
    "collaboration": (
        6, ["liberal_group", "liberal_msp"],
        ["Rejoindre l’équipe de {place}", "Une place de collaborateur à {place}"],
        "Une équipe constituée cherche un confrère ou une consœur, sans engagement d’association.",
    ),
    "association_offer": (
        4, ["liberal_group", "liberal_msp"],
        ["Un associé de plus à {place}", "Prendre une part du cabinet, {place}"],
        "Le cabinet s’agrandit et propose une entrée progressive dans la société.",
    ),
    "salaried_post": (
        6, ["health_centre", "hospital", "department"],
        ["Médecin généraliste salarié (F/H), {place}", "Poste en centre de santé à {place} (F/H)"],
        "Temps de coordination compris, gestion assurée par la structure.",
    ),
    "shared_practice": (
        4, ["liberal_msp", "hospital", "ehpad"],
        ["Cabinet et hôpital à temps partagé, {place}", "Cabinet et Ehpad à temps partagé, {place}"],
        "Deux lieux, un seul emploi du temps, construit avec vous.",
    ),
    "assistant_post": (
        2, ["liberal_solo", "liberal_msp"],
        ["Adjoint pour la saison à {place}"],
        "Un renfort pendant l’afflux de l’été, sous réserve de l’autorisation de l’Ordre.",
    ),
    "advanced_consultations": (
        3, ["municipal_premises", "ehpad", "creche"],
        list(WEEKS)[3:],
        "Un local équipé, prêté par la commune, pour des consultations régulières sans installation.",
    ),
    "new_practice": (
        3, ["municipal_premises"],
        ["Un local communal attend un médecin, {place}", "Tout est à créer à {place}"],
        "Local de plain-pied, loyer modéré la première année, pharmacie et infirmières dans le village.",
    ),
    "internship_site": (
        4, ["liberal_msp", "liberal_group"],
        ["Stage de niveau 1 à {place}", "Docteur junior à {place}", "SASPAS dans le secteur de {place}"],
        "Un maître de stage universitaire accueille un interne ou un docteur junior.",
    ),
}  # fmt: skip

TEAMS = [
    "2 médecins, 2 IDE",
    "3 médecins, 2 IDE, 1 kiné",
    "1 médecin, 3 IDE",
    "4 médecins, 1 sage-femme, 2 IDE",
    "2 médecins, 1 IPA, 2 IDE, 1 psychologue",
]
EQUIPMENT = [
    "ECG, spiromètre",
    "échographe partagé",
    "ECG, holter, salle de petite chirurgie",
    "imagerie et biologie à proximité",
    "téléconsultation, ECG",
]
SOFTWARE = ["référencé Ségur", "en ligne, accessible à domicile", "référencé Ségur, messagerie sécurisée"]
LODGING = ["studio prêté", "chambre chez l’habitant", "gîte communal", "chambre de garde"]
STORY = (
    "L’équipe se retrouve chaque semaine pour parler des situations difficiles. Les consultations durent vingt minutes, "
    "et l’agenda garde deux créneaux d’urgence par demi-journée.\n"
    "Vous organisez votre semaine comme vous l’entendez. Le secrétariat prend les appels et prépare les visites.\n"
    "Venez passer une journée avec nous avant de décider. Cette offre est un exemple inventé pour la démonstration."
)

ENDINGS = [
    # The first offers of the list take these states; all the others are published.
    State.DRAFT, State.SUBMITTED, State.PAUSED, State.FILLED, State.EXPIRED, State.WITHDRAWN,
    State.DRAFT, State.SUBMITTED, State.PAUSED, State.FILLED, State.EXPIRED, State.FILLED,
]  # fmt: skip


def create(*, now, actor):
    """Create the sixty offers and return them; every step of their life goes through `opportunities.actions`."""
    rng = random.Random(SEED)
    communes = {commune.name: commune for commune in Commune.objects.select_related("epci")}
    kinds = {kind.code: kind for kind in OpportunityKind.objects.all()}
    settings = {setting.code: setting for setting in PracticeSetting.objects.all()}
    profession = Profession.objects.get(code="general_practitioner")
    places = [communes[name] for name in PLACES]
    rng.shuffle(places)
    plan = [code for code, (number, *_) in KINDS.items() for _ in range(number)]
    rng.shuffle(plan)
    offers = []
    for rank, code in enumerate(plan):
        commune = places[rank % len(places)]
        offer = _offer(rng, kinds[code], commune, settings, profession, now, rank)
        actions.save_offer(offer=offer, actor=actor, reason="démonstration")
        if code == "shared_practice":
            OtherPlace.objects.create(opportunity=offer, commune=rng.choice(places), label="Second lieu (exemple)")
            actions.refresh_derived(offer=offer)
        _live(rng, offer, ENDINGS[rank] if rank < len(ENDINGS) else State.PUBLISHED, now, actor)
        offers.append(offer)
    return offers


def _offer(rng, kind, commune, settings, profession, now, rank):
    _, setting_codes, titles, summary = KINDS[kind.code]
    offer = Opportunity(
        kind=kind, profession=profession, setting=settings[rng.choice(setting_codes)], commune=commune, is_demo=True,
        title=rng.choice(titles), summary=summary, description=STORY,
        publisher_kind=_publisher(kind, rng), contact_name="Secrétariat (exemple)", contact_email=f"cabinet{rank}@example.org",
        patients_per_day=rng.randint(16, 26), software=rng.choice(SOFTWARE), secretary=rng.choice(Secretary.values),
        home_visits=rng.choice(HomeVisits.values), duty_rota=rng.choice(DutyRota.values), team=rng.choice(TEAMS),
        equipment=rng.choice(EQUIPMENT), tariff_sector=TariffSector.SECTOR_1, msu_on_site=rng.random() < 0.3,
        retired_active_welcome=rng.random() < 0.3, lodging=rng.random() < 0.35,
    )  # fmt: skip
    if offer.lodging:
        offer.lodging_note = rng.choice(LODGING)
    _place(rng, offer, rank)
    _dates(rng, offer, now)
    _terms(rng, offer)
    discreet = offer.location_precision == LocationPrecision.EPCI
    title = offer.title.format(place=f"secteur {commune.epci.short_name}" if discreet else commune.name)
    offer.title = title.replace("à Le ", "au ").replace("à Les ", "aux ")
    for name in ("fee_share", "price", "monthly_charges", "patient_list", "salary_min", "salary_max", "salary_period"):
        if name not in kind.shown_fields:
            setattr(offer, name, "" if name == "salary_period" else None)
    return offer


def _publisher(kind, rng):
    if kind.is_employment:
        return rng.choice([PublisherKind.HEALTH_CENTRE, PublisherKind.HOSPITAL, PublisherKind.DEPARTMENT])
    if kind.code in ("new_practice", "advanced_consultations"):
        return PublisherKind.COMMUNE
    return rng.choice([PublisherKind.DOCTOR, PublisherKind.PRACTICE, PublisherKind.MSP])


def _place(rng, offer, rank):
    """A third stand at an exact point near the town hall, a few successions keep their commune back."""
    if offer.kind.code == "succession" and rank % 2:
        offer.location_precision = LocationPrecision.EPCI
    elif rank % 3 == 0:
        offer.location_precision = LocationPrecision.EXACT
        offer.latitude = offer.commune.latitude + rng.uniform(-0.004, 0.004)
        offer.longitude = offer.commune.longitude + rng.uniform(-0.004, 0.004)
        offer.workplace = f"{offer.setting.label} (exemple)"
        offer.address = f"{rng.randint(1, 80)} rue de l’Exemple"


def _dates(rng, offer, now):
    today = timezone.localdate(now)
    monday = today + timedelta(days=7 - today.weekday())
    code = offer.kind.code
    if code == "locum_occasional":
        offer.starts_on = monday + timedelta(weeks=rng.randint(2, 30))
        offer.ends_on = offer.starts_on + timedelta(days=LENGTHS[offer.title])
        offer.partial_coverage = rng.random() < 0.4
    elif code == "locum_regular":
        offer.starts_on = monday + timedelta(weeks=rng.randint(1, 12))
        offer.ends_on = offer.starts_on + timedelta(weeks=rng.randint(10, 30)) if rng.random() < 0.5 else None
    elif code == "internship_site":
        # Semesters begin in May and November; the exact day is the faculty's.
        offer.starts_on = next(day for day in (today + timedelta(days=n) for n in range(30, 400)) if day.month in (5, 11) and day.day <= 7)
        offer.flexible_start = True
    elif code == "assistant_post":
        offer.starts_on = next(day for day in (today + timedelta(days=n) for n in range(60, 430)) if day.month == 6 and day.weekday() == 0)
        offer.ends_on = offer.starts_on + timedelta(weeks=12)
    else:
        offer.starts_on = monday + timedelta(weeks=rng.randint(4, 50))
        offer.flexible_start = rng.random() < 0.5
    offer.half_days = WEEKS.get(offer.title, [])
    offer.days_per_week = Decimal(rng.choice(["2", "3", "3.5", "4", "4.5"])) if "days_per_week" in offer.kind.shown_fields else None
    if offer.half_days:
        offer.days_per_week = Decimal(len(offer.half_days)) / 2


def _terms(rng, offer):
    offer.fee_share = Decimal(rng.choice([70, 75, 80, 80, 85, 90, 100]))
    offer.patient_list = rng.randrange(700, 1700, 50)
    offer.monthly_charges = rng.randrange(800, 2400, 50)
    offer.price = rng.choice([None, None, rng.randrange(5_000, 40_000, 500)])
    offer.salary_min = rng.randrange(5_800, 6_800, 100)
    offer.salary_max = offer.salary_min + rng.randrange(300, 1_200, 100)
    offer.salary_period = SalaryPeriod.MONTH


def _live(rng, offer, ending, now, actor):
    """Walk an offer through its life, in the past, up to the state wanted."""
    if ending == State.DRAFT:
        return
    begun = now - timedelta(days=rng.randint(2, 60), hours=rng.randint(0, 20))
    if ending == State.SUBMITTED:
        actions.submit(offer=offer, actor=actor, at=begun)
        return
    until = now + timedelta(days=rng.randint(40, 110))
    if offer.kind.is_locum and offer.ends_on:
        until = min(until, rules.end_of_day(offer.ends_on))
    actions.publish(offer=offer, actor=actor, at=begun, expires_at=until if ending != State.EXPIRED else now - timedelta(hours=1))
    if ending == State.EXPIRED:
        actions.expire_due(at=now)
        offer.refresh_from_db()
        return
    if rng.random() < 0.8:
        actions.confirm(offer=offer, actor=actor, at=max(begun, now - timedelta(days=rng.randint(0, 40))))
    if ending == State.PAUSED:
        actions.pause(offer=offer, actor=actor, at=now)
    elif ending == State.FILLED:
        actions.fill(offer=offer, actor=actor, at=now - timedelta(hours=rng.randint(1, 40)), reason="un remplaçant a été trouvé (exemple)")
    elif ending == State.WITHDRAWN:
        actions.withdraw(offer=offer, reason="le cabinet a changé de projet (exemple)", actor=actor, at=now)
