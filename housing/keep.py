"""What a host does through the private link of a dwelling, and what a reader reports: pages without an account (`core.announced.pages`)."""

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.announced.links import CONTACT_LIFETIME, LIFETIME
from core.announced.pages import Pages
from core.enums import State
from core.private import opened_by, without_account
from core.requests import client_address
from housing import actions, rules
from housing.forms import ContactForm, FilledForm, FoundForm, OwnPhotoForm, PublishForm, ReportForm
from housing.freshness import FRESHNESS
from housing.models import ContactChange, Dwelling
from housing.preview import card, meter_of, shown
from housing.private_link import LINKS, PURPOSE

DWELLINGS = Dwelling.objects.select_related("commune__epci", "facility")


class DwellingPages(Pages):
    """The pages of dwellings: dates are written with them until they have a calendar."""

    life, name, rows = actions.LIFE, "dwelling", DWELLINGS
    urls = {
        "keep": "housing:dwelling_keep",
        "edit": "housing:dwelling_edit",
        "photos": "housing:dwelling_photos",
        "address": "housing:dwelling_address",
        "publish": "housing:publish",
        "report": "housing:dwelling_report",
    }
    templates = {
        "keep": "housing/keep.html",
        "edit": "housing/edit.html",
        "photos": "housing/photos.html",
        "address": "core/announced/address.html",
        "report": "housing/report.html",
        "nav": "housing/_keep_nav.html",
    }
    buttons = {
        "confirm": (State.PUBLISHED, "Oui, elle tient toujours"),
        "fill": (State.FILLED, "Le logement n’est plus à louer"),
        "found": (State.FILLED, "Dire qui est venu, et comment"),
        "pause": (State.PAUSED, "La mettre en pause"),
        "publish": (State.PUBLISHED, "La remettre en ligne"),
        "submit": (State.SUBMITTED, "Envoyer à l’équipe"),
    }
    done = {
        "confirm": "C’est noté\u00a0: les lecteurs voient que l’annonce est confirmée d’aujourd’hui.",
        "fill": "C’est noté\u00a0: l’annonce a quitté les listes.",
        "pause": "L’annonce est en pause. Le même lien la remet en ligne.",
        "publish": "L’annonce est de nouveau en ligne.",
        "found": "C’est noté, merci.",
        "submit": "L’annonce est chez l’équipe, qui vous répond sous un jour ouvré.",
    }
    found_form, filled_form, contact_form = FoundForm, FilledForm, ContactForm
    photo_form, report_form = OwnPhotoForm, ReportForm

    def form_of(self, row, data, act, request):
        """With the fields of its kind."""
        return PublishForm(data, kind=row.kind, act=act, instance=row, machine=client_address(request))

    def shown(self, form, act):
        """As for a new one."""
        return shown(form, act)

    def meter(self, row):
        """With its dates, and the photographs that it has, or may have."""
        return meter_of(row, may_add=self.takes_photos(row))

    def card(self, row, now):
        """What the head of the page says."""
        return card(row)

    def wordings(self, row):
        """As the rules say."""
        return rules.wording_for_host(row)

    def twins(self, row):
        """Other open announcements of this kind by this address, in the same commune."""
        return Dwelling.objects.twins_of(row)

    def is_same(self, row, form):
        """With its dates."""
        stored = sorted((period.lower, period.upper) for period in row.availabilities.values_list("period", flat=True))
        return stored == sorted(form.periods) and super().is_same(row, form)

    @transaction.atomic
    def begin(self, form, *, confirmed, send, at):
        """Keep a first draft with its dates, and that its host accepted the charter."""
        if form.cleaned_data.get("charter"):
            form.instance.charter_accepted_at = at
        row = super().begin(form, confirmed=confirmed, send=send, at=at)
        self.save_answers(row, form, at)
        return row

    @transaction.atomic
    def save_answers(self, row, form, at):
        """Dates, until it has a calendar; the charter, once."""
        if form.ahead:
            actions.set_periods(dwelling=row, periods=form.periods, at=at)
        if form.cleaned_data.get("charter") and row.charter_accepted_at is None:
            actions.accept_charter(dwelling=row, at=at)

    def more(self, row):
        """Where readers see it, and how many dates are ahead."""
        return {"is_placed": row.exact_point is not None}


PAGES = DwellingPages()


def opens_dwelling(view):
    """A page behind the private link of a dwelling: the view receives `(request, dwelling)`."""
    return opened_by(PURPOSE, lambda: DWELLINGS, LIFETIME, what="votre annonce", fresh=FRESHNESS.send_fresh_link)(view)


dwelling_keep, dwelling_edit = opens_dwelling(PAGES.keep), opens_dwelling(PAGES.edit)
dwelling_photos, dwelling_address = opens_dwelling(PAGES.photos), opens_dwelling(PAGES.address)
dwelling_contact = opened_by(
    LINKS.contact_purpose,
    lambda: ContactChange.objects.select_related("dwelling"),
    CONTACT_LIFETIME,
    what="votre annonce",
    again="Redemandez-le depuis la page privée de l’annonce, par «\u00a0Changer l’adresse du contact\u00a0».",
)(PAGES.contact)
dwelling_report = without_account(PAGES.report)


@csrf_exempt
@require_POST
def dwelling_seen(request, pk):
    """The script of a page says that it was opened; what is counted is the dwelling and the day."""
    actions.count_view(pk=pk, at=timezone.now())
    return HttpResponse(status=204)
