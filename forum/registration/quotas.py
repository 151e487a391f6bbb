"""Taking places of quotas and giving them back; everything that moves a place passes by here."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from cms.refusals import beside
from forum.registration.models import PassType, Quota, Registration


def first_state(pass_type: PassType) -> str:
    """Who takes a place of a pass that costs something holds it until it is paid for; staff make no gifts by the way."""
    return Registration.State.CONFIRMED if pass_type.is_free else Registration.State.HELD


def take_places(pass_type: PassType) -> None:
    """Takes one place of every quota of the pass, or refuses with ``full`` and takes none."""
    move_places(None, pass_type)


def give_places(pass_type: PassType) -> None:
    """Gives one place back to every quota of the pass."""
    move_places(pass_type, None)


def move_places(before: PassType | None, after: PassType | None) -> None:
    """Gives one place back to the quotas that only ``before`` draws on and takes one of those that only ``after`` does.

    One conditional UPDATE both checks and takes, and refuses with ``full``; in id order, so that two never wait for
    each other.
    """
    leaving, coming = (set(each.quotas.all()) if each else set() for each in (before, after))
    for quota in sorted(leaving ^ coming, key=lambda quota: quota.id):
        if quota in leaving:
            Quota.objects.filter(pk=quota.pk, taken__gt=0).update(taken=F("taken") - 1)
        elif not Quota.objects.filter(pk=quota.pk, taken__lt=F("size")).update(taken=F("taken") + 1):
            raise full()


def full() -> ValidationError:
    return beside("pass_type", _("All places of this pass are taken."), "full")
