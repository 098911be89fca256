"""Staff screens of what puts people in touch."""

from contacts.admin import alerts, conversations, needs

__all__ = ["alerts", "conversations", "needs"]
