"""Import travel times between communes: `import_open_data trajets`, by the name that an operator looks for."""

from territories.management.commands import import_open_data


class Command(import_open_data.Command):
    help = "Importe les temps de trajet entre communes\u00a0: un CSV de colonnes origine, destination (codes INSEE) et minutes."

    def add_arguments(self, parser):
        self.add_options(parser)
        parser.set_defaults(kind="trajets")
