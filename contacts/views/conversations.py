"""Pages of who writes: the form, the button that confirms an address, « Où en est mon message »."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from agenda.models import Event
from contacts import targets
from contacts.actions import afterwords, disclosures, endings, letters, rooms, stays, steps, waiting
from contacts.actions import conversations as verbs
from contacts.enums import IN_QUEUE, Handover, Outcome, Side, Stage, Target
from contacts.forms.conversations import AfterwordForm, CancelForm, SayForm, WriteForm
from contacts.models import Conversation
from contacts.replacement import calendar
from contacts.rules import conversations as rules
from contacts.rules.what_next import what_next
from core import diary, french, known, told
from core.private import one_button, opened_by, private, without_account
from core.requests import client_address
from opportunities.models import Opportunity


def ROWS():
    return Conversation.objects.select_related(*ABOUT, "recipient").filter(erased_at__isnull=True)


ABOUT = ("offer__kind", "offer__commune__epci", "partner", "dwelling__commune", "event", "booking")
"""What pages of a conversation read of what it is about."""


@without_account
def write_offer(request, pk):
    """To the publisher of an offer; one that is over says so on its page."""
    over = Opportunity.objects.with_page().exclude(pk__in=Opportunity.objects.visible(timezone.now())).filter(pk=pk).first()
    if over is not None:
        return HttpResponseRedirect(over.get_absolute_url())
    return write(request, targets.offer(pk))


@without_account
def write_event(request, pk):
    """To the organiser of an event; one that is over or cancelled says so on its page."""
    now = timezone.now()
    found = Event.objects.visible(now).defer("search_vector").filter(pk=pk).first()
    if found is not None and rules.what_became(found, now):
        return HttpResponseRedirect(found.get_absolute_url())
    return write(request, targets.event(pk))


@without_account
def write_partner(request, slug):
    """To a partner."""
    return write(request, targets.partner(slug))


@without_account
def write_adviser(request):
    """To the team."""
    return write(request, targets.adviser(request.GET.get("sujet", ""), request.GET.get("objet", "")))


def write(request, addressee, form_class=WriteForm, **asked):
    """The page of a first message, and what follows when it is sent; `asked` is what `form_class` wants to know besides."""
    is_known = request.method == "POST" and known.knows(request, request.POST.get("email", "").strip().lower())
    form = form_class(
        request.POST or None,
        target=addressee.target,
        about=addressee.title,
        confidential=addressee.confidential,
        relayed=addressee.relayed,
        dated=addressee.dated,
        days_hint=addressee.days_hint,
        machine=client_address(request),
        initial=addressee.initial,
        **asked,
    )
    conversation = _kept(form, addressee, is_known) if request.method == "POST" and form.is_valid() else None
    if conversation is not None:
        if is_known:
            return private(HttpResponseRedirect(letters.path_of(letters.follow_url(conversation))))
        slow = rules.slowed(Conversation.objects.flood(timezone.now()).count())
        context = {"addressee": addressee, "email": conversation.email, "hours": round(slow.total_seconds() / 3600), "robots": "noindex"}
        return private(render(request, "contacts/conversation_sent.html", context))
    return private(render(request, "contacts/conversation_write.html", {"addressee": addressee, "form": form, "robots": "noindex"}))


def _kept(form, addressee, is_known):
    """The conversation that was begun, or None with the reason on the form."""
    try:
        return form.save(**addressee.subject, confirmed=is_known)
    except steps.ConversationRefused as refusal:
        form.add_error(None, str(refusal))
        return None


@opened_by(
    letters.CONFIRM,
    ROWS,
    rules.CONFIRM_LIFETIME,
    what="votre message",
    fresh=lambda row, at: verbs.send_fresh_confirmation(conversation=row, at=at),
)
def conversation_confirm(request, conversation):
    """The button of the first mail: the address is its author's, and the message leaves."""
    if request.method == "POST":
        verbs.confirm(conversation=conversation, at=timezone.now())
        return known.remember(HttpResponseRedirect(letters.path_of(letters.follow_url(conversation))), conversation.email)
    if conversation.stage != Stage.UNCONFIRMED:
        return HttpResponseRedirect(letters.path_of(letters.follow_url(conversation)))
    return one_button(
        request,
        title="Envoyer votre message",
        lead="Une personne de l’équipe le relit d’abord, car il contient des liens ou des coordonnées, puis il part."
        if conversation.doubts
        else "Vous l’avez écrit sur le portail. Il part dès que vous appuyez sur ce bouton.",
        facts=[*letters.facts(conversation), ("À propos de", conversation.about), ("Message", conversation.text)],
        button="Oui, envoyer mon message",
    )


