"""Pages of a step of confidence: what would be told, and two buttons. Each side has a link of its own."""

from datetime import timedelta

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from contacts.actions import disclosures
from contacts.actions.steps import ConversationRefused
from contacts.enums import DisclosureStep, Side
from contacts.models import Disclosure
from core.private import opened_by

LIFETIME = timedelta(days=30)
TOLD = {
    DisclosureStep.PROFILE: "Le médecin lit le parcours du candidat, écrit par l’équipe, sa situation et ses dates\u00a0: "
    "ni nom, ni coordonnées.",
    DisclosureStep.COMMUNE: "Le candidat apprend la commune du cabinet. Rien d’autre.",
    DisclosureStep.IDENTITY: "Le médecin et le candidat apprennent leurs noms et leurs coordonnées, en même temps.",
}
"""What each step tells, to both alike."""


def ROWS():
    return Disclosure.objects.select_related("conversation__offer", "conversation__recipient").filter(conversation__erased_at__isnull=True)


def fresh(side):
    """What the page of an old link sends again."""
    return lambda row, at: disclosures.send_again(disclosure=row, side=side, at=at)


@opened_by(disclosures.CANDIDATE, ROWS, LIFETIME, what="cette étape", fresh=fresh(Side.SENDER))
def disclosure_candidate(request, disclosure):
    """For the candidate."""
    return _page(request, disclosure, Side.SENDER)


@opened_by(disclosures.DOCTOR, ROWS, LIFETIME, what="cette étape", fresh=fresh(Side.RECIPIENT))
def disclosure_doctor(request, disclosure):
    """For the doctor."""
    return _page(request, disclosure, Side.RECIPIENT)


def _profile(disclosure, side):
    """The path of the candidate, for who may read it: its candidate, and the doctor once it was told."""
    if side == Side.SENDER and disclosure.text:
        return disclosure.text
    return disclosures.profile_of(disclosure.conversation)


def _page(request, disclosure, side):
    problem = ""
    if request.method == "POST" and request.POST.get("verb") in ("agree", "decline"):
        verb = request.POST["verb"]
        act = disclosures.agree if verb == "agree" else disclosures.decline
        try:
            act(disclosure=disclosure, side=side, at=timezone.now())
        except ConversationRefused as refusal:
            problem = str(refusal)
        else:
            return HttpResponseRedirect(request.path)
    agreed = disclosure.candidate_agreed_at if side == Side.SENDER else disclosure.doctor_agreed_at
    context = {
        "disclosure": disclosure,
        "is_candidate": side == Side.SENDER,
        "about": disclosure.conversation.about,
        "told": TOLD[disclosure.step],
        "profile": _profile(disclosure, side),
        "agreed": agreed,
        "is_over": disclosures.is_over(disclosure, disclosure.conversation),
        "problem": problem,
        "robots": "noindex",
    }
    return render(request, "contacts/disclosure.html", context)
