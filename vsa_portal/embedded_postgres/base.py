"""Django's PostgreSQL backend, whose first connection starts the embedded server."""

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from vsa_portal import embedded_postgres


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self):
        """Parameters of a connection that can be made now; procrastinate asks here too."""
        try:
            embedded_postgres.server(settings.DATA_DIR).start()
        except embedded_postgres.ServerFailed as error:
            raise OperationalError(str(error)) from error
        return super().get_connection_params()
