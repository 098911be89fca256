"""What the screens of the collective share."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html

from core.french import NBSP
from core.staff import RecordAdmin


class CollectiveAdmin(RecordAdmin):
    """What came from a file of the project is put aside, not deleted: it would come back."""

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not getattr(obj, "supply_key", None)

    def get_deleted_objects(self, objs, request):
        """The list's own "delete" passes over what came from a file."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        kept = [str(one) for one in objs if getattr(one, "supply_key", None)]
        return deleted, counts, missing, [*protected, *kept]

    def delete_queryset(self, request, queryset):
        """One by one: the files of a photograph go with their row."""
        for one in queryset:
            one.delete()

    def is_public(self, obj):
        """Whether the page of this record shows it to readers now."""
        return getattr(obj, "active", True)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if self.is_public(obj) else None


class PreviewedAdmin(CollectiveAdmin):
    """With a page that shows staff a record as readers would see it, in any state."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<int:pk>/apercu/", self.admin_site.admin_view(self.preview_view), name=name), *super().get_urls()]

    def preview_view(self, request, pk):
        """The public page of a record, for staff only."""
        obj = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        template, context = self.preview(request, obj)
        response = render(request, template, {**context, "robots": "noindex"})
        response["X-Robots-Tag"] = "noindex"
        return response

    def preview_link(self, obj):
        """A link to the preview, once the record is saved."""
        if obj.pk is None:
            return f"Après l’enregistrement{NBSP}: comme les lecteurs le verront."
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[obj.pk])
        return format_html('<a href="{}">Voir comme un lecteur</a>', url)

    preview_link.short_description = "aperçu"
