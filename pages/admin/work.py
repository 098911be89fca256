"""What the pages put on the first page of the staff side: drafts, pages to read again, links to repair."""

from django.urls import reverse
from django.utils import timezone

from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow
from pages import rules
from pages.enums import LinkStatus, State
from pages.models import LinkCheck, Page

LIST = "admin:pages_page_changelist"
CHANGE = "admin:pages_page_change"


def state_of(page, at):
    """What readers see of a page, as a label and a tone."""
    if page.state == State.DRAFT:
        return "brouillon", "plain"
    if page.publish_at and page.publish_at > at:
        return f"paraît le {french.date(timezone.localtime(page.publish_at))}", "ochre"
    if page.unpublish_at and page.unpublish_at <= at:
        return "terminée", "brick"
    return "en ligne", "olive"


def queues(at):
    """Pages to read again, and drafts: a query for the count of each and one for its rows."""
    return [_to_review(at), _drafts()]


def _to_review(at):
    found = Page.objects.to_review(rules.review_limit(timezone.localdate(at))).filter(content__0__isnull=False)
    count = found.count()
    return WorkQueue(
        code="pages-a-relire",
        title="Pages à relire",
        counter="page à relire|pages à relire",
        count=count,
        url=f"{reverse(LIST)}?relecture=a-faire",
        tone="ochre",
        empty="Toutes les pages ont été relues depuis moins de six mois.",
        rows=[
            _row(
                page,
                f"relue le {french.date(page.reviewed_on)}" if page.reviewed_on else "jamais relue",
                action_label="C’est à jour",
                action_url=reverse("admin:pages_page_reviewed", args=[page.pk]),
                is_post=True,
            )
            for page in _first(count, found.order_by("reviewed_on", "pk"))
        ],
    )


def _drafts():
    found = Page.objects.filter(state=State.DRAFT).order_by("-updated_at", "-pk")
    count = found.count()
    return WorkQueue(
        code="pages-brouillons",
        title="Pages en brouillon",
        counter="page en brouillon|pages en brouillon",
        count=count,
        url=f"{reverse(LIST)}?state__exact={State.DRAFT}",
        empty="Aucune page en brouillon.",
        is_draft=True,
        rows=[
            _row(
                page,
                f"modifiée le {french.date(timezone.localtime(page.updated_at))}",
                action_label="Continuer",
                action_url=reverse(CHANGE, args=[page.pk]),
            )
            for page in _first(count, found)
        ],
    )


def broken_links(at):
    """Links that lead nowhere, the longest broken first."""
    found = LinkCheck.objects.filter(status=LinkStatus.BROKEN).order_by("failing_since", "pk")
    count = found.count()
    url = f"{reverse('admin:pages_linkcheck_changelist')}?status__exact={LinkStatus.BROKEN}"
    return WorkQueue(
        code="liens-rompus",
        title="Liens rompus",
        counter="lien rompu|liens rompus",
        count=count,
        url=url,
        tone="brick",
        empty="Aucun lien rompu à la dernière vérification.",
        rows=[
            WorkRow(
                title=link.url,
                url=reverse("admin:pages_linkcheck_change", args=[link.pk]),
                note=f"{where(link)} · {link.detail}",
                action_label="Corriger",
                action_url=link.places[0]["url"] if link.places else url,
            )
            for link in (found[:QUEUE_ROWS] if count else [])
        ],
    )


def where(link):
    """The first place of a link, and how many others."""
    if not link.places:
        return "plus nulle part"
    others = len(link.places) - 1
    return link.places[0]["label"] + (f" et {french.plural(others, 'autre')}" if others else "")


def _first(count, pages):
    return pages.defer("content", "search_text", "search_vector", "supplied")[:QUEUE_ROWS] if count else []


def _row(page, note, **action):
    return WorkRow(title=page.title, url=reverse(CHANGE, args=[page.pk]), note=f"/{page.path}/ · {note}", **action)
