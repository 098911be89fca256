"""What the publisher of an offer does through a private link, and what a reader reports: pages without an account.

A button behind the link confirms the address: only then is a cookie set, which spares the next confirmation (`core.known`).
"""

from datetime import timedelta

from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core import french, known, told
from core.private import one_button, opened_by, private, without_account
from core.requests import client_address
from opportunities import actions, freshness, presenters, quality, rules
from opportunities.enums import ChangeState, State
from opportunities.forms import ContactForm, FilledForm, FoundForm, OwnPhotoForm, PublishForm, ReportForm, SuccessionForm
from opportunities.models import ContactChange, Opportunity
from opportunities.private_link import CONTACT_LIFETIME, CONTACT_PURPOSE, LIFETIME, PURPOSE, keep_path
from opportunities.publish import as_typed, preview, shown

OFFERS = Opportunity.objects.select_related("kind", "commune__epci", "facility")
BUTTONS = {
    "confirm": (State.PUBLISHED, "Oui, elle tient toujours"),
    "fill": (State.FILLED, "Elle est pourvue"),
    "found": (State.FILLED, "Dire avec qui, et comment"),
    "pause": (State.PAUSED, "La mettre en pause"),
    "publish": (State.PUBLISHED, "La remettre en ligne"),
    "submit": (State.SUBMITTED, "Envoyer à l’équipe"),
    "agree": (State.SUBMITTED, "J’approuve ce texte"),
}
"""Verb, the state it leads to, and what its button says. To agree leads nowhere."""
WITH_ANSWERS = ("fill", "found")
"""Verbs that come with whom the offer found, and how."""
DONE = {
    "confirm": "C’est noté\u00a0: les lecteurs voient que l’offre est confirmée d’aujourd’hui.",
    "fill": "C’est noté\u00a0: l’offre a quitté les listes. Bonne nouvelle pour les patients.",
    "pause": "L’offre est en pause. Le même lien la remet en ligne.",
    "publish": "L’offre est de nouveau en ligne.",
    "found": "C’est noté, merci.",
    "submit": "L’offre est chez l’équipe, qui vous répond sous un jour ouvré.",
}
TOLD = {
    "draft": "Votre brouillon est gardé. Continuez-le quand vous voulez, puis envoyez-le à l’équipe.",
    "edit": "C’est enregistré.",
    "held": "L’équipe relit ce qui change le fond de l’offre\u00a0; le reste est enregistré. Vous serez prévenu par courriel.",
    "contact": "Nous avons écrit à la nouvelle adresse. Rien ne change tant que personne n’y a répondu.",
    "photo": "La photographie est enregistrée.",
    "agree": "Votre accord est noté pour ce texte, et pour lui seul.",
}
"""What was done elsewhere, whatever the state."""
THANKS = {
    "annonceur": "Merci. L’annonceur est interrogé dès maintenant. S’il ne répond pas sous deux jours, l’équipe regarde l’offre elle-même.",
    "equipe": "Merci. L’équipe regarde l’offre elle-même.",
}
"""What a reader is told, by who was asked."""
VIEWS_DAYS = 30
PHOTOS = 6
WITH_PHOTOS = (State.DRAFT, State.SUBMITTED)
"""States in which a publisher adds photographs: the team sees each before readers do."""


def takes_photos(offer):
    """Whether its publisher may add photographs: before the team has read it, where readers will see them."""
    return offer.state in WITH_PHOTOS and quality.shows_photos(offer)


def buttons(offer):
    """The verbs that the state of the offer allows, as `(verb, label)`."""
    if offer.state == State.PUBLISHED:
        verbs = ["confirm", "fill", "pause"]
    elif offer.state == State.DRAFT:
        verbs = ["submit"]
    elif offer.state in (State.PAUSED, State.EXPIRED):
        verbs = ["publish", "fill"] if rules.is_agreed(offer) else ["fill"]
    elif offer.state == State.FILLED:
        verbs = ["found"] if _may_complete(offer) else []
    else:  # what the team took away, or what found its doctor, comes back through the team; what it reads, too
        verbs = []
    if rules.may_agree(offer):
        verbs.insert(0, "agree")
    return [(verb, BUTTONS[verb][1]) for verb in verbs]


def done(offer, verb):
    """What was just done, if the offer still stands so."""
    if verb == "agree":
        return f"{TOLD[verb]} {'L’équipe le publie.' if offer.state == State.SUBMITTED else ''}".strip()
    if verb == "confirm" and offer.state == State.PUBLISHED:
        return f"{DONE[verb]} Elle reste en ligne jusqu’au {french.date(timezone.localtime(offer.expires_at))}."
    if verb in TOLD:
        return TOLD[verb]
    return DONE[verb] if verb in BUTTONS and offer.state == BUTTONS[verb][0] else ""


def opens_offer(view):
    """A page behind the private link of an offer."""
    fresh = opened_by(
        PURPOSE, lambda: OFFERS, LIFETIME, what="votre offre", fresh=lambda row, at: freshness.send_fresh_link(offer=row, at=at)
    )
    return fresh(view)


