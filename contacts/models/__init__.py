"""What people and the portal write to each other, one module a topic."""

from contacts.models.selections import Selection, SelectionItem, SelectionNote

__all__ = ["Selection", "SelectionItem", "SelectionNote"]
