"""The second factor: an app's code or a passkey beside the password. Staff cannot do without."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import mail
from cms.models import Edition

# Recovery codes help where one of these is out of reach; alone they are no factor.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_demanded(user) -> bool:
    """Whoever may do anything here by a role or a permission of their own is staff. The demonstration asks nobody.

    The permissions looked up are kept on the user, and the page asks for them next.
    """
    return not settings.DEMO and is_staff(user)


def is_staff(user) -> bool:
    return user.is_superuser or bool(user.get_all_permissions())


def kinds(user) -> set[str]:
    """Which factors the person has: ``totp``, ``webauthn``, both or none."""
    return set(Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True))


def is_proven(request) -> bool:
    """Whether this session was signed in with a factor, or a recovery code, that the person still has."""
    records = get_authentication_records(request, request.user)
    used = [record.get("id") for record in records if record["method"] == "mfa"]
    held = getattr(request.user, "held_factors", None)
    if held is not None:
        return not held.isdisjoint(used)
    return bool(used) and Authenticator.objects.filter(user=request.user, pk__in=used).exists()


@transaction.atomic
def take_away(*, person, by=None) -> None:
    """Takes every factor of somebody who has lost theirs, recovery codes too; ``by`` is None from the command line.

    The password alone then signs them in, and staff set up a new factor before anything else.
    """
    if person == by:
        raise ValidationError(_("Remove your own second factor on your account’s page."), code="own")
    taken, _rows = Authenticator.objects.filter(user=person).delete()
    if not taken:
        raise ValidationError(_("This person has no second factor."), code="none")
    log(instance=person, action="accounts.take_away_factor", user=by)
    mail.queue(
        template="accounts/mail/factor_taken_away",
        context={"user": person, "edition": Edition.objects.current()},
        to=[person.email],
        language=person.language,
    )
