"""Pages of who receives: answering in one click, and how one wishes to be written to."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from contacts import targets
from contacts.actions import conversations as verbs
from contacts.actions import letters, stays
from contacts.actions.recipients import recipient_of
from contacts.enums import Reply, Side, Stage, Target
from contacts.forms.conversations import AnswerForm, SayForm
from contacts.models import Conversation
from contacts.rules import conversations as rules
from contacts.rules import ended, promises
from contacts.rules import rooms as room_rules
from contacts.rules.what_next import what_next
from contacts.views.conversations import days_file, for_thread
from contacts.views.wishes import wishes
from core import told
from core.private import opened_by
from opportunities import actions as offers
from opportunities import freshness, private_link
from opportunities.models import Opportunity


def ROWS():
    """What was passed on; and requests for a room that the team received for a host, who finds them on their own page."""
    passed_on = Q(relayed_at__isnull=False) | Q(target=Target.ROOM, recipient__isnull=False)
    related = ("offer__kind", "offer__commune__epci", "partner", "dwelling", "event", "booking", "recipient")
    return Conversation.objects.select_related(*related).filter(passed_on, erased_at__isnull=True)


@opened_by(
    letters.ANSWER,
    ROWS,
    rules.ANSWER_LIFETIME,
    key="answer_key",
    what="ce message",
    fresh=lambda row, at: verbs.send_fresh_link(conversation=row, side=Side.RECIPIENT, at=at),
)
def conversation_answer(request, conversation):
    """The recipient's page. A link of the mail chooses an answer (`choix`); its button gives it."""
    choice = request.GET.get("choix", "")
    replies = rules.replies(conversation)
    reply = Reply(choice) if choice in dict(replies) else None
    posted = request.method == "POST"
    form = AnswerForm(request.POST if posted and reply else None, reply=reply, conversation=conversation) if reply else None
    say = SayForm(request.POST if posted and not reply else None)
    problem = ""
    if posted and (form or say).is_valid():
        try:
            if form:
                form.save(conversation)
            else:
                verbs.say(conversation=conversation, side=Side.RECIPIENT, text=say.cleaned_data["text"], at=timezone.now())
        except verbs.ConversationRefused as refusal:
            problem = str(refusal)
        else:
            listed = conversation.stage == Stage.LISTED  # the room was taken before this yes
            return told.redirect(request.path, "taken" if listed else reply.value if reply else "mot")
    context = {
        "conversation": conversation,
        "facts": letters.facts(conversation),
        "replies": replies,
        "leading": next((code for code, _ in replies if code in rules.YES), None),
        "reply": reply,
        "reply_label": dict(replies).get(reply, ""),
        "form": form,
        "nights": stays.nights(conversation, timezone.now()) if reply == Reply.CANCELLED else "",
        "say": say if conversation.introduced_at or conversation.answered_at else None,
        "messages_shown": for_thread(conversation, list(conversation.messages.filter(to_recipient=True).exclude(text=""))),
        "is_open": rules.is_open(conversation),
        "undecided": room_rules.is_undecided(conversation),
        "ended": ended.why(conversation),
        "done": done(conversation, told.word(request)),
        "wishes_path": reverse("contacts:conversation_wishes", args=[request.resolver_match.kwargs["token"]])
        if conversation.target in NO_PRIVATE_LINK and conversation.recipient
        else "",
        "next": (then := what_next(conversation, timezone.localdate())),
        "calendar_path": letters.path_of(letters.calendar_url(conversation, Side.RECIPIENT)) if then and then.days else "",
        "problem": TAKEN if told.word(request) == "taken" else problem,
        "robots": "noindex",
    }
    return render(request, "contacts/conversation_answer.html", context)


@opened_by(letters.ANSWER, ROWS, rules.ANSWER_LIFETIME, key="answer_key", what="ce message", again="La page de ce message le redonne.")
def conversation_answer_days(request, conversation):
    """The days of a replacement, for the diary of who received the message."""
    return days_file(conversation)


