"""Who gives booths, and what keeps an agency from one that nobody has; each refuses with a sentence and its code."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exhibitors.models import Agency, Booth


def may_place(user) -> bool:
    """Whether the person places agencies, confirms, releases and gives times of build-up for all of them."""
    return user.has_perm("exhibitors.confirm_booking")


def refuse_closed(booth: Booth) -> None:
    if not booth.is_published:
        raise ValidationError(_("Booth %(booth)s cannot be booked.") % {"booth": booth}, code="unpublished")
    if booth.edition.is_over:
        raise ValidationError(_("This forum is over; its booths can no longer be booked."), code="over")


def refuse_pavilion(booth: Booth, unless: Booth | None = None) -> None:
    """Nobody takes a booth past the organiser of its pavilion, nor leaves one: within it agencies may change places."""
    if booth.pavilion_id == (unless and unless.pavilion_id):
        return
    given = booth if booth.pavilion_id else unless
    raise ValidationError(
        _("Booth %(booth)s belongs to “%(pavilion)s”, whose organiser divides it among its members.")
        % {"booth": given, "pavilion": given.pavilion.name},
        code="pavilion",
    )


def refuse_zone(booth: Booth, agency: Agency) -> None:
    """The zone's own rules; they count all live bookings of the agency, read after its row is locked."""
    if booth.zone.by_application:
        raise ValidationError(
            _("Booths in the zone “%(zone)s” are given by application.") % {"zone": booth.zone.name}, code="application"
        )
    if not booth.zone.welcomes(agency):
        raise ValidationError(
            _("Booth %(booth)s is in the zone “%(zone)s”, which is meant for others: %(kind)s.")
            % {"booth": booth, "zone": booth.zone.name, "kind": booth.zone.get_kind_display()},
            code="zone",
        )
    theirs = [row.booth.code for row in agency.bookings.live().filter(booth__edition=booth.edition).select_related("booth")]
    if booth.code not in theirs and len(theirs) >= booth.zone.booths_per_agency:
        raise ValidationError(
            _("Your agency already has booth %(theirs)s. Release it first, or ask the organisers for another one.")
            % {"theirs": ", ".join(theirs)},
            code="limit",
        )
