"""Announcements about which nobody wrote for 60 days, as the team sees them: somebody may help (journey 5)."""

from django.urls import reverse

from contacts.actions import advice
from core import french
from core.admin import QUEUE_ROWS, WorkQueue, WorkRow


def queues(at):
    """One queue a kind, the longest in the lists first; none when everybody was written to."""
    kinds = (
        ("offres-sans-message", "Offres sans message", "offre sans message|offres sans message", advice.quiet_offers(at)),
        ("logements-sans-demande", "Logements sans demande", "logement sans demande|logements sans demande", advice.quiet_rooms(at)),
    )
    return [queue for kind in kinds if (queue := _queue(*kind))]


def _queue(code, title, counter, rows):
    count = rows.count()
    if not count:
        return None
    keys = list(rows.order_by("published_at", "pk").values_list("pk", flat=True)[:MOST])
    name = rows.model._meta.model_name
    app = rows.model._meta.app_label
    change = f"admin:{app}_{name}_change"
    shown = rows.model.objects.in_bulk(keys[:QUEUE_ROWS])
    return WorkQueue(
        code=code,
        title=title,
        counter=counter,
        count=count,
        url=f"{reverse(f'admin:{app}_{name}_changelist')}?id__in={','.join(map(str, keys))}",
        tone="plain",
        empty="",
        rows=[
            WorkRow(
                title=shown[key].title,
                url=(url := reverse(change, args=[key])),
                note=f"En ligne depuis le {french.moment(shown[key].published_at)}, aucun message en {advice.QUIET_DAYS} jours",
                action_label="Ouvrir",
                action_url=url,
            )
            for key in keys[:QUEUE_ROWS]
        ],
    )


MOST = 200
"""Rows that the list opens at once."""
