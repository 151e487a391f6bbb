"""Pages for what went wrong; none of them asks the database, which may be the trouble."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms import limits, tracing

SOON = 30  # seconds


class Replaced(Http404):
    """A link that was good once. ``address`` is where one asks for the newer one."""

    def __init__(self, address: str):
        super().__init__("a link that was replaced")
        self.address = address


# By the name of its address, what allauth counts there.
ALLAUTHS = {"account_login": "login", "account_reset_password": "reset_password"}


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _page(request, 400, _("This request cannot be read"), _("Go back, look at what you sent, and try again."))


def forbidden(request, exception=None):
    return _page(
        request,
        403,
        _("This is not open to you"),
        _("Your account has no leave to see this. Sign in with another, or ask the organiser."),
    )


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        _("The form was not accepted"),
        _("Load the page again and send the form once more. Cookies must be allowed to sign in."),
    )


def not_found(request, exception=None):
    if isinstance(exception, Replaced):
        sentence = _("This link was replaced by a newer one, which was sent by e-mail.")
        return _page(request, 404, _("This link opens no longer"), sentence, again=exception.address)
    return _page(request, 404, _("There is no such page"), _("The address may be mistyped, or the page may have moved."))


def too_large(request):
    return _page(request, 413, _("This is too much at once"), _("Send less text, fewer fields or a smaller file."))


def too_many_requests(request, wait: float | None = None):
    """``wait`` in seconds; what allauth refuses without saying how long is over after the longest of its rates."""
    name = ALLAUTHS.get(request.resolver_match.url_name) if request.resolver_match else None
    wait = wait or limits.longest(*([name] if name else ALLAUTHS.values()))
    return limits.mark(_page(request, 429, _("Too many tries"), limits.sentence(wait)), wait)


def server_error(request):
    """Called while the exception is being handled: a database that is away or busy is a matter of moments."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        sentence = _("The site is not to be reached just now. Please try again in a moment.")
        return limits.mark(_page(request, 503, _("One moment, please"), sentence), SOON, status=503)
    return _page(
        request, 500, _("Something went wrong"), _("The fault is ours and has been noted. Please try again in a moment.")
    )


def maintenance(request, wait: float):
    sentence = _("The site is being worked on. Nothing is lost; please come back a little later.")
    page = _page(request, 503, _("We will be back soon"), sentence)
    return limits.mark(page, wait, status=503)


def _page(request, status, heading, sentence, **more):
    context = {"status": status, "heading": heading, "sentence": sentence, "without_database": True} | more
    if status >= 500 and (trace := tracing.current()):
        context["number"] = trace.id
    return render(request, "cms/error.html", context, status=status)
