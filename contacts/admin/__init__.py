"""What the team sees of the people that the portal puts in touch."""

from contacts.admin import needs

__all__ = ["needs"]