def link(request, name="offer_keep"):
    """A page behind the link that is open: the same link, which ends when it was to end."""
    return reverse(f"opportunities:{name}", args=[request.resolver_match.kwargs["token"]])


def frame(request, offer, current):
    """What every page behind the link reads."""
    return {
        "offer": offer,
        "token": request.resolver_match.kwargs["token"],
        "current": current,
        "can_edit": offer.state in actions.EDITABLE,
        "is_over": offer.state not in actions.EDITABLE,
        "never_public": offer.published_at is None,
        "robots": "noindex",
    }


def answered(offer, response, *, first=None):
    """After a button behind the link: the address has answered. The browser that answers first is known by it.

    Later ones are not: the link may have been handed on to somebody who decides of the offer, and reads another address.
    `first`: whether nobody had answered before this request, which may have noted it.
    """
    first = offer.contact_confirmed_at is None if first is None else first
    actions.confirm_contact(offer=offer, at=timezone.now())
    return known.remember(response, offer.contact_email) if first and offer.contact_email else response


@opens_offer
def offer_keep(request, offer):
    """The publisher's page: a GET shows the offer and its buttons, a POST does what one of them says."""
    form_class = FoundForm if offer.state == State.FILLED else FilledForm
    problems, filled, first = [], form_class(), offer.contact_confirmed_at is None
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        filled = form_class(request.POST if verb in WITH_ANSWERS else None)
        if verb == "delete" and offer.state in WITH_PHOTOS:
            problems = _perform(lambda: actions.drop_draft(offer=offer))
            if not problems:
                return told.redirect(reverse("opportunities:publish"), "efface")
        elif verb not in dict(buttons(offer)):
            problems = [f"L’offre est maintenant {offer.get_state_display()}\u00a0: ce bouton n’a plus d’effet."]
        elif verb in WITH_ANSWERS and not filled.is_valid():
            problems = ["Choisissez dans les listes."]
        else:
            problems = _perform(lambda: _act(offer, verb, filled, request.POST.get("digest", "")))
            if not problems:
                return answered(offer, told.redirect(request.path, verb), first=first)
    return render(request, "opportunities/keep.html", page(request, offer, problems=problems, filled=filled))


def page(request, offer, **extra):
    """What the private page shows of an offer."""
    now = timezone.now()
    since = timezone.localdate(now) - timedelta(days=VIEWS_DAYS)
    views = offer.day_views.filter(day__gt=since).aggregate(recent=Sum("count"))["recent"] or 0 if offer.published_at else None
    twins = Opportunity.objects.twins_of(offer).exclude(contact_email="").filter(contact_email=offer.contact_email)
    return {
        **frame(request, offer, "offre"),
        "card": presenters.card(offer, offer.kind, now),
        "buttons": buttons(offer),
        "digest": rules.shown_digest(offer),
        "to_agree": preview(offer) if rules.may_agree(offer) else None,
        "can_add_photos": takes_photos(offer),
        "may_delete": offer.state in WITH_PHOTOS and offer.published_at is None,
        "wordings": rules.wording_for_publisher(offer) if offer.state in WITH_PHOTOS else [],
        "has_page": offer.published_at is not None and offer.state not in (State.DRAFT, State.SUBMITTED),
        "decision": _decision(offer),
        "waiting": offer.proposed_changes.filter(state=ChangeState.OPEN).first(),
        "meter": quality.meter(offer, photos=quality.photos_of(offer, may_add=takes_photos(offer))),
        "views": views,
        "views_days": VIEWS_DAYS,
        "twins": list(twins[:3]) if offer.state in actions.EDITABLE else [],
        "answer_due": rules.answer_due(offer.submitted_at) if offer.state == State.SUBMITTED and offer.submitted_at else None,
        "done": done(offer, told.word(request)),
        "problems": [],
        **extra,
    }


def _may_complete(offer):
    """Whether who was found, or how, is still to be said of an offer that is filled."""
    said = offer.outcomes.filter(at__gte=offer.closed_at).first()
    return said is None or not (said.who and said.how)


def _decision(offer):
    """Why the team sent an offer back or withdrew it, in its words."""
    if offer.state not in (State.DRAFT, State.WITHDRAWN):
        return ""
    step = offer.state_changes.filter(after=offer.state, actor__isnull=False).order_by("-at", "-pk").first()
    return step.reason if step else ""


def _perform(act):
    """The problems that kept something from being done; none when it was."""
    try:
        act()
    except actions.TransitionRefused as refusal:
        return refusal.messages
    return []


def _act(offer, verb, filled, digest):
    at = timezone.now()
    if verb == "agree":
        actions.agree(offer=offer, digest=digest, at=at)
        return
    if verb == "fill":
        actions.declare_filled(offer=offer, at=at, **filled.cleaned_data)
    elif verb == "found":
        actions.complete_outcome(offer=offer, at=at, **filled.cleaned_data)
    elif verb == "submit":
        actions.confirm_contact(offer=offer, at=at)
        actions.hand_over(offer=offer, at=at)
    else:
        actions.VERBS[verb](offer=offer, at=at)


