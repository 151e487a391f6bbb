"""Which language an address without one in its path speaks: sign-in, the floor's screens."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from cms import languages

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
        if (code := request.GET.get(PARAMETER)) in languages.CODES and not languages.of_path(request.path_info):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                code,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return response


def _asked(request) -> str | None:
    if languages.of_path(request.path_info):
        return None
    if (code := request.GET.get(PARAMETER)) in languages.CODES:
        return code
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return None
    return languages.of_path(request.GET.get("next", ""))
