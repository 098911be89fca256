"""Invented events, so that the agenda shows something. Each says that it is an example; its organisers do not exist.

Days are counted from the day of loading, on the weekday that suits the event.
"""

from datetime import time, timedelta

from django.utils import timezone

from agenda import actions
from agenda.enums import State
from agenda.models import Event, EventActor, EventKind
from territories.models import Commune, Epci, Profession

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(6)
TRAINEES = ["intern", "junior_doctor"]
NEWCOMERS = ["intern", "junior_doctor", "locum", "settling"]
EVENTS = [
    {
        "kind": "peers", "title": "Dîner entre internes et médecins installés (exemple)", "weeks": 2, "weekday": THURSDAY,
        "hours": (time(19, 0), time(22, 30)), "where": "Carpentras", "venue": "Salle exemple des Platanes",
        "stages": [*TRAINEES, "settled"], "is_free": True,
        "summary": "Un repas, vingt chaises, des numéros échangés\u00a0: ceux qui arrivent rencontrent ceux qui sont là.",
        "actors": [("CPTS exemple des Dentelles", "organiser", "cpts"), ("Association exemple des internes", "partner", "association")],
        "register_in": 10,
    },
    {
        "kind": "seminar", "title": "Deux jours pour découvrir la santé autour du Ventoux (exemple)", "weeks": 7, "weekday": THURSDAY,
        "length": 2, "hours": (time(9, 0), time(17, 0)), "where": "Bédoin", "venue": "Domaine exemple du Ventoux",
        "stages": ["extern", *NEWCOMERS, "settled"], "professions": True, "price": "repas et nuit compris, 30\u00a0€ (exemple)",
        "summary": "Visites, rencontres et soirée avec des soignants de toutes les disciplines, sur deux jours.",
        "actors": [
            ("CPTS exemple du Ventoux", "organiser", "cpts"), ("Agence exemple de développement", "support", "agency"),
            ("Hôpital exemple", "partner", "hospital"), ("Banque exemple", "partner", "bank"), ("Refuge exemple", "partner", "firm"),
        ],
        "join_with": ["Ventoux Sud"], "register_in": 35,
    },
    {
        "kind": "training", "title": "La comptabilité du remplaçant, pas à pas (exemple)", "weeks": 3, "weekday": TUESDAY,
        "hours": (time(20, 0), time(22, 0)), "where": "Avignon", "venue": "Maison exemple des associations", "online": True,
        "stages": ["locum", "junior_doctor", "intern"], "is_free": True,
        "summary": "Micro-BNC ou déclaration contrôlée, cotisations, première année\u00a0: un soir pour s’y retrouver.",
        "actors": [("Association exemple de gestion", "organiser", "association")],
    },
    {
        "kind": "webinar", "title": "Remplacer pour la première fois (exemple)", "weeks": 4, "weekday": WEDNESDAY,
        "hours": (time(13, 0), time(14, 0)), "online": True, "stages": TRAINEES, "is_free": True,
        "summary": "La licence, le contrat, la feuille de soins\u00a0: une heure à midi, depuis chez soi.",
        "actors": [("Équipe exemple d’accueil", "organiser", "other")],
    },
    {
        "kind": "visit", "title": "Une journée dans une maison de santé (exemple)", "weeks": 5, "weekday": SATURDAY,
        "where": "Sault", "venue": "Maison de santé exemple", "stages": NEWCOMERS,
        "summary": "Visite des lieux, déjeuner avec l’équipe, tour du village et de son école.",
        "actors": [("Maison de santé exemple du plateau", "organiser", "practice"), ("Commune exemple", "support", "commune")],
    },
    {
        "kind": "cpts", "title": "Soirée ouverte de la CPTS (exemple)", "weeks": 6, "weekday": MONDAY,
        "hours": (time(19, 30), None), "where": "Apt", "venue": "Salle exemple de la sous-préfecture", "stages": [],
        "summary": "Groupe de travail sur les soins non programmés, ouvert à ceux qui pensent venir.",
        "actors": [("CPTS exemple du Luberon", "organiser", "cpts")],
    },
    {
        "kind": "fair", "title": "Forum de l’installation (exemple)", "weeks": 10, "weekday": FRIDAY,
        "hours": (time(10, 0), time(18, 0)), "where": "Orange", "venue": "Palais exemple des congrès",
        "stages": ["locum", "settling", "salaried"], "professions": True, "is_free": True,
        "summary": "Communes, maisons de santé, hôpitaux et institutions au même endroit, une journée.",
        "actors": [("Collectif exemple", "organiser", "association"), ("Hôpital exemple du Nord", "guest", "hospital")],
    },
    {
        "kind": "peers", "title": "Marche et pique-nique des remplaçants (exemple)", "weeks": 3, "weekday": SATURDAY,
        "where": "Gordes", "stages": ["locum"], "is_free": True, "state": State.CANCELLED,
        "reason": "Le sentier exemple est fermé, une autre date sera proposée à l’automne.",
        "summary": "Une marche de deux heures, un pique-nique, de quoi se connaître.",
        "actors": [("Groupe exemple de remplaçants", "organiser", "association")],
    },
    {
        "kind": "training", "title": "Accueillir un interne\u00a0: devenir maître de stage (exemple)", "weeks": 8, "weekday": TUESDAY,
        "hours": (time(20, 0), time(22, 30)), "where": "Cavaillon", "venue": "Hôpital exemple, salle de cours", "stages": ["settled"],
        "summary": "Ce que demande l’agrément, ce qu’un interne apporte, la parole à deux maîtres de stage.",
        "actors": [("Département exemple de médecine générale", "organiser", "faculty")],
    },
    {
        "kind": "peers", "title": "Soirée d’accueil du semestre (exemple)", "weeks": -3, "weekday": THURSDAY,
        "hours": (time(19, 0), time(22, 0)), "where": "Avignon", "venue": "Salle exemple de l’internat",
        "stages": TRAINEES, "is_free": True,
        "summary": "Les internes du semestre, leurs maîtres de stage, un repas.",
        "actors": [("Internat exemple", "organiser", "association")],
    },
]  # fmt: skip
TEXT = (
    "<p>Rencontre inventée pour la démonstration\u00a0: ni ce lieu, ni cet organisateur, ni ce programme n’existent.</p>"
    "<h2>Au programme</h2><ul><li>Accueil et tour de table</li><li>Un temps d’échange, un temps pour se parler</li></ul>"
)
JOINING = "Exemple\u00a0: prévenez l’organisateur, qui confirme par courriel.\nDites-lui si vous venez accompagné."


