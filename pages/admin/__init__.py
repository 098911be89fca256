"""Staff screens of the editorial pages."""

from pages.admin.links import LinkCheckAdmin, RedirectAdmin
from pages.admin.tree import PageAdmin
from pages.admin.words import HomeSectionAdmin, TermAdmin

__all__ = ["HomeSectionAdmin", "LinkCheckAdmin", "PageAdmin", "RedirectAdmin", "TermAdmin"]
