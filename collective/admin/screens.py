"""What the screens of the collective share."""

from core.staff import Previewed, RecordAdmin


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


class PreviewedAdmin(Previewed, CollectiveAdmin):
    """With a page that shows staff a record as readers would see it, in any state."""
