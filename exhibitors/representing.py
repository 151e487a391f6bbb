"""Who acts for an agency: its own managers and, for a member of a pavilion, those of the pavilion's organiser.

They may only once the member stands there, which an agency with people of its own has agreed to, and at that forum alone."""

from cms.models import Edition
from exhibitors.models import Agency, Booking, Pavilion


def pavilions_for(user, agency: Agency, edition: Edition | None = None) -> list[Pavilion]:
    """Those as whose organiser the person acts for a member with a confirmed booth: of this edition or, where none is
    named, of all that are not over, the next first. An agency may stand in several."""
    led = Pavilion.objects.led_by(user).exclude(organiser=agency)
    rows = led.filter(booths__bookings__agency=agency, booths__bookings__state="confirmed").distinct()
    rows = rows.select_related("edition", "organiser").order_by("edition__opens_on", "pk")
    return list(rows.filter(edition=edition)) if edition else [row for row in rows if not row.edition.is_over]


def may_act(user, agency: Agency, edition: Edition | None = None) -> bool:
    """Whether the person manages what the agency has at this edition; where none is named, at one that is not over."""
    if agency.is_managed_by(user):
        return True
    return bool(pavilions_for(user, agency, edition))


def may_act_at(user, booking: Booking) -> bool:
    """Whether the person manages this booth: for its agency itself, or for the organiser in whose pavilion it stands."""
    if booking.agency.is_managed_by(user):
        return True
    return Pavilion.objects.led_by(user).filter(pk=booking.booth.pavilion_id).exists()


def on_behalf(user, agency: Agency, edition: Edition | None = None) -> dict[str, str]:
    """For the history of an act: as whose organiser it was done where the person is none of the agency's own managers."""
    if agency.is_managed_by(user):
        return {}
    rows = pavilions_for(user, agency, edition)
    names = {"pavilion": [row.name_en for row in rows], "organiser": [row.organiser.name_en for row in rows]}
    return {name: ", ".join(dict.fromkeys(said)) for name, said in names.items() if said}
