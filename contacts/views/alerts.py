"""Pages of the alerts: asking for one, and the private pages that its messages open; the one cookie is that of a confirmed address."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from contacts.actions import alerts as actions
from contacts.enums import Asked, Rhythm
from contacts.forms.alerts import AlertForm, LinkForm, OpinionForm, RhythmForm
from contacts.models import Alert, Subscriber
from contacts.rules import alerts as rules
from contacts.searches import KINDS, Offers
from core import french, known, signed, told
from core.private import one_button, opened_by, private, without_account
from core.requests import client_address

KIND = "sujet"
"""The parameter that names the kind of things; no list has one of that name."""
DONE = {
    "rythme": "C’est noté\u00a0: l’alerte a changé de rythme.",
    "recherche": "C’est noté\u00a0: l’alerte suit désormais cette recherche.",
    "arret": "L’alerte est arrêtée\u00a0: elle ne vous écrira plus.",
    "tout": "Toutes vos alertes sont arrêtées\u00a0: elles ne vous écriront plus.",
}
ERASED = "Tout est effacé\u00a0: votre adresse, vos alertes, et ce que nous vous avons écrit à leur sujet."
PEOPLE = Subscriber.objects.all()
ALERTS = Alert.objects.select_related("subscriber").defer("known_ids")


def kind_of(request, at):
    """The kind of things that the address speaks of, offers unless it says otherwise."""
    kind = KINDS.get(request.GET.get(KIND) or Offers.key)
    if kind is None:
        raise Http404
    return kind(at)


@without_account
def alerts_new(request):
    """Ask to hear of what is new in a search: the parameters are those of its list."""
    now = timezone.now()
    kind = kind_of(request, now)
    search = kind.read(request.GET)
    form = AlertForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        form.count()
        email = form.cleaned_data["email"]
        rhythm, is_known = form.cleaned_data["rhythm"], known.knows(request, email)
        try:
            became = actions.ask(email=email, kind=kind.key, query=search.query, rhythm=rhythm, known=is_known, at=now)
        except actions.AlertRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            more = f"&{search.query}" if search.query else ""
            return told.redirect(f"{request.path}?{KIND}={kind.key}{more}", became.value)
    word = told.word(request)
    done = Asked(word) if word in Asked.values else None
    context = {"form": form, "kind": kind, "search": search, "done": done, "most": rules.MOST, "robots": "noindex"}
    context["list_url"] = reverse(kind.LIST)
    return private(render(request, "contacts/alerts_new.html", context))


@without_account
def alerts_link(request):
    """Receive the link to one's alerts; the page says the same whether there are any or not."""
    form = LinkForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        form.count()
        actions.send_link(email=form.cleaned_data["email"], at=timezone.now())
        return told.redirect(request.path, "envoye")
    context = {"form": form, "done": told.word(request) == "envoye", "robots": "noindex"}
    return private(render(request, "contacts/alerts_link.html", context))


def facts(alert, at):
    return [("Recherche", written(alert, at).title), ("Rythme", alert.get_rhythm_display())]


def written(alert, at):
    return KINDS[alert.kind](at).written(alert.query)


@opened_by(
    actions.CONFIRM,
    lambda: ALERTS,
    rules.CONFIRM_WITHIN,
    what="votre alerte",
    fresh=lambda row, at: actions.send_confirmation(alert=row, at=at),
)
def alerts_confirm(request, alert):
    """One button begins the alert, and lets this browser be known by its address."""
    now = timezone.now()
    page = {
        "title": "Confirmer votre alerte",
        "done_title": "Votre alerte est en place",
        "lead": "Vous recevrez ce qui est nouveau dans cette recherche, et rien d’autre.",
        "button": "Recevoir ces alertes",
        "facts": facts(alert, now),
        "back_url": reverse("contacts:alerts_manage", args=[signed.sign(actions.MANAGE, alert.subscriber)]) if alert.is_active else "",
        "back_label": "Gérer mes alertes",
    }
    done = "Chaque message aura un lien pour la modifier ou l’arrêter."
    if request.method != "POST":
        return one_button(request, **page, done=done if alert.is_active else "")
    try:
        actions.confirm(alert=alert, at=now)
    except actions.AlertRefused as refusal:
        return one_button(request, **page, problems=[str(refusal)])
    page["back_url"] = reverse("contacts:alerts_manage", args=[signed.sign(actions.MANAGE, alert.subscriber)])
    return known.remember(one_button(request, **page, done=done), alert.subscriber.email)


fresh_manage = {"what": "vos alertes", "fresh": lambda row, at: actions.send_fresh_link(person=row, at=at)}


@opened_by(actions.MANAGE, lambda: PEOPLE, rules.MANAGE_WITHIN, **fresh_manage)
def alerts_manage(request, person):
    """All the alerts of a person: how often they write, stop one or all, erase everything."""
    now = timezone.now()
    if request.method == "POST":
        if request.POST.get("verb") == "forget":
            actions.forget(person=person)
            return one_button(request, title="Vos données sont effacées", lead="", button="", done=ERASED)
        return told.redirect(request.path, _perform(request, person, now))
    token, kinds = request.resolver_match.kwargs["token"], {name: kind(now) for name, kind in KINDS.items()}
    context = {
        "alerts": [
            {
                "pk": alert.pk,
                "rhythm": alert.rhythm,
                "began": french.date(timezone.localtime(alert.confirmed_at)),
                "label": kinds[alert.kind].label,
                "search": kinds[alert.kind].read(alert.query),
                "url": reverse("contacts:alerts_change", args=[token, alert.pk]),
            }
            for alert in person.alerts.active().defer("known_ids")
        ],
        "rhythms": Rhythm.choices,
        "done": DONE.get(told.word(request)),
        "robots": "noindex",
    }
    return render(request, "contacts/alerts_manage.html", context)


