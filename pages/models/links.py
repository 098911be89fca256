"""Addresses that moved, and links that were checked."""

from django.db import models
from django.db.models import Q

from core.models import Dated
from pages.enums import LinkStatus
from pages.models.tree import Page, valid_link
from pages.querysets import LinkCheckQuerySet


class Redirect(Dated):
    """An address that is no longer one, and where it leads: to a page, wherever it is now, or to an address."""

    old_path = models.CharField(
        "ancienne adresse",
        max_length=400,
        unique=True,
        help_text="Sans barre au début ni à la fin\u00a0: exercer/ancienne-page.",
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, verbose_name="vers la page", related_name="redirects", null=True, blank=True)
    url = models.CharField(
        "ou vers l’adresse",
        max_length=400,
        blank=True,
        validators=[valid_link],
        help_text="«\u00a0/exercer/offres/\u00a0» ou «\u00a0https://…\u00a0».",
    )

    class Meta:
        verbose_name = "redirection"
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(page__isnull=False) & Q(url="")) | (Q(page__isnull=True) & ~Q(url="")),
                name="redirect_leads_to_one_place",
                violation_error_message="Une redirection mène à une page ou à une adresse, l’une des deux.",
            )
        ]

    def __str__(self):
        return f"/{self.old_path}/"

    def is_open(self, at):
        """Whether it leads somewhere at that moment: an address, or a page that readers may see; asks for the page."""
        return not self.page_id or self.page.is_visible(at)

    def target(self):
        """The address it leads to; asks for the page."""
        return self.page.get_absolute_url() if self.page_id else self.url


class LinkCheck(Dated):
    """A link that pages or records show, with what its last checks said."""

    url = models.CharField("adresse", max_length=1000, unique=True)
    is_internal = models.BooleanField("du portail", default=False)
    status = models.CharField("résultat", max_length=10, choices=LinkStatus, default=LinkStatus.UNKNOWN, db_index=True)
    detail = models.CharField("précision", max_length=300, blank=True)
    final_url = models.CharField("mène à", max_length=1000, blank=True)
    failures = models.PositiveSmallIntegerField("échecs de suite", default=0)
    failing_since = models.DateTimeField("en échec depuis", null=True, blank=True)
    checked_at = models.DateTimeField("vérifié le", null=True, blank=True, db_index=True)
    places = models.JSONField("où il se trouve", default=list)
    """`[{"label": ..., "url": ...}]`: the records that hold it and their screens on the staff side."""

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "lien vérifié"
        verbose_name_plural = "liens vérifiés"
        ordering = ["url"]

    def __str__(self):
        return self.url
