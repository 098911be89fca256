"""Travel times asked of a routing service over real HTTP: a stand-in on this machine answers as OSRM and the IGN do, or fails."""

import json
import threading
import time
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from territories import routing
from territories.models import Commune, TravelTime
from tests.territories.factories import real_commune

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

CUT = object()
"""The stand-in closes the connection in the middle of its answer."""


class StandIn:
    """A routing service: answers as told by `script` for its first requests, then properly. `paths` are what it was asked."""

    def __init__(self, script=(), minutes=None):
        self.script, self.minutes, self.paths, self.headers, self.moments = list(script), minutes or {}, [], [], []
        self.lock = threading.Lock()

    def seconds(self, origin, destination):
        """Ten minutes more or less; whatever a test said of that pair."""
        return self.minutes.get((origin, destination), 600)

    def osrm(self, path):
        parts = urlsplit(path)
        places = parts.path.removeprefix("/table/v1/driving/").split(";")
        query = parse_qs(parts.query)
        assert query["sources"] == ["0"]
        row = [self.seconds(places[0], places[int(index)]) for index in query["destinations"][0].split(";")]
        return 200, {"code": "Ok", "durations": [row]}

    def ign(self, path):
        query = parse_qs(urlsplit(path).query)
        assert (query["resource"], query["profile"], query["timeUnit"]) == (["bdtopo-osrm"], ["car"], ["second"])
        seconds = self.seconds(query["start"][0], query["end"][0])
        if seconds is None:
            return 404, {"error": {"message": "No path found"}}
        return 200, {"resource": "bdtopo-osrm", "timeUnit": "second", "distance": 1, "duration": seconds}

    def answer(self, path, headers):
        with self.lock:
            self.paths.append(path)
            self.headers.append(headers)
            self.moments.append(time.monotonic())
            if self.script:
                return self.script.pop(0)
        return self.osrm(path) if path.startswith("/table/") else self.ign(path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        status, body, *headers = self.server.service.answer(self.path, self.headers)
        if body is CUT:
            self.send_response(status)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"code"')
            self.close_connection = True
            return
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *arguments):
        """Silence."""


@contextmanager
def serving(service):
    """The address of a stand-in while it listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.service = service
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Short delays, a straight way to this machine, and four communes to ask about."""
    monkeypatch.setattr(routing, "DELAYS", (0.01, 0.02))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    kept = ("Apt", "Sault", "Orange", "Pertuis")
    monkeypatch.setattr(routing, "Commune", only(kept))


def only(names):
    """`Commune` for `routing`, of which there are only these: the 151 would make 22,650 requests of the IGN."""

    class Few:
        objects = Commune.objects.filter(name__in=names)

    return Few


def run(url, service="osrm", **options):
    out = StringIO()
    call_command("fill_travel_times", service=service, url=url, rate=50, stdout=out, **options)
    return out.getvalue()


def place(name):
    return routing.lon_lat(real_commune(name))


def stored():
    return {(a, b): minutes for a, b, minutes in TravelTime.objects.values_list("origin__name", "destination__name", "minutes")}


@pytest.mark.parametrize(("service", "requests"), [("osrm", 4), ("ign", 12)])
def test_every_missing_pair_is_asked_and_written(service, requests):
    stand_in = StandIn(minutes={(place("Apt"), place("Sault")): 2729, (place("Sault"), place("Apt")): 2731})
    with serving(stand_in) as url:
        out = run(url, service)
    times = stored()
    assert len(times) == 12
    assert (times["Apt", "Sault"], times["Sault", "Apt"], times["Apt", "Orange"]) == (45, 46, 10)
    assert len(stand_in.paths) == requests
    assert "12\u00a0trajets enregistrés." in out
    assert "encore sans durée" not in out
    row = TravelTime.objects.first()
    assert (row.source, row.measured_on) == (routing.SERVICES[service].source, date(2026, 6, 15))
    assert stand_in.headers[0]["User-Agent"].startswith("Vaucluse Sante Attractivite")


def test_only_what_is_missing_is_asked_again():
    stand_in = StandIn()
    with serving(stand_in) as url:
        run(url, "ign", limit=5)
        first = list(stand_in.paths)
        assert (len(first), TravelTime.objects.count()) == (5, 5)
        assert "6\u00a0trajets encore sans durée" in run(url, "ign", limit=1)
        run(url, "ign")
        assert TravelTime.objects.count() == 12
        assert len(set(stand_in.paths)) == len(stand_in.paths) == 12
        assert "0\u00a0trajet enregistré." in run(url, "ign")
        assert len(stand_in.paths) == 12


