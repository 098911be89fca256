"""Staff screens of what puts people in touch, one module a topic."""

from contacts.admin import alerts, needs

__all__ = ["alerts", "needs"]
