from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self):
        """The opening pages of lower apps show our blocks and menus, by the tags `page_blocks` and `page_menu`."""
        from core.caching import show_on_openings
        from opportunities.querysets import VERSION_SQL
        from pages.records import SHOWN

        show_on_openings(*SHOWN, sql=[VERSION_SQL])
