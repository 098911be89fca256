"""What the publisher of an offer does through a private link, and what a reader reports (`core.announced.pages`)."""

from core.announced.links import LIFETIME
from core.announced.pages import Pages
from core.private import opened_by, without_account
from core.requests import client_address
from opportunities import actions, presenters, quality, rules
from opportunities.enums import State
from opportunities.forms import ContactForm, FilledForm, FoundForm, OwnPhotoForm, PublishForm, ReportForm, SuccessionForm
from opportunities.freshness import FRESHNESS
from opportunities.models import ContactChange, Opportunity
from opportunities.preview import place, preview, shown
from opportunities.private_link import CONTACT_LIFETIME, CONTACT_PURPOSE, PURPOSE

OFFERS = Opportunity.objects.select_related("kind", "commune__epci", "facility")


class OfferPages(Pages):
    """The pages of offers: a confidential one is read and approved by its doctor first."""

    life, name, rows = actions.LIFE, "offer", OFFERS
    urls = {
        "keep": "opportunities:offer_keep",
        "edit": "opportunities:offer_edit",
        "photos": "opportunities:offer_photos",
        "address": "opportunities:offer_address",
        "publish": "opportunities:publish",
        "report": "opportunities:offer_report",
    }
    templates = {
        "keep": "opportunities/keep.html",
        "edit": "opportunities/edit.html",
        "photos": "core/announced/photos.html",
        "address": "core/announced/address.html",
        "report": "opportunities/report.html",
        "nav": "opportunities/_keep_nav.html",
    }
    buttons = {
        "confirm": (State.PUBLISHED, "Oui, elle tient toujours"),
        "fill": (State.FILLED, "Elle est pourvue"),
        "found": (State.FILLED, "Dire avec qui, et comment"),
        "pause": (State.PAUSED, "La mettre en pause"),
        "publish": (State.PUBLISHED, "La remettre en ligne"),
        "submit": (State.SUBMITTED, "Envoyer à l’équipe"),
        "agree": (State.SUBMITTED, "J’approuve ce texte"),
    }
    done = {
        "confirm": "C’est noté\u00a0: les lecteurs voient que l’offre est confirmée d’aujourd’hui.",
        "fill": "C’est noté\u00a0: l’offre a quitté les listes. Bonne nouvelle pour les patients.",
        "pause": "L’offre est en pause. Le même lien la remet en ligne.",
        "publish": "L’offre est de nouveau en ligne.",
        "found": "C’est noté, merci.",
        "submit": "L’offre est chez l’équipe, qui vous répond sous un jour ouvré.",
    }
    found_form, filled_form, contact_form = FoundForm, FilledForm, ContactForm
    photo_form, report_form = OwnPhotoForm, ReportForm

    def form_of(self, row, data, act, request):
        """A confidential offer has fewer fields."""
        form_class = SuccessionForm if row.is_confidential else PublishForm
        return form_class(data, kind=row.kind, act=act, instance=row, machine=client_address(request))

    def is_same(self, row, form):
        """What is written in confidence is another offer."""
        return row.is_confidential == form.instance.is_confidential and super().is_same(row, form)

    def shown(self, form, act):
        """As for a new offer."""
        return shown(form, act)

    def meter(self, row):
        """With the photographs that it has, or may have."""
        return quality.meter(row, photos=quality.photos_of(row, may_add=self.takes_photos(row)))

    def card(self, row, now):
        """As in the list."""
        return presenters.card(row, row.kind, now)

    def wordings(self, row):
        """As the rules say."""
        return rules.wording_for_publisher(row)

    def twins(self, row):
        """Offers still open that look like this one."""
        return Opportunity.objects.twins_of(row)

    def shows_photos(self, row):
        """Not where one would give away a place that is kept back."""
        return quality.shows_photos(row)

    def may_come_back(self, row):
        """Once its doctor has approved its text."""
        return rules.is_agreed(row)

    def waits_for_writer(self, row):
        """For the agreement of the doctor."""
        return rules.may_agree(row)

    def verbs_of(self, row):
        """To agree comes first."""
        verbs = super().verbs_of(row)
        return ["agree", *verbs] if rules.may_agree(row) else verbs

    def done_of(self, row, verb):
        """To agree leads nowhere by itself."""
        if verb == "agree":
            next_step = " L’équipe le publie." if row.state == State.SUBMITTED else ""
            return f"Votre accord est noté pour ce texte, et pour lui seul.{next_step}"
        return super().done_of(row, verb)

    def act(self, row, verb, filled, request, at):
        """To agree says to which text."""
        if verb == "agree":
            actions.agree(offer=row, digest=request.POST.get("digest", ""), at=at)
        else:
            super().act(row, verb, filled, request, at)

    def more(self, row):
        """The text to approve."""
        return {"digest": rules.shown_digest(row), "to_agree": preview(row) | place(row) if rules.may_agree(row) else None}


PAGES = OfferPages()


def opens_offer(view):
    """A page behind the private link of an offer."""
    return opened_by(PURPOSE, lambda: OFFERS, LIFETIME, what="votre offre", fresh=FRESHNESS.send_fresh_link)(view)


offer_keep, offer_edit = opens_offer(PAGES.keep), opens_offer(PAGES.edit)
offer_photos, offer_address = opens_offer(PAGES.photos), opens_offer(PAGES.address)
offer_contact = opened_by(
    CONTACT_PURPOSE,
    lambda: ContactChange.objects.select_related("opportunity__kind"),
    CONTACT_LIFETIME,
    what="votre offre",
    again="Redemandez-le depuis la page privée de l’offre, par «\u00a0Changer l’adresse du contact\u00a0».",
)(PAGES.contact)
offer_report = without_account(PAGES.report)
