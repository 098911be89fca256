"""What lists and maps read of a dwelling, without its model."""

from core.links import address


def dwelling_address(pk, slug):
    """The address of the page of a dwelling."""
    return f"{address('housing:dwelling_list')}{pk}-{slug}/"