def test_a_time_that_was_imported_is_neither_asked_nor_changed():
    apt, sault = real_commune("Apt"), real_commune("Sault")
    TravelTime.objects.create(origin=apt, destination=sault, minutes=99, source="Exemple", measured_on=date(2020, 1, 1))
    stand_in = StandIn()
    with serving(stand_in) as url:
        run(url, source="Notre serveur")
    assert stored()["Apt", "Sault"] == 99
    assert set(TravelTime.objects.values_list("source", flat=True)) == {"Exemple", "Notre serveur"}
    (asked,) = [path for path in stand_in.paths if path.startswith(f"/table/v1/driving/{place('Apt')}")]
    assert place("Sault") not in asked


@pytest.mark.parametrize(
    "first", [(429, {}, ("Retry-After", "0")), (500, b"oops"), (503, b""), (200, CUT)], ids=["429", "500", "503", "cut"]
)
def test_a_passing_trouble_is_tried_again(first):
    stand_in = StandIn(script=[first, first])
    with serving(stand_in) as url:
        out = run(url)
    assert len(stored()) == 12
    assert stand_in.paths[0] == stand_in.paths[1] == stand_in.paths[2] != stand_in.paths[3]
    assert "sans réponse utile" not in out


def test_the_service_says_how_long_to_wait():
    waits = []
    stand_in = StandIn(script=[(429, {}, ("Retry-After", "7")), (429, {}, ("Retry-After", "hier"))])
    with serving(stand_in) as url:
        client = routing.Client(50, waits.append)
        assert client.get(f"{url}/table/v1/driving/{place('Apt')};{place('Sault')}?sources=0&destinations=1")["code"] == "Ok"
    assert [wait for wait in waits if wait >= 0.02] == [7, 0.02]


def test_delays_grow():
    waits = []
    with serving(StandIn(script=[(500, {})] * 3)) as url, pytest.raises(routing.Trouble, match="500"):
        routing.Client(1e9, waits.append).get(url)
    assert [wait for wait in waits if wait] == list(routing.DELAYS)


def test_a_service_that_asks_for_hours_is_unavailable():
    stand_in = StandIn(script=[(429, {}, ("Retry-After", "3600"))])
    with serving(stand_in) as url, pytest.raises(routing.Trouble, match="429"):
        routing.Client(1e9).get(url)
    assert len(stand_in.paths) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((500, {}), "le service a répondu 500"),
        ((403, {}), "le service a répondu 403"),
        ((400, {"code": "NoSegment"}), "le service a répondu 400"),
        ((200, CUT), "le service n’a pas répondu"),
        ((200, b"<html>"), "la réponse n’est pas du JSON"),
        ((200, b"[" * 100_000), "la réponse n’est pas du JSON"),
        ((200, b"\xff\xfe"), "la réponse n’est pas du JSON"),
        ((200, []), "la réponse n’a pas la forme attendue"),
        ((200, {"code": "Ok", "durations": [[600]]}), "la réponse n’est pas une table d’OSRM"),
        ((200, {"code": "Ok", "durations": [["600", 1, 2]]}), "la durée rendue est impossible"),
        ((200, {"code": "Ok", "durations": [[1e9, 1, 2]]}), "la durée rendue est impossible"),
        ((200, b'{"code": "Ok", "durations": [[NaN, 1, 2]]}'), "la durée rendue est impossible"),
        ((200, {"code": "Ok", "durations": [[-5, 1, 2]]}), "la durée rendue est impossible"),
        ((404, {}), "la réponse n’est pas une table d’OSRM"),
    ],
)
def test_repeated_failures_stop_the_command_with_a_sentence(answer, told):
    with serving(StandIn(script=[answer] * 100)) as url, pytest.raises(CommandError) as refusal:
        run(url)
    assert str(refusal.value).startswith("Arrêt après plusieurs échecs de suite\u00a0: ")
    assert told in str(refusal.value)
    assert str(refusal.value).endswith("Relancez la commande\u00a0: elle ne demande que ce qui manque.")
    assert stored() == {}


