"""The places that a delegation has of each pass, beside what the forum has of it."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from cms.refusals import beside
from forum.registration.models import Delegation, PassType, Places


def take(delegation: Delegation, pass_type: PassType) -> None:
    """One conditional UPDATE both checks and takes; refuses with ``places`` where the delegation has none left."""
    if not _of(delegation.pk, pass_type.pk).filter(taken__lt=F("size") + F("granted")).update(taken=F("taken") + 1):
        raise none_left()


def none_left() -> ValidationError:
    return beside("pass_type", _("Your delegation has no place of this pass left."), "places")


def give_back(delegation_id: int | None, pass_type_id: int) -> None:
    """The place of somebody who leaves, or of a link that nobody used; nothing where there was no delegation."""
    if delegation_id:
        _of(delegation_id, pass_type_id).filter(taken__gt=0).update(taken=F("taken") - 1)


def _of(delegation_id, pass_type_id):
    return Places.objects.filter(delegation=delegation_id, pass_type=pass_type_id)
