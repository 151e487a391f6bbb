"""Pages for what went wrong; none of them asks the database, which may be the trouble."""

from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request, exception=None):
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
    return _page(request, 404, _("There is no such page"), _("The address may be mistyped, or the page may have moved."))


def too_many_requests(request):
    return _page(request, 429, _("Too many tries"), _("Wait a few minutes, then try again."))


def server_error(request):
    return _page(
        request, 500, _("Something went wrong"), _("The fault is ours and has been noted. Please try again in a moment.")
    )


def _page(request, status, heading, sentence):
    context = {"status": status, "heading": heading, "sentence": sentence, "without_database": True}
    return render(request, "cms/error.html", context, status=status)
