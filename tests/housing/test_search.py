"""The search of dwellings: near one to three places, free for the nights asked for, and never an error."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from housing.models import Dwelling, DwellingPhoto
from housing.search import Search
from territories import semesters
from territories.models import HealthFacility, InternshipSemester, TravelTime
from tests.accounts.factories import SuperuserFactory
from tests.housing.factories import AvailabilityFactory, BookingFactory, DwellingFactory, day
from tests.territories.factories import FacilityFactory, real_commune

pytestmark = pytest.mark.django_db


def search(query=""):
    return Search(QueryDict(query), now=timezone.now())


def titles(query):
    return [card.title for card in search(query).cards]


@pytest.fixture
def three_rooms():
    """Rooms in Vaison, Carpentras and Apt, from north to south-east."""
    return {town: DwellingFactory(title=f"Chambre {town}", town=town) for town in ("Vaison-la-Romaine", "Carpentras", "Apt")}


def test_rooms_are_sorted_by_distance_to_one_place(three_rooms):
    assert titles("lieu=Vaison-la-Romaine") == ["Chambre Vaison-la-Romaine", "Chambre Carpentras", "Chambre Apt"]
    assert titles("lieu=Apt") == ["Chambre Apt", "Chambre Carpentras", "Chambre Vaison-la-Romaine"]


def test_half_days_weigh_the_places(three_rooms):
    towns = "lieu=Vaison-la-Romaine&lieu=Apt"
    assert titles(f"{towns}&demi=9&demi=1")[0] == "Chambre Vaison-la-Romaine"
    assert titles(f"{towns}&demi=1&demi=9")[0] == "Chambre Apt"


def test_two_places_at_one_point_weigh_both(three_rooms):
    apt = FacilityFactory(commune=real_commune("Apt"), name="Service d’Apt", latitude=43.9, longitude=5.4)
    twin = FacilityFactory(commune=real_commune("Apt"), name="Autre service d’Apt", latitude=43.9, longitude=5.4)
    query = f"lieu=etablissement-{apt.pk}&lieu=Vaison-la-Romaine&lieu=etablissement-{twin.pk}&demi=4&demi=5&demi=3"
    assert titles(query)[0] == "Chambre Apt"


def test_half_days_stay_with_their_place_when_another_is_not_understood(three_rooms):
    found = search("lieu=Nullepart-les-Oies&lieu=Vaison-la-Romaine&lieu=Apt&demi=1&demi=1&demi=9")
    assert [place.half_days for place in found.near] == [1, 9]
    assert found.cards[0].title == "Chambre Apt"
    assert "Nullepart-les-Oies" in found.complaints["lieu"]


def test_a_place_far_from_one_of_two_is_told_the_way_to_each(three_rooms):
    found = search("lieu=Vaison-la-Romaine&lieu=Apt")
    card = found.cards[0]
    names = [name for name, _ in card.ways]
    assert names == ["Vaison-la-Romaine", "Apt"]
    assert all(way.endswith("\u00a0km") for _, way in card.ways)
    assert "à vol d’oiseau" in found.lead, "said once, whatever the order"
    assert search("lieu=Vaison-la-Romaine&lieu=Apt&tri=loyer").lead == "distances à vol d’oiseau"
    assert card.week == ""


def test_with_times_of_the_road_rooms_are_sorted_by_the_week_of_road(three_rooms):
    for origin, destination, minutes in (
        ("Carpentras", "Vaison-la-Romaine", 90),
        ("Apt", "Vaison-la-Romaine", 40),
        ("Carpentras", "Apt", 45),
    ):
        measured(origin, destination, minutes)
    assert titles("lieu=Vaison-la-Romaine") == ["Chambre Vaison-la-Romaine", "Chambre Apt", "Chambre Carpentras"]
    found = search("lieu=Vaison-la-Romaine&demi=6")
    ways = {card.title: dict(card.ways)["Vaison-la-Romaine"] for card in found.cards}
    assert ways["Chambre Apt"] == "40\u00a0min de route"
    assert ways["Chambre Vaison-la-Romaine"] == "dans la même commune"
    # Six half-days are three days, there and back: 6 × 40 minutes.
    assert {card.title: card.week for card in found.cards}[
        "Chambre Apt"
    ] == "environ 4\u00a0h de route par semaine, pour 6\u00a0demi-journées"
    assert found.lead == "du moins au plus de route dans la semaine"


def test_a_week_of_road_is_told_when_half_days_were_chosen_only(client, three_rooms):
    """The form sends one half-day for whoever leaves it alone; a full-time stage has about ten."""
    measured("Apt", "Vaison-la-Romaine", 40)
    for query in ("lieu=Vaison-la-Romaine", "lieu=Vaison-la-Romaine&demi=1", "lieu=Vaison-la-Romaine&lieu=Carpentras&demi=1&demi=1"):
        assert {card.week for card in search(query).cards} == {""}, query
    page = client.get(f"{three_rooms['Apt'].get_absolute_url()}?lieu=Vaison-la-Romaine&demi=1").text
    assert "40\u00a0min de route" in page
    assert "par semaine" not in page.partition("</section>")[0]


def measured(origin, destination, minutes):
    TravelTime.objects.create(
        origin=real_commune(origin),
        destination=real_commune(destination),
        minutes=minutes,
        source="mesure inventée",
        measured_on=timezone.localdate(),
    )


def test_a_commune_without_a_time_comes_last_and_tells_kilometres(three_rooms):
    measured("Apt", "Vaison-la-Romaine", 120)
    found = search("lieu=Vaison-la-Romaine")
    assert [card.title for card in found.cards] == ["Chambre Vaison-la-Romaine", "Chambre Apt", "Chambre Carpentras"]
    assert dict(found.cards[-1].ways)["Vaison-la-Romaine"].startswith("à ")
    assert found.lead == "du moins au plus de route, puis du plus près au plus loin ceux dont la durée n’est pas connue"
    assert search("lieu=Vaison-la-Romaine&loyer=5000&zone=&tri=loyer").lead == ""
    measured("Carpentras", "Vaison-la-Romaine", 30)
    assert search("lieu=Vaison-la-Romaine").lead == "du moins au plus de route"


def test_a_semester_asks_for_every_one_of_its_nights():
    [semester] = semesters.upcoming(timezone.localdate(), 1)
    whole, short, taken = (DwellingFactory(title=name) for name in ("entier", "court", "pris"))
    for dwelling in (whole, taken):
        AvailabilityFactory(dwelling=dwelling, period=DateRange(semester.start, semester.end + timedelta(days=1)))
    AvailabilityFactory(dwelling=short, period=DateRange(semester.start, semester.end))
    BookingFactory(dwelling=taken, period=DateRange(semester.end, semester.end + timedelta(days=1)))
    found = search(f"semestre={semester.code}")
    assert [card.title for card in found.cards] == ["entier"]
    assert found.lead == f"libre de {semester.label}"
    [card] = found.cards
    assert len(card.months) == 6
    assert card.months[0] == ("nov." if semester.season == "hiver" else "mai")


def test_the_semester_under_way_is_asked_for_from_today():
    current = semesters.covering(timezone.localdate())
    stay = search(f"semestre={current.code}").stay
    assert stay.start == timezone.localdate()
    assert stay.end == current.end + timedelta(days=1)


def staff_write(client, code, start, end):
    """Staff write the dates of a semester, or others, or none (`start` None: they delete them)."""
    row = InternshipSemester.objects.filter(code=code).first()
    page = f"admin:territories_internshipsemester_{'add' if row is None else 'change' if start else 'delete'}"
    values = {"code": code, "start_date": start, "end_date": end, "note": ""} if start else {"post": "yes"}
    answer = client.post(reverse(page, args=[row.pk] if row else []), values)
    assert answer.status_code == 302, answer.text


@pytest.mark.usefixtures("now")
def test_a_room_offered_for_a_semester_stays_so_when_staff_write_or_change_its_dates(client):
    """One semester starts later than computed, and the one before it gains a night or two."""
    summer, winter = semesters.of_code("2027-05"), semesters.of_code("2027-11")
    assert (summer.end, winter.start) == (date(2027, 11, 1), date(2027, 11, 2))
    DwellingFactory(title="été", offered=summer.nights)
    DwellingFactory(title="hiver", offered=winter.nights)
    DwellingFactory(title="court", offered=(summer.start, summer.end))
    under_way = DwellingFactory(title="en cours", offered=(timezone.localdate(), date(2026, 11, 2)))
    client.force_login(SuperuserFactory())
    for start, end in (("2027-11-03", "2028-05-01"), ("2027-11-04", "2028-05-02"), (None, None), ("2027-11-05", "2028-05-03")):
        staff_write(client, "2027-11", start, end)
        assert titles("semestre=2027-05") == ["été"]
        assert titles("semestre=2027-11") == ["hiver"]
    staff_write(client, "2026-11", "2026-11-03", "2027-05-02")
    assert titles("semestre=2026-05") == ["en cours"]
    assert under_way.availabilities.get().period == DateRange(timezone.localdate(), date(2026, 11, 3))


def test_dates_narrow_the_list_and_pass_before_the_semester():
    DwellingFactory(title="libre", offered=(day(10), day(60)))
    DwellingFactory(title="trop tard", offered=(day(20), day(90)))
    found = search(f"du={day(10).isoformat()}&au={day(60).isoformat()}&semestre=2031-05")
    assert [card.title for card in found.cards] == ["libre"]
    assert "Vos dates passent avant le semestre." in found.notices


def test_an_arrival_alone_asks_for_a_month_and_says_so():
    DwellingFactory(title="un mois", offered=(day(10), day(40)))
    DwellingFactory(title="deux semaines", offered=(day(10), day(24)))
    found = search(f"du={day(10).isoformat()}")
    assert [card.title for card in found.cards] == ["un mois"]
    assert "30 nuits" in found.notices[0]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("au=2027-03-01", "jour d’arrivée"),
        ("du=2027-03-10&au=2027-03-01", "avant le jour d’arrivée"),
        ("du=2027-03-10&au=2027-03-10", "le même jour"),
        ("du=2001-01-01&au=2001-02-01", "sont passées"),
        ("du=2027-01-01&au=2067-01-01", "plus de trois ans"),
        ("du=99999-01-01", "n’est pas une date"),
        ("du=hier&au=demain", "n’est pas une date"),
        ("semestre=2026-07", "n’est pas un semestre"),
        ("semestre=2019-05", "est passé"),
        ("semestre=%00", "n’est pas un semestre"),
    ],
)
def test_dates_that_mean_nothing_are_left_out_with_a_message(query, told):
    DwellingFactory()
    found = search(query)
    assert told in found.complaints["du"]
    assert found.stay is None
    assert found.count == 1


def test_fifty_places_are_three_and_a_message():
    DwellingFactory()
    found = search("&".join(["lieu=Apt", "lieu=Sault", "lieu=Orange"] + ["lieu=Carpentras"] * 47))
    assert [place.anchor.label for place in found.near] == ["Apt", "Sault", "Orange"]
    assert "Trois lieux au plus" in found.complaints["lieu"]
    assert found.count == 1


@pytest.mark.parametrize("share", ["0", "13", "-1", "1e9", "²", "9" * 400, "\0"])
def test_half_days_that_mean_nothing_count_for_one(share):
    query = QueryDict(mutable=True)
    query.update({"lieu": "Apt", "demi": share})
    found = Search(query, now=timezone.now())
    assert [place.half_days for place in found.near] == [1]
    if share.strip():
        assert "demi-journées par semaine" in found.complaints["lieu"]


def test_rent_is_counted_with_charges():
    DwellingFactory(title="380", rent=350, charges=30)
    DwellingFactory(title="390", rent=350, charges=40)
    assert titles("loyer=380") == ["380"]


def test_filters_of_comfort():
    DwellingFactory(title="tout", is_furnished=True, step_free=True, pets="ask", kind="studio", host_kind="commune", audience=["intern"])
    DwellingFactory(title="rien", is_furnished=False, step_free=False, pets="no", audience=["locum"])
    for query in ("meuble=1", "acces=1", "animaux=1", "type=studio", "hote=commune", "pour=intern"):
        assert titles(query) == ["tout"], query


def test_a_stay_shorter_than_the_host_takes_is_not_proposed():
    DwellingFactory(title="six mois", min_stay_days=180, offered=(day(0), day(300)))
    DwellingFactory(title="une semaine", max_stay_days=14, offered=(day(0), day(300)))
    assert titles(f"du={day(1)}&au={day(8)}") == ["une semaine"]
    assert titles(f"du={day(1)}&au={day(190)}") == ["six mois"]


def test_distance_may_be_bounded_for_each_place(three_rooms):
    assert titles("lieu=Vaison-la-Romaine&rayon=10") == ["Chambre Vaison-la-Romaine"]
    assert titles("lieu=Vaison-la-Romaine&lieu=Apt&rayon=10") == []


def test_the_map_shows_what_the_list_shows(client, three_rooms):
    answer = client.get("/s-installer/logement/carte.geojson?lieu=Apt&loyer=2000").json()
    assert [feature["properties"]["t"].split(",")[0] for feature in answer["features"]] == titles("lieu=Apt")


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_asks_the_same_number_of_questions_whatever_it_finds(client, django_assert_num_queries, number, settings):
    settings.PAGE_CACHE = False
    [semester] = semesters.upcoming(timezone.localdate(), 1)
    for rank in range(number):
        DwellingFactory(title=f"Chambre {rank}", offered=(semester.start, date(semester.end.year + 1, 1, 1)))
    client.get("/s-installer/logement/")  # what a process asks once
    query = f"lieu=Vaison-la-Romaine&lieu=Malauc%C3%A8ne&lieu=Apt&demi=6&demi=3&demi=1&semestre={semester.code}&loyer=600&meuble=1"
    with django_assert_num_queries(10):
        response = client.get(f"/s-installer/logement/?{query}")
    assert response.context["title"] == ("1\u00a0logement" if number == 1 else "3\u00a0logements")


def test_without_scripts_the_order_follows_the_places(client, three_rooms):
    """The form sends its order with everything else: the order that nobody chose is sent as nothing."""
    before = client.get("/s-installer/logement/").context["sorts"]
    [chosen] = [sort["value"] for sort in before if sort["selected"]]
    assert titles(f"lieu=Apt&tri={chosen}")[0] == "Chambre Apt"


def test_a_card_tells_places_of_one_name_apart(three_rooms):
    for town in ("Apt", "Carpentras"):
        FacilityFactory(commune=real_commune(town), name="Urgences")
    tokens = [f"lieu=etablissement-{pk}" for pk in HealthFacility.objects.filter(name="Urgences").values_list("pk", flat=True)]
    assert {name for name, _ in search("&".join(tokens)).cards[0].ways} == {"Urgences, Apt", "Urgences, Carpentras"}


def test_a_car_of_which_nobody_spoke_is_not_told(client):
    assert "pas indispensable" not in client.get(DwellingFactory(car_needed=False).get_absolute_url()).text
    assert "indispensable" in client.get(DwellingFactory(car_needed=True).get_absolute_url()).text


def test_a_card_shows_the_first_photograph_of_its_room(three_rooms):
    for position, text in ((2, "la cuisine"), (1, "la chambre")):
        DwellingPhoto.objects.create(
            dwelling=three_rooms["Apt"], position=position, alternative_text=text, image=f"logements/{position}.webp", width=400, height=300
        )
    assert {card.title: card.photo and card.photo.alt for card in search().cards} == {
        "Chambre Apt": "la chambre",
        "Chambre Carpentras": None,
        "Chambre Vaison-la-Romaine": None,
    }


def test_a_change_an_expiry_and_a_deletion_make_another_version(three_rooms):
    now, known = timezone.now(), set()

    def is_new(at=now):
        version = Dwelling.objects.version(at)
        return version not in known and not known.add(version)

    assert is_new()
    assert not is_new()
    three_rooms["Apt"].save()
    assert is_new()
    assert is_new(at=three_rooms["Apt"].expires_at)
    three_rooms["Apt"].delete()
    assert is_new()
