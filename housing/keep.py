"""What a host does through the private link of a dwelling: pages without an account."""

from core.announced.links import LIFETIME
from core.private import one_button, opened_by
from housing.models import Dwelling
from housing.private_link import PURPOSE

DWELLINGS = Dwelling.objects.select_related("commune__epci", "facility")


def opens_dwelling(view):
    """A page behind the private link of a dwelling: the view receives `(request, dwelling)`."""
    return opened_by(PURPOSE, lambda: DWELLINGS, LIFETIME, what="votre annonce")(view)


@opens_dwelling
def dwelling_keep(request, dwelling):
    """The host's page."""
    return one_button(request, title=dwelling.title, lead=dwelling.get_state_display(), button="")
