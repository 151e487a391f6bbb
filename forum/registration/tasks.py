"""What is due by the clock."""

from django.utils import timezone

from cms.models import Edition
from forum.registration import circulating, granting, inviting, reminding, waiting
from forum.registration.models import Offer, PassType, Registration


def see_to_waiting_lists() -> int:
    """Ends the offers that nobody took in time, then offers the free places; how many. Safe to repeat and to run twice."""
    for offer in Offer.objects.overdue().select_related("registration"):
        waiting.lapse(registration=offer.registration)
    waited_for = Registration.objects.filter(
        state=Registration.State.WAITING, waiting_since__isnull=False, edition__closes_on__gte=timezone.localdate()
    )
    return sum(
        waiting.offer_places(pass_type) for pass_type in PassType.objects.filter(registrations__in=waited_for).distinct()
    )


def follow_booths() -> int:
    """Gives delegations the places that come with their booths, and takes those back that came with others; how many."""
    return sum(granting.follow_booths(edition) for edition in Edition.objects.filter(closes_on__gte=timezone.localdate()))


def ask_who_comes() -> int:
    """Asks people some days before whether they come; how many were asked."""
    return reminding.ask_everybody()


def send_letters() -> bool:
    """Sends the letters of invitation that are due by e-mail; whether more are."""
    return inviting.send_due()


def remind_guests() -> int:
    """Reminds guests who have not replied, some days before the deadline of their list; how many."""
    return inviting.remind_everybody()


def send_circulars() -> bool:
    """Writes one block of what staff wrote to many; whether more is due."""
    return circulating.send_some()
