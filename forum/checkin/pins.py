"""PINs by which staff are told apart at a device that several of them use."""

import re
import unicodedata

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.checkin.models import Pin

LENGTH = 6
PERMISSION = "checkin.add_scan"
ROW = "01234567890", "09876543210"


def figures(typed: str) -> str:
    """Khmer figures are figures; blanks are none."""
    return "".join(str(unicodedata.decimal(letter)) for letter in typed if letter.isdecimal())


@transaction.atomic
def set_pin(*, user, typed: str) -> Pin:
    """One's own PIN, in the place of the one before. Refuses with ``length`` another number of figures, with ``easy`` those
    that everybody tries first."""
    pin = figures(typed)
    if len(pin) != LENGTH or re.search(r"[^\W\d]", typed):
        raise ValidationError(_("A PIN has six figures."), code="length")
    if len(set(pin)) < 3 or any(pin in row for row in ROW):
        raise ValidationError(_("Others would try this PIN first. Choose another one."), code="easy")
    kept, _made = Pin.objects.update_or_create(user=user, defaults={"hash": make_password(pin)})
    log(instance=user, action="checkin.set_pin", user=user)
    return kept


def of_staff() -> list[Pin]:
    """Those of people who may scan at gates, by name."""
    may_scan = ModelBackend().with_perm(PERMISSION)
    return sorted(Pin.objects.filter(user__in=may_scan).select_related("user"), key=lambda pin: str(pin.user))


def is_right(pin: Pin, typed: str) -> bool:
    """Whether it is theirs, and they may scan today."""
    return check_password(figures(typed), pin.hash) and pin.user.is_active and pin.user.has_perm(PERMISSION)


def has_one(user) -> bool:
    return Pin.objects.filter(user=user).exists()
