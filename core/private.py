"""Pages that a signed link opens: no account, no index, no copy, and a GET that changes nothing.

    @opened_by(PURPOSE, lambda: Opportunity.objects.all(), LIFETIME, what="votre offre", fresh=send_fresh_link)
    def offer_keep(request, offer): ...

The link is what allows, so these POSTs need no token against forgery: a page elsewhere does not know the link.
"""

from functools import wraps

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core import signed
from core.enums import MailState


def private(response):
    """Of nobody else: no index, no copy, and no site that we lead to learns the address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def without_account(view):
    """A public form: no cookie, so no token against forgery; its answers are never kept."""
    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


def opened_by(purpose, rows, lifetime, *, what, fresh=None, again="", refused="core/link_gone.html", key="link_key"):
    """A view that receives the row which the `token` of its address opens, in place of the token.

    `rows` gives the queryset, `lifetime` is that of `signed.read`, `what` names the row to its reader (« votre offre »). `fresh(row=, at=)`
    sends a new link to the address that the row knows and returns its `Mail`, or None without an address; it is asked by a button
    of the page that says that the link is too old, whoever presses it. Without it `again` says how a new link is had. `refused` is the
    page of a link that opens nothing, where the team cannot find the row again. `key` is the field that the link was signed with.
    """

    def decorate(view):
        @without_account
        @wraps(view)
        def opened(request, token, **kwargs):
            try:
                row = signed.read(purpose, token, rows(), lifetime, key)
            except signed.LinkExpired as expired:
                return private(_expired(request, expired.row, what, fresh, again))
            except signed.LinkRefused as refusal:
                return private(render(request, refused, refused_context(what, erased=isinstance(refusal, signed.LinkErased)), status=404))
            return private(view(request, row, **kwargs))

        return opened

    return decorate


def refused_context(what, *, erased=False):
    """What the page of a link that opens nothing reads; `erased`: what it opened is no more."""
    return {"what": what, "refused": True, "erased": erased, "robots": "noindex"}


def _expired(request, row, what, fresh, again):
    """A link that was right, once."""
    context = {
        "what": what,
        "again": again,
        "refused": False,
        "can_renew": fresh is not None,
        "sent": False,
        "unreachable": False,
        "robots": "noindex",
    }
    if request.method == "POST" and fresh is not None:
        mail = fresh(row=row, at=timezone.now())
        known = mail is not None and mail.state not in (MailState.FAILED, MailState.DROPPED)
        context |= {"sent": known, "unreachable": not known}
    return render(request, "core/link_gone.html", context, status=410)


def one_button(request, *, title, lead, button, done="", done_title="C’est fait", facts=(), problems=(), back_url="", back_label=""):
    """The page of a link that does one thing: what will happen, and the button that does it.

    `facts` are `(label, value)`; with `done` the thing is done, the button gone, and `done_title` the title. `problems` are texts.
    """
    context = {
        "title": done_title if done else title,
        "lead": lead,
        "button": button,
        "done": done,
        "facts": facts,
        "problems": problems,
        "back_url": back_url,
        "back_label": back_label,
        "robots": "noindex",
    }
    return render(request, "core/one_button.html", context)
