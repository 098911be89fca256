"""The page of how one wishes to be written to, wherever it is opened from."""

from django.shortcuts import render

from contacts.actions.recipients import save_wishes
from contacts.forms.conversations import WishesForm
from core import told


def wishes(request, recipient, template, frame):
    """Pause, cap and absence of `recipient`: for everything that has this address. `frame` is what `template` reads around the form."""
    form = WishesForm(request.POST or None, instance=recipient)
    if request.method == "POST" and form.is_valid():
        save_wishes(recipient=form.save(commit=False))
        return told.redirect(request.path, "note")
    return render(request, template, {**frame, "form": form, "done": told.word(request) == "note", "robots": "noindex"})
