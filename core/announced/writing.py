"""Writing an announcement without an account: the form of something new, and its first draft."""

from abc import ABC, abstractmethod
from datetime import timedelta

from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from core import known, mail, told
from core.announced import rules
from core.announced.life import TransitionRefused
from core.enums import State

AGAIN = timedelta(minutes=10)
"""The same form again within this time is one button pressed twice."""

BEGUN = {
    "brouillon": "Votre brouillon est gardé.",
    "envoi": "Encore un geste\u00a0: confirmez votre adresse.",
    "efface": "Le brouillon est effacé.",
}
"""What was just done with a draft, on the page that one comes back to without a link."""


class Writing(ABC):
    """The form of one app."""

    life = None
    rows = None
    """The queryset of what is announced."""
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

    @transaction.atomic
    def begin(self, form, *, confirmed, send, at):
        """Keep a first draft. The same form again, a button pressed twice, gives the first one; two at once wait for each other."""
        mail.one_at_a_time(form.instance.contact_email)
        row = self._begun_before(form, at)
        if row is None:
            return self.life.begin(row=form.instance, confirmed=confirmed, send=send, at=at)
        if confirmed:
            self.life.confirm_contact(row=row, at=at)
        if confirmed and send and row.state == State.DRAFT:
            self.life.hand_over(row=row, at=at)
        return row

    def _begun_before(self, form, at):
        """What this form began a moment ago and holds all that is written now, or None."""
        rows = self.rows.filter(
            by_publisher=True,
            state__in=(State.DRAFT, State.SUBMITTED),
            contact_email=form.instance.contact_email,
            title=form.instance.title,
            created_at__gt=at - AGAIN,
        )
        return next((row for row in rows.order_by("pk") if self.is_same(row, form)), None)

    def is_same(self, row, form):
        """Whether a row holds what a form says."""
        return all(getattr(row, name) == value for name, value in form.values.items())
