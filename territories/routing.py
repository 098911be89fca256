"""Travel times asked of a routing service that the operator names: OSRM, or the itineraries of the Géoplateforme (IGN).

Requests are spaced; one that fails is tried again after growing delays. Nothing here knows an address: the portal asks no
other host unless somebody runs `fill_travel_times` with one.
"""

import http.client
import json
import math
import time
from dataclasses import dataclass, field
from itertools import islice
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from core import french
from territories.models import Commune, TravelTime
from territories.models.travel import LONGEST_MINUTES

AGENT = "Vaucluse Sante Attractivite, temps de trajet (+{site})"
DELAYS = (1, 2, 4, 8, 16)
"""Seconds before each further try of one request."""
LONGEST_WAIT = 120
"""Seconds that a service may ask us to wait; beyond, it is taken for unavailable."""
TIMEOUT = 20
LARGEST_BYTES = 5_000_000
"""Of an answer: a table of a hundred communes weighs some thousands."""
FAILURES = 3
"""Requests that fail one after the other before we stop."""
ROUTELESS = 20
"""Pairs without any route before we stop, when none has come yet: the address is not that of the service."""
BATCH = 100
"""Pairs asked before they are written, and at most by one request: OSRM takes a hundred places a table unless it is set otherwise."""
MOST_DESTINATIONS = 99


class Trouble(Exception):
    """The service does not answer, or not yet: worth another try. The message is in French; `wait` is what it asked for."""

    def __init__(self, message, wait=0):
        super().__init__(message)
        self.wait = wait


class Refusal(Exception):
    """The service answered something else than a travel time: another try would not help. The message is in French."""


class GivenUp(Exception):
    """Too many requests failed one after the other; the message says what the last one met."""


