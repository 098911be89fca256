"""What the team has left waiting too long, in one mail a working day: the queues in which somebody waits for something late."""

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.links import absolute


@transaction.atomic
def tell_team(*, at):
    """Write to the team what is late, once a day; returns whether a message was written. Nothing is late: nothing is written."""
    queues = admin.site.late_queues(at)
    if not queues or not settings.CONTACT_EMAIL:
        return False
    return mail.post(
        event=f"core.late:{timezone.localdate(at):%Y%m%d}",
        recipient=settings.CONTACT_EMAIL,
        template="core/mail/late.txt",
        context={"rows": [(queue, absolute(queue.url)) for queue in queues], "today_url": absolute(reverse("admin:index"))},
        reason="vous êtes de l’équipe, et quelque chose attend depuis trop longtemps",
        at=at,
    ).is_new
