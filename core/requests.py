"""What a request tells of who asks."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings


def client_address(request):
    """The machine that asks, for counting; behind a proxy of ours, the one that the proxy saw.

    An IPv6 line has as many addresses as it likes: all of its network (the first 64 bits) are one.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(getattr(address, "ipv4_mapped", None) or address)
