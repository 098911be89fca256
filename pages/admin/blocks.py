"""The blocks inside the form of a page: one inline a kind, put in order by django-content-editor."""

from content_editor.admin import ContentEditorInline
from django.forms import CheckboxSelectMultiple

from core.staff import FIELDS
from pages import forms, models

MOST = 60
"""Blocks of one kind in a page; a request that carries more is refused."""


class BlockInline(ContentEditorInline):
    """A block; a request can never make more than twice as many be read as a page may hold."""

    max_num = MOST
    formfield_overrides = FIELDS

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, absolute_max=2 * MOST, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("widget", CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def inline(model, icon, **attributes):
    return BlockInline.create(model, icon=icon, **attributes)


INLINES = [
    inline(models.RichText, "notes"),
    inline(models.Image, "image", form=forms.ImageForm),
    inline(models.Figures, "pin"),
    inline(models.Quotation, "format_quote"),
    inline(models.TestimonialBlock, "record_voice_over"),
    inline(models.CallToAction, "ads_click", form=forms.CallToActionForm),
    inline(models.Question, "help"),
    inline(models.Step, "format_list_numbered"),
    inline(models.Document, "description", form=forms.DocumentForm),
    inline(models.Video, "movie"),
    inline(models.MapBlock, "map"),
    inline(models.ListBlock, "list"),
    inline(models.PartnersBlock, "groups"),
    inline(models.Insert, "extension", form=forms.InsertForm),
]
