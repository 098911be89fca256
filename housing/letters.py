"""Mail to hosts about their calendar. The team has it for those without an e-mail, who are told by telephone."""

from django.conf import settings
from django.urls import reverse

from core import mail
from core.links import absolute
from core.models import Mail
from housing.private_link import keep_url

REASON = "votre adresse est celle du contact de ce logement"
TEAM_REASON = "vous êtes de l’équipe, et cet hôte n’a pas d’adresse électronique"


def to_host(dwelling, event, template, at, **context):
    """One message about an event, to whoever was to be told when it was first written; whether it was written now.

    Templates include `housing/mail/_team.txt`, which says to the team whom to call; `keep_url` then opens their calendar of the dwelling.
    """
    event = f"housing.{event}"
    if Mail.objects.filter(event=event).exists():
        return False
    email = dwelling.contact_email
    own_url = keep_url(dwelling) if email else absolute(reverse("admin:housing_dwelling_calendar", args=[dwelling.pk]))
    return mail.post(
        event=event,
        recipient=email or settings.CONTACT_EMAIL,
        template=template,
        context={"dwelling": dwelling, "is_for_team": not email, "keep_url": own_url} | context,
        reason=REASON if email else TEAM_REASON,
        about=dwelling,
        at=at,
    ).is_new
