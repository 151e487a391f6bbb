"""Which language an address without one in its path speaks; what becomes of a request that a view could not take."""

from django.conf import settings
from django.contrib import messages
from django.db.models import ProtectedError
from django.forms import BaseForm
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _

from cms import errors, index_search, languages
from cms.limits import TooMany

PARAMETER = "language"


class ReaderLanguage(LocaleMiddleware):
    """Django's order, and before it what the address asks for: ``?language=km`` (remembered), or where it leads next.

    Somebody who reads Khmer and is sent to sign in stays in Khmer; the public pages set no cookie for that.
    """

    def process_request(self, request):
        super().process_request(request)
        if code := _asked(request):
            translation.activate(code)
            request.LANGUAGE_CODE = code

    def process_response(self, request, response):
        response = super().process_response(request, response)
        if code := _chosen(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response


def _chosen(request) -> str | None:
    """By the parameter. In the back office its first page alone hears it: lists are narrowed by columns of that name."""
    home = reverse("wagtailadmin_home")
    if languages.of_path(request.path_info) or (request.path_info.startswith(home) and request.path_info != home):
        return None
    return code if (code := request.GET.get(PARAMETER)) in languages.CODES else None


def _asked(request) -> str | None:
    if code := _chosen(request):
        return code
    if languages.of_path(request.path_info):
        return None
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return None
    return languages.of_path(request.GET.get("next", ""))


class Refusals:
    """What is no fault of ours is answered as such: a form without one of its fields, a row that others still need."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, TooMany):
            return errors.too_many_requests(request, exception.wait)
        if isinstance(exception, ValueError | OverflowError) and request.resolver_match.view_name == "wagtail_bulk_action":
            return errors.not_found(request)  # a row's number that is none
        if isinstance(exception, MultiValueDictKeyError | OverflowError):  # a number beyond what SQLite can look for
            return errors.bad_request(request)
        if isinstance(exception, ProtectedError):  # only the back office deletes rows by a form
            messages.error(request, _("Nothing was deleted: %(rows)s still depend on it.") % {"rows": _kinds(exception)})
            return redirect(request.get_full_path())
        return index_search.without_words(request, exception)

    def process_template_response(self, request, response):
        """A form of allauth's that holds such a refusal is shown again with what was typed, and marked as one."""
        form = (response.context_data or {}).get("form")
        # Its errors so far: to ask for them would begin to look for more, here where nobody answers for a fault.
        found = form._errors.as_data().values() if isinstance(form, BaseForm) and form._errors else []
        for refusal in (refusal for refusals in found for refusal in refusals if isinstance(refusal, TooMany)):
            refusal.mark(response)
        return response


def _kinds(exception: ProtectedError) -> str:
    return ", ".join(sorted({str(row._meta.verbose_name_plural) for row in exception.protected_objects}))
