"""What the rest of the portal may ask about communes."""

from django.db import models


class CommuneQuerySet(models.QuerySet):
    pass
