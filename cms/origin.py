"""Forms that anybody may send without signing in.

They act on nobody's behalf, so there is no session to forge and no token to carry (a token would tie every
page to a cookie and keep it out of caches). What is left is to refuse what another site's page sends.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.views.decorators.csrf import csrf_exempt


def public_form(view):
    """Takes POST from this site's own pages only (Fetch Metadata; the Origin header where a browser lacks it)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method == "POST" and not _is_own(request):
            raise PermissionDenied("sent from another site's page")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def _is_own(request) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin in {None, f"{request.scheme}://{request.get_host()}"}
