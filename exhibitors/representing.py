"""Who acts for an agency: its own managers and, for a member of a pavilion, those of the pavilion's organiser.

They may only once the member stands there, which an agency with people of its own has agreed to, and at that forum alone."""

from cms.models import Edition
from exhibitors.models import Agency, Booking, Pavilion


def pavilion_for(user, agency: Agency, edition: Edition | None = None) -> Pavilion | None:
    """That as whose organiser the person acts for a member with a confirmed booth: of this edition, or, where none is
    named, of the next that is not over. None where there is no such pavilion."""
    led = Pavilion.objects.led_by(user).exclude(organiser=agency)
    rows = led.filter(booths__bookings__agency=agency, booths__bookings__state="confirmed").distinct()
    if edition:
        return rows.filter(edition=edition).select_related("edition", "organiser").first()
    rows = rows.select_related("edition", "organiser").order_by("edition__opens_on", "pk")
    return next((row for row in rows if not row.edition.is_over), None)


def may_act(user, agency: Agency, edition: Edition | None = None) -> bool:
    """Whether the person manages what the agency has at this edition; where none is named, at one that is not over."""
    if agency.is_managed_by(user):
        return True
    return pavilion_for(user, agency, edition) is not None


def may_act_at(user, booking: Booking) -> bool:
    """Whether the person manages this booth: for its agency itself, or for the organiser in whose pavilion it stands."""
    if booking.agency.is_managed_by(user):
        return True
    return Pavilion.objects.led_by(user).filter(pk=booking.booth.pavilion_id).exists()


def on_behalf(user, agency: Agency, edition: Edition | None = None) -> dict[str, str]:
    """For the history of an act: as whose organiser it was done where the person is none of the agency's own managers."""
    if agency.is_managed_by(user):
        return {}
    pavilion = pavilion_for(user, agency, edition)
    return {"pavilion": pavilion.name_en, "organiser": pavilion.organiser.name_en} if pavilion else {}
