"""“Ma sélection”: pages that the secret link of a selection opens, and the two that lead to it. No cookie, and a GET changes nothing
but the day on which a selection was last opened.
"""

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from contacts.actions import selections as actions
from contacts.enums import SelectedKind
from contacts.forms.selections import JoinForm, NoteForm, SendLinkForm, StartForm
from contacts.models import Selection, SelectionNote
from contacts.rules import selections as rules
from contacts.selected import calendar, comparison, items, pdf
from core import told
from core.french import NBSP
from core.links import mailto, origin
from core.private import opened_by, private, without_account
from core.requests import client_address

DONE = {
    "commencee": "Votre sélection est commencée. Gardez l’adresse de cette page en favori, ou recevez-la par courriel plus bas.",
    "ajout": "C’est dans votre sélection.",
    "note": "La note est ajoutée.",
    "retire": "C’est retiré de votre sélection.",
    "remis": "C’est remis dans votre sélection.",
    "note-retiree": "La note est retirée.",
    "note-remise": "La note est remise.",
    "deplace": "L’ordre est changé.",
    "lien": "Le lien est changé\u00a0: les anciens n’ouvrent plus rien. Gardez l’adresse de cette page.",
    "courriel": "Le lien part à cette adresse, une fois par jour au plus.",
}
HOME, ADD = "contacts/selections_home.html", "contacts/selections_add.html"


class Refused(Exception):
    """What a button cannot do, in words for the page."""


def opened(purpose):
    """A view of a selection, opened by one of its links."""
    return opened_by(purpose, lambda: Selection.objects.all(), None, what="votre sélection", refused="contacts/selections_gone.html")


