"""The places that a delegation has of each pass, beside what the forum has of it."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms import dates
from cms.refusals import beside
from forum.registration.models import Delegation, PassType, Places


def take(delegation: Delegation, pass_type: PassType) -> None:
    """One conditional UPDATE both checks and takes; refuses with ``places`` where the delegation has none left."""
    if not _of(delegation.pk, pass_type.pk).filter(taken__lt=F("size") + F("granted")).update(taken=F("taken") + 1):
        raise none_left()


def refuse_more_than_left(delegation: Delegation, pass_type: PassType, number: int) -> None:
    """Says how many are left where some are and so many are not; ``take`` alone decides who has one."""
    left = sum(row.left for row in _of(delegation.pk, pass_type.pk))
    if 0 < left < number:
        words = ngettext(
            "Your delegation has %(number)s place of this pass left.",
            "Your delegation has %(number)s places of this pass left.",
            left,
        )
        raise beside("number", words % {"number": dates.digits(str(left))}, "places")


def none_left() -> ValidationError:
    return beside("pass_type", _("Your delegation has no place of this pass left."), "places")


def give_back(delegation_id: int | None, pass_type_id: int) -> None:
    """The place of somebody who leaves, or of a link that nobody used; nothing where there was no delegation."""
    if delegation_id:
        _of(delegation_id, pass_type_id).filter(taken__gt=0).update(taken=F("taken") - 1)


def _of(delegation_id, pass_type_id):
    return Places.objects.filter(delegation=delegation_id, pass_type=pass_type_id)
