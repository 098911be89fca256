"""Forms of the staff side."""

from collective.models import News, Partner, Testimonial
from core.forms import IMAGE_HELP, IllustratedForm, PhotoField, keep_plausible
from core.french import NBSP
from territories.forms import CommuneField


class CollectiveForm(IllustratedForm):
    """A row of the collective, with one image and perhaps a commune."""

    folder = "collectif"
    commune = CommuneField(label="commune", required=False, help_text="Nom ou code postal.")


class PartnerForm(CollectiveForm):
    folder = "logos"
    image = PhotoField(label="logo", required=False, help_text=f"{IMAGE_HELP} La transparence devient blanche.")

    class Meta:
        model = Partner
        fields = []  # named by the fieldsets of the screen


class TestimonialForm(CollectiveForm):
    folder = "portraits"
    image = PhotoField(label="portrait", required=False, help_text=IMAGE_HELP)

    class Meta:
        model = Testimonial
        fields = []

    def clean(self):
        data = super().clean()
        if data.get("consent_on") and not data.get("consent_proof") and "consent_proof" not in self.errors:
            self.add_error("consent_proof", f"La date de l’accord va avec sa preuve{NBSP}: dites où elle se trouve.")
        return data


class NewsForm(CollectiveForm):
    folder = "actualites"

    class Meta:
        model = News
        fields = []

    def clean(self):
        data = super().clean()
        keep_plausible(self, "published_at", "reviewed_at")
        return data
