"""Times of build-up and tear-down: a booth has one of each, and no time has more booths than it holds."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exhibitors import eligibility, representing
from exhibitors.models import Booking, MoveChoice, MoveSlot


@transaction.atomic
def choose(*, slot: MoveSlot, booking: Booking, user) -> MoveChoice:
    """The booth has this time, and no longer the one of the same kind that it had. Once more changes nothing.

    One conditional UPDATE both checks and takes the place. Refuses with ``forbidden``, ``over`` (the booking is not
    confirmed), ``hall`` (the booth stands in another one), ``late`` (for the time, or for that which it would leave) and
    ``full``.
    """
    booking = _lock(booking)
    slot = MoveSlot.objects.select_related("hall__edition").get(pk=slot.pk)
    _refuse_stranger(booking, user)
    _refuse_unfit(slot, booking)
    choice = booking.move_choices.filter(kind=slot.kind).select_related("slot").first()
    if choice and choice.slot_id == slot.pk:
        return choice
    before = choice.slot if choice else None
    if not eligibility.may_place(user):
        _refuse_late(slot)
        if before:
            _refuse_late(before)
    _change_places(slot, before)
    choice = choice or MoveChoice(booking=booking, kind=slot.kind)
    choice.slot, choice.chosen_by = slot, user
    choice.save()
    data = representing.on_behalf(user, booking.agency, booking.booth.edition) | {"slot": str(slot)}
    log(instance=booking, action="exhibitors.choose_move", user=user, data=data)
    return choice


def give_back(booking: Booking) -> None:
    """The times of a booking that has ended, or whose booth stands in another hall now; called in the act's transaction."""
    choices = booking.move_choices.select_related("slot").order_by("slot")
    for choice in choices.exclude(slot__hall=booking.booth.zone.hall_id) if booking.is_live else choices:
        choice.delete()
        MoveSlot.objects.filter(pk=choice.slot_id).update(taken=F("taken") - 1)


def _lock(booking) -> Booking:
    """The choices of one booking come one after the other."""
    # Apart from what it is joined with: PostgreSQL gives no row where its booth became another while this waited.
    Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    return Booking.objects.select_related("agency", "booth__zone__hall", "booth__edition").get(pk=booking.pk)


def _change_places(slot, before) -> None:
    """In the order of the keys, so that two who change times with each other never wait for each other for ever."""
    for row in sorted(filter(None, (slot, before)), key=lambda row: row.pk):
        if row == before:
            MoveSlot.objects.filter(pk=row.pk).update(taken=F("taken") - 1)
        elif not MoveSlot.objects.filter(pk=row.pk, taken__lt=F("size")).update(taken=F("taken") + 1):
            raise ValidationError(_("This time is full. Please choose another."), code="full")


def _refuse_stranger(booking, user):
    if eligibility.may_place(user) or representing.may_act_at(user, booking):
        return
    raise ValidationError(_("You may look at the times but not choose one."), code="forbidden")


def _refuse_unfit(slot, booking):
    if not booking.is_confirmed:
        raise ValidationError(_("Times are chosen for confirmed booths."), code="over")
    if slot.hall_id != booking.booth.zone.hall_id:
        raise ValidationError(_("This time belongs to another hall."), code="hall")


def _refuse_late(slot):
    if not slot.is_open:
        raise ValidationError(_("It is too late to choose or leave this time. Please write to the organisers."), code="late")
