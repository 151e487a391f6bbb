"""What is due by the clock."""

from exhibitors import allocation, offering, proposing
from exhibitors.models import Booking


def release_expired_holds() -> int:
    """Ends every hold whose time is over, each in its own transaction; how many. Safe to repeat and to run twice at once."""
    overdue = Booking.objects.overdue().select_related("booth__edition", "agency")
    return sum(allocation.lapse(booking=booking) for booking in overdue)


def make_proposals() -> None:
    proposing.see_to()


def offer_to_waiting() -> int:
    """Booths that came back go to the waiting list."""
    return offering.promote()
