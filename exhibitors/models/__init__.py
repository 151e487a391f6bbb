"""What the exhibition keeps, by noun."""

from exhibitors.models.account_requests import AccountRequest
from exhibitors.models.agencies import Agency, Membership
from exhibitors.models.applications import Application, Call, Neighbour, Wish
from exhibitors.models.bookings import Booking
from exhibitors.models.extras import Extra, OrderedExtra
from exhibitors.models.floor import Booth, Hall, Zone
from exhibitors.models.invitations import Invitation
from exhibitors.models.moving import MoveChoice, MoveSlot
from exhibitors.models.packages import Entitlement, Package, Sponsorship
from exhibitors.models.pavilions import Pavilion
from exhibitors.models.prices import Price, PriceList
from exhibitors.models.reminders import Reminder
from exhibitors.models.required import RequiredDocument, SentDocument
from exhibitors.models.runs import AllocationLine, AllocationRun
from exhibitors.models.shown import ChosenTheme, Product, SessionHost, Theme
from exhibitors.models.structures import Structure
from exhibitors.models.tours import Tour, TourStop

__all__ = [
    "AccountRequest",
    "Agency",
    "AllocationLine",
    "AllocationRun",
    "Application",
    "Booking",
    "Booth",
    "Call",
    "ChosenTheme",
    "Entitlement",
    "Extra",
    "Hall",
    "Invitation",
    "Membership",
    "MoveChoice",
    "MoveSlot",
    "Neighbour",
    "OrderedExtra",
    "Package",
    "Pavilion",
    "Price",
    "PriceList",
    "Product",
    "Reminder",
    "RequiredDocument",
    "SentDocument",
    "SessionHost",
    "Sponsorship",
    "Structure",
    "Theme",
    "Tour",
    "TourStop",
    "Wish",
    "Zone",
]
