"""« Dites-nous ce que vous cherchez »: the form, its confirmation, the private page. A GET changes nothing."""

from django.core import signing
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from contacts.actions import needs as actions
from contacts.enums import NeedSubject
from contacts.forms.needs import ChangeForm, NeedForm, initial_from, initial_from_rooms
from contacts.models import Need
from contacts.needs_links import KEEP, KEEP_LIFETIME, keep_path
from contacts.needs_words import facts, state, step
from contacts.rules import needs as rules
from core import french, known, mail, told
from core.private import one_button, opened_by, private, refused_context, without_account
from core.requests import client_address
from housing import presenters as room_presenters
from housing.search import Search as RoomSearch
from opportunities import presenters
from opportunities.search import Search

NEEDS = Need.objects.select_related("commune").prefetch_related("kinds", "epcis", "places")
SENT = {
    "verifier": "Il reste un geste\u00a0: ouvrez le message que nous vous envoyons, et confirmez. Sinon, tout est effacé sous sept jours.",
    "note": "C’est noté. Nous venons de vous écrire, avec le lien de votre page privée.",
    "trop": "Vous avez déjà trois recherches en cours\u00a0: arrêtez-en une depuis son lien, ou écrivez à l’équipe.",
}
DONE = {
    "confirm": "Votre adresse est confirmée, votre recherche compte.",
    "change": "C’est noté.",
}
OVER = "Cette recherche est terminée\u00a0: dites-nous de nouveau ce que vous cherchez."
SHORT = "Cette recherche va déjà jusqu’au {}\u00a0: changez ses dates pour aller plus loin."
VERBS = ("renew", "stop", "erase")
PUT_AWAY = (
    "Votre recherche est arrêtée, votre texte est effacé, et nous ne vous écrivons plus à son sujet. "
    "Elle a mené à une mise en relation\u00a0: nous gardons jusqu’au {} ce qui dit qui a accepté quoi, et quand "
    "(votre adresse, vos critères, les dates des accords). L’équipe seule le lit. Tout est ensuite effacé."
)
"""What the private page says once its person has erased what may be."""
FRESH = {
    "confirm": lambda row, at: actions.send_fresh_confirmation(need=row, at=at),
    "keep": lambda row, at: actions.send_fresh_link(need=row, at=at),
}


def asked_before(data):
    """What the form shows of the search it comes from."""
    if data.get("quoi") == "logement":
        return initial_from_rooms(RoomSearch(data, now=timezone.now()))
    return initial_from(Search(data, now=timezone.now()))


