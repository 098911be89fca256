"""What others do with needs: anybody reads the numbers, a publisher asks for a doctor, the doctor answers."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from contacts import needs_counts
from contacts.actions import afterwords, introductions, matches
from contacts.actions.steps import ConversationRefused
from contacts.enums import Answer
from contacts.forms.conversations import AfterwordForm
from contacts.models import Need, NeedMatch
from contacts.needs_words import days
from contacts.replacement import calendar_of_match
from contacts.rules import needs as rules
from contacts.views.conversations import as_file
from core import french, told
from core.private import one_button, opened_by
from opportunities import presenters
from opportunities.lists import Lists
from opportunities.models import Opportunity

MATCHES = NeedMatch.objects.select_related("need__commune", "offer__kind", "offer__commune__epci")
ANSWERS = {
    Answer.YES: (
        "Être mis en relation",
        "Si vous acceptez, l’annonceur reçoit votre adresse électronique, et vous la sienne.",
        "Oui, mettez-nous en relation",
    ),
    Answer.LATER: (
        "Répondre plus tard",
        "Nous disons à l’annonceur que vous répondrez, sans dire qui vous êtes, et vous posons de nouveau la question dans une semaine.",
        "Plus tard",
    ),
    Answer.NO: ("Ne pas donner suite", "Nous disons à l’annonceur que vous ne donnez pas suite. Il n’apprend rien de vous.", "Non merci"),
}
"""Title, explanation and button of each answer of a doctor."""
ANSWERED = {
    Answer.YES: "C’est oui\u00a0: vous recevez tous deux l’adresse de l’autre, avec la suite à donner.",
    Answer.LATER: "Nous vous posons de nouveau la question dans une semaine.",
    Answer.NO: "L’annonceur n’apprend rien de vous.",
}


DAYS_FILE = {"what": "ces dates", "again": "Le message qui vous a mis en relation dit les dates."}
REQUESTED = {
    "": "Nous posons la question au médecin. Vous recevez sa réponse par courriel, dans une semaine au plus tard.",
    **introductions.OUTCOMES,
    Answer.YES: "Le médecin accepte\u00a0: nous vous avons écrit à tous deux, et chacun a l’adresse de l’autre.",
}
"""What the page of a publisher says once they asked, by the answer of the doctor."""


AFTERWARDS = "Merci. Vos réponses aident l’équipe, et l’annonceur ne les lit pas."


def _asked(request):
    """The lines of the table that the address asks for. It chooses among lines, and computes none."""
    lists = Lists()
    rows = needs_counts.rows(timezone.now(), lists)
    area, kind = (french.one_line(request.GET.get(name, "")) for name in ("epci", "type"))
    kinds = {kind} if kind == needs_counts.LODGING else {kind, needs_counts.ANY_KIND}
    chosen = [row for row in rows if (not area or row.area in (area, "")) and (not kind or row.kind in kinds)]
    return lists, chosen, area, kind


@cache_control(public=True, max_age=300)
def needs_counts_page(request):
    """How many people look for what, by intercommunalité."""
    lists, rows, area, kind = _asked(request)
    kinds = [(code, each.label) for code, each in lists.kinds.items() if each.active] + [(needs_counts.LODGING, "Un logement")]
    context = {
        "rows": rows,
        "epcis": [(slug, epci.label, slug == area) for slug, epci in lists.epcis.items()],
        "kinds": [(code, label, code == kind) for code, label in kinds],
        "fewest": rules.FEWEST,
        "has_demo": Need.objects.active(timezone.now()).filter(is_demo=True).exists(),
        "robots": "noindex" if request.GET else "",
    }
    return render(request, "contacts/needs_counts.html", context)


@cache_control(public=True, max_age=300)
def needs_counts_csv(request):
    """The same lines as a file."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="besoins.csv"'
    writer = csv.writer(response, delimiter=";")
    writer.writerow(["secteur", "recherche", "personnes", "dont"])
    writer.writerows([row.area_label, row.kind_label, row.count, row.months] for row in _asked(request)[1])
    return response


