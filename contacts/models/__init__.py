"""What people and the portal write to each other, one module a topic."""

from contacts.models.alerts import Alert, AlertItem, AlertOpinion, Subscriber
from contacts.models.selections import Selection, SelectionItem, SelectionNote

__all__ = ["Alert", "AlertItem", "AlertOpinion", "Selection", "SelectionItem", "SelectionNote", "Subscriber"]
