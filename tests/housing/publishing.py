"""What the tests of publishing share: a form as a host sends it, the private page behind the mail that was sent."""

from django.urls import reverse

from core.models import Mail
from housing.private_link import keep_path
from tests.opportunities.publishing import link, shown  # noqa: F401  the same for whatever is announced

TO = "hote@exemple.org"
CHOOSE = reverse("housing:publish")


def write_url(code="chambre"):
    return reverse("housing:publish_write", args=[code])


def fields(act="envoyer", **changes):
    """What the browser sends for a complete room in Sault; a value of None leaves the field out."""
    data = {
        "kind": "room",
        "title": "Chambre calme à Sault",
        "capacity": "1",
        "living_area_m2": "14",
        "is_furnished": "True",
        "commune": "Sault",
        "address": "7 chemin des Lavandes",
        "lease": "lodger",
        "rent": "350",
        "charges": "30",
        "charges_mode": "flat",
        "deposit": "0",
        "right_to_let": "on",
        "energy_class": "D",
        "climate_class": "C",
        "energy_cost_min": "800",
        "energy_cost_max": "1100",
        "energy_price_year": "2024",
        "host_kind": "private",
        "contact_email": TO,
        "charter": "on",
        "shown": shown(),
        "act": act,
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def flat(**changes):
    """The same for a flat under a mobility lease."""
    terms = {"lease": "mobility", "agency_fee": "0", "inventory_fee": "0", "min_stay_days": "28", "max_stay_days": "306", "room_count": "2"}
    return fields(**({"kind": "flat", "title": "Deux pièces à Sault"} | terms | changes))


def keep(dwelling, page="dwelling_keep"):
    """A page behind the private link of a dwelling."""
    token = keep_path(dwelling).rstrip("/").rpartition("/")[2]
    return reverse(f"housing:{page}", args=[token])


def events():
    """What was told, oldest first."""
    return [event.split(":")[0].removeprefix("housing.") for event in Mail.objects.order_by("pk").values_list("event", flat=True)]