def _perform(request, person, now):
    """Do what a button of the page says; the key of `DONE`, or nothing when the alert is no longer theirs."""
    verb, number = request.POST.get("verb", ""), request.POST.get("alert", "")
    if verb == "stop_all":
        actions.stop(person=person, at=now)
        return "tout"
    alert = person.alerts.active().filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if alert is None:
        return ""
    if verb == "stop":
        actions.stop(person=person, alert=alert, at=now)
        return "arret"
    form = RhythmForm(request.POST)
    if verb == "rhythm" and form.is_valid():
        actions.set_rhythm(alert=alert, rhythm=form.cleaned_data["rhythm"], at=now)
        return "rythme"
    return ""


@opened_by(actions.MANAGE, lambda: PEOPLE, rules.MANAGE_WITHIN, **fresh_manage)
def alerts_change(request, person, pk):
    """Follow another search: the filters of the list change the address of this page, its button keeps what it shows."""
    now = timezone.now()
    alert = get_object_or_404(person.alerts.active().defer("known_ids"), pk=pk)
    kind = KINDS[alert.kind](now)
    search = kind.read(request.GET if request.GET else alert.query)
    manage = reverse("contacts:alerts_manage", args=[request.resolver_match.kwargs["token"]])
    problems = []
    if request.method == "POST":
        try:
            actions.change(alert=alert, query=search.query, at=now)
        except actions.AlertRefused as refusal:
            problems = [str(refusal)]
        else:
            return told.redirect(manage, "recherche")
    context = {
        **kind.panel(search.query, request.path),
        "panel_template": kind.panel_template,
        "search": search,
        "found": kind.found(search.query),
        "is_same": search.query == alert.query,
        "manage_url": manage,
        "problems": problems,
        "robots": "noindex",
    }
    return render(request, "contacts/alerts_change.html", context)


@opened_by(actions.STOP, lambda: ALERTS, signed.NEVER, what="cette alerte")
def alerts_stop(request, alert):
    """One button stops one alert."""
    now = timezone.now()
    if request.method == "POST":
        actions.stop(person=alert.subscriber, alert=alert, at=now)
        alert.stopped_at = alert.stopped_at or now
    return one_button(
        request,
        title="Arrêter cette alerte",
        lead="Elle ne vous écrira plus. Vos autres alertes continuent.",
        button="Arrêter cette alerte",
        facts=facts(alert, now),
        done="" if alert.is_active else DONE["arret"],
    )


@opened_by(actions.OFF, lambda: PEOPLE, signed.NEVER, what="vos alertes")
def alerts_off(request, person):
    """What mail programs post to (RFC 8058), and the page of the link of the same name: no more message of any alert."""
    if request.method == "POST":
        actions.stop(person=person, at=timezone.now())
    running = person.alerts.active().count()
    return one_button(
        request,
        title="Ne plus recevoir d’alerte",
        lead=f"{french.plural(running, 'alerte vous écrit', 'alertes vous écrivent')}. Ce bouton les arrête toutes.",
        button="Tout arrêter",
        done="" if running else DONE["tout"],
    )


@opened_by(actions.RENEW, lambda: PEOPLE, rules.MANAGE_WITHIN, **fresh_manage)
def alerts_renew(request, person):
    """One button goes on for six months."""
    if request.method == "POST":
        actions.renew(person=person, at=timezone.now())
    running = person.alerts.active().count()
    return one_button(
        request,
        title="Garder vos alertes",
        lead="Elles continuent six mois, puis nous vous poserons de nouveau la question." if running else "Vos alertes sont arrêtées.",
        button="Oui, je continue" if running else "",
        done="Vos alertes continuent." if request.method == "POST" and running else "",
    )


@opened_by(actions.OPINION, lambda: ALERTS, signed.NEVER, what="cette alerte")
def alerts_useful(request, alert):
    """The link says that an alert was useful, the button notes it."""
    return _opinion(request, alert, useful=True)


@opened_by(actions.OPINION, lambda: ALERTS, signed.NEVER, what="cette alerte")
def alerts_useless(request, alert):
    """The link says that an alert was not useful, the button notes it."""
    return _opinion(request, alert, useful=False)


def _opinion(request, alert, useful):
    form = OpinionForm(request.POST if request.method == "POST" else None)
    done = request.method == "POST" and form.is_valid()
    if done:
        actions.judge(alert=alert, useful=useful, word=form.cleaned_data["word"], at=timezone.now())
    context = {"form": form, "useful": useful, "done": done, "facts": facts(alert, timezone.now()), "robots": "noindex"}
    return render(request, "contacts/alerts_opinion.html", context)
