"""Forms of the staff side."""

from django import forms
from django.db import transaction

from collective.models import News, Partner, Testimonial
from core import images
from core.forms import PhotoField, keep_plausible
from core.french import NBSP
from territories.forms import CommuneField

HELP = f"JPEG, PNG, WebP ou AVIF, 8{NBSP}Mo et au moins 200{NBSP}pixels de côté."


class IllustratedForm(forms.ModelForm):
    """A row with one image: what is stored is never the file received (`core.images`), and it has a text and a credit (MEN-03)."""

    folder = "collectif"
    image = PhotoField(label="image", required=False, help_text=HELP)
    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")

    def clean(self):
        data = super().clean()
        if data.get("image"):
            for name, missing in (
                ("image_alt", "Dites ce que montre l’image, pour qui ne la voit pas."),
                ("image_credit", "Dites qui a fait cette image, ou qui autorise à la montrer."),
            ):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, missing)
        return data

    def save(self, commit=True):
        former = type(self.instance)._default_manager.filter(pk=self.instance.pk).values_list("image", "image_width").first()
        upload = self.cleaned_data.get("image")
        stored = images.store_photo(upload.decoded, self.folder) if hasattr(upload, "decoded") else None
        if stored:
            self.instance.image = stored
        elif not self.instance.image:
            self.instance.image_width = self.instance.image_height = 0
        if former and former[0] and former[0] != self.instance.image.name:
            transaction.on_commit(lambda: images.delete_photo(*former))
        return super().save(commit)


class PartnerForm(IllustratedForm):
    folder = "logos"
    image = PhotoField(label="logo", required=False, help_text=f"{HELP} La transparence devient blanche.")

    class Meta:
        model = Partner
        fields = []  # named by the fieldsets of the screen


class TestimonialForm(IllustratedForm):
    folder = "portraits"
    image = PhotoField(label="portrait", required=False, help_text=HELP)

    class Meta:
        model = Testimonial
        fields = []

    def clean(self):
        data = super().clean()
        if data.get("consent_on") and not data.get("consent_proof") and "consent_proof" not in self.errors:
            self.add_error("consent_proof", f"La date de l’accord va avec sa preuve{NBSP}: dites où elle se trouve.")
        return data


class NewsForm(IllustratedForm):
    folder = "actualites"

    class Meta:
        model = News
        fields = []

    def clean(self):
        data = super().clean()
        keep_plausible(self, "published_at", "reviewed_at")
        return data
