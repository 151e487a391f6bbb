"""Requests that nobody's browser sends, made readable or refused at the gate: once, for every view and both databases."""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.utils import translation

from cms import errors, languages

NUL = "\x00"  # nobody types it; PostgreSQL cannot keep it, SQLite would
UTF8 = {"", "utf-8", "utf8"}


class ReadableRequests:
    """Answers 400 to what cannot be read, 413 to what is too much; takes NUL for nothing. Stands before all that reads."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_utf8 = (request.encoding or "").lower() in UTF8
        if "\\000" in request.META.get("HTTP_COOKIE", ""):  # as a cookie writes NUL
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        try:
            request.encoding = None  # an address is UTF-8, whatever is said of the body; this reads it
            request.GET = _without_nul(request.GET)
        except SuspiciousOperation as exception:
            return _refuse(request, errors.bad_request, exception)
        if NUL in request.path_info:
            return _refuse(request, errors.not_found)
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or not (is_utf8 or request.method in {"GET", "HEAD"}):
            return _refuse(request, errors.bad_request)
        if int(size[:20]) > settings.BODY_MAX_SIZE:
            return _refuse(request, errors.too_large)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """What was sent by a form; what is wrong with it as a whole is raised here."""
        if request.method == "POST":
            request.POST = _without_nul(request.POST)


def _refuse(request, view, *args):
    """In the language of the address, which nobody has read yet; without the query, which the page would read."""
    request.GET = QueryDict()
    with translation.override(languages.of_path(request.path_info) or settings.LANGUAGE_CODE):
        return view(request, *args)


def _without_nul(typed: QueryDict) -> QueryDict:
    """The same, with nothing in the place of each value that holds it."""
    if not any(NUL in word for name, words in typed.lists() for word in (name, *words)):
        return typed
    clean = QueryDict(mutable=True)
    for name, words in typed.lists():
        if NUL not in name:
            clean.setlist(name, ["" if NUL in word else word for word in words])
    clean._mutable = False
    return clean
