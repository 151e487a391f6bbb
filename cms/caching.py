"""Public pages, and what forms ask, kept in memory: made once for everybody, until something that they show changes.

A page is kept by its address and the content's version, a random word in the shared cache. Every save or deletion of a
row that pages show renews the word after its commit, so the next reader gets the page drawn anew by whichever process.
What passes by ``save`` (an import, a hold that lapses) and what only time changes shows within ``KEPT`` seconds.
"""

import gzip
import hashlib
import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from cms import maintenance

KEPT = 30  # seconds
LONGEST_QUERY = 200  # characters; longer ones are somebody's play
VERSION = "version-of-public-content"
MARK = "is_public_page"

log = logging.getLogger(__name__)


def public_page(view):
    """A page that is the same for everybody who asks: it reads neither session nor cookies, and takes GET and HEAD."""
    return public_when_read(require_safe(view))


def public_when_read(view):
    """A form that is the same for everybody until they send it. What it draws for one reader alone says ``no-store``."""
    setattr(view, MARK, True)
    return view


class PublicPages:
    """Answers with the kept page before anything else is asked; keeps what a ``public_page`` or an unsent form drew."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _may_be_kept(request):
            return self.get_response(request)
        key = hashlib.sha256(request.build_absolute_uri().encode(errors="surrogateescape")).hexdigest()
        version, *page = caches["pages"].get(key, (None,))
        if page and version == _version():
            return _answer(request, *page)
        response = self.get_response(request)
        version = getattr(request, MARK, None)
        if not version or response.status_code != 200 or response.cookies or _is_personal(response):
            return response
        page = (*_pack(response), request.resolver_match.view_name)
        caches["pages"].set(key, (version, *page), KEPT)
        return _answer(request, *page)

    def process_view(self, request, view, args, kwargs):
        """Notes the version before anything is read, lest what is old be kept as what is new."""
        if getattr(view, MARK, False) and _may_be_kept(request):
            setattr(request, MARK, _version())


def _may_be_kept(request) -> bool:
    """Not a form, not a play with addresses, not Wagtail's preview, which asks for drafts at the public address."""
    is_preview = getattr(request, "is_dummy", False)
    if maintenance.is_on():
        return False
    return request.method in {"GET", "HEAD"} and not is_preview and len(request.META["QUERY_STRING"]) <= LONGEST_QUERY


def _is_personal(response) -> bool:
    return "no-store" in response.get("Cache-Control", "")


def _version() -> str | None:
    """None where it cannot be had: then nothing is kept, and the site stays open."""
    try:
        return caches["default"].get(VERSION) or touch()
    except Exception:
        log.exception("the shared cache cannot be read")
        return None


def _pack(response) -> tuple[bytes, dict]:
    """Compressed, since nearly everybody asks for that; no secret stands in it that its size could betray."""
    body = response.content
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    response.setdefault("Cache-Control", "no-cache")  # browsers keep it, and ask whether it is still so
    del response["Content-Length"]
    return gzip.compress(body, 6, mtime=0), dict(response.items())


def _answer(request, packed, headers, route) -> HttpResponse:
    request.kept_route = route  # nobody looks the address up again
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if takes_gzip else gzip.decompress(packed), headers=headers)
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = len(response.content)
    return get_conditional_response(request, etag=headers["ETag"], response=response)


def is_on() -> bool:
    return "cms.caching.PublicPages" in settings.MIDDLEWARE


def kept(name: str, make: Callable):
    """What ``make`` returns, as it was made under the content's present version; a copy of its own for each caller.
    Where no pages are kept, neither is this."""
    key, version = f"kept-{name}", _version() if is_on() else None
    before = caches["pages"].get(key)
    if before and version and before[0] == version:
        return before[1]
    made = make()
    if version:
        caches["pages"].set(key, (version, made), KEPT)
    return made


def touch() -> str:
    """A new version: everything kept so far is forgotten. Returns it."""
    version = secrets.token_urlsafe(9)
    caches["default"].set(VERSION, version, None)
    return version


def watch() -> None:
    """Renews the version whenever a row of the apps and models in ``PUBLIC_CONTENT`` changes; called once, at the start."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_row_changed, dispatch_uid="cms.caching")


def _row_changed(sender, using="default", **kwargs):
    if settings.PUBLIC_CONTENT.isdisjoint({sender._meta.app_label, sender._meta.label}):
        return
    connection = transaction.get_connection(using)
    if not any(waiting is _touch_safely for _ids, waiting, *_ in connection.run_on_commit):
        transaction.on_commit(_touch_safely, using)


def _touch_safely():
    """What was written stays written, whatever the cache says."""
    try:
        touch()
    except Exception:
        log.exception("the shared cache cannot be written: pages may be old for %s seconds", KEPT)
