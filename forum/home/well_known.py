"""Addresses that machines know by heart: for search engines, for finders of holes, for keepers of passwords."""

import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from cms.addresses import absolute

# Nothing is hidden by this: each refuses by itself. It only spares search engines the way.
NOT_FOR_SEARCH_ENGINES = ["/accounts/", "/cms/", "/onsite/", "/*/desk/", "/*/registration/", "/*/search/"]


@require_safe
def robots(request):
    """A demonstration is for nobody's search results."""
    closed = ["/"] if settings.DEMO else NOT_FOR_SEARCH_ENGINES
    return _text("User-agent: *", *(f"Disallow: {path}" for path in closed))


@require_safe
def security(request):
    """Whom to tell of a hole (RFC 9116); none at all rather than one that is out of date."""
    until = settings.SECURITY_CONTACT_UNTIL
    if not settings.SECURITY_CONTACT or until is None or until < datetime.datetime.now(datetime.UTC).date():
        raise Http404("no contact, or out of date")
    return _text(
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {until.isoformat()}T23:59:59Z",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute(reverse('security'))}",
    )


@require_safe
def to_security(request):
    return redirect("security")


@require_safe
def to_new_password(request):
    """Where programs that keep passwords lead their people (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect("account_change_password")


def _text(*lines: str) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=3600"}
    return HttpResponse("\n".join((*lines, "")), content_type="text/plain; charset=utf-8", headers=headers)
