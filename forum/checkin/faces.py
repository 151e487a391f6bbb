"""Whose face a gate shows beside the name: guests of honour, whose passes say so, while their badge is valid."""

import hashlib

from cms.models import Edition
from forum.badges.models import Badge
from forum.registration import accrediting
from forum.registration.models import Registration


def is_shown(badge: Badge) -> bool:
    """Whether there is a face that the gate shows with this badge."""
    return badge.registration.pass_type.shows_photo and badge.is_valid and accrediting.has_photo(badge.registration)


def of(edition: Edition, serial: str) -> bytes | None:
    """The portrait of whoever has this badge, as JPEG; None where a gate of this forum shows none."""
    badge = _shown(edition).filter(serial=serial).first()
    return badge and accrediting.photo_of(badge.registration)


def versions(edition: Edition) -> dict[str, str]:
    """By the serials of badges, a word that is another one for another photo. Two queries."""
    badges = list(_shown(edition).order_by("pk"))
    given = accrediting.photos_of([badge.registration for badge in badges]) if badges else {}
    names = {badge.serial: given[badge.registration_id].photo.name for badge in badges if badge.registration_id in given}
    return {serial: hashlib.sha256(name.encode()).hexdigest()[:12] for serial, name in names.items()}


def _shown(edition):
    people = Registration.objects.filter(edition=edition, pass_type__shows_photo=True)
    return Badge.objects.valid().filter(registration__in=people).select_related("registration__pass_type")