@opened_by(
    letters.FOLLOW,
    ROWS,
    rules.FOLLOW_LIFETIME,
    what="votre message",
    fresh=lambda row, at: verbs.send_fresh_link(conversation=row, side=Side.SENDER, at=at),
)
def conversation_follow(request, conversation):
    """« Où en est mon message »: the steps, what was said, and what its author may do."""
    verb = request.POST.get("verb")
    forms = {name: form(request.POST if FORM_OF.get(verb, verb) == name else None) for name, form in FOLLOW_FORMS.items()}
    problem = ""
    if request.method == "POST":
        try:
            done = _follow_verb(conversation, verb, forms)
        except steps.ConversationRefused as refusal:
            problem, done = str(refusal), None
        if done == "erased":
            return render(request, "contacts/conversation_erased.html", {"robots": "noindex"})
        if done:
            return told.redirect(request.path, done)
    return render(request, "contacts/conversation_follow.html", _follow_context(request, conversation, forms, problem))


@opened_by(letters.FOLLOW, ROWS, rules.FOLLOW_LIFETIME, what="votre message", again="La page de votre message le redonne.")
def conversation_days(request, conversation):
    """The days of a replacement, for the diary of who wrote."""
    return days_file(conversation)


def days_file(conversation):
    """The file of the days, once both were introduced."""
    return as_file(calendar(conversation) if what_next(conversation, timezone.localdate()) else None)


def as_file(book):
    """A calendar to keep; nothing is found without one."""
    if book is None:
        raise Http404
    return HttpResponse(book, content_type=diary.CONTENT_TYPE, headers={"Content-Disposition": 'attachment; filename="remplacement.ics"'})


FOLLOW_FORMS = {"say": SayForm, "cancel": CancelForm, "after": AfterwordForm}
FORM_OF = {"refuse": "cancel"}
"""Verbs that read the form of another one."""
FOLLOW_DONE = {
    "say": "Votre message est parti.",
    "team": "L’équipe VSA suit maintenant votre message.",
    "lost": "La chambre n’est plus libre à vos dates\u00a0: vous restez sur la liste d’attente, à votre rang.",
    "take": "Votre demande part à l’hôte, qui la confirme.",
    "cancel": "Votre séjour est annulé, et votre hôte prévenu.",
    "refuse": "La prolongation est refusée, et votre hôte prévenu. Le séjour convenu avant reste confirmé.",
    "after": "Merci. Vos réponses aident l’équipe, et l’annonceur ne les lit pas.",
    "withdraw": "La conversation est close. Merci de l’avoir dit.",
}


def _follow_verb(conversation, verb, forms):
    """What one button does; the word that the page then shows, or None."""
    at, form = timezone.now(), forms.get(FORM_OF.get(verb, verb))
    if verb not in FOLLOW_VERBS or (form and not form.is_valid()):
        return None
    FOLLOW_VERBS[verb](conversation, form, at)
    if verb == "take" and conversation.stage == Stage.LISTED:
        return "lost"
    return "erased" if verb == "erase" else verb