@without_account
def needs_new(request):
    """The form, filled in from the search it comes from."""
    initial = {} if request.method == "POST" else asked_before(request.GET)
    form = NeedForm(request.POST or None, initial=initial, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        is_known = known.knows(request, form.cleaned_data["email"])
        try:
            need = form.save(known=is_known, at=timezone.now())
        except actions.TooManyNeeds:
            return told.redirect(reverse("contacts:needs_new"), "trop")
        if need is not None:
            return told.redirect(reverse("contacts:needs_new"), "note" if is_known else "verifier")
        form.add_error(None, mail.ASKED_ENOUGH)
    sent = told.word(request)
    context = {"form": form, "sent": SENT.get(sent, ""), "is_refused": sent == "trop", "robots": "noindex" if request.GET else ""}
    return render(request, "contacts/needs_form.html", context)


@opened_by(actions.CONFIRM, lambda: NEEDS, actions.CONFIRM_WITHIN, what="votre recherche", fresh=FRESH["confirm"])
def needs_confirm(request, need):
    """One button: the address is confirmed."""
    problems = []
    if request.method == "POST":
        try:
            actions.confirm(need=need, at=timezone.now())
        except actions.TooManyNeeds:
            problems = [SENT["trop"]]
        except actions.NeedOver:
            problems = [OVER]
        else:
            return known.remember(told.redirect(keep_path(need), "confirm"), need.email)
    return one_button(
        request,
        title="Confirmer votre recherche",
        lead="Vérifiez, puis confirmez\u00a0: votre recherche compte à partir de ce moment.",
        button="Confirmer ma recherche",
        facts=facts(need),
        problems=problems,
    )


@opened_by(KEEP, lambda: NEEDS.filter(confirmed_at__isnull=False), KEEP_LIFETIME, what="votre recherche", fresh=FRESH["keep"])
def needs_keep(request, need):
    """The private page: what is noted, and the buttons that renew, stop or erase it; once erased, what is kept of it and why."""
    at, problems = timezone.now(), []
    if request.method == "POST" and request.POST.get("verb") in VERBS:
        try:
            return _perform(need, request.POST["verb"], at)
        except actions.NeedOver:
            problems = [OVER if need.expires_at <= at or need.stopped_at else SHORT.format(day_of(need.expires_at))]
    elif request.method == "POST":
        problems = ["Ce bouton n’a pas d’effet."]
    if actions.is_put_away(need):
        return one_button(request, title="Votre recherche", lead="", button="", done=PUT_AWAY.format(day_of(actions.kept_until(need))))
    matches = need.matches.select_related("offer__kind", "offer__commune__epci").exclude(told_at__isnull=True, asked_at__isnull=True)
    context = {
        "need": need,
        "facts": facts(need),
        "state": state(need, at),
        "is_open": need.stopped_at is None and need.expires_at > at,
        "renewed": rules.renewed(need, at) if need.stopped_at is None else None,
        "kept_for": actions.kept_until(need) if actions.met(need) else None,
        "matches": [
            {"title": match.offer.title, "url": match.offer.get_absolute_url(), "place": presenters.place(match.offer), "step": step(match)}
            for match in matches.order_by("-found_at", "-pk")[:20]
        ],
        "lodgings": [
            {"title": lodging.dwelling.title, "url": lodging.dwelling.get_absolute_url(), "place": room_presenters.place(lodging.dwelling)}
            for lodging in need.lodgings.filter(told_at__isnull=False)
            .select_related("dwelling__commune__epci")
            .order_by("-told_at", "-pk")[:20]
        ]
        if need.subject == NeedSubject.LODGING
        else [],
        "edit_url": keep_path(need, view="needs_edit"),
        "done": _done(need, told.word(request)) if not problems else "",
        "problems": problems,
        "robots": "noindex",
    }
    return render(request, "contacts/needs_keep.html", context)


def _perform(need, verb, at):
    """Do what a button of the private page says, and lead to what is left of it."""
    if verb != "erase":
        getattr(actions, verb)(need=need, at=at)
        return told.redirect(keep_path(need), verb)
    is_gone = actions.erase(need=need, at=at)
    return HttpResponseRedirect(reverse("contacts:needs_erased") if is_gone else keep_path(need))


def _done(need, verb):
    """What was just done, with the days that it says."""
    if verb == "renew":
        return f"C’est fait\u00a0: votre recherche va jusqu’au {day_of(need.expires_at)}."
    if verb == "stop":
        return f"Votre recherche est arrêtée. Elle sera effacée après le {day_of(actions.kept_until(need))}."
    return DONE.get(verb, "")


def day_of(moment):
    return french.date(timezone.localtime(moment))


@opened_by(KEEP, lambda: NEEDS.filter(confirmed_at__isnull=False), KEEP_LIFETIME, what="votre recherche", fresh=FRESH["keep"])
def needs_edit(request, need):
    """The same form, for what the person may change."""
    if actions.is_put_away(need):
        return HttpResponseRedirect(keep_path(need))
    form = ChangeForm(request.POST or None, initial=ChangeForm.initial_of(need))
    problems = []
    if request.method == "POST" and form.is_valid():
        try:
            form.save(need)
        except actions.NeedOver:
            problems = [OVER]
        else:
            return told.redirect(keep_path(need), "change")
    return render(
        request, "contacts/needs_edit.html", {"form": form, "problems": problems, "keep_url": keep_path(need), "robots": "noindex"}
    )


@without_account
def needs_stop(request, token):
    """One button, and the one click of mail programs (RFC 8058): no message about offers any more, also once the need is erased."""
    try:
        key = signing.loads(token, salt=actions.STOP)
    except signing.BadSignature:
        return private(render(request, "core/link_gone.html", refused_context("vos recherches"), status=404))
    if request.method == "POST":
        actions.stop_messages(key=key, at=timezone.now())
    done = "" if actions.notifying(key).exists() else "Nous ne vous écrirons plus quand une offre convient."
    page = one_button(
        request,
        title="Ne plus recevoir ces messages",
        lead="Plus aucun message pour vous dire qu’une offre convient, quelle que soit votre recherche.",
        button="Ne plus rien recevoir",
        done=done,
    )
    return private(page)


def needs_erased(request):
    """What stands where a private page was."""
    return private(one_button(request, title="Votre recherche", lead="", button="", done="C’est effacé."))
