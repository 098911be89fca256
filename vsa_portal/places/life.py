"""Events, news and partners of a territory, as its page shows them."""

from types import SimpleNamespace

from django.db.models import Q

from agenda import presenters as agenda
from agenda.models import Event
from collective.models import News, Partner
from collective.presenters import news_card
from core import prepared
from core.prepared import Slot

EVENTS_SHOWN, NEWS_SHOWN = 3, 3


def of_commune(commune, now):
    """Events of a commune; news and partners of it, of its intercommunalité and of its CPTS. Three queries."""
    keys = {"commune": commune.pk, "epci": commune.epci_id, "cpts": commune.cpts_id}
    events = prepared.records(commune_events, at=now, commune=commune.pk)
    return told(events, prepared.records(commune_news, at=now, **keys), prepared.records(commune_partners, at=now, **keys))


def of_cpts(cpts, epci_ids, now):
    """Events and news of a CPTS and of its communes; the CPTS itself and its intercommunalités as partners. Three queries."""
    partners = Q(cpts=cpts) | Q(epci__in=epci_ids) | Q(commune__cpts=cpts)
    return told(next_events(Event.objects.of_cpts(cpts.pk), now), latest(News.objects.of_cpts(cpts), now), plates(partners, now))


def of_epci(epci, now):
    """Events, news and partners of an intercommunalité and of its communes. Three queries."""
    events = next_events(Event.objects.of_epci(epci.pk), now)
    return told(events, latest(News.objects.of_epci(epci), now), plates(Q(epci=epci) | Q(commune__epci=epci), now))


def told(events, news, partners):
    """Events, news and partners, ready for their components."""
    return {"events": [agenda.line(event) for event in events], "news": [news_card(one) for one in news], "partners": list(partners)}


def next_events(events, now):
    return events.visible(now).coming(now).taking_place().by_day().for_lines()[:EVENTS_SHOWN]


def latest(news, now):
    return news.visible(now).by_date().for_cards()[:NEWS_SHOWN]


def plates(partners, now):
    return Partner.objects.visible(now).for_plates().filter(partners).order_by("position", "name")


# Queries for `core.prepared`; a commune without CPTS has no news nor partner of a CPTS, as `NULL` equals nothing


def commune_events():
    return next_events(Event.objects.of_commune(Slot("commune")), Slot("at"))


def commune_news():
    return latest(News.objects.of_commune(SimpleNamespace(pk=Slot("commune"), epci_id=Slot("epci"), cpts_id=Slot("cpts"))), Slot("at"))


def commune_partners():
    return plates(Q(commune=Slot("commune")) | Q(epci=Slot("epci")) | Q(cpts=Slot("cpts")), Slot("at"))
