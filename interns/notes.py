"""What a former intern says of a place: the form, its confirmation, and the way to take it back. A GET changes nothing."""

from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from core import known, told
from core.french import NBSP
from core.private import one_button, opened_by, without_account
from core.requests import client_address
from interns import actions, rules
from interns.enums import NoteState
from interns.forms import NoteForm
from interns.models import TrainingNote, TrainingPlace
from territories import semesters

NOTES = TrainingNote.objects.select_related("place__commune")
SENT = {
    "verifier": f"Il reste un geste{NBSP}: ouvrez le message que nous vous envoyons, et confirmez. Sinon, tout est effacé sous sept jours.",
    "relire": f"Merci{NBSP}! L’équipe relit, puis vous écrit.",
}
READING = "L’équipe relit votre description, puis vous écrit."


@without_account
def note_new(request, pk, slug):
    """The form under a place that readers may see."""
    place = get_object_or_404(TrainingPlace.objects.visible().select_related("commune", "facility", "specialty"), pk=pk)
    if slug != place.slug:
        return HttpResponsePermanentRedirect(place.get_note_url())
    form = NoteForm(request.POST or None, machine=client_address(request))
    if request.method == "POST" and form.is_valid():
        is_known = known.knows(request, form.cleaned_data["email"])
        form.save(place=place, known=is_known, at=timezone.now())
        return told.redirect(place.get_note_url(), "relire" if is_known else "verifier")
    shown = {"place": place, "form": form, "sent": SENT.get(told.word(request), ""), "robots": "noindex"}
    return render(request, "interns/note_form.html", shown)


def facts(note):
    """What the author is shown of a description."""
    semester = semesters.computed(note.semester)
    return [("Terrain", note.place.name), ("Semestre", semester.label if semester else note.semester), ("Texte", note.text)]


@opened_by(
    actions.CONFIRM,
    lambda: NOTES,
    rules.CONFIRM_WITHIN,
    what="votre description",
    fresh=lambda row, at: actions.send_fresh_confirmation(note=row, at=at),
)
def note_confirm(request, note):
    """One button: the address is confirmed, and the team may read."""
    if request.method == "POST":
        is_first = note.state == NoteState.WAITING
        actions.confirm_note(note=note, at=timezone.now())
        response = HttpResponseRedirect(request.path)
        return known.remember(response, note.email) if is_first else response
    return one_button(
        request,
        title="Confirmer votre description",
        lead="Vérifiez, puis confirmez\u00a0: l’équipe la lit, puis vous dit si elle la publie.",
        button="Confirmer ma description",
        done="" if note.state == NoteState.WAITING else READING,
        facts=facts(note),
        back_url=note.place.get_absolute_url(),
        back_label="La page du terrain",
    )


@opened_by(actions.WITHDRAW, lambda: NOTES, None, what="votre description")
def note_withdraw(request, note):
    """One button: the author takes the description back, and nothing of it is left."""
    shown = facts(note)
    if request.method == "POST":
        actions.withdraw_note(note=note)
    return one_button(
        request,
        title="Retirer votre description",
        lead="Elle quitte le portail tout de suite et pour de bon. Aucune raison n’est demandée.",
        button="Retirer ma description",
        done="Votre description est retirée\u00a0: plus rien n’en est gardé." if request.method == "POST" else "",
        facts=[] if request.method == "POST" else shown,
        back_url=reverse("interns:place_list"),
        back_label="Les terrains de stage",
    )
