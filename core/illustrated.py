"""Rows with one photograph."""

from django.db import models, transaction
from django.db.models import Q

from core import images


class Photographed:
    """A row whose `image` was written by `core.images`, in several widths and formats."""

    @property
    def src(self):
        return self.image.url

    @property
    def srcset(self):
        return self._srcset("webp")

    @property
    def srcset_avif(self):
        return self._srcset("avif")

    def _srcset(self, suffix):
        return images.srcset(self.image.name, getattr(self, self._meta.get_field("image").width_field), suffix)


class Photo(Photographed, models.Model):
    """One photograph of several of a row, written by `core.images`, which drops what a camera wrote of the place.

    A subclass has the row, `image`, and `told(...)` among its constraints: the alternative text is compulsory.
    """

    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alternative_text = models.CharField("texte alternatif", max_length=200, help_text="Ce que montre l’image, pour qui ne la voit pas.")
    credit = models.CharField("crédit", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        abstract = True
        verbose_name = "photographie"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.alternative_text

    def delete(self, *args, **kwargs):
        """Delete the row and, once the transaction has ended, its files."""
        name, width = self.image.name, self.width
        transaction.on_commit(lambda: images.delete_photo(name, width))
        return super().delete(*args, **kwargs)


def told(name):
    """The constraint of a `Photo`, of that name."""
    message = "Une photographie a un texte alternatif."
    return models.CheckConstraint(condition=~Q(alternative_text=""), name=name, violation_error_message=message)


class Illustrated(Photographed, models.Model):
    """A row with at most one photograph, written by `core.images`: never without its text and its credit (MEN-03)."""

    image = models.ImageField("image", upload_to="images/", width_field="image_width", height_field="image_height", blank=True)
    image_width = models.PositiveIntegerField(editable=False, default=0)
    image_height = models.PositiveIntegerField(editable=False, default=0)
    image_alt = models.CharField(
        "texte alternatif", max_length=200, blank=True, help_text="Ce que montre l’image, pour qui ne la voit pas."
    )
    image_credit = models.CharField("crédit", max_length=120, blank=True, help_text="Auteur ou organisme, et licence s’il y en a une.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(image="") | ~Q(image_alt="") & ~Q(image_credit=""),
                name="%(app_label)s_%(class)s_image_told",
                violation_error_message="Une image a un texte alternatif et un crédit.",
            )
        ]

    def delete(self, *args, **kwargs):
        """Delete the row and, once the transaction has ended, the files of its image."""
        name, width = self.image.name, self.image_width
        if name:
            transaction.on_commit(lambda: images.delete_photo(name, width))
        return super().delete(*args, **kwargs)

    def drop_image(self):
        """Leave the row without its photograph, to be saved after; the files go once the transaction has ended."""
        name, width = self.image.name, self.image_width
        if name:
            transaction.on_commit(lambda: images.delete_photo(name, width))
            self.image = ""
            self.image_alt = self.image_credit = ""
            self.image_width = self.image_height = 0
