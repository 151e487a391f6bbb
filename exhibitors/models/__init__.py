"""What the exhibition keeps, by noun."""

from exhibitors.models.agencies import Agency, Membership
from exhibitors.models.bookings import Booking
from exhibitors.models.floor import Booth, Hall, Zone
from exhibitors.models.invitations import Invitation
from exhibitors.models.structures import Structure

__all__ = ["Agency", "Booking", "Booth", "Hall", "Invitation", "Membership", "Structure", "Zone"]