@opened_by(letters.ANSWER, ROWS, rules.ANSWER_LIFETIME, key="answer_key", what="ce message", again="La page de ce message le redonne.")
def conversation_wishes(request, conversation):
    """How somebody without a private link wishes to be written to: an organiser, a partner."""
    if conversation.target not in NO_PRIVATE_LINK or conversation.recipient is None:
        raise Http404
    frame = {"answer_path": letters.path_of(letters.answer_url(conversation))}
    return wishes(request, conversation.recipient, "contacts/conversation_wishes.html", frame)


NO_PRIVATE_LINK = (Target.EVENT, Target.PARTNER)
"""Targets that the team writes: whoever receives their messages finds the settings from a message."""


def _frame(request, offer):
    """What the pages behind the private link of an offer share (`opportunities/_keep_nav.html`)."""
    over = offer.state not in offers.EDITABLE
    return {"offer": offer, "token": request.resolver_match.kwargs["token"], "is_over": over, "never_public": offer.published_at is None}


ANSWERED = {
    Reply.INTERESTED: "C’est envoyé. Vos coordonnées et les siennes sont échangées, un message vous le confirme.",
    Reply.QUESTION: "Votre question est partie. La réponse vous arrive par courriel.",
    Reply.NO: "Votre réponse est partie. Merci d’avoir répondu\u00a0: c’est ce qui manque le plus souvent.",
    Reply.FILLED: "C’est noté\u00a0: l’auteur est prévenu, et l’offre a quitté les listes.",
    "mot": "Votre message est parti.",
}


ROOM_ANSWERED = {
    Reply.ACCEPTED: "Le séjour est confirmé, et votre calendrier à jour. Vos coordonnées et les siennes sont échangées.",
    Reply.VISIT: "C’est envoyé, et vos coordonnées sont échangées\u00a0: convenez d’un moment. Après la visite, dites oui ou non ici.",
    Reply.FILLED: "C’est noté\u00a0: l’auteur est prévenu, et l’annonce a quitté les listes.",
    Reply.CANCELLED: "Le séjour est annulé. La personne est prévenue, et la suivante de la liste d’attente aussi.",
}
TAKEN = (
    "Aucune chambre n’est plus libre toutes ces nuits\u00a0: un autre séjour vient d’être confirmé. Rien n’est réservé. "
    "La demande est sur la liste d’attente, et la personne le sait."
)


def done(conversation, word):
    """What the page says of what was just done."""
    return ROOM_ANSWERED.get(word, ANSWERED.get(word)) if conversation.target == Target.ROOM else ANSWERED.get(word)


@opened_by(
    private_link.PURPOSE,
    lambda: Opportunity.objects.select_related("kind"),
    private_link.LIFETIME,
    what="votre offre",
    fresh=lambda row, at: freshness.send_fresh_link(offer=row, at=at),
)
def offer_messages(request, offer):
    """The messages about an offer, for its publisher, with how they are answered."""
    recipient = recipient_of(offer)
    now = timezone.now()
    found = Conversation.objects.of_recipient(recipient) if recipient else Conversation.objects.none()
    mine = found.filter(offer=offer, erased_at__isnull=True).order_by("-relayed_at", "-pk")
    context = {
        **_frame(request, offer),
        "for_us": Conversation.objects.filter(offer=offer, erased_at__isnull=True, confirmed_at__isnull=False).count()
        if offer.is_confidential
        else 0,
        "rows": [(one, letters.path_of(letters.answer_url(one))) for one in mine[:100]],
        "waiting": sum(one.stage == Stage.WAITING for one in mine[:100]),
        "promise": targets.promise(recipient, now),
        "median_of_all": promises.median_in_words(Conversation.objects.promise(now)),
        "robots": "noindex",
    }
    return render(request, "contacts/offer_messages.html", context)


@opened_by(
    private_link.PURPOSE,
    lambda: Opportunity.objects.select_related("kind"),
    private_link.LIFETIME,
    what="votre offre",
    fresh=lambda row, at: freshness.send_fresh_link(offer=row, at=at),
)
def offer_wishes(request, offer):
    """How the publisher of an offer wishes to be written to."""
    if not offer.contact_email:
        raise Http404
    return wishes(request, recipient_of(offer, or_new=True), "contacts/offer_wishes.html", _frame(request, offer))
