"""What search engines are told of an offer: a JobPosting for employment contracts that are visible, and nothing untrue."""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from opportunities.enums import SalaryPeriod
from opportunities.models import OpportunityKind
from tests.opportunities.factories import KindFactory, OpportunityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def graph(client, offer):
    """The structured data of the page of an offer, by type."""
    scripts = re.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', client.get(offer.get_absolute_url()).text)
    assert len(scripts) <= 1
    found = [json.loads(script) for script in scripts]
    assert all(data["@context"] == "https://schema.org" for data in found)
    return {node["@type"]: node for data in found for node in data["@graph"]}


def posting(client, **facts):
    return graph(client, OpportunityFactory(salaried=True, **facts))["JobPosting"]


# --- Who has one ---------------------------------------------------------------------------------


def test_only_employment_contracts_are_job_postings(client):
    """EMP-07: a practice that changes hands is not an employment."""
    told = {
        kind.code: "JobPosting" in graph(client, OpportunityFactory(kind=kind))
        for kind in OpportunityKind.objects.exclude(is_employment=True)
    }
    assert len(told) >= 10
    assert not any(told.values())
    assert "JobPosting" in graph(client, OpportunityFactory(salaried=True))


def test_staff_may_make_another_kind_an_employment(client):
    kind = KindFactory(code="assistant_post")
    kind.is_employment = True
    kind.save()
    assert "JobPosting" in graph(client, OpportunityFactory(kind=kind))


@pytest.mark.parametrize("state", ["paused", "filled", "expired", "withdrawn"])
def test_what_is_over_tells_search_engines_nothing(client, state):
    assert graph(client, OpportunityFactory(salaried=True, **{state: True})) == {}


def test_every_visible_offer_tells_where_it_stands_in_the_site(client):
    offer = OpportunityFactory(succession=True, title="Succession préparée")
    crumbs = graph(client, offer)["BreadcrumbList"]["itemListElement"]
    assert [(crumb["position"], crumb["name"], crumb["item"]) for crumb in crumbs] == [
        (1, "Accueil", "http://testserver/"),
        (2, "Exercer la médecine en Vaucluse", "http://testserver/exercer/"),
        (3, "Offres d’exercice", "http://testserver/exercer/offres/"),
        (4, "Succession préparée", f"http://testserver{offer.get_absolute_url()}"),
    ]


# --- What it says --------------------------------------------------------------------------------


def test_a_posting_has_what_search_engines_require(client):
    offer = OpportunityFactory(
        salaried=True,
        town="Sault",
        exact=True,
        title="Médecin généraliste salarié (F/H)",
        summary="Une équipe de quatre médecins.",
        description="Premier paragraphe.\n\nSecond paragraphe.",
        organisation="Centre de santé du Ventoux",
        starts_on=date(2026, 9, 1),
        published_at=datetime(2026, 6, 9, 22, 30, tzinfo=ZoneInfo("UTC")),
        expires_at=datetime(2026, 9, 9, 22, 0, tzinfo=ZoneInfo("UTC")),
    )
    assert graph(client, offer)["JobPosting"] == {
        "@type": "JobPosting",
        "title": "Médecin généraliste salarié (F/H)",
        "description": "<p>Une équipe de quatre médecins.</p><p>Premier paragraphe.</p><p>Second paragraphe.</p>",
        "identifier": {"@type": "PropertyValue", "name": "Vaucluse Santé Attractivité", "value": offer.reference},
        "datePosted": "2026-06-10",
        "validThrough": "2026-09-10T00:00:00+02:00",
        "employmentType": "FULL_TIME",
        "hiringOrganization": {"@type": "Organization", "name": "Centre de santé du Ventoux"},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "12 cours des Platanes",
                "postalCode": "84390",
                "addressLocality": "Sault",
                "addressRegion": "Vaucluse",
                "addressCountry": "FR",
            },
        },
        "occupationalCategory": offer.profession.label,
        "industry": "Santé",
        "directApply": False,
        "url": f"http://testserver{offer.get_absolute_url()}",
        "jobStartDate": "2026-09-01",
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "value": {"@type": "QuantitativeValue", "unitText": "MONTH", "minValue": 6500, "maxValue": 7500},
        },
    }


@pytest.mark.parametrize(
    ("days", "employment"), [(None, "FULL_TIME"), ("4.5", "FULL_TIME"), ("5", "FULL_TIME"), ("4", "PART_TIME"), ("0.5", "PART_TIME")]
)
def test_full_time_or_part_time(client, days, employment):
    assert posting(client, days_per_week=days and Decimal(days))["employmentType"] == employment


@pytest.mark.parametrize(("period", "unit"), [(SalaryPeriod.MONTH, "MONTH"), (SalaryPeriod.YEAR, "YEAR"), (SalaryPeriod.DAY, "DAY")])
def test_the_pay_has_its_period(client, period, unit):
    assert posting(client, salary_period=period)["baseSalary"]["value"]["unitText"] == unit


@pytest.mark.parametrize(
    ("low", "high", "value"), [(6000, None, {"minValue": 6000}), (None, 7000, {"maxValue": 7000}), (0, 0, {"minValue": 0, "maxValue": 0})]
)
def test_a_bound_of_the_pay_that_is_not_known_is_not_told(client, low, high, value):
    told = posting(client, salary_min=low, salary_max=high)["baseSalary"]["value"]
    assert told == {"@type": "QuantitativeValue", "unitText": "MONTH", **value}


def test_no_pay_is_told_when_none_is_known(client):
    assert "baseSalary" not in posting(client, salary_min=None, salary_max=None, salary_period="")


def test_the_address_is_as_precise_as_readers_are_told(client):
    hidden = {"address": "12 cours des Platanes", "workplace": "Maison médicale"}
    commune = posting(client, town="Sault", **hidden)["jobLocation"]["address"]
    assert commune == {
        "@type": "PostalAddress", "addressLocality": "Sault", "postalCode": "84390", "addressRegion": "Vaucluse", "addressCountry": "FR"
    }  # fmt: skip
    epci = posting(client, town="Sault", in_epci=True, **hidden)["jobLocation"]["address"]
    assert epci == {"@type": "PostalAddress", "addressLocality": "Ventoux Sud", "addressRegion": "Vaucluse", "addressCountry": "FR"}


def test_a_discreet_publisher_is_not_named(client):
    assert posting(client, organisation="")["hiringOrganization"]["name"].startswith("Confidentiel")


def test_a_posting_without_text_describes_itself_by_its_title(client):
    assert posting(client, title="Poste à Sault", summary="", description=" \n ")["description"] == "<p>Poste à Sault</p>"


def test_no_text_of_an_offer_leaves_the_script_element(client):
    """Whatever staff wrote stands in the data as they wrote it, and nowhere as markup."""
    text = "</script><script>alert(1)</script><!-- & ' \" \u2028 \\"
    offer = OpportunityFactory(salaried=True, title=text, summary=text, description=text, organisation=text)
    page = client.get(offer.get_absolute_url())
    assert "<script>alert" not in page.text
    assert "<!--" not in page.text
    told = graph(client, offer)
    assert told["JobPosting"]["title"] == told["JobPosting"]["hiringOrganization"]["name"] == text
    assert told["BreadcrumbList"]["itemListElement"][3]["name"] == text
    assert "<script>" not in told["JobPosting"]["description"]
