"""News and partners of a territory, as its page shows them."""

from types import SimpleNamespace

from django.db.models import Q

from collective.models import News, Partner
from collective.presenters import news_card
from core import prepared
from core.prepared import Slot

NEWS_SHOWN = 3


def of_commune(commune, now):
    """News and partners of a commune, of its intercommunalité and of its CPTS. Two queries."""
    keys = {"commune": commune.pk, "epci": commune.epci_id, "cpts": commune.cpts_id}
    return told(prepared.records(commune_news, at=now, **keys), prepared.records(commune_partners, at=now, **keys))


def of_cpts(cpts, epci_ids, now):
    """News of a CPTS and of its communes; the CPTS itself and its intercommunalités as partners. Two queries."""
    partners = Q(cpts=cpts) | Q(epci__in=epci_ids) | Q(commune__cpts=cpts)
    return told(latest(News.objects.of_cpts(cpts), now), plates(partners, now))


def of_epci(epci, now):
    """News and partners of an intercommunalité and of its communes. Two queries."""
    return told(latest(News.objects.of_epci(epci), now), plates(Q(epci=epci) | Q(commune__epci=epci), now))


def told(news, partners):
    """News and partners, ready for their components."""
    return {"news": [news_card(one) for one in news], "partners": list(partners)}


def latest(news, now):
    return news.visible(now).by_date().for_cards()[:NEWS_SHOWN]


def plates(partners, now):
    return Partner.objects.visible(now).for_plates().filter(partners).order_by("position", "name")


# Queries for `core.prepared`; a commune without CPTS has no news nor partner of a CPTS, as `NULL` equals nothing


def commune_news():
    return latest(News.objects.of_commune(SimpleNamespace(pk=Slot("commune"), epci_id=Slot("epci"), cpts_id=Slot("cpts"))), Slot("at"))


def commune_partners():
    return plates(Q(commune=Slot("commune")) | Q(epci=Slot("epci")) | Q(cpts=Slot("cpts")), Slot("at"))
