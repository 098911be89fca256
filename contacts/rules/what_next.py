"""What two people who were just introduced about an offer do next: its days, the contract, the Ordre, a room nearby (journey 2)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from contacts.enums import Outcome, Target
from core import french
from core.french import NBSP
from core.links import absolute, address
from opportunities.enums import LocationPrecision
from territories.anchors import Communes

LOCUM_GUIDE, CONTRACT_GUIDE = "s-installer/remplacer", "s-installer/choisir-son-mode-d-exercice"
"""Pages of the portal that say how each is done, from the first paper to the last."""
CONTRACT_MODELS = (
    "https://www.conseil-national.medecin.fr/documents-types-demarches/documents-types-medecins/cabinet-carriere/modeles-contrats"
)
"""Model contracts of the Conseil national de l'Ordre des médecins."""


@dataclass(frozen=True, slots=True)
class WhatNext:
    """What the page and the mail of both say; addresses are absolute."""

    days: str
    """The days that were spoken of, in words; empty when nobody named any."""
    order: str
    """What both do with the contract; empty when none is sent to the Ordre."""
    guide_url: str
    models_url: str
    rooms_url: str
    """Rooms near the offer, free these days."""


CONTRACT = (
    "Tout contrat se signe par écrit et se communique au conseil départemental de l’Ordre dans le mois de sa signature "
    f"(article L.{NBSP}4113-9 du code de la santé publique)."
)
LOCUM_CONTRACT = (
    "Le médecin remplacé vérifie la licence de remplacement ou l’inscription au tableau. Après trois mois de remplacement, "
    f"l’article{NBSP}86 du code de déontologie limite une installation concurrente pendant deux ans, sauf accord."
)


def order_words(kind):
    """What both do with a contract of this kind of offer (DEO-01, DEO-04); nothing when the Ordre does not receive it."""
    if not kind.contract_to_order:
        return ""
    return f"{CONTRACT} {LOCUM_CONTRACT}" if kind.is_locum else CONTRACT


def agreed_days(conversation):
    """First and last day of the replacement that a conversation spoke of: the author's, else those of the offer; None without both.

    Where a part of them will do, an author who named none may mean any part.
    """
    offer = conversation.offer
    if offer is None or not offer.kind.is_locum:
        return None
    if offer.partial_coverage and not conversation.starts_on and not conversation.ends_on:
        return None
    start = conversation.starts_on or offer.starts_on
    end = conversation.ends_on or offer.ends_on
    return (start, end) if start and end and start <= end else None


def last_day(conversation):
    """The day after which the replacement that a conversation spoke of is over, whichever part of it was meant; None when nobody knows."""
    offer = conversation.offer
    return (conversation.ends_on or offer.ends_on) if offer is not None and offer.kind.is_locum else None


def common_days(need, offer):
    """First and last day of a locum that its offer and a doctor available for it both name; None without both."""
    start = max(filter(None, (need.starts_on, offer.starts_on)), default=None)
    end = min(filter(None, (need.ends_on, offer.ends_on)), default=None)
    return (start, end) if offer.kind.is_locum and start and end and start <= end else None


def what_next(conversation, today):
    """What both do next once an offer has introduced them; None for any other conversation."""
    if conversation.target != Target.OFFER or conversation.outcome != Outcome.INTERESTED or conversation.offer is None:
        return None
    return after_meeting(conversation.offer, agreed_days(conversation), today)


def after_meeting(offer, days, today):
    """What two people do next once an offer brought them together, for these days or None."""
    guide = LOCUM_GUIDE if offer.kind.is_locum else CONTRACT_GUIDE
    return WhatNext(
        days=french.date_range(*days) if days else "",
        order=order_words(offer.kind),
        guide_url=absolute(address("pages:page", guide)),
        models_url=CONTRACT_MODELS,
        rooms_url=_rooms_url(offer, days, today),
    )


def _rooms_url(offer, days, today):
    """The list of rooms near the offer, unless readers are not told its commune, and free these days."""
    told = offer.commune and offer.location_precision != LocationPrecision.EPCI and not offer.is_confidential
    near = [("lieu", f"{Communes.prefix}-{offer.commune.insee}")] if told else []
    dates = [("du", days[0].isoformat()), ("au", days[1].isoformat())] if days and days[1] >= today else []
    query = urlencode(near + dates)
    return absolute(address("housing:dwelling_list") + (f"?{query}" if query else ""))