@without_account
def selection_home(request):
    """What a selection is, and the field that opens the one that somebody has."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(actions.page_path(form.cleaned_data["lien"]))
    return private(render(request, HOME, {"form": form, "limits": rules, "robots": "noindex"}))


@without_account
def selection_add(request, kind, pk):
    """Keep this thing: in a new selection, or in the one whose link is given."""
    at = timezone.now()
    shown = items.may_keep(kind, pk, at)
    if shown is None:
        raise Http404
    starts = request.method == "POST" and "lien" not in request.POST
    start = StartForm(request.POST if starts else None, machine=client_address(request))
    join = JoinForm(request.POST if request.method == "POST" and not starts else None)
    if starts and start.is_valid():
        start.count()
        return _lead(actions.start(kind=kind, object_id=pk, at=at), "commencee")
    if join.is_bound and join.is_valid():
        try:
            actions.add(selection=join.cleaned_data["lien"], kind=kind, object_id=pk, at=at)
        except actions.SelectionRefused as full:
            join.add_error("lien", str(full))
        else:
            return _lead(join.cleaned_data["lien"], "ajout")
    context = {"shown": shown, "start": start, "join": join, "limits": rules, "robots": "noindex"}
    return private(render(request, ADD, context))


def _lead(selection, done, **more):
    """To the page of a selection, which says what was done."""
    return told.redirect(f"{actions.page_path(selection)}{'?' if more else ''}{urlencode(more)}", done)


@opened(actions.WRITE)
def selection(request, selection):
    """The page of those who choose: a GET shows it, a POST does what one of its buttons says."""
    at = timezone.now()
    actions.note_opening(selection=selection, at=at)
    forms = {"note": None, "mail": SendLinkForm(machine=client_address(request))}
    problem = ""
    if request.method == "POST":
        try:
            answer = VERBS.get(request.POST.get("verb", ""), _unknown)(request, selection, at, forms)
        except (Refused, actions.SelectionRefused) as refusal:
            problem = str(refusal)
            answer = JsonResponse({"problem": problem}, status=409) if _wants_json(request) else None
        if answer:
            return answer
    return render(request, "contacts/selections_detail.html", page(request, selection, at, forms, problem))


def _wants_json(request):
    return request.headers.get("Accept", "") == "application/json"


def page(request, selection, at, forms, problem):
    """Everything that the template reads."""
    contents = items.contents(selection, at)
    done = told.word(request)
    url = origin(request) + request.path
    read_url = origin(request) + actions.read_path(selection)
    communes = [line.shown for line in contents.of(SelectedKind.COMMUNE)]
    compared = urlencode([("commune", commune.slug) for commune in communes[: rules.COMPARED]])
    bound = forms["note"]
    return {
        "selection": selection,
        "contents": contents,
        "keys": " ".join(line.item.key for line in contents.lines),
        "note_forms": [(line, bound if bound and bound.item_id == line.item.pk else _note_form(line.item.pk)) for line in contents.lines],
        "writers": sorted({note.writer for line in contents.lines for note in line.notes if note.writer}),
        "mail_form": forms["mail"],
        "done": DONE.get(done, ""),
        "undo": _undo(contents, done, request.GET.get("n", "")),
        "problem": problem or _form_problem(forms),
        "comparable": comparison.comparable(contents),
        "compared_kinds": [kind for kind, _ in comparison.comparable(contents)],
        "compare_path": f"{request.path}comparer/",
        "communes_url": f"{reverse('places:compare')}?{compared}" if len(communes) >= comparison.FEWEST else "",
        "url": url,
        "read_url": read_url,
        "share_mail_url": mailto("", "Notre sélection en Vaucluse", f"Pour lire et noter à deux{NBSP}:\n{url}\n"),
        "erased_on": rules.erased_on(selection),
        "limits": rules,
        "has_demo": any(line.shown and line.shown.is_demo for line in contents.lines),
        "robots": "noindex",
    }


def _form_problem(forms):
    """What is said on top of a form that is refused; its fields say the rest."""
    if forms["note"] and forms["note"].errors:
        return "La note n’est pas enregistrée\u00a0: voyez ce qui est à corriger, dans la fiche."
    if forms["mail"].errors:
        return "Le lien n’est pas envoyé\u00a0: voyez ce qui est à corriger, au bas de la page."
    return ""


def _undo(contents, done, key):
    """The button that takes back what was just done, as `(verb, name, value)`."""
    if done == "retire" and any(str(line.item.pk) == key for line in contents.removed):
        return "restore", "item", key
    if done == "note-retiree" and any(str(note.pk) == key for note, _ in contents.removed_notes):
        return "restore_note", "note", key
    return None


def _note_form(item_id, data=None):
    form = NoteForm(data, auto_id=f"note-{item_id}-%s")
    form.item_id = item_id
    return form


def _row(rows, text):
    """The row of this selection that a form names; what it names otherwise is said to be gone."""
    row = rows.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 19 else None
    if row is None:
        raise Refused("Cet élément n’est plus là. Voici la sélection telle qu’elle est maintenant.")
    return row


def _item(request, selection, rows=None):
    return _row(selection.items.kept() if rows is None else rows, request.POST.get("item", ""))


def _note(request, selection):
    return _row(SelectionNote.objects.filter(item__selection=selection), request.POST.get("note", ""))


def _unknown(request, selection, at, forms):
    raise Refused("Ce bouton n’existe pas. Rien n’a été changé.")


def _add(request, selection, at, forms):
    """Keep a thing named by its key; a script of the page of that thing asks it, and gets the keys of what is kept."""
    kind, _, pk = request.POST.get("quoi", "").partition("-")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19) or items.may_keep(kind, int(pk), at) is None:
        raise Refused("Cette fiche n’est plus en ligne.")
    actions.add(selection=selection, kind=kind, object_id=int(pk), at=at)
    if _wants_json(request):
        return JsonResponse({"keys": [item.key for item in selection.items.kept()]})
    return _lead(selection, "ajout")


def _remove(request, selection, at, forms):
    item = _item(request, selection)
    actions.remove(item=item, at=at)
    return _lead(selection, "retire", n=item.pk)


def _restore(request, selection, at, forms):
    item = _item(request, selection, selection.items.removed())
    actions.add(selection=selection, kind=item.kind, object_id=item.object_id, at=at)
    return _lead(selection, "remis")


def _move(by):
    def move(request, selection, at, forms):
        actions.move(item=_item(request, selection), by=by)
        return _lead(selection, "deplace")

    return move


def _write_note(request, selection, at, forms):
    item = _item(request, selection)
    form = forms["note"] = _note_form(item.pk, request.POST)
    if not form.is_valid():
        return None
    try:
        actions.write_note(item=item, at=at, **form.cleaned_data)
    except actions.SelectionRefused as full:
        form.add_error(None, str(full))
        return None
    return _lead(selection, "note", n=item.pk)


def _remove_note(request, selection, at, forms):
    note = _note(request, selection)
    actions.remove_note(note=note, at=at)
    return _lead(selection, "note-retiree", n=note.pk)


def _restore_note(request, selection, at, forms):
    actions.restore_note(note=_note(request, selection))
    return _lead(selection, "note-remise")


def _send(request, selection, at, forms):
    form = forms["mail"] = SendLinkForm(request.POST, machine=client_address(request))
    if not form.is_valid():
        return None
    actions.send_link(selection=selection, email=form.cleaned_data["email"], at=at)
    form.count()
    return _lead(selection, "courriel")


def _change_link(request, selection, at, forms):
    actions.change_link(selection=selection)
    return _lead(selection, "lien")


def _delete(request, selection, at, forms):
    context = {"former": selection.pk, "robots": "noindex"}
    actions.delete(selection=selection)
    return render(request, "contacts/selections_deleted.html", context)


VERBS = {
    "add": _add,
    "remove": _remove,
    "restore": _restore,
    "up": _move(-1),
    "down": _move(1),
    "note": _write_note,
    "remove_note": _remove_note,
    "restore_note": _restore_note,
    "send": _send,
    "change_link": _change_link,
    "delete": _delete,
}


@opened(actions.READ)
def selection_read(request, selection):
    """The page of those who may look: the things, without the notes."""
    at = timezone.now()
    contents = items.contents(selection, at, with_notes=False)
    context = {
        "contents": contents,
        "comparable": comparison.comparable(contents),
        "compare_path": f"{request.path}comparer/",
        "erased_on": rules.erased_on(selection),
        "has_demo": any(line.shown and line.shown.is_demo for line in contents.lines),
        "robots": "noindex",
    }
    return render(request, "contacts/selections_read.html", context)


def _compare(request, selection):
    at = timezone.now()
    contents = items.contents(selection, at, with_notes=False)
    kind = SelectedKind.ROOM if request.GET.get("quoi") == SelectedKind.ROOM else SelectedKind.OFFER
    lines = comparison.chosen(contents, set(request.GET.getlist("i")), kind)
    if kind == SelectedKind.ROOM:
        lines = comparison.with_nights(lines, at)
    keys = {line.item.pk for line in lines}
    context = {
        "back_url": request.path.removesuffix("comparer/"),
        "kind": kind,
        "words": comparison.KINDS[kind],
        "lines": lines,
        "rows": comparison.rows(lines) if len(lines) >= comparison.FEWEST else [],
        "choices": [(line, line.item.pk in keys) for line in contents.of(kind)],
        "most": rules.COMPARED,
        "too_many": len(request.GET.getlist("i")) > rules.COMPARED,
        "has_demo": any(line.shown.is_demo for line in lines),
        "robots": "noindex",
    }
    return render(request, "contacts/selections_compare.html", context)


def _calendar(request, selection, with_notes):
    book = calendar.calendar(items.contents(selection, timezone.now(), with_notes=with_notes))
    return _file(book, "text/calendar; charset=utf-8", "ma-selection.ics")


def _pdf(request, selection, with_notes):
    at = timezone.now()
    contents = items.contents(selection, at, with_notes=with_notes)
    url = origin(request) + actions.read_path(selection)
    return _file(pdf.pdf(contents, at, url=url), "application/pdf", "ma-selection.pdf")


def _file(content, kind, name):
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@opened(actions.WRITE)
def selection_compare(request, selection):
    """Its offers, or its rooms, side by side."""
    return _compare(request, selection)


@opened(actions.READ)
def selection_read_compare(request, selection):
    """The same, for those who may look."""
    return _compare(request, selection)


@opened(actions.WRITE)
def selection_calendar(request, selection):
    """Its days, for a diary."""
    return _calendar(request, selection, with_notes=True)


@opened(actions.READ)
def selection_read_calendar(request, selection):
    """The same, without the reminders of the notes."""
    return _calendar(request, selection, with_notes=False)


@opened(actions.WRITE)
def selection_pdf(request, selection):
    """The selection on paper. The link that it bears only reads: papers are left lying about."""
    return _pdf(request, selection, with_notes=True)


@opened(actions.READ)
def selection_read_pdf(request, selection):
    """The same, without the notes."""
    return _pdf(request, selection, with_notes=False)
