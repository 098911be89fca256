"""Writing an announcement without an account: the form of something new, and its first draft."""

from abc import ABC, abstractmethod

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core import known, told
from core.announced import rules
from core.announced.life import TransitionRefused

BEGUN = {
    "brouillon": "Votre brouillon est gardé.",
    "envoi": "Encore un geste\u00a0: confirmez votre adresse.",
    "efface": "Le brouillon est effacé.",
}
"""What was just done with a draft, on the page that one comes back to without a link."""


class Writing(ABC):
    """The form of one app."""

    life = None
    urls = {}
    """Names of the pages: `keep`, `edit`, `photos`, `address`, `publish`, `report`."""

    @property
    def words(self):
        return self.life.words

    @abstractmethod
    def shown(self, form, act):
        """What a page shows beside the form: the quality meter, the preview."""

    def write(self, request, form_for, template, context):
        """The form of something new. The button says what is done with what was written; nothing of it is ever lost."""
        act = request.POST.get("act", "")
        form = form_for(request.POST if request.method == "POST" else None, act)
        if request.method == "POST":
            if act == "type":  # only the fields change
                form.as_typed()
            elif form.is_valid() and act in ("brouillon", "envoyer"):
                try:
                    return self._kept(request, form, send=act == "envoyer")
                except TransitionRefused as refusal:
                    form.add_error(None, refusal.messages)
        frame = {
            "form": form,
            "words": self.words,
            "publish_url": reverse(self.urls["publish"]),
            "unconfirmed_days": rules.UNCONFIRMED_DAYS,
            "robots": "noindex" if form.is_bound else "",
        }
        return render(request, template, {**frame, **context(form), **self.shown(form, act)})

    def _kept(self, request, form, *, send):
        """Keep the draft and lead on: to the private page for a browser that confirmed this address, else to the mail that was sent."""
        email = form.cleaned_data["contact_email"]
        confirmed = known.knows(request, email)
        row = self.begin(form, confirmed=confirmed, send=send, at=timezone.now())
        form.count()
        if confirmed:
            return told.redirect(self.life.links.keep_path(row), "submit" if send else "draft")
        return told.redirect(reverse(self.urls["publish"]), "envoi" if send else "brouillon")

    def begin(self, form, *, confirmed, send, at):
        """Keep a first draft."""
        return self.life.begin(row=form.instance, confirmed=confirmed, send=send, at=at)
