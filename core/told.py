"""What was just done, said once by the page that a button leads to: a word of its address, signed for that page and for a moment.

    return told.redirect(path, "pause")
    "done": DONE.get(told.word(request), "")

The same address says nothing afterwards: kept, shared or opened again, it would tell of something that nobody did. `static/js/site.js`
takes the word out of the address that is shown, so that loading the page again says nothing either. No cookie, no session.
"""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.core import signing
from django.http import HttpResponseRedirect

PARAMETER = "fait"
LIFETIME = timedelta(minutes=5)


def redirect(url, word):
    """To `url`, whose page then says `word` in its own words."""
    query = urlencode({PARAMETER: _signer(urlsplit(url).path).sign(word)})
    return HttpResponseRedirect(f"{url}{'&' if '?' in url else '?'}{query}")


def word(request):
    """The word that brought a reader to this page just now, or nothing."""
    if request.method == "POST":
        return ""
    try:
        return _signer(request.path).unsign(request.GET.get(PARAMETER, ""), max_age=LIFETIME)
    except signing.BadSignature:
        return ""


def _signer(path):
    return signing.TimestampSigner(salt=f"core.told:{path}")
