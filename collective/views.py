"""Public pages of the collective."""

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from collective import presenters
from collective.enums import Circle, DeskTheme
from collective.feeds import NewsFeed
from collective.models import Achievement, Desk, News, Partner, PressItem, Testimonial
from collective.search import NewsSearch
from core.caching import opening_stamp, stamp, versioned
from core.french import one_line
from core.links import mailto, origin
from core.structured import breadcrumb, script_text
from core.text_search import LONGEST_TEXT
from territories.models import Cpts

LATEST = 3
"""How many of a sort the opening page shows."""
QUESTIONS = 6


@require_safe
@versioned(opening_stamp(Partner, Achievement, PressItem, Testimonial, News, Desk, Cpts))
def landing(request):
    """Who stands behind the portal, what they did, what is said of it.

    Seven queries, besides the version and what the editorial pages add.
    """
    now = timezone.now()
    partners = list(Partner.objects.visible(now).for_plates())
    news = News.objects.visible(now).for_cards().by_date()[:LATEST]
    cards = [presenters.news_card(one) for one in news]
    context = {
        "circles": presenters.rings(partners),
        "event_partners": [one for one in partners if one.circle == Circle.EVENT or one.joins_events],
        "cpts_list": presenters.networks(Cpts.objects.only("name", "slug", "website"), partners),
        "achievements": list(Achievement.objects.visible(now)[:LATEST]),
        "press": list(PressItem.objects.visible(now)[:LATEST]),
        "testimonials": list(Testimonial.objects.visible(now)[:LATEST]),
        "news": cards,
        "has_demo": any(card.is_demo for card in cards),
        "questions": list(Desk.objects.visible(now).for_list()[:QUESTIONS]),
        "updated": presenters.latest_day(partners),
    }
    return render(request, "collective/landing.html", context)


@require_safe
@versioned(stamp(Partner, Desk, News, Achievement, Cpts))
def partner(request, slug):
    """One partner: what it does, its questions, whom to reach there. Nine queries at most."""
    now = timezone.now()
    found = get_object_or_404(Partner.objects.visible(now).with_page().select_related("commune", "epci", "cpts"), slug=slug)
    return render(request, "collective/partner_detail.html", partner_context(found, request, now))


def partner_context(found, request, now):
    """What the template of a partner reads."""
    site, path = origin(request), found.get_absolute_url()
    cards = [presenters.news_card(news) for news in found.news.visible(now).for_cards().by_date()[:LATEST]]
    return {
        "partner": found,
        "partner_links": list(found.links.all()),
        "figures": list(found.figures.all()),
        "contacts": list(found.contacts.all()),
        "desks": list(found.desks.visible(now).for_list()),
        "achievements": list(found.achievements.visible(now)),
        "news": cards,
        "has_demo": any(card.is_demo for card in cards),
        "others": list(Partner.objects.visible(now).in_circle(found.circle).with_page().exclude(pk=found.pk).for_plates()),
        "cpts_list": presenters.networks(Cpts.objects.only("name", "slug", "website"), []) if found.slug == "cpts" else [],
        "updated": presenters.latest_day([found]),
        "json_ld": script_text([breadcrumb(crumbs((found.name, path)), site)]),
    }


@require_safe
@versioned(stamp(Desk, Partner))
def desks(request):
    """Who does what: each question with its desk, those that hold the typed words when there are some. Two queries."""
    now = timezone.now()
    words = one_line(request.GET.get("q", ""))[:LONGEST_TEXT].strip()
    everything = Desk.objects.visible(now).for_list()
    found = list(everything.matching(words))
    missing = bool(words) and not found
    shown = list(everything) if missing else found
    groups = [(label, code, [desk for desk in shown if desk.theme == code]) for code, label in DeskTheme.choices]
    context = {
        "groups": [group for group in groups if group[2]],
        "count": len(shown),
        "words": words,
        "missing": missing,
        "updated": presenters.latest_day(shown),
        "robots": "noindex" if words else "",
        "canonical_url": origin(request) + reverse("collective:desks"),
    }
    return render(request, "collective/desk_list.html", context)