@opened_by(
    introductions.REQUEST,
    lambda: MATCHES,
    introductions.LIFETIME,
    what="cette disponibilité",
    fresh=lambda row, at: introductions.send_fresh_request_link(match=row, at=at),
)
def needs_request(request, match):
    """A publisher asks for a doctor whose name they do not know: one button."""
    done, problems = "", []
    if match.requested_at or request.method == "POST":
        try:
            match = introductions.request(match=match, at=timezone.now())
        except introductions.NotAvailable:
            problems = ["Ce médecin n’est plus disponible, ou votre offre n’est plus en ligne."]
        else:
            done = REQUESTED[match.answer]
    return one_button(
        request,
        title="Demander la mise en relation",
        lead="Nous demandons au médecin s’il l’accepte. Si oui, chacun reçoit l’adresse électronique de l’autre.",
        button="" if problems else "Demander la mise en relation",
        done=done,
        done_title="Votre demande de mise en relation",
        facts=[("Médecin", rules.availability(match.need, match.offer)), ("Votre offre", match.offer.title)],
        problems=problems,
    )


@opened_by(
    introductions.ANSWER,
    lambda: MATCHES.filter(requested_at__isnull=False),
    introductions.LIFETIME,
    what="cette demande",
    fresh=lambda row, at: introductions.send_fresh_question(match=row, at=at),
)
def needs_answer(request, match, answer):
    """The doctor's yes, no or later: one button each."""
    if answer not in ANSWERS:
        raise Http404
    title, lead, button = ANSWERS[answer]
    problems = []
    if request.method == "POST":
        try:
            match = introductions.answer(match=match, answer=answer, at=timezone.now())
        except introductions.NotAvailable:
            problems = ["Cette offre n’est plus en ligne, ou votre disponibilité est terminée\u00a0: il n’y a plus rien à accepter."]
    settled = match.answer in (Answer.YES, Answer.NO) or (request.method == "POST" and not problems)
    return one_button(
        request,
        title=title,
        lead=lead,
        button="" if problems else button,
        done=ANSWERED.get(match.answer, "") if settled else "",
        facts=[("Offre", match.offer.title), ("Lieu", presenters.place(match.offer)), ("Vos dates", days(match.need) or "non précisées")],
        problems=problems,
        back_url=match.offer.get_absolute_url(),
        back_label="Voir l’offre",
    )


@opened_by(introductions.REQUEST, lambda: MATCHES.filter(introduced_at__isnull=False), introductions.LIFETIME, **DAYS_FILE)
def needs_request_days(request, match):
    """The days that an offer and a doctor have in common, for the diary of the publisher."""
    return as_file(calendar_of_match(match))


@opened_by(introductions.ANSWER, lambda: MATCHES.filter(introduced_at__isnull=False), introductions.LIFETIME, **DAYS_FILE)
def needs_answer_days(request, match):
    """The same for the doctor."""
    return as_file(calendar_of_match(match))


@opened_by(
    afterwords.AFTER,
    lambda: MATCHES.filter(introduced_at__isnull=False),
    afterwords.LIFETIME,
    what="ces questions",
    again="Écrivez à l’équipe\u00a0: elle lit ce que vous en dites.",
)
def needs_after(request, match):
    """Three questions to a doctor whose replacement is over; the publisher reads nothing of it."""
    form, problem = AfterwordForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            form.save_introduced(match)
        except ConversationRefused as refusal:
            problem = str(refusal)
        else:
            return told.redirect(request.path, "after")
    is_due = afterwords.is_due_introduced(match, timezone.localdate())
    done = AFTERWARDS if told.word(request) == "after" else ""
    context = {"offer": match.offer, "form": form if is_due else None, "problem": problem, "done": done, "robots": "noindex"}
    return render(request, "contacts/needs_after.html", context)


def _mute(request, offer, *, every):
    done = ""
    if request.method == "POST":
        matches.mute(offer=offer, every=every, at=timezone.now())
        done = "Nous ne vous écrirons plus à ce sujet."
    what = "Pour toutes vos offres" if every else f"Pour l’offre «\u00a0{offer.title}\u00a0»"
    return one_button(
        request,
        title="Ne plus être prévenu des médecins disponibles",
        lead=f"{what}, nous ne vous dirons plus qu’un médecin est disponible. Vos offres restent en ligne.",
        button="Ne plus rien recevoir",
        done=done,
    )


@opened_by(matches.MUTE, lambda: Opportunity.objects.with_page(), None, what="votre offre")
def needs_mute(request, offer):
    """No more doctors for this offer."""
    return _mute(request, offer, every=False)


@opened_by(matches.MUTE, lambda: Opportunity.objects.with_page(), None, what="votre offre")
def needs_mute_all(request, offer):
    """No more doctors for any offer of this publisher: the footer of the messages, and the one click of mail programs."""
    return _mute(request, offer, every=True)
