"""JobPosting structured data (schema.org), for employment contracts only (EMP-07)."""

from html import escape

from django.utils import timezone

from opportunities.enums import LocationPrecision, SalaryPeriod

UNIT = {SalaryPeriod.MONTH: "MONTH", SalaryPeriod.YEAR: "YEAR", SalaryPeriod.DAY: "DAY"}
FULL_TIME_DAYS = 4.5


def job_posting(offer, url):
    """The JobPosting of an offer; search engines ask for title, description, dates, organisation and place."""
    posting = {
        "@type": "JobPosting",
        "title": offer.title,
        "description": _description(offer),
        "identifier": {"@type": "PropertyValue", "name": "Vaucluse Santé Attractivité", "value": offer.reference},
        "datePosted": timezone.localtime(offer.published_at).date().isoformat(),
        "validThrough": timezone.localtime(offer.expires_at).isoformat(),
        "employmentType": "PART_TIME" if offer.days_per_week and offer.days_per_week < FULL_TIME_DAYS else "FULL_TIME",
        "hiringOrganization": {
            "@type": "Organization",
            "name": offer.organisation or "Confidentiel (contact\u00a0: Vaucluse Santé Attractivité)",
        },
        "jobLocation": {"@type": "Place", "address": _address(offer)},
        "occupationalCategory": offer.profession.label,
        "industry": "Santé",
        "directApply": False,
        "url": url,
    }
    if offer.starts_on:
        posting["jobStartDate"] = offer.starts_on.isoformat()
    if offer.salary_min is not None or offer.salary_max is not None:
        value = {"@type": "QuantitativeValue", "unitText": UNIT[offer.salary_period]}
        if offer.salary_min is not None:
            value["minValue"] = offer.salary_min
        if offer.salary_max is not None:
            value["maxValue"] = offer.salary_max
        posting["baseSalary"] = {"@type": "MonetaryAmount", "currency": "EUR", "value": value}
    return posting


def _description(offer):
    parts = [part.strip() for part in (offer.summary, *offer.description.split("\n")) if part.strip()]
    return "".join(f"<p>{escape(part)}</p>" for part in parts or [offer.title])


def _address(offer):
    address = {"@type": "PostalAddress", "addressRegion": "Vaucluse", "addressCountry": "FR"}
    if offer.location_precision == LocationPrecision.EPCI:
        return {**address, "addressLocality": offer.commune.epci.short_name}
    address |= {"addressLocality": offer.commune.name, "postalCode": offer.commune.postal_code}
    if offer.location_precision == LocationPrecision.EXACT and offer.address:
        address["streetAddress"] = offer.address
    return address