@require_safe
@versioned(stamp(Achievement, Partner))
def achievements(request):
    """What was done, by year, with the source of each."""
    found = list(Achievement.objects.visible(timezone.now()).select_related("partner", "commune"))
    context = {"years": presenters.by_year(found), "counts": presenters.counted(found), "updated": presenters.latest_day(found)}
    return render(request, "collective/achievement_list.html", context)


@require_safe
@versioned(stamp(PressItem))
def press(request):
    """What was written, by year."""
    found = list(PressItem.objects.visible(timezone.now()))
    context = {"years": presenters.by_year(found), "count": len(found), "updated": presenters.latest_day(found)}
    return render(request, "collective/pressitem_list.html", context)


@require_safe
@versioned(stamp(Testimonial))
def testimonials(request):
    """Words of doctors, those on one subject when the address says `sujet`. Two queries."""
    found = list(Testimonial.objects.visible(timezone.now()).for_cards())
    tags = {tag.code: tag for one in found for tag in one.tags.all()}
    code = request.GET.get("sujet", "")
    chosen = tags.get(code)
    url = reverse("collective:testimonials")
    context = {
        "testimonials": [one for one in found if chosen is None or chosen in one.tags.all()],
        "tags": [
            {"label": tag.label, "url": f"{url}?{urlencode({'sujet': tag.code})}", "current": tag is chosen}
            for tag in sorted(tags.values(), key=lambda tag: (tag.position, tag.label))
        ],
        "chosen": chosen,
        "unknown": code if code and chosen is None else "",
        "list_url": url,
        "updated": presenters.latest_day(found),
        "robots": "noindex" if chosen or code else "",
        "canonical_url": origin(request) + url,
    }
    return render(request, "collective/testimonial_list.html", context)


def crumbs(*below):
    """The pages above one of the collective, with those `below`, as `(name, path)`."""
    return [("Accueil", reverse("home")), ("Le collectif VSA", reverse("collective:landing")), *below]


NEWS = versioned(stamp(News))


@require_safe
@NEWS
def news_list(request):
    """The news, by rubrique, territory and year. Five queries, six with a territory."""
    return render(request, "collective/news_list.html", NewsSearch(request.GET, timezone.now()).context(origin(request)))


news_feed = require_safe(NEWS(NewsFeed()))
"""The same news as the list, for readers of feeds."""


@require_safe
@versioned(stamp(News, Partner))
def news_detail(request, pk, slug):
    """One piece of news, once its publication has come."""
    now = timezone.now()
    news = get_object_or_404(News.objects.visible(now).select_related("commune", "epci", "cpts"), pk=pk)
    if slug != news.slug:
        return HttpResponsePermanentRedirect(news.get_absolute_url())
    return render(request, "collective/news_detail.html", news_context(news, request, now))


def news_context(news, request, now, preview=False):
    """What the template of a piece of news reads. `preview` shows a draft to staff as if it were published now."""
    if news.published_at is None:
        news.published_at = now
    site, path = origin(request), news.get_absolute_url()
    before, after = News.objects.visible(now).neighbours(news)
    image_url = site + news.src if news.image else ""
    trail = crumbs(("Actualités", reverse("collective:news_list")), (news.title, path))
    url = site + path
    return {
        "news": news,
        "published": presenters.day(news.published_at),
        "changed": presenters.day(news.changed_at) if news.reviewed_at and news.reviewed_at > news.published_at else None,
        "territory": presenters.territory_name(news.territory),
        "partners": list(news.partners.visible(now).for_plates()),
        "before": before,
        "after": after,
        "has_demo": news.is_demo,
        "is_preview": preview,
        "canonical_url": url,
        "share_mail_url": mailto("", news.title, url),
        "json_ld": "" if preview else script_text([breadcrumb(trail, site), presenters.article(news, url, image_url)]),
        "robots": "noindex" if preview or news.is_demo else "",
    }
