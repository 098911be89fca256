"""A need in words, as its person and the team read it: the same at the same moment."""

from django.utils import timezone

from contacts.enums import Answer, NeedSubject
from core import french
from opportunities import presenters


def facts(need):
    """A need as its person reads it: `(label, value)`."""
    kinds = ", ".join(kind.label for kind in need.kinds.all()) or "tous"
    uses = [
        words
        for words, wanted in (("nous vous prévenons", need.notify), ("les annonceurs peuvent vous proposer", need.available))
        if wanted
    ]
    rows = [
        ("Recherche", need.get_subject_display()),
        ("Types", kinds if need.subject == NeedSubject.EXERCISE else ""),
        ("Où", where(need)),
        ("Loyer", rent(need)),
        ("Quand", days(need)),
        ("Demi-journées", presenters.half_days(need.half_days)),
        ("Logement", "souhaité" if need.lodging else ""),
        ("Votre situation", need.get_standing_display()),
        ("En quelques mots", need.words),
        ("Usage", ", ".join(uses)),
        ("Jusqu’au", french.date(timezone.localtime(need.expires_at))),
    ]
    return [row for row in rows if row[1]]


def where(need):
    """Where somebody looks, in words."""
    if places := list(need.places.all()):
        shared = any(place.half_days > 1 for place in places) and len(places) > 1
        named = [place.near.anchor.after_near for place in places]
        if shared:
            named = [f"{name} ({french.plural(place.half_days, 'demi-journée')})" for name, place in zip(named, places, strict=True)]
        each = "de chacun" if len(places) > 1 else "de là"
        limit = f"à {need.radius_km}\u00a0km {each} au plus" if need.radius_km else "du plus près au plus loin"
        return f"près {' et '.join(named)}, {limit}"
    if need.commune:
        return f"{need.commune} et {need.radius_km}\u00a0km autour"
    return ", ".join(epci.short_name for epci in need.epcis.all()) or "partout en Vaucluse"


def rent(need):
    """`500 €/mois au plus, charges comprises`, nothing when any rent will do."""
    return "" if need.highest_rent is None else f"{french.euros(need.highest_rent)}/mois au plus, charges comprises"


def days(need):
    """The dates looked for, in words."""
    if need.starts_on and need.ends_on:
        return french.date_range(need.starts_on, need.ends_on)
    if need.starts_on:
        return f"à partir du {french.date(need.starts_on)}"
    return f"jusqu’au {french.date(need.ends_on)}" if need.ends_on else ""


def state(need, at):
    """Where a need stands, for its person."""
    if need.stopped_at:
        return "arrêtée"
    if need.expires_at <= at:
        return "terminée"
    return "l’équipe la lit d’abord" if need.held else "en cours"


def step(match):
    """What became of an offer that fits, for the person who looks."""
    if match.introduced_at:
        return f"mis en relation le {french.date(timezone.localtime(match.introduced_at))}"
    if match.answer == Answer.OVER:
        return "l’annonceur voulait vous joindre, mais l’offre n’est plus en ligne"
    if match.requested_at:
        return f"l’annonceur aimerait vous joindre, votre réponse\u00a0: {match.get_answer_display() or 'attendue'}"
    return f"vous en avez été prévenu le {french.date(timezone.localtime(match.told_at))}"
