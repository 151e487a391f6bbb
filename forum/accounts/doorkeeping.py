"""What the history keeps of the door: who of the staff came, went, failed to come in or changed what they sign in with."""

from django.contrib.auth import get_user_model
from wagtail.log_actions import log

from forum.accounts import factors


def note(user, action: str, *, by=None, data: dict | None = None) -> None:
    """Of others than staff nothing is kept: the door is theirs, and what they do at the desk has entries of its own."""
    if factors.is_staff(user):
        log(user, action, user=by, data=data)


def note_failure(email: str) -> None:
    """A wrong password for an address of the staff; by nobody, since it may be anybody. Other addresses leave no trace."""
    if user := get_user_model().objects.filter(email__iexact=email, is_active=True).first():
        note(user, "accounts.sign_in_failed")


def note_wrong_factor(user) -> None:
    """The password was right, the second factor not."""
    note(user, "accounts.factor_failed")


def note_roles(user, *, by) -> None:
    """What somebody may do from now on."""
    data = {
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "administrator": user.is_superuser,
        "active": user.is_active,
    }
    log(user, "accounts.roles", user=by, data=data)
