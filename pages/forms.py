"""Forms of the staff side: a page, its blocks, redirects."""

import secrets

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.text import slugify

from core.days import past_day
from core.forms import PhotoField, TypesetField, keep_plausible
from core.french import NBSP
from core.images import store_photo
from core.links import without_own_host
from pages import inserts, rules
from pages.enums import ActionTarget
from pages.models import CallToAction, Document, Image, Insert, Page, Redirect, Term

PLACE = ("region", "ordering")
"""Hidden fields of every block, which the editor fills in."""
DOCUMENT_BYTES = 10 * 1024 * 1024


class AliasesField(SimpleArrayField):
    """Ways of writing a term, on one line; what is left empty between two commas is nothing."""

    def __init__(self, **kwargs):
        super().__init__(TypesetField(max_length=Term._meta.get_field("aliases").base_field.max_length), **kwargs)

    def to_python(self, value):
        parts = value.replace(";", ",").split(",") if isinstance(value, str) else value or []
        return super().to_python([part for part in (str(part).strip() for part in parts) if part])


class PageForm(forms.ModelForm):
    """A page: its address must be free, its place possible, its language its own."""

    class Meta:
        model = Page
        fields = []  # named by the fieldsets of the screen
        widgets = {"summary": forms.Textarea({"rows": 3}), "sources": forms.Textarea({"rows": 4})}

    def clean(self):
        data = super().clean()
        page = self.instance
        if "slug" in data and not self.errors:
            parent = data.get("parent", page.parent)
            problem = rules.parent_problem(page, parent)
            if problem:
                self.add_error("parent", problem)
            path = f"{parent.path}/{data['slug']}" if parent else data["slug"]
            taken = Page.objects.filter(path=path).exclude(pk=page.pk).exists()
            if problem := "Une autre page a déjà cette adresse." if taken else self.address_problem(path):
                self.add_error("slug", problem)
        keep_plausible(self, "publish_at", "unpublish_at")
        original = data.get("translation_of")
        if problem := rules.translation_problem(original, page.pk, data.get("language", page.language)):
            self.add_error("translation_of", problem)
        return data

    def clean_reviewed_on(self):
        day = self.cleaned_data["reviewed_on"]
        if day:
            past_day(day)
        return day

    def address_problem(self, path):
        """Why the page may not stand there, or one of those below, which come along; an empty text if they may."""
        problem, former = rules.address_problem(path), self.instance.path
        if problem or not self.instance.pk or path == former:
            return problem
        below = Page.objects.filter(path__startswith=f"{former}/").order_by("path").values_list("path", "title")
        found = ((title, rules.address_problem(path + old[len(former) :])) for old, title in below)
        return next((f"Une page qu’elle contient l’empêche, «{NBSP}{title}{NBSP}». {problem}" for title, problem in found if problem), "")


class ImageForm(forms.ModelForm):
    """A photograph; what is stored is never the file received (`core.images`)."""

    image = PhotoField(label="photographie", help_text=f"JPEG, PNG, WebP ou AVIF, 8{NBSP}Mo au plus.")

    class Meta:
        model = Image
        fields = ["image", "alternative_text", "caption", "credit", *PLACE]

    def save(self, commit=True):
        upload = self.cleaned_data.get("image")
        if hasattr(upload, "decoded"):
            self.instance.image = store_photo(upload.decoded, "pages")
        return super().save(commit)


class DocumentForm(forms.ModelForm):
    """A PDF file, of a size that a phone can take."""

    class Meta:
        model = Document
        fields = ["name", "description", "file", "language", *PLACE]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if not hasattr(upload, "content_type"):  # the one that is stored already
            return upload
        if upload.size > DOCUMENT_BYTES:
            raise ValidationError(f"Ce document pèse plus de 10{NBSP}Mo. Allégez-le avant de l’envoyer.")
        upload.seek(0)
        if upload.read(5) != b"%PDF-":
            raise ValidationError("Ce fichier n’est pas un PDF. Enregistrez-le en PDF avant de l’envoyer.")
        upload.seek(0)
        return upload

    def save(self, commit=True):
        upload = self.cleaned_data.get("file")
        if hasattr(upload, "content_type"):
            name = slugify(self.cleaned_data["name"])[:60].strip("-") or "document"
            self.instance.size = upload.size
            self.instance.file = default_storage.save(f"documents/{secrets.token_hex(12)}/{name}.pdf", upload)
        return super().save(commit)


class CallToActionForm(forms.ModelForm):
    """A button leads where its kind of target says."""

    class Meta:
        model = CallToAction
        fields = ["title", "text", "label", "target", "page", "offer_kind", "url", "subject", "style", *PLACE]

    def clean(self):
        data = super().clean()
        if data.get("target") == ActionTarget.PAGE and not data.get("page"):
            self.add_error("page", "Choisissez la page à laquelle mène ce bouton.")
        if data.get("target") == ActionTarget.URL and not data.get("url") and "url" not in self.errors:
            self.add_error("url", "Écrivez l’adresse à laquelle mène ce bouton.")
        return data


class InsertForm(forms.ModelForm):
    """One of the pieces that the portal makes itself."""

    name = forms.ChoiceField(label="élément")

    class Meta:
        model = Insert
        fields = ["name", *PLACE]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = [(name, piece.label) for name, piece in inserts.available().items()]


class TermForm(forms.ModelForm):
    """A term of the glossary: each way of writing it leads to one definition."""

    aliases = AliasesField(label="autres écritures", required=False, help_text="Pluriels et variantes, séparés par des virgules.")

    class Meta:
        model = Term
        fields = []  # named by the fieldsets of the screen

    def clean(self):
        data = super().clean()
        written = {name.casefold(): name for name in (data.get("term"), *data.get("aliases", [])) if name}
        for term, aliases in Term.objects.exclude(pk=self.instance.pk).values_list("term", "aliases"):
            taken = [written[name.casefold()] for name in (term, *aliases) if name.casefold() in written]
            if taken and "term" not in self.errors:
                field = "term" if taken[0] == data.get("term") else "aliases"
                self.add_error(field, f"«{NBSP}{taken[0]}{NBSP}» mène déjà à la définition de «{NBSP}{term}{NBSP}».")
                break
        return data


class RedirectForm(forms.ModelForm):
    """An old address and where it leads."""

    class Meta:
        model = Redirect
        fields = ["old_path", "page", "url"]

    def clean_old_path(self):
        return self.cleaned_data["old_path"].strip().strip("/")

    def clean_url(self):
        return without_own_host(self.cleaned_data["url"].strip())

    def clean(self):
        data = super().clean()
        old = data.get("old_path")
        if not old:
            return data
        taken = Page.objects.visible(timezone.now()).filter(path=old).exists()
        if problem := "Cette adresse est celle d’une page du portail." if taken else rules.address_problem(old):
            self.add_error("old_path", problem)
        others = dict(Redirect.objects.exclude(pk=self.instance.pk).exclude(url="").values_list("old_path", "url"))
        if problem := rules.redirect_problem(old, data.get("url", ""), others):
            self.add_error("url", problem)
        return data