def create(*, now):
    """Make them; returns the list."""
    kinds = {kind.code: kind for kind in EventKind.objects.all()}
    return [_event(told, kinds, now, rank) for rank, told in enumerate(EVENTS, 1)]


def _event(told, kinds, now, rank):
    monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
    day = monday + timedelta(weeks=told["weeks"], days=told["weekday"])
    start, end = told.get("hours", (None, None))
    where = told.get("where")
    event = Event(
        kind=kinds[told["kind"]],
        title=told["title"],
        summary=told["summary"],
        text=TEXT,
        first_day=day,
        last_day=day + timedelta(days=told.get("length", 1) - 1),
        start_time=start,
        end_time=end,
        commune=Commune.objects.get(name=where) if where else None,
        venue=told.get("venue", ""),
        is_online=told.get("online", False),
        stages=told["stages"],
        is_free=told.get("is_free", False),
        price=told.get("price", ""),
        how_to_join=JOINING,
        register_by=timezone.localdate(now) + timedelta(days=told["register_in"]) if "register_in" in told else None,
        contact_email=f"rencontre-{rank}@example.org",
        takes_messages=True,
        state=told.get("state", State.PUBLISHED),
        state_reason=told.get("reason", ""),
        is_demo=True,
    )
    actions.record(event=event, at=now - timedelta(days=30 + rank if told["weeks"] < 0 else rank))
    for position, (name, role, kind) in enumerate(told["actors"]):
        EventActor.objects.create(event=event, name=name, role=role, kind=kind, position=position)
    if not told.get("professions"):
        event.professions.set(Profession.objects.filter(code="general_practitioner"))
    for name in told.get("join_with", ()):
        event.communes.set(Commune.objects.filter(epci__in=Epci.objects.filter(short_name=name)))
    actions.keep_words(event=event)
    return event