FOLLOW_VERBS = {
    "say": lambda one, form, at: verbs.say(conversation=one, side=Side.SENDER, text=form.cleaned_data["text"], at=at),
    "team": lambda one, form, at: verbs.ask_team(conversation=one, at=at),
    "take": lambda one, form, at: rooms.take(conversation=one, at=at),
    "cancel": lambda one, form, at: rooms.cancel(conversation=one, reason=form.cleaned_data["reason"], at=at),
    "refuse": lambda one, form, at: rooms.refuse_prolongation(conversation=one, reason=form.cleaned_data["reason"], at=at),
    "after": lambda one, form, at: form.save(one),
    "withdraw": lambda one, form, at: endings.withdraw(conversation=one, at=at),
    "erase": lambda one, form, at: endings.erase(conversation=one, at=at),
}


def for_thread(conversation, messages):
    """The messages with who wrote each, and the answer that it gave, in words."""
    for message in messages:
        message.writer = rules.receiver(conversation) if message.side == Side.RECIPIENT else message.get_side_display()
        message.answered = rules.answer_label(conversation, message) if message.answer else ""
    return messages


def _on_the_list(conversation):
    """Of a request for a room that waits, why it waits in vain; of one that was made twice, the way to the first."""
    twin = waiting.twin_of(conversation) if conversation.outcome == Outcome.TWIN and conversation.dwelling else None
    return {
        "stuck": waiting.why_stuck(conversation) if conversation.stage == Stage.LISTED and conversation.booking else "",
        "first_path": letters.path_of(letters.follow_url(twin)) if twin else "",
    }


def _to_cancel(conversation, form):
    """What whoever stays may give up: the nights of each button, in words."""
    at = timezone.now()
    longer = stays.prolongation_of(conversation, at)
    return {
        "cancel_form": form if (nights := stays.nights(conversation, at)) else None,
        "nights": nights,
        "longer": french.date_range(longer.period.lower, longer.period.upper) if longer else "",
        "kept": stays.nights(conversation, at, but=longer) if longer else "",
    }


def _follow_context(request, conversation, forms, problem):
    messages = list(conversation.messages.all())
    is_open = rules.is_open(conversation)
    is_booked = is_open and conversation.outcome == Outcome.BOOKED
    then = what_next(conversation, timezone.localdate())
    return {
        "conversation": conversation,
        "stands": disclosures.stands(conversation),
        "steps": rules.timeline(conversation, messages),
        "messages_shown": for_thread(conversation, [message for message in messages if message.side != Side.PORTAL and message.text]),
        "contact": verbs.contact_of(conversation) if rules.shows_contact(conversation, timezone.localdate()) else None,
        "step_url": disclosures.waiting_url(conversation, Side.SENDER),
        **_on_the_list(conversation),
        "where": stays.whereabouts(conversation, timezone.localdate()) if is_booked else disclosures.whereabouts(conversation),
        "search_url": letters.path_of(stays.search_url(conversation, timezone.now())) if conversation.target == Target.ROOM else "",
        "next": then,
        "calendar_path": letters.path_of(letters.calendar_url(conversation, Side.SENDER)) if then and then.days else "",
        "after_form": forms["after"] if afterwords.is_due(conversation, timezone.localdate()) else None,
        "form": forms["say"],
        **(_to_cancel(conversation, forms["cancel"]) if is_booked else {"cancel_form": None}),
        "can_say": is_open,
        "can_take": conversation.stage == Stage.PROPOSED,
        "reader": rules.reader(conversation),
        "can_ask_team": conversation.stage in (Stage.WAITING, Stage.ANSWERED)
        and conversation.outcome != Outcome.HELPED
        and conversation.handover != Handover.ASKED_FOR,
        "can_withdraw": (is_open and not is_booked) or conversation.stage in (Stage.HELD, *IN_QUEUE),
        "problem": problem,
        "done": FOLLOW_DONE.get(told.word(request)),
        "robots": "noindex",
    }