@opens_offer
def offer_edit(request, offer):
    """The publisher's form. Of a published offer, what changes its meaning waits for the team."""
    if offer.state not in actions.EDITABLE:
        return HttpResponseRedirect(link(request))
    state, act, first = offer.state, request.POST.get("act", ""), offer.contact_confirmed_at is None
    waiting = actions.with_waiting(offer)
    options = {"kind": offer.kind, "act": act, "instance": offer, "machine": client_address(request)}
    form_class = SuccessionForm if offer.is_confidential else PublishForm
    form, problems = form_class(request.POST if request.method == "POST" else None, **options), []
    if act == "type":
        as_typed(form)
    elif request.method == "POST" and form.is_valid() and act in ("brouillon", "envoyer"):
        stored = OFFERS.get(pk=offer.pk)
        word, problems = _save(stored, form, send=act == "envoyer")
        if not problems:
            return answered(stored, told.redirect(link(request), word), first=first)
    context = {
        **frame(request, offer, "modifier"),
        "form": form,
        "kind": form.asked,
        "problems": problems,
        "is_draft": state == State.DRAFT,
        "is_read": state in actions.READ_AGAIN,
        "is_online": state == State.PUBLISHED,
        "waiting": waiting,
    }
    return render(request, "opportunities/edit.html", context | shown(form, act))


def _save(offer, form, *, send):
    """Store what was written; what was done, as a word of `DONE` or `TOLD`, and what was refused."""
    words = []

    def act():
        at = timezone.now()
        held = actions.change(offer=offer, values=form.values, at=at)
        words.append("held" if held else "edit")
        if send and offer.state == State.DRAFT:
            actions.confirm_contact(offer=offer, at=at)
            actions.hand_over(offer=offer, at=at)
            words.append("submit")

    problems = _perform(act)
    return (words or [""])[-1], problems


@opens_offer
def offer_photos(request, offer):
    """Photographs of an offer that the team has not read yet."""
    if not takes_photos(offer):
        return HttpResponseRedirect(link(request))
    photos = list(offer.photos.all())
    form = OwnPhotoForm()
    if request.method == "POST" and request.POST.get("act") == "remove":
        for photo in photos:
            if str(photo.pk) == request.POST.get("photo"):
                photo.delete()
                actions.touch(offer=offer, at=timezone.now())
        return answered(offer, HttpResponseRedirect(request.path))
    if request.method == "POST" and len(photos) < PHOTOS:
        form = OwnPhotoForm(request.POST, request.FILES)
        form.instance.opportunity, form.instance.position = offer, len(photos)
        if form.is_valid():
            form.save()
            actions.touch(offer=offer, at=timezone.now())
            return answered(offer, told.redirect(request.path, "photo"))
    context = {
        **frame(request, offer, "photos"),
        "photos": photos,
        "form": form,
        "full": len(photos) >= PHOTOS,
        "done": TOLD["photo"] if told.word(request) == "photo" else "",
    }
    return render(request, "opportunities/photos.html", context)


@opens_offer
def offer_address(request, offer):
    """A new address for the contact: asked behind the link sent to the old one, confirmed behind the link sent to the new one."""
    form = ContactForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        first = offer.contact_confirmed_at is None
        problems = _perform(lambda: actions.ask_contact(offer=offer, email=form.cleaned_data["email"], at=timezone.now()))
        if not problems:
            form.count()
            return answered(offer, told.redirect(link(request), "contact"), first=first)
        form.add_error(None, problems)
    return render(request, "opportunities/address.html", frame(request, offer, "address") | {"form": form})


@opened_by(
    CONTACT_PURPOSE,
    lambda: ContactChange.objects.select_related("opportunity__kind"),
    CONTACT_LIFETIME,
    what="votre offre",
    again="Redemandez-le depuis la page privée de l’offre, par «\u00a0Changer l’adresse du contact\u00a0».",
)
def offer_contact(request, asked):
    """The button behind the link sent to a new address."""
    if request.method == "POST":
        offer = actions.take_contact(asked=asked, at=timezone.now())
        if offer is None:
            return HttpResponseRedirect(request.path)  # which says that the link opens nothing any more
        return answered(offer, HttpResponseRedirect(keep_path(offer)), first=True)
    return one_button(
        request,
        title="Cette adresse est la vôtre\u00a0?",
        lead="Elle devient le contact de l’offre. Les liens envoyés à l’ancienne adresse n’ouvriront plus rien.",
        button="Oui, c’est mon adresse",
        facts=[("Offre", asked.opportunity.kind.label), ("Nouvelle adresse", asked.email)],
    )


@without_account
def offer_report(request, pk):
    """A reader says what is no longer true of an offer, without an account and without an address if they like."""
    offer = get_object_or_404(Opportunity.objects.visible(timezone.now()).select_related("kind", "commune__epci"), pk=pk)
    form = ReportForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        asked = form.save(offer).asked
        page = reverse("opportunities:offer_report", args=[pk])
        return told.redirect(page, "annonceur" if asked else "equipe")
    done = THANKS.get(told.word(request))
    context = {"offer": offer, "form": form, "done": done, "robots": "noindex"}
    return private(render(request, "opportunities/report.html", context))
