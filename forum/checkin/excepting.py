"""Opening a zone or a day to one person, or closing it, whatever their pass says: the badge stays as it is."""

import datetime
from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.checkin.models import PassException
from forum.registration.models import AccessZone, Registration
from forum.registration.purging import Due


@transaction.atomic
def make(
    *,
    registration: Registration,
    zone: AccessZone | None = None,
    day: datetime.date | None = None,
    is_open: bool,
    reason: str,
    user=None,
) -> PassException:
    """One word about ``zone`` or ``day``; it takes the place of what was said of it before, and once more changes nothing.
    Refuses with ``ended`` who has left, with ``other_edition`` and ``other_day`` what is none of this forum, and with
    ``reason`` without one."""
    if not registration.is_live:
        raise ValidationError(_("This person does not come any more."), code="ended")
    if zone and zone.edition_id != registration.edition_id:
        raise ValidationError(_("This zone belongs to another edition."), code="other_edition")
    if day and day.isoformat() not in registration.edition.days:
        raise ValidationError(_("The forum is not open on this day."), code="other_day")
    reason = reason.strip()
    if not reason:
        raise beside("reason", _("Say why."), "reason")
    named = {"registration": registration, "holder_no": registration.holder_no, "zone": zone, "day": day}
    said = {"is_open": is_open, "reason": reason}
    if before := PassException.objects.filter(**named, **said).first():
        return before
    made, _is_new = PassException.objects.update_or_create(**named, defaults=said | {"made_by": user})
    _log(made, "checkin.make_exception", user)
    return made


@transaction.atomic
def take_back(*, exception: PassException, reason: str, user=None) -> None:
    """The pass alone says it again. Once more changes nothing; refuses with ``reason`` without one."""
    if not reason.strip():
        raise beside("reason", _("Say why."), "reason")
    gone, _rows = PassException.objects.filter(pk=exception.pk).delete()
    if gone:
        _log(exception, "checkin.take_back_exception", user, reason=reason.strip())


def hand_over(merged: Registration, holders: list[tuple[int, int]]) -> None:
    """Of two registrations of one person, ``holders`` of which were that person, the one that stays keeps what was said of
    either; where they differ, what was said of the first."""
    for registration, holder_no in holders:
        for row in PassException.objects.filter(registration=registration, holder_no=holder_no):
            said = {name: getattr(row, name) for name in ("is_open", "reason", "made_by_id")}
            named = {"registration": merged, "holder_no": merged.holder_no, "zone_id": row.zone_id, "day": row.day}
            PassException.objects.get_or_create(**named, defaults=said)


def due() -> Iterator[Due]:
    """What the purge tells and deletes of this room: why something was opened to whom nobody can name any more."""
    rows = PassException.objects.filter(registration__erased_at__isnull=False)
    if number := rows.count():
        yield Due("exceptions to the passes of people who were made nameless", number, rows.delete)


def facts(exceptions: Iterable[PassException], zone_of: Callable[[PassException], str]) -> dict:
    """As ``rules`` takes them; ``zone_of`` says what the zone is called there."""
    also, never = {"days": [], "zones": []}, {"days": [], "zones": []}
    for row in exceptions:
        told = also if row.is_open else never
        if row.zone_id:
            told["zones"].append(zone_of(row))
        else:
            told["days"].append(row.day.isoformat())
    return {"also": also, "never": never}


def _log(exception, action, user, **more):
    said = {"zone": exception.zone.name_en} if exception.zone_id else {"day": exception.day.isoformat()}
    data = said | {"is_open": exception.is_open, "reason": exception.reason} | more
    log(instance=exception.registration, action=action, user=user, data=data)
