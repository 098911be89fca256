"""What former interns say of places: read by the team, then shown or refused with a reason."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from core import french
from core.admin import QUEUE_ROWS, ReadOnly, WorkQueue, WorkRow
from core.admin_mail import mails_of
from interns import actions
from interns.enums import NoteState
from interns.forms import RefusalForm
from interns.models import TrainingNote

CHANGELIST = "admin:interns_trainingnote_changelist"
CHANGE = "admin:interns_trainingnote_change"
DECIDE = "admin:interns_trainingnote_decide"
LATE = timedelta(days=7)
TONES = {NoteState.PUBLISHED: "olive", NoteState.TO_READ: "ochre", NoteState.REFUSED: "brick"}


@admin.register(TrainingNote)
class TrainingNoteAdmin(ReadOnly, admin.ModelAdmin):
    menu_position = 2
    list_display = ["place", "semester", "beginning", "flags", "state_told", "written"]
    list_filter = ["state", "place__setting"]
    list_select_related = ["place"]
    list_per_page = 50
    search_fields = ["place__name__unaccent", "text__unaccent"]
    search_help_text = "Terrain ou texte, sans souci des accents"
    ordering = ["-written_at", "-pk"]
    change_form_template = "admin/interns/trainingnote/decide.html"

    def get_queryset(self, request):
        """Drafts of addresses that nobody confirmed reach nobody."""
        return super().get_queryset(request).known_to_team()

    @admin.display(description="texte")
    def beginning(self, note):
        return french.quoted(note.text, 80)

    @admin.display(description="état", ordering="state")
    def state_told(self, note):
        return format_html('<span class="tag tag--{}">{}</span>', TONES.get(note.state, "plain"), note.get_state_display())

    @admin.display(description="écrit le", ordering="written_at")
    def written(self, note):
        return french.moment(note.written_at)

    def get_urls(self):
        decide = self.admin_site.admin_view(self.decide_view)
        return [path("<int:pk>/decider/", decide, name="interns_trainingnote_decide"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._page(
            request, self._note(request, int(object_id) if object_id.isdecimal() and len(object_id) < 18 else 0), RefusalForm()
        )

    def decide_view(self, request, pk):
        """Publish, or refuse with the reason that the author is told."""
        note = self._note(request, pk)
        if not request.user.has_perm("interns.change_trainingnote"):
            raise PermissionDenied
        refusing = "refuse" in request.POST
        form = RefusalForm(request.POST if refusing else None)
        if request.method != "POST" or (refusing and not form.is_valid()):
            return self._page(request, note, form)
        at = timezone.now()
        if refusing:
            actions.refuse_note(note=note, reason=form.cleaned_data["reason"], at=at, actor=request.user)
        else:
            actions.publish_note(note=note, at=at, actor=request.user)
        words = "refusée" if refusing else "publiée"
        told = ", son auteur est prévenu" if note.email else ""
        messages.success(request, f"Description {words}{told}.")
        return HttpResponseRedirect(reverse(CHANGELIST))

    def _note(self, request, pk):
        return get_object_or_404(self.get_queryset(request).select_related("place__commune", "decided_by"), pk=pk)

    def _page(self, request, note, form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Description\u00a0: {note.place.name}",
            "note": note,
            "may_decide": request.user.has_perm("interns.change_trainingnote"),
            "may_publish": note.state != NoteState.PUBLISHED,
            "may_refuse": note.state != NoteState.REFUSED,
            "form": form,
            "mails": mails_of(note),
            "place_url": reverse("admin:interns_trainingplace_change", args=[note.place_id]),
            "decide_url": reverse(DECIDE, args=[note.pk]),
        }
        return render(request, self.change_form_template, context)

    def work_queues(self, request, at):
        """Descriptions that wait to be read."""
        waiting = TrainingNote.objects.to_read().select_related("place")
        count = waiting.count()
        first = list(waiting[:QUEUE_ROWS]) if count else []
        return [
            WorkQueue(
                code="descriptions-de-terrains",
                title="Descriptions de terrains à relire",
                counter="descriptions à relire",
                count=count,
                url=reverse(CHANGELIST) + f"?state__exact={NoteState.TO_READ}",
                tone="brick" if first and first[0].confirmed_at < at - LATE else "ochre",
                is_awaited=True,
                empty="Aucune description de terrain n’attend de relecture.",
                rows=[
                    WorkRow(
                        title=note.place.name,
                        url=(url := reverse(CHANGE, args=[note.pk])),
                        note=note.flags or f"confirmée le {french.moment(note.confirmed_at)}",
                        action_label="Relire",
                        action_url=url,
                    )
                    for note in first
                ],
            )
        ]