@dataclass
class Client:
    """Asks JSON of one address, so many requests a second at most."""

    rate: float
    sleep: object = time.sleep
    last: float = field(default=-math.inf, init=False)

    def get(self, url):
        """The JSON of an address; None when it answers that there is no route. Tries again as long as there is a delay left."""
        for delay in DELAYS:
            try:
                return self.once(url)
            except Trouble as trouble:
                if trouble.wait > LONGEST_WAIT:
                    raise
                self.sleep(max(delay, trouble.wait))
        return self.once(url)

    def once(self, url):
        """One request, after the pause that the rate asks for."""
        self.sleep(max(0.0, self.last + 1 / self.rate - time.monotonic()))
        self.last = time.monotonic()
        request = Request(url, headers={"Accept": "application/json", "User-Agent": AGENT.format(site=settings.SITE_URL or "portail")})
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:
                text = answer.read(LARGEST_BYTES + 1)
                if answer.length and len(text) <= LARGEST_BYTES:
                    raise http.client.IncompleteRead(text)
        except HTTPError as error:
            with error:
                if error.code == http.client.NOT_FOUND:
                    return None
                refuse(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Trouble(f"le service n’a pas répondu ({type(error).__name__})") from error
        if len(text) > LARGEST_BYTES:
            raise Refusal("la réponse est trop longue pour être un temps de trajet")
        return decoded(text)


def refuse(error):
    """Raise what an HTTP status other than success means: trouble or a refusal."""
    if error.code == http.client.TOO_MANY_REQUESTS or error.code >= http.client.INTERNAL_SERVER_ERROR:
        asked = error.headers.get("Retry-After", "")
        wait = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
        raise Trouble(f"le service a répondu {error.code}", wait)
    raise Refusal(f"le service a répondu {error.code}\u00a0: vérifiez son adresse et ses règles d’usage")


def decoded(text):
    """A JSON object."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("la réponse n’est pas du JSON") from error
    if not isinstance(answer, dict):
        raise Refusal("la réponse n’a pas la forme attendue")
    return answer


def whole_minutes(seconds):
    """Seconds as whole minutes, from 1; None for no route. What is no duration of a trip in Vaucluse is refused."""
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_MINUTES * 60:
        raise Refusal(f"la durée rendue est impossible\u00a0: {french.quoted(str(seconds))} secondes")
    return max(1, round(seconds / 60))


@dataclass
class Osrm:
    """`/table/v1/driving/`: seconds from one commune to many at once."""

    url: str
    client: Client
    at_once = MOST_DESTINATIONS
    source = "Calcul d’itinéraire OSRM (OpenStreetMap)"

    def minutes(self, origin, destinations):
        """Minutes to each destination, in order; None where there is no route."""
        places = ";".join(lon_lat(commune) for commune in (origin, *destinations))
        indexes = ";".join(map(str, range(1, len(destinations) + 1)))
        answer = self.client.get(f"{self.url}/table/v1/driving/{places}?sources=0&destinations={indexes}")
        table = (answer or {}).get("durations")
        row = table[0] if isinstance(table, list) and len(table) == 1 else None
        if answer is None or answer.get("code") != "Ok" or not isinstance(row, list) or len(row) != len(destinations):
            raise Refusal("la réponse n’est pas une table d’OSRM")
        return [whole_minutes(seconds) for seconds in row]


@dataclass
class Ign:
    """`/itineraire` of the Géoplateforme: one commune to one other."""

    url: str
    client: Client
    at_once = 1
    source = "Calcul d’itinéraire de l’IGN (BD TOPO)"

    def minutes(self, origin, destinations):
        """Minutes to the destination; None when there is no route."""
        (destination,) = destinations
        asked = {"resource": "bdtopo-osrm", "profile": "car", "optimization": "fastest", "timeUnit": "second", "getSteps": "false"}
        query = urlencode(asked | {"start": lon_lat(origin), "end": lon_lat(destination)}, safe=",")
        answer = self.client.get(f"{self.url}?{query}")
        if answer is None:
            return [None]
        if answer.get("timeUnit", "second") != "second" or "duration" not in answer:
            raise Refusal("la réponse n’est pas un itinéraire de la Géoplateforme")
        return [whole_minutes(answer["duration"])]


SERVICES = {"osrm": Osrm, "ign": Ign}


def lon_lat(commune):
    return f"{commune.longitude:.6f},{commune.latitude:.6f}"


def service(name, url, rate, sleep=time.sleep):
    """The service of that name at that address; `ValueError` for an address that is none."""
    parts = urlsplit(url)
    if not url.isascii() or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.port == 0:
        raise ValueError(url)
    return SERVICES[name](url.rstrip("/"), Client(rate, sleep))


@dataclass
class Filling:
    """What a run did, in pairs of communes."""

    written: int = 0
    without_route: int = 0
    failed: int = 0
    left: int = 0
    """Pairs that are still without a time."""
    trouble: str = ""
    """What the last request that failed met."""


def fill(service, *, day, source="", limit=None, progress=lambda filling: None):
    """Ask the missing travel times, origin after origin, and write them batch by batch; what was done, as a `Filling`.

    A run that is cut short loses a batch at most, and the next one asks what is still missing. Raises `GivenUp` when the
    service fails again and again; what came before is written.
    """
    missing = missing_pairs(service.at_once)
    proven = TravelTime.objects.exists()  # what is left may well be pairs that no road joins
    filling, waiting, asked, in_a_row = Filling(left=sum(len(destinations) for _, destinations in missing)), [], 0, 0
    try:
        for origin, destinations in first_pairs(missing, limit):
            try:
                found = service.minutes(origin, destinations)
            except (Trouble, Refusal) as error:
                in_a_row, filling.trouble = in_a_row + 1, str(error)
                filling.failed += len(destinations)
                if in_a_row == FAILURES:
                    raise GivenUp(str(error)) from error
                continue
            in_a_row = 0
            filling.without_route += found.count(None)
            asked += len(found)
            if not proven and asked >= ROUTELESS and filling.without_route == asked:
                raise GivenUp("le service ne trouve aucun itinéraire, vérifiez son adresse")
            waiting += [
                TravelTime(origin=origin, destination=destination, minutes=minutes)
                for destination, minutes in zip(destinations, found, strict=True)
                if minutes is not None
            ]
            if len(waiting) >= BATCH:
                write(waiting, filling, source or service.source, day)
                progress(filling)
    finally:
        write(waiting, filling, source or service.source, day)
    return filling


def write(waiting, filling, source, day):
    """Write what waits and count it."""
    TravelTime.objects.keep(waiting, source=source, day=day)
    filling.written += len(waiting)
    filling.left -= len(waiting)
    waiting.clear()


def missing_pairs(at_once):
    """`(origin, destinations)` that nobody measured, so many destinations at most in each. Two queries."""
    communes = list(Commune.objects.order_by("insee"))
    known = set(TravelTime.objects.order_by().values_list("origin", "destination"))
    missing = []
    for origin in communes:
        wanted = iter([each for each in communes if each.pk != origin.pk and (origin.pk, each.pk) not in known])
        while destinations := list(islice(wanted, at_once)):
            missing.append((origin, destinations))
    return missing


def first_pairs(missing, limit):
    """The same, cut after `limit` pairs if there is one."""
    for origin, destinations in missing:
        if limit is not None:
            destinations = destinations[:limit]
            limit -= len(destinations)
        if destinations:
            yield origin, destinations
