"""Form fields that several apps share."""

from django import forms

from core import images


class PhotoField(forms.FileField):
    """A photograph, refused in French when it is too heavy, too large, disguised or broken (`core.images`).

    The cleaned value is the uploaded file with the decoded image as `decoded`; `store_photo` writes it.
    """

    widget = forms.ClearableFileInput

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": images.ACCEPT}

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if data:
            upload.decoded = images.read_photo(upload)
        return upload