def test_what_came_before_a_failure_is_written():
    good = (200, {"timeUnit": "second", "duration": 600})
    stand_in = StandIn(script=[good] * 5 + [(403, {})] * 3)
    with serving(stand_in) as url, pytest.raises(CommandError):
        run(url, "ign")
    assert len(stored()) == 5


def test_a_failure_among_others_is_told_and_the_rest_goes_on():
    with serving(StandIn(script=[(403, {})])) as url:
        out = run(url)
    assert len(stored()) == 9
    assert "3\u00a0trajets demandés sans réponse utile\u00a0: le service a répondu 403" in out
    assert "3\u00a0trajets encore sans durée" in out


@pytest.mark.parametrize("service", ["osrm", "ign"])
def test_a_pair_without_route_has_no_time(service):
    pair = (place("Apt"), place("Sault"))
    with serving(StandIn(minutes={pair: None})) as url:
        out = run(url, service)
    assert len(stored()) == 11
    assert ("Apt", "Sault") not in stored()
    assert "1\u00a0trajet sans itinéraire selon le service." in out


def test_an_address_that_finds_no_route_at_all_is_wrong(monkeypatch):
    monkeypatch.setattr(routing, "ROUTELESS", 6)
    stand_in = StandIn(script=[(404, b"not here")] * 100)
    with serving(stand_in) as url, pytest.raises(CommandError, match="vérifiez son adresse"):
        run(url, "ign")
    assert len(stand_in.paths) == 6


def test_when_pairs_without_route_are_all_that_is_left_a_run_ends_well(monkeypatch):
    monkeypatch.setattr(routing, "ROUTELESS", 3)
    alone = place("Sault")
    others = [place(name) for name in ("Apt", "Orange", "Pertuis")]
    pairs = {pair: None for other in others for pair in ((alone, other), (other, alone))}
    with serving(StandIn(minutes=pairs)) as url:
        run(url, "ign")
        out = run(url, "ign")
    assert len(stored()) == 6
    assert "6\u00a0trajets sans itinéraire selon le service." in out


def test_another_unit_of_time_is_refused():
    with serving(StandIn(script=[(200, {"timeUnit": "minute", "duration": 10})] * 100)) as url, pytest.raises(CommandError):
        run(url, "ign")
    assert stored() == {}


def test_requests_are_spaced():
    stand_in = StandIn()
    with serving(stand_in) as url:
        call_command("fill_travel_times", service="ign", url=url, rate=20, limit=5, stdout=StringIO())
    gaps = [after - before for before, after in zip(stand_in.moments, stand_in.moments[1:], strict=False)]
    assert len(gaps) == 4
    assert min(gaps) > 0.03


def test_a_service_that_is_not_there():
    with serving(StandIn()) as url:
        pass
    with pytest.raises(CommandError, match="le service n’a pas répondu"):
        run(url)


def test_the_operator_may_stop_it(monkeypatch):
    with serving(StandIn()) as url:
        pauses = []

        def pause(seconds):
            pauses.append(seconds)
            if len(pauses) == 5:
                raise KeyboardInterrupt

        asked = routing.service("ign", url, 50, pause)
        monkeypatch.setattr(routing, "service", lambda *arguments: asked)
        with pytest.raises(CommandError, match=r"^Arrêté\. Ce qui est venu est enregistré"):
            run(url, "ign")
    assert len(stored()) == 4


@pytest.mark.parametrize(
    "options",
    [
        *(
            {"url": url}
            for url in ("", "localhost:5000", "ftp://localhost", "http://", "http://[", "http://a:99999", "http://é", "http://a/?x=1")
        ),
        *({"rate": rate} for rate in ("0", "-1", "nan", "1e9", "vite")),
        *({"limit": limit} for limit in ("0", "-1", "beaucoup")),
        {"service": "google"},
        {"source": "x" * 201},
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_asked(options):
    stand_in = StandIn()
    with serving(stand_in) as url:
        values = {"service": "osrm", "url": url, **options}
        with pytest.raises(CommandError):
            call_command("fill_travel_times", *(f"--{name}={value}" for name, value in values.items()))
    assert stand_in.paths == []


def test_no_address_is_known_by_the_portal():
    with pytest.raises(CommandError, match="--url"):
        call_command("fill_travel_times", "--service=ign")
