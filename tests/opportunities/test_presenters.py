"""An offer in words: when, where, on what terms, how fresh."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from opportunities import presenters
from opportunities.enums import DutyRota, HomeVisits, LocationPrecision, PublisherKind, SalaryPeriod, Secretary, State, TariffSector
from opportunities.models import Opportunity, OpportunityKind, PracticeSetting
from territories.models import Commune, Epci, Profession

NB, THIN = "\u00a0", "\u202f"
NOW = datetime(2026, 6, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
MOMENT = timedelta(microseconds=1)
KIND = OpportunityKind(pk=1, code="locum_occasional", label="Remplacement ponctuel", shape="circle", glyph="locum", tone="action")
SAULT = Commune(
    pk=7, name="Sault", postal_codes=["84390"], latitude=44.09, longitude=5.41, epci=Epci(pk=3, short_name="Ventoux Sud", population=9_000)
)


def offer(**facts):
    """An offer in memory: these functions read no database."""
    facts = {"commune": SAULT, "confirmed_at": NOW, "published_at": NOW, "expires_at": NOW, "state": State.PUBLISHED} | facts
    return Opportunity(pk=12, slug="a-sault", title="À Sault", kind=KIND, profession=Profession(pk=1, label="Médecin généraliste"), **facts)


def rows(section_id, **facts):
    """The rows of a section of an offer, by label."""
    found = [section for section in presenters.sections(offer(**facts)) if section.id == section_id]
    return {label: (value, small) for section in found for label, value, small in section.rows}


# --- When ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "flexible", "words"),
    [
        (date(2027, 2, 15), date(2027, 2, 27), False, "du 15 au 27 février 2027"),
        (date(2027, 2, 15), date(2027, 2, 15), False, "le 15 février 2027"),
        (date(2027, 2, 15), date(2027, 2, 27), True, "du 15 au 27 février 2027"),
        (date(2027, 3, 1), None, False, "à partir du 1er mars 2027"),
        (date(2027, 3, 1), None, True, "vers le 1er mars 2027"),
        (None, date(2027, 3, 1), False, "jusqu’au 1er mars 2027"),
        (None, None, True, "dès que possible"),
        (None, None, False, ""),
    ],
)
def test_period(start, end, flexible, words):
    assert presenters.period(offer(starts_on=start, ends_on=end, flexible_start=flexible)) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], ""),
        ([6], "jeudi matin"),
        ([7], "jeudi après-midi"),
        ([6, 7], "jeudi"),
        ([7, 6], "jeudi"),
        ([4, 5, 10], "mercredi toute la journée, samedi matin"),
        ([11, 1, 0], "lundi toute la journée, samedi après-midi"),
        (list(range(12)), "lundi, mardi, mercredi, jeudi, vendredi, samedi"),
    ],
)
def test_half_days_name_whole_days_once(values, words):
    assert presenters.half_days(values) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, ""),
        (Decimal("0.5"), f"0,5{NB}jour par semaine"),
        (Decimal("1.0"), f"1{NB}jour par semaine"),
        (Decimal("3.5"), f"3,5{NB}jours par semaine"),
        (Decimal("4.0"), f"4{NB}jours par semaine"),
    ],
)
def test_rhythm(days, words):
    assert presenters.rhythm(offer(days_per_week=days)) == words


# --- Where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"location_precision": LocationPrecision.EXACT}, "Sault, Ventoux Sud"),
        ({"location_precision": LocationPrecision.COMMUNE}, "Sault, Ventoux Sud"),
        ({"location_precision": LocationPrecision.EPCI}, "Secteur Ventoux Sud"),
        ({"commune": None}, "Lieu à préciser"),
    ],
)
def test_place(facts, words):
    assert presenters.place(offer(**facts)) == words


def test_an_address_is_told_only_of_an_exact_place():
    where = {"workplace": "Maison des Platanes", "address": "12 cours des Platanes"}
    exact = rows("cabinet", location_precision=LocationPrecision.EXACT, **where)
    assert exact["Lieu"] == ("Maison des Platanes", "")
    assert exact["Adresse"] == ("12 cours des Platanes, 84390 Sault", "")
    for precision in (LocationPrecision.COMMUNE, LocationPrecision.EPCI):
        assert not {"Lieu", "Adresse"} & set(rows("cabinet", location_precision=precision, **where))


def test_a_draft_may_be_read_before_its_place_is_known():
    assert "Adresse" not in rows("cabinet", commune=None, location_precision=LocationPrecision.EXACT, state=State.DRAFT)


# --- On what terms -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "period", "words"),
    [
        (None, None, "", ""),
        (6200, 7100, SalaryPeriod.MONTH, f"de 6{THIN}200 à 7{THIN}100{NB}€ brut par mois"),
        (6200, 6200, SalaryPeriod.MONTH, f"6{THIN}200{NB}€ brut par mois"),
        (75000, None, SalaryPeriod.YEAR, f"à partir de 75{THIN}000{NB}€ brut par an"),
        (None, 450, SalaryPeriod.DAY, f"jusqu’à 450{NB}€ brut par jour"),
        (0, 450, SalaryPeriod.DAY, f"de 0 à 450{NB}€ brut par jour"),
    ],
)
def test_salary(low, high, period, words):
    assert presenters.salary(offer(salary_min=low, salary_max=high, salary_period=period)) == words


@pytest.mark.parametrize(("share", "words"), [(None, ""), (Decimal("80.00"), f"80{NB}%"), (Decimal("72.50"), f"72,5{NB}%"), (0, f"0{NB}%")])
def test_fee_share(share, words):
    assert presenters.fee_share(offer(fee_share=share)) == words


def test_terms_in_full():
    assert rows(
        "conditions",
        fee_share=Decimal("80"),
        price=12500,
        monthly_charges=0,
        tariff_sector=TariffSector.SECTOR_1,
        lodging=True,
        lodging_note="studio prêté",
    ) == {
        "Part des honoraires": (f"80{NB}%", "reversée au médecin"),
        "Reprise": (f"12{THIN}500{NB}€", "matériel, parts et droit de présentation"),
        "Charges": (f"0{NB}€ par mois environ", ""),
        "Secteur conventionnel": ("secteur 1", ""),
        "Logement": ("possible", "studio prêté"),
    }


def test_a_section_without_facts_is_left_out():
    assert [section.id for section in presenters.sections(offer())] == ["activite", "annonce"]
    assert rows("activite") == {"Disponible": ("à convenir", "")}


def test_who_publishes_is_always_told():
    discreet = rows("annonce", publisher_kind=PublisherKind.DOCTOR)
    assert discreet["Publiée par"] == ("un médecin", "")
    named = rows("annonce", publisher_kind=PublisherKind.MSP, organisation="MSP du Ventoux")
    assert named["Publiée par"] == ("MSP du Ventoux", "une maison de santé")


def test_the_last_day_of_publication_is_told_in_local_time():
    just_after_midnight = datetime(2026, 6, 30, 22, 30, tzinfo=ZoneInfo("UTC"))
    assert rows("annonce", expires_at=just_after_midnight)["Valable jusqu’au"] == ("1er juillet 2026", "")


# --- How fresh -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "old"),
    [
        (timedelta(0), False),
        (timedelta(days=30) - MOMENT, False),
        (timedelta(days=30), True),
        (timedelta(days=365), True),
    ],
)
def test_an_offer_is_old_thirty_days_after_it_was_confirmed(age, old):
    assert presenters.is_old(offer(confirmed_at=NOW - age), NOW) is old


def test_an_offer_nobody_confirmed_is_old():
    unconfirmed = offer(confirmed_at=None)
    assert presenters.is_old(unconfirmed, NOW)
    assert presenters.freshness(unconfirmed) == "Pas encore confirmée"


def test_the_day_of_the_confirmation_is_local():
    assert presenters.freshness(offer(confirmed_at=datetime(2026, 6, 30, 22, 30, tzinfo=ZoneInfo("UTC")))).endswith("le 1er juillet 2026")


@pytest.mark.parametrize(
    ("age", "new"), [(timedelta(0), True), (timedelta(days=7) - MOMENT, True), (timedelta(days=7), False), (timedelta(days=40), False)]
)
def test_an_offer_is_new_for_a_week(age, new):
    assert presenters.card(offer(published_at=NOW - age), KIND, NOW).is_new is new


def test_a_draft_is_neither_new_nor_fresh():
    card = presenters.card(offer(state=State.DRAFT, published_at=None, confirmed_at=None, expires_at=None), KIND, NOW)
    assert (card.is_new, card.is_old, card.closed) == (False, True, "brouillon")


# --- A card --------------------------------------------------------------------------------------


def test_a_card_is_ready_to_print():
    card = presenters.card(offer(is_demo=True, partial_coverage=True), KIND, NOW)
    assert (card.pk, card.title, card.place, card.url) == (12, "À Sault", "Sault, Ventoux Sud", "/exercer/offres/12-a-sault/")
    assert (card.kind_label, card.shape, card.glyph, card.tone) == ("Remplacement ponctuel", "circle", "locum", "action")
    assert (card.is_demo, card.note, card.distance, card.closed) == (True, "couverture partielle acceptée", "", "")


@pytest.mark.parametrize(("km", "words"), [(0, f"à moins de 1{NB}km"), (6.4, f"à 6{NB}km")])
def test_a_card_tells_the_distance_that_the_query_gave(km, words):
    near = offer()
    near.distance_km = km
    assert presenters.card(near, KIND, NOW).distance == words


def test_a_card_tells_no_distance_of_a_place_that_is_kept_back():
    secret = offer(location_precision=LocationPrecision.EPCI)
    secret.distance_km = 6.4
    assert presenters.card(secret, KIND, NOW).distance == ""


@pytest.mark.parametrize("state", [State.PAUSED, State.FILLED, State.EXPIRED, State.WITHDRAWN])
def test_a_card_of_a_closed_offer_says_so(state):
    assert presenters.card(offer(state=state), KIND, NOW).closed == state.label


EVERYTHING = {
    "starts_on": date(2027, 2, 15),
    "ends_on": date(2027, 2, 27),
    "fee_share": Decimal("80"),
    "half_days": [6, 7],
    "days_per_week": Decimal("1"),
    "patient_list": 1150,
    "team": "2 médecins, 1 IDE",
    "secretary": Secretary.ON_SITE,
    "duty_rota": DutyRota.OPTIONAL,
    "home_visits": HomeVisits.FEW,
    "lodging": True,
    "software": "en ligne",
}


def test_a_card_keeps_the_six_facts_that_doctors_compare_first():
    assert presenters.card_facts(offer(**EVERYTHING)) == (
        ("Dates", "du 15 au 27 février 2027"),
        ("Part d’honoraires", f"80{NB}%"),
        ("Demi-journées", "jeudi"),
        ("Patientèle", f"1{THIN}150{NB}patients"),
        ("Équipe", "2 médecins, 1 IDE"),
        ("Secrétariat", "sur place"),
    )


def test_a_card_leaves_out_what_is_not_known():
    assert presenters.card_facts(offer()) == ()
    assert presenters.card_facts(offer(lodging=True)) == (("Logement", "possible"),)
    assert presenters.card_facts(offer(lodging=True, lodging_note="gîte communal")) == (("Logement", "gîte communal"),)


def test_the_activity_in_full():
    assert rows("activite", **EVERYTHING, patients_per_day=20, duty_note="un week-end sur six", partial_coverage=True) == {
        "Dates": ("du 15 au 27 février 2027", "couverture partielle acceptée"),
        "Rythme": (f"1{NB}jour par semaine", ""),
        "Demi-journées": ("jeudi", ""),
        "Patients par jour": ("20", ""),
        "Patientèle": (f"1{THIN}150{NB}patients", "patients médecin traitant"),
        "Visites à domicile": ("quelques-unes", ""),
        "Gardes (PDSA)": ("possible", "un week-end sur six"),
    }


def test_the_practice_in_full():
    assert rows(
        "cabinet",
        setting=PracticeSetting(pk=1, label="Maison de santé (MSP)"),
        team="2 médecins",
        secretary=Secretary.BOTH,
        software="en ligne",
        equipment="ECG",
        msu_on_site=True,
        retired_active_welcome=True,
    ) == {
        "Cadre d’exercice": ("Maison de santé (MSP)", ""),
        "Équipe autour": ("2 médecins", ""),
        "Secrétariat": ("sur place et à distance", ""),
        "Logiciel": ("en ligne", ""),
        "Plateau technique": ("ECG", ""),
        "Maître de stage": ("oui, sur place", ""),
        "Ouvert aussi": ("aux médecins retraités actifs", ""),
    }
