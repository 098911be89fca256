"""What people and the portal write to each other, one module a topic."""

from contacts.models.afterwords import Afterword
from contacts.models.alerts import Alert, AlertItem, AlertOpinion, Subscriber
from contacts.models.conversations import Conversation, Message, Recipient
from contacts.models.disclosures import Disclosure
from contacts.models.needs import AvailabilityMute, LodgingMatch, Need, NeedMatch, NeedPlace
from contacts.models.selections import Selection, SelectionItem, SelectionNote

__all__ = [
    "Afterword",
    "Alert",
    "AlertItem",
    "AlertOpinion",
    "AvailabilityMute",
    "Conversation",
    "Disclosure",
    "LodgingMatch",
    "Message",
    "Need",
    "NeedMatch",
    "NeedPlace",
    "Recipient",
    "Selection",
    "SelectionItem",
    "SelectionNote",
    "Subscriber",
]
