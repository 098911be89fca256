"""News and partners of a territory, as its page shows them."""

from django.db.models import Q

from collective.models import News, Partner
from collective.presenters import news_card

NEWS_SHOWN = 3


def of_commune(commune, now):
    """News and partners of a commune, of its intercommunalité and of its CPTS. Two queries."""
    partners = Q(commune=commune) | Q(epci=commune.epci_id)
    if commune.cpts_id:
        partners |= Q(cpts=commune.cpts_id)
    return told(News.objects.of_commune(commune), partners, now)


def of_cpts(cpts, epci_ids, now):
    """News of a CPTS and of its communes; the CPTS itself and its intercommunalités as partners. Two queries."""
    return told(News.objects.of_cpts(cpts), Q(cpts=cpts) | Q(epci__in=epci_ids) | Q(commune__cpts=cpts), now)


def of_epci(epci, now):
    """News and partners of an intercommunalité and of its communes. Two queries."""
    return told(News.objects.of_epci(epci), Q(epci=epci) | Q(commune__epci=epci), now)


def told(news, partners, now):
    """The latest news and all the partners, ready for their components."""
    latest = news.visible(now).by_date().for_cards()[:NEWS_SHOWN]
    found = Partner.objects.visible(now).for_plates().filter(partners).order_by("position", "name")
    return {"news": [news_card(one) for one in latest], "partners": list(found)}
