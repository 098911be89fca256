"""What the screens of imported records share: what staff change is theirs."""

from django.contrib import admin, messages

from core import french
from core.staff import RecordAdmin
from territories import actions


class KeptAdmin(RecordAdmin):
    """A record that imports bring up to date: see `territories.models.Kept`."""

    actions = ["give_back"]
    together = ()
    """Fields that are taken over together, when one of them is changed."""

    @admin.display(description="champs tenus par l’équipe")
    def kept_told(self, row):
        names = {field.name: str(field.verbose_name) for field in row._meta.get_fields() if hasattr(field, "verbose_name")}
        return ", ".join(names.get(name, name) for name in row.kept_fields) or "aucun\u00a0: les imports tiennent la fiche à jour"

    def save_model(self, request, obj, form, change):
        """What staff change is theirs: imports no longer write it."""
        if change and form.changed_data:
            changed = set(form.changed_data)
            obj.keep(changed | (set(self.together) if changed & set(self.together) else set()))
        super().save_model(request, obj, form, change)

    @admin.action(description="Rendre aux fichiers de référence", permissions=["change"])
    def give_back(self, request, queryset):
        count = actions.give_back(rows=list(queryset.order_by("pk")))
        messages.success(
            request, f"{french.plural(count, 'fiche rendue', 'fiches rendues')}\u00a0: le prochain chargement les remet à jour."
        )
