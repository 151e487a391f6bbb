"""From where somebody visits: no header is believed but what the configured proxies wrote."""

import ipaddress

from django.conf import settings


def address(request) -> str:
    """The visitor's address; empty where the server knows none (a socket of this machine).

    Each proxy adds the address it saw to ``X-Forwarded-For``. With n trusted ones the n-th from the end was written by
    the outermost of them, and whatever stands before it by anybody. Rubbish there counts as the nearest proxy.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    said = hops[-count] if 0 < count <= len(hops) else ""
    return _clean(said) or _clean(request.META.get("REMOTE_ADDR", ""))


def network(request) -> str:
    """What is counted as one visitor: an IPv4 address, or the /64 that one household gets of IPv6."""
    found = address(request)
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if ":" in found else found


def _clean(text: str) -> str:
    text = text.strip()
    for candidate in (text.strip("[]"), text.rpartition(":")[0].strip("[]")):  # some proxies add the port
        try:
            found = ipaddress.ip_address(candidate.partition("%")[0])
        except ValueError:
            continue
        return str(getattr(found, "ipv4_mapped", None) or found)
    return ""
