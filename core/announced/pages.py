"""Pages without an account about whatever is announced: what its private link opens, what a reader reports.

An app subclasses `Pages` with its life, its forms and its words, and makes its views of the methods. A button behind the link confirms
the address: only then is a cookie set, which spares the next confirmation (`core.known`).
"""

from abc import abstractmethod
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core import french, known, told
from core.announced import rules
from core.announced.life import TransitionRefused
from core.announced.publishing import EDITABLE, READ_AGAIN
from core.announced.writing import Writing
from core.enums import ChangeState, State
from core.private import one_button, private
from core.requests import client_address

VIEWS_DAYS = 30
PHOTOS = 6
WITH_PHOTOS = (State.DRAFT, State.SUBMITTED)
"""States in which a publisher adds photographs: the team sees each before readers do."""
WITH_ANSWERS = ("fill", "found")
"""Verbs that come with whom an announcement found, and how."""


class Pages(Writing):
    """The pages of one app. Templates read `row`, `words` and `urls`; those of the app may read it by its own name too (`name`)."""

    freshness = None
    name = ""
    """What the templates of the app call a row."""
    templates = {}
    """`keep`, `edit`, `publish`, `photos`, `address`, `report`, and `nav`, the tabs of the pages behind a link."""
    buttons = {}
    """Verb, the state it leads to, and what its button says."""
    done = {}
    """What is said once a verb is done."""
    told = {
        "draft": "Votre brouillon est gardé. Continuez-le quand vous voulez, puis envoyez-le à l’équipe.",
        "keep": "Votre adresse est confirmée, votre brouillon est gardé.",
        "edit": "C’est enregistré.",
        "contact": "Nous avons écrit à la nouvelle adresse. Rien ne change tant que personne n’y a répondu.",
        "photo": "La photographie est enregistrée.",
    }
    """What was done elsewhere, whatever the state."""
    found_form = filled_form = contact_form = photo_form = report_form = None

    # --- What an app says ----------------------------------------------------------------------

    @abstractmethod
    def form_of(self, row, data, act, request):
        """The form with which this row is written."""

    @abstractmethod
    def meter(self, row):
        """The quality meter of a row that is stored."""

    @abstractmethod
    def card(self, row, now):
        """The row as lists show it."""

    @abstractmethod
    def wordings(self, row):
        """What its publisher should look at again."""

    @abstractmethod
    def twins(self, row):
        """Other rows that look like this one."""

    def shows_photos(self, row):
        """Whether readers see its photographs."""
        return True

    def may_come_back(self, row):
        """Whether a row that is paused or expired may be published by its own button."""
        return True

    def waits_for_writer(self, row):
        """Whether the team waits for its writer before it can publish a row that was handed over."""
        return False

    def save_answers(self, row, form, at):
        """Store what a form holds beside the columns of the row, in the transaction of the row."""

    def more(self, row):
        """What else the private page shows."""
        return {}

    def act(self, row, verb, filled, request, at):
        """Do what a button says."""
        if verb == "keep":
            self.life.keep_draft(row=row, at=at)
        elif verb == "fill":
            self.life.declare_filled(row=row, at=at, **filled.cleaned_data)
        elif verb == "found":
            self.life.complete_outcome(row=row, at=at, **filled.cleaned_data)
        elif verb == "submit":
            self.life.confirm_contact(row=row, at=at)
            self.life.hand_over(row=row, at=at)
        else:
            self.life.verbs[verb](row=row, at=at)

    # --- Behind the link -----------------------------------------------------------------------

    def link(self, request, page="keep"):
        """A page behind the link that is open: the same link, which ends when it was to end."""
        return reverse(self.urls[page], args=[request.resolver_match.kwargs["token"]])

    def frame(self, request, row, current):
        """What every page behind the link reads."""
        return {
            "row": row,
            self.name: row,
            "words": self.words,
            "nav": self.templates["nav"],
            "token": request.resolver_match.kwargs["token"],
            "urls": {page: self.link(request, page) for page in ("keep", "edit", "photos", "address")},
            "current": current,
            "can_edit": row.state in EDITABLE,
            "is_over": row.state not in EDITABLE,
            "never_public": row.published_at is None,
            "robots": "noindex",
        }

    def answered(self, row, response, *, first=None):
        """After a button behind the link: the address has answered. The browser that answers first is known by it.

        Later ones are not: the link may have been handed on to somebody who decides of the row, and reads another address.
        `first`: whether nobody had answered before this request, which may have noted it.
        """
        first = row.contact_confirmed_at is None if first is None else first
        self.life.confirm_contact(row=row, at=timezone.now())
        return known.remember(response, row.contact_email) if first and row.contact_email else response

    def takes_photos(self, row):
        """Whether its publisher may add photographs: before the team has read it, where readers will see them."""
        return row.state in WITH_PHOTOS and self.shows_photos(row)

    def verbs_of(self, row):
        """The verbs that the state of the row allows."""
        if row.state == State.PUBLISHED:
            return ["confirm", "fill", "pause"]
        if row.state == State.DRAFT:
            return ["submit"]
        if row.state in (State.PAUSED, State.EXPIRED):
            return ["publish", "fill"] if self.may_come_back(row) else ["fill"]
        if row.state == State.FILLED:
            return ["found"] if _may_complete(row) else []
        return []  # what the team took away, or what found somebody, comes back through the team; what it reads, too

    def buttons_of(self, row):
        """The same as `(verb, label)`."""
        return [(verb, self.buttons[verb][1]) for verb in self.verbs_of(row)]

    def done_of(self, row, verb):
        """What was just done, if the row still stands so."""
        if verb == "confirm" and row.state == State.PUBLISHED:
            return f"{self.done[verb]} Elle reste en ligne jusqu’au {french.date(timezone.localtime(row.expires_at))}."
        if verb == "held":
            noun = self.words.noun
            return f"L’équipe relit ce qui change le fond de l’{noun}\u00a0; le reste est enregistré. Vous serez prévenu par courriel."
        if verb in self.told:
            return self.told[verb]
        return self.done[verb] if verb in self.buttons and row.state == self.buttons[verb][0] else ""

    def keep(self, request, row):
        """The publisher's page: a GET shows the row and its buttons, a POST does what one of them says."""
        form_class = self.found_form if row.state == State.FILLED else self.filled_form
        problems, filled, first = [], form_class(), row.contact_confirmed_at is None
        if request.method == "POST":
            verb = request.POST.get("verb", "")
            filled = form_class(request.POST if verb in WITH_ANSWERS else None)
            if verb == "delete" and row.state in WITH_PHOTOS:
                problems = refusals(lambda: self.life.drop_draft(row=row))
                if not problems:
                    return told.redirect(reverse(self.urls["publish"]), "efface")
            elif verb not in [*self.verbs_of(row), *(["keep"] if rules.draft_kept_until(row) else [])]:
                problems = [f"L’{self.words.noun} est maintenant {row.get_state_display()}\u00a0: ce bouton n’a plus d’effet."]
            elif verb in WITH_ANSWERS and not filled.is_valid():
                problems = ["Choisissez dans les listes."]
            else:
                with transaction.atomic():  # what a button does, and that its address has answered: both or neither
                    problems = refusals(lambda: self.act(row, verb, filled, request, timezone.now()))
                    if not problems:
                        return self.answered(row, told.redirect(request.path, verb), first=first)
        return render(request, self.templates["keep"], self.page(request, row, problems=problems, filled=filled))

    def page(self, request, row, **extra):
        """What the private page shows of a row."""
        now = timezone.now()
        since = timezone.localdate(now) - timedelta(days=VIEWS_DAYS)
        views = row.day_views.filter(day__gt=since).aggregate(recent=Sum("count"))["recent"] or 0 if row.published_at else None
        answer_due = rules.answer_due(row.submitted_at) if row.state == State.SUBMITTED and row.submitted_at else None
        twins = self.twins(row).exclude(contact_email="").filter(contact_email=row.contact_email)
        return {
            **self.frame(request, row, "annonce"),
            "card": self.card(row, now),
            "buttons": self.buttons_of(row),
            "can_add_photos": self.takes_photos(row),
            "may_delete": row.state in WITH_PHOTOS and row.published_at is None,
            "wordings": self.wordings(row) if row.state in WITH_PHOTOS else [],
            "has_page": row.published_at is not None and row.state not in (State.DRAFT, State.SUBMITTED),
            "decision": _decision(row),
            "waiting": row.proposed_changes.filter(state=ChangeState.OPEN).first(),
            "meter": self.meter(row),
            "views": views,
            "views_days": VIEWS_DAYS,
            "twins": list(twins[:3]) if row.state in EDITABLE else [],
            "answer_due": answer_due if answer_due and answer_due >= now else None,
            "is_late": answer_due is not None and answer_due < now and not self.waits_for_writer(row),
            "done": self.done_of(row, told.word(request)),
            "problems": [],
            "kept_until": rules.draft_kept_until(row),
            "digest": "",
            **self.more(row),
            **extra,
        }

    def edit(self, request, row):
        """The publisher's form. Of a published row, what changes its meaning waits for the team."""
        if row.state not in EDITABLE:
            return HttpResponseRedirect(self.link(request))
        state, act, first = row.state, request.POST.get("act", ""), row.contact_confirmed_at is None
        waiting = self.life.with_waiting(row)
        form, problems = self.form_of(row, request.POST if request.method == "POST" else None, act, request), []
        if act == "type":
            form.as_typed()
        elif request.method == "POST" and form.is_valid() and act in ("brouillon", "envoyer"):
            stored = self.rows.get(pk=row.pk)
            word, problems = self._save(stored, form, send=act == "envoyer")
            if not problems:
                return self.answered(stored, told.redirect(self.link(request), word), first=first)
        context = {
            **self.frame(request, row, "modifier"),
            "form": form,
            "kind": form.asked,
            "problems": problems,
            "is_draft": state == State.DRAFT,
            "is_read": state in READ_AGAIN,
            "is_online": state == State.PUBLISHED,
            "waiting": waiting,
        }
        return render(request, self.templates["edit"], context | self.shown(form, act))

    def _save(self, row, form, *, send):
        """Store what was written; what was done, as a word of `done` or `told`, and what was refused."""
        words = []

        def act():
            at = timezone.now()
            held = self.life.change(row=row, values=form.values, at=at)
            self.save_answers(row, form, at)
            words.append("held" if held else "edit")
            if send and row.state == State.DRAFT:
                self.life.confirm_contact(row=row, at=at)
                self.life.hand_over(row=row, at=at)
                words.append("submit")

        problems = refusals(act)
        return (words or [""])[-1], problems

    def photos(self, request, row):
        """Photographs of a row that the team has not read yet."""
        if not self.takes_photos(row):
            return HttpResponseRedirect(self.link(request))
        photos = list(row.photos.all())
        form = self.photo_form()
        if request.method == "POST" and request.POST.get("act") == "remove":
            for photo in photos:
                if str(photo.pk) == request.POST.get("photo"):
                    photo.delete()
                    self.life.touch(row=row, at=timezone.now())
            return self.answered(row, HttpResponseRedirect(request.path))
        if request.method == "POST" and len(photos) < PHOTOS:
            form = self.photo_form(request.POST, request.FILES)
            setattr(form.instance, self.life.model.photos.rel.field.name, row)
            form.instance.position = len(photos)
            if form.is_valid():
                form.save()
                self.life.touch(row=row, at=timezone.now())
                return self.answered(row, told.redirect(request.path, "photo"))
        context = {
            **self.frame(request, row, "photos"),
            "photos": photos,
            "form": form,
            "full": len(photos) >= PHOTOS,
            "done": self.told["photo"] if told.word(request) == "photo" else "",
        }
        return render(request, self.templates["photos"], context)

    def address(self, request, row):
        """A new address for the contact: asked behind the link sent to the old one, confirmed behind the link sent to the new one."""
        form = self.contact_form(request.POST or None, machine=client_address(request))
        if request.method == "POST" and form.is_valid():
            first = row.contact_confirmed_at is None
            problems = refusals(lambda: self.life.ask_contact(row=row, email=form.cleaned_data["email"], at=timezone.now()))
            if not problems:
                form.count()
                return self.answered(row, told.redirect(self.link(request), "contact"), first=first)
            form.add_error(None, problems)
        return render(request, self.templates["address"], self.frame(request, row, "address") | {"form": form})

    def contact(self, request, asked):
        """The button behind the link sent to a new address."""
        noun = self.words.noun
        if request.method == "POST":
            row = self.life.take_contact(asked=asked, at=timezone.now())
            if row is None:
                return HttpResponseRedirect(request.path)  # which says that the link opens nothing any more
            return self.answered(row, HttpResponseRedirect(self.life.links.keep_path(row)), first=True)
        return one_button(
            request,
            title="Cette adresse est la vôtre\u00a0?",
            lead=f"Elle devient le contact de l’{noun}. Les liens envoyés à l’ancienne adresse n’ouvriront plus rien.",
            button="Oui, c’est mon adresse",
            facts=[(noun.capitalize(), self.life.kind_of(asked.row)), ("Nouvelle adresse", asked.email)],
        )

    # --- Readers -------------------------------------------------------------------------------

    def report(self, request, pk):
        """A reader says what is no longer true of a row, without an account and without an address if they like."""
        row = get_object_or_404(self.rows.visible(timezone.now()), pk=pk)
        form = self.report_form(request.POST or None, machine=client_address(request))
        if request.method == "POST" and form.is_valid():
            asked = form.save(row).asked
            return told.redirect(reverse(self.urls["report"], args=[pk]), "annonceur" if asked else "equipe")
        context = {
            "row": row,
            "words": self.words,
            "form": form,
            "done": self._thanks(told.word(request)),
            "robots": "noindex",
        }
        return private(render(request, self.templates["report"], context))

    def _thanks(self, asked):
        """What a reader is told, by who was asked."""
        team = f"l’équipe regarde l’{self.words.noun} elle-même."
        return {
            "annonceur": f"Merci. L’annonceur est interrogé dès maintenant. S’il ne répond pas sous deux jours, {team}",
            "equipe": f"Merci. {team.capitalize()}",
        }.get(asked)


def refusals(act):
    """The problems that kept something from being done; none when it was."""
    try:
        act()
    except TransitionRefused as refusal:
        return refusal.messages
    return []


def _may_complete(row):
    """Whether who was found, or how, is still to be said of a row that is filled."""
    said = row.outcomes.filter(at__gte=row.closed_at).first()
    return said is None or not (said.who and said.how)


def _decision(row):
    """Why the team sent a row back or withdrew it, in its words."""
    if row.state not in (State.DRAFT, State.WITHDRAWN):
        return ""
    step = row.state_changes.filter(after=row.state, actor__isnull=False).order_by("-at", "-pk").first()
    return step.reason if step else ""
