"""How allauth behaves here: nobody opens an account unasked, and its letters go the way of all others."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import dates, languages, limits, mail, qr, visitors
from cms.models import Edition
from forum.accounts import doorkeeping, factors, sealing

# allauth tells three ways to a new password apart; to its owner they are one.
SAME_LETTER = {"password_reset": "password_changed", "password_set": "password_changed"}


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts come from an invitation or an organiser, never from a public form."""
        return False

    def is_safe_url(self, url):
        """allauth's own fails at what is no address at all."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_client_ip(self, request):
        """One rule for whose address it is: allauth's own fails where a header is shorter than was promised."""
        return visitors.address(request)

    def validation_error(self, code, *args):
        """Who tried too often is told how long to wait."""
        if code == "too_many_login_attempts":
            return limits.TooMany(limits.longest("login_failed"))
        return super().validation_error(code, *args)

    def send_mail(self, template_prefix, email, context):
        """Queues ``accounts/mail/<name>.txt`` in the language kept with the person; the current forum signs it, so that
        whoever is told to write to the organisers can answer."""
        name = template_prefix.rpartition("/")[2]
        name = SAME_LETTER.get(name, name)
        user = context.get("user")
        language = user.language if user else languages.current()
        context = context | {"edition": Edition.objects.current()}
        mail.queue(template=f"accounts/mail/{name}", context=context, to=[email], language=language)

    def login(self, request, user):
        super().login(request, user)
        doorkeeping.note(user, "accounts.sign_in", by=user)

    def logout(self, request):
        user = request.user
        if user.is_authenticated:
            doorkeeping.note(user, "accounts.sign_out", by=user)
        super().logout(request)

    def authentication_failed(self, request, **credentials):
        doorkeeping.note_failure(credentials.get("email", ""))

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Of every change of what somebody signs in with, the history learns when they do."""
        name = template_prefix.rpartition("/")[2]
        doorkeeping.note(user, "accounts.change", by=user, data={"what": SAME_LETTER.get(name, name)})
        super().send_notification_mail(template_prefix, user, (context or {}) | {"user": user}, email)

    def get_reauthentication_methods(self, user):
        """Whoever has a second factor shows that one: the password alone would let others take it away."""
        if not user.is_authenticated:
            return []
        methods = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        return [
            methods[name] | {"description": description}
            for name, description in _ways_to_show_oneself(user)
            if name in methods
        ]

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not a second time within minutes of signing in."""
        return super().is_reauthentication_required(app=app, **kwargs) and not _has_just_signed_in(self.request)


def _ways_to_show_oneself(user) -> list[tuple[str, str]]:
    """allauth's names of them, the best first."""
    kinds = factors.kinds(user)
    app, passkey = ("mfa_reauthenticate", _("Use a code")), ("mfa_reauthenticate:webauthn", _("Use a passkey"))
    if not kinds:
        return [("reauthenticate", _("Use your password"))]
    return [app, passkey] if "totp" in kinds else [passkey, app]


def _has_just_signed_in(request) -> bool:
    method = "mfa" if factors.kinds(request.user) else "password"
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records if record["method"] == method), default=0)
    return time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT


class SecondFactor(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy("Set up an app or a passkey first."),
        "incorrect_code": gettext_lazy("This is not right. Codes are valid for half a minute and work once: try the next."),
        "incorrect_passkey": gettext_lazy("That did not work. Try again, or use another device."),
        "unreadable": gettext_lazy("Your second factor can no longer be read. Ask an administrator to take it away."),
    }

    def encrypt(self, text):
        return sealing.seal(text)

    def decrypt(self, encrypted_text):
        try:
            return sealing.unseal(encrypted_text)
        except sealing.Unreadable:
            raise self.validation_error("unreadable") from None

    def build_totp_svg(self, url):
        return qr.svg(url, label="")

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": dates.digits(str(number))}
