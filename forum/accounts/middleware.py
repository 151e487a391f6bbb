"""Who may come in where."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from forum.accounts import factors, sessions, standing

# The public site and the desks that staff have no special rights at, by room or by the name of the address. Most of it
# may not even look at the session; a device at a gate has a token of its own.
PUBLIC_ROOMS = {
    "accounts", "agenda", "agreements", "desks", "device", "exhibition", "programme", "register", "registration", "reply",
    "speakers",
}  # fmt: skip
PUBLIC = {
    "change_password", "edition", "editions", "healthz", "media", "metrics", "robots", "root", "search", "security",
    "security_short", "short", "wagtail_serve",
}  # fmt: skip
# What staff need on the way to their second factor.
ON_THE_WAY = {
    "account_confirm_email", "account_email_verification_sent", "account_login", "account_logout", "account_reauthenticate",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate", "mfa_index",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
}  # fmt: skip


class Presence(AuthenticationMiddleware):
    """Django's, but sessions end; who asks for nobody touches no session."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: sessions.present(request))

    def process_view(self, request, view, args, kwargs):
        setattr(request, standing.MARK, hasattr(view, standing.MARK))


class Door:
    """Lets staff in after their second factor; every address that is not named above is theirs until it is named."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _may_be_signed_in(request) and (match := request.resolver_match) and not _is_public(match):
            patch_cache_control(response, no_store=True, private=True)
        return response

    def process_view(self, request, view, args, kwargs):
        if _is_public(request.resolver_match) or not _may_be_signed_in(request) or not request.user.is_authenticated:
            return None  # the page itself says what a stranger may
        _refuse_without_business(request)
        if request.resolver_match.view_name in ON_THE_WAY or not factors.is_demanded(request.user):
            return None
        return None if factors.is_proven(request) else _to_the_factor(request)


def _may_be_signed_in(request) -> bool:
    """Told without a look at the session, which pages for everybody leave alone."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_public(match) -> bool:
    return match.namespace in PUBLIC_ROOMS or match.view_name in PUBLIC


def _refuse_without_business(request):
    """Wagtail would send them to sign in, and sign-in, which knows them already, back again: for ever."""
    is_inside = request.path_info.startswith(reverse("wagtailadmin_home"))
    if is_inside and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied("no business in the back office")


def _to_the_factor(request):
    """To show the factor one has, then back to where one wanted to go; else to where one is set up."""
    if not factors.kinds(request.user):
        return redirect("mfa_index")
    first = get_adapter(request).get_reauthentication_methods(request.user)[0]
    query = QueryDict(mutable=True)
    query["next"] = request.get_full_path() if request.method == "GET" else reverse("desks:mine")
    return redirect(f"{first['url']}?{query.urlencode()}")
