"""What one may ask of the pages. Each word's docstring is the rule."""

from django.db import models
from django.db.models import Q

from pages.enums import LinkStatus, State


class PageQuerySet(models.QuerySet):
    def published(self):
        """Pages that staff have put online, whatever their dates."""
        return self.filter(state=State.PUBLISHED)

    def open(self, at):
        """Pages whose day of publication has come and whose end has not, at that moment."""
        return self.filter(
            Q(publish_at__isnull=True) | Q(publish_at__lte=at),
            Q(unpublish_at__isnull=True) | Q(unpublish_at__gt=at),
        )

    def visible(self, at):
        """Pages that readers may see at that moment."""
        return self.published().open(at)

    def in_menus(self):
        """Pages that the menus of their rubrique name."""
        return self.filter(in_menu=True)

    def under(self, path):
        """The page of that path and everything below it, in the order of the tree."""
        return self.filter(Q(path=path) | Q(path__startswith=f"{path}/")).in_tree_order()

    def in_tree_order(self):
        """Each page followed by its own children, as the menus show them."""
        return self.order_by("tree_order")

    def for_links(self):
        """With what a link to a page reads, and nothing heavier."""
        return self.only("path", "title", "menu_title", "summary", "language", "tree_order", "in_menu")

    def to_review(self, since):
        """Published pages that nobody has read again after that day."""
        return self.published().filter(Q(reviewed_on__isnull=True) | Q(reviewed_on__lt=since))


class HomeSectionQuerySet(models.QuerySet):
    def shown(self):
        """Parts of the home page that are switched on, in their order."""
        return self.filter(active=True).order_by("position", "pk")


class LinkCheckQuerySet(models.QuerySet):
    def to_repair(self):
        """Links that readers meet and that lead nowhere, or elsewhere than written."""
        return self.filter(status__in=(LinkStatus.BROKEN, LinkStatus.MOVED))
