"""Who gets which booth: book, confirm, release, lapse. The only place where a booking changes its state."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from exhibitors import eligibility, emails
from exhibitors.models import Agency, Application, Booking, Booth, Pavilion
from exhibitors.prices import quoting
from exhibitors.readiness import moving

State = Booking.State
released = Signal()  # booking: tells whoever knows what hangs on it, inside of the transaction that gave it back


def refuse_stranger(agency: Agency, user) -> None:
    """With ``forbidden`` who neither manages this agency's booth nor places agencies."""
    if eligibility.may_place(user) or agency.is_managed_by(user):
        return
    raise ValidationError(
        _("You may not act for %(agency)s. Ask a colleague who manages its booth, or the organisers.")
        % {"agency": agency.name},
        code="forbidden",
    )


@transaction.atomic
def book(*, booth: Booth, agency: Agency, user, note: str = "", pay_until: datetime | None = None) -> Booking:
    """A live booking of ``booth`` for ``agency``: held for the zone's hours, or confirmed where the zone books at once.

    One that costs something is held ``pay_until`` for who orders it, and refused with ``payable`` where nobody does.
    Someone who places may go beyond all that and the zone's limit and kind; nobody takes a booth that another has.
    """
    agency, booth = _lock(agency, booth)
    refuse_stranger(agency, user)
    eligibility.refuse_closed(booth)
    eligibility.refuse_pavilion(booth)
    if not eligibility.may_place(user):
        eligibility.refuse_zone(booth, agency)
    is_free = quoting.quote(booth, agency).is_free
    if not (is_free or pay_until or eligibility.may_place(user)):
        raise _payable(booth)
    _lapse_overdue(booth)

    fields = {"state": State.HELD, "held_until": timezone.now() + timedelta(hours=booth.zone.hold_hours)}
    if not is_free and pay_until:
        fields |= {"held_until": pay_until, "awaits_payment": True}
    elif is_free and booth.zone.confirms_at_once:
        fields = {"state": State.CONFIRMED, "confirmed_at": timezone.now()}
    booking = _insert(booth, agency, user, note=note.strip(), **fields)
    log(instance=booking, action="exhibitors.book", user=user)
    emails.tell_members(booking)
    return booking


@transaction.atomic
def hold(*, booth: Booth, application: Application, until: datetime, user) -> Booking:
    """Holds the booth for who applied: an offer. That they may have one is for ``offering`` to say.

    Refuses with ``unpublished``, ``over``, ``pavilion`` and ``taken``. ``user`` is None where the waiting list moved up.
    """
    agency, booth = _lock(application.agency, booth)
    eligibility.refuse_closed(booth)
    eligibility.refuse_pavilion(booth)
    _lapse_overdue(booth)
    booking = _insert(booth, agency, user, application=application, state=State.HELD, held_until=until)
    log(instance=booking, action="exhibitors.offer", user=user, data={"application": application.code})
    emails.tell_members(booking)
    return booking


@transaction.atomic
def give(*, booth: Booth, pavilion: Pavilion, agency: Agency, user, until: datetime | None = None) -> Booking:
    """A booth of the pavilion for one of its members: confirmed, or held ``until`` then for the member's people to take.
    That the person may give it is for ``pavilions`` to say. Refuses with ``unpublished``, ``over``, ``pavilion`` where the
    booth is not the pavilion's, and ``taken``."""
    agency, booth = _lock(agency, booth)
    eligibility.refuse_closed(booth)
    if booth.pavilion_id != pavilion.pk:
        raise ValidationError(_("Booth %(booth)s is not one of this pavilion.") % {"booth": booth}, code="pavilion")
    _lapse_overdue(booth)
    times = {"state": State.CONFIRMED, "confirmed_at": timezone.now(), "confirmed_by": user}
    if until:
        times = {"state": State.HELD, "held_until": until}
    booking = _insert(booth, agency, user, **times)
    log(instance=booking, action="exhibitors.give", user=user, data={"pavilion": pavilion.name_en})
    emails.tell_members(booking)
    return booking


@transaction.atomic
def take_back(*, booking: Booking, user, reason: str) -> Booking:
    """A pavilion's booth is free for another member. Once more changes nothing."""
    booking = locked(booking)
    return booking if booking.has_ended else _end(booking, user, reason)


@transaction.atomic
def take(*, booking: Booking, user, pay_until: datetime | None = None) -> Booking:
    """Its agency takes what was offered: confirmed where it is free of charge, else held ``pay_until`` for who orders it.

    Once more changes nothing; refuses with ``forbidden``, ``over``, and ``payable`` what nobody orders.
    """
    booking = locked(booking)
    refuse_stranger(booking.agency, user)
    if booking.is_confirmed or (booking.is_held and booking.awaits_payment):
        return booking
    if not booking.is_offer:
        raise ValidationError(_("The offer of booth %(booth)s is over.") % {"booth": booking.booth}, code="over")
    if quoting.quote(booking.booth, booking.agency).is_free:
        _confirm(booking, user)
    elif pay_until:
        booking.held_until, booking.awaits_payment = pay_until, True
        booking.save(update_fields=["held_until", "awaits_payment"])
    else:
        raise _payable(booking.booth)
    log(instance=booking, action="exhibitors.accept_offer", user=user)
    emails.tell_members(booking)
    return booking


@transaction.atomic
def confirm(*, booking: Booking, user) -> Booking:
    """Makes a hold final. Once more changes nothing; a hold whose time is over is refused."""
    booking = locked(booking)
    if not eligibility.may_place(user):
        raise ValidationError(_("Only an exhibition manager confirms bookings."), code="forbidden")
    if booking.state == State.CONFIRMED:
        return booking
    if not booking.is_held:
        raise ValidationError(
            _("The hold on booth %(booth)s is over, so it cannot be confirmed. Book the booth again if it is still free.")
            % {"booth": booking.booth},
            code="over",
        )

    _confirm(booking, user)
    log(instance=booking, action="exhibitors.confirm", user=user)
    emails.tell_members(booking)
    return booking


@transaction.atomic
def keep_until(*, booking: Booking, until) -> None:
    """A hold lasts as long as whoever holds it has time to pay."""
    held = Booking.objects.live().filter(pk=booking.pk, state=State.HELD)
    if not held.update(held_until=until, awaits_payment=True):
        raise ValidationError(_("The hold on booth %(booth)s is over.") % {"booth": booking.booth}, code="over")


def lock_booths(bookings: Iterable[Booking]) -> None:
    """All of them before any is made firm, so that no booth becomes another agency's, or a pavilion's, meanwhile. In the
    order of the rest: the applications that they answer, booths by their keys, then each booking."""
    rows = list(bookings)
    wishes = Application.objects.filter(pk__in=[row.application_id for row in rows if row.application_id])
    booths = Booth.objects.filter(pk__in=[row.booth_id for row in rows])
    for places in (wishes, booths):
        list(places.order_by("pk").select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def make_firm(*, booking: Booking, may_return: bool = False) -> Booking:
    """Confirms a booking because it is paid for; once more changes nothing.

    One that ended is refused with ``over``, or, where it ``may_return`` (its time had merely run out), takes the booth
    again, and is refused with ``taken`` where another agency or a pavilion has it. Its booth is locked by whoever calls.
    """
    booking = locked(booking)
    if booking.is_confirmed:
        return booking
    if booking.state == State.RELEASED or (booking.state == State.LAPSED and not may_return):
        raise ValidationError(_("The hold on booth %(booth)s is over.") % {"booth": booking.booth}, code="over")
    if booking.has_ended and booking.booth.pavilion_id:
        raise _taken(booking.booth, mine=False)
    _lapse_others(booking)
    booking.state, booking.confirmed_at, booking.ended_at = State.CONFIRMED, timezone.now(), None
    try:
        with transaction.atomic():
            booking.save(update_fields=["state", "confirmed_at", "ended_at"])
            _take_off_the_list(booking)
    except IntegrityError:
        raise _taken(booking.booth, mine=False) from None
    log(instance=booking, action="exhibitors.confirm")
    emails.tell_members(booking)
    return booking


@transaction.atomic
def give_up(*, booking: Booking, is_lapse: bool = False) -> Booking:
    """The time to pay is over, or the order was ended: the booth goes back.

    One that an exhibition manager has confirmed stays, paid or not, until somebody releases it: time alone takes no
    confirmed booth away, and no other end of an order what was given by hand.
    """
    booking = locked(booking)
    if booking.state not in (State.HELD, State.CONFIRMED):
        return booking
    if booking.is_confirmed and (is_lapse or booking.confirmed_by_id):
        return booking
    booking.state, booking.ended_at = State.LAPSED if is_lapse else State.RELEASED, timezone.now()
    booking.save(update_fields=["state", "ended_at"])
    moving.give_back(booking)
    log(instance=booking, action="exhibitors.lapse" if is_lapse else "exhibitors.release")
    emails.tell_members(booking)
    return booking


@transaction.atomic
def release(*, booking: Booking, user, reason: str = "") -> Booking:
    """Gives the booth back. Members release their own holds; who places releases any, with a reason."""
    booking = locked(booking)
    refuse_stranger(booking.agency, user)
    if booking.has_ended:
        return booking
    if not eligibility.may_place(user) and booking.is_confirmed:
        raise ValidationError(
            _("Booth %(booth)s is confirmed. Please ask the organisers to release it.") % {"booth": booking.booth},
            code="confirmed",
        )
    if eligibility.may_place(user) and not reason.strip():
        raise ValidationError(_("Say why the booth is released: the agency reads it."), code="reason")
    return _end(booking, user, reason)


def _end(booking, user, reason) -> Booking:
    booking.state, booking.ended_at, booking.ended_by = State.RELEASED, timezone.now(), user
    booking.reason = reason.strip()
    booking.save(update_fields=["state", "ended_at", "ended_by", "reason"])
    moving.give_back(booking)
    released.send(sender=Booking, booking=booking)
    log(instance=booking, action="exhibitors.release", user=user, data={"reason": booking.reason})
    emails.tell_members(booking)
    return booking


@transaction.atomic
def move(*, booking: Booking, booth: Booth, user, reason: str) -> Booking:
    """The agency stands in ``booth`` instead: the booking, its time and what was paid for it go along. Once more changes
    nothing. Refuses with ``forbidden``, ``reason``, ``over``, ``edition``, ``unpublished``, ``pavilion`` (from or to one)
    and ``taken``."""
    (booking,), booths = _lock_all(booking, booths=[booth])
    booth = booths[booth.pk]
    _refuse_moving(user, reason, booking)
    if booking.booth_id == booth.pk:
        return booking
    if booth.edition_id != booking.booth.edition_id:
        raise ValidationError(_("Booth %(booth)s belongs to another forum.") % {"booth": booth}, code="edition")
    eligibility.refuse_closed(booth)
    eligibility.refuse_pavilion(booth, unless=booking.booth)
    _lapse_overdue(booth)
    before, booking.booth = booking.booth, booth
    try:
        with transaction.atomic():
            booking.save(update_fields=["booth"])
    except IntegrityError:
        raise _taken(booth, mine=False) from None
    _tell_moved(booking, before, user, reason)
    return booking


@transaction.atomic
def swap(*, one: Booking, other: Booking, user, reason: str) -> tuple[Booking, Booking]:
    """Two agencies change booths, each with its time and what it paid. Refuses as ``move`` does."""
    (one, other), _booths = _lock_all(one, other)
    _refuse_moving(user, reason, one, other)
    if one.booth.edition_id != other.booth.edition_id:
        raise ValidationError(_("Booth %(booth)s belongs to another forum.") % {"booth": other.booth}, code="edition")
    if one.pk == other.pk:
        raise ValidationError(_("Choose the booking of another booth."), code="same")
    eligibility.refuse_closed(one.booth)
    eligibility.refuse_pavilion(one.booth, unless=other.booth)
    first, second = one.booth, other.booth
    # No booth has two live bookings for a moment either: the first steps aside, seen by nobody outside of this transaction.
    aside = {"state": State.RELEASED, "ended_at": timezone.now()}
    back = {"state": one.state, "ended_at": None}
    for booking, change in ((one, aside), (other, {"booth": first}), (one, back | {"booth": second})):
        for name, value in change.items():
            setattr(booking, name, value)
        booking.save(update_fields=list(change))
    _tell_moved(one, first, user, reason)
    _tell_moved(other, second, user, reason)
    return one, other


def _refuse_moving(user, reason, *bookings):
    if not eligibility.may_place(user):
        raise ValidationError(_("Only an exhibition manager moves agencies to other booths."), code="forbidden")
    if not reason.strip():
        raise beside("reason", _("Say why the booth is changed: the agency reads it."), "reason")
    for booking in bookings:
        if not booking.is_live:
            raise ValidationError(_("The booking of booth %(booth)s has ended.") % {"booth": booking.booth}, code="over")


def _tell_moved(booking, before, user, reason):
    moving.give_back(booking)
    data = {"before": before.code, "booth": booking.booth.code, "reason": reason.strip()}
    log(instance=booking, action="exhibitors.move", user=user, data=data)
    emails.tell_moved(booking, before, reason.strip())


@transaction.atomic
def lapse(*, booking: Booking) -> bool:
    """Ends a hold whose time is over; whether this call did it. One conditional update, so two callers write once."""
    now = timezone.now()
    if not Booking.objects.overdue().filter(pk=booking.pk).update(state=State.LAPSED, ended_at=now):
        return False
    booking.state, booking.ended_at = State.LAPSED, now
    log(instance=booking, action="exhibitors.lapse")
    emails.tell_members(booking)
    return True


def _lock(agency, booth):
    """Both rows for this transaction, always agency first, so that an agency's own bookings queue up and none deadlock."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    Booth.objects.select_for_update(no_key=True).get(pk=booth.pk)  # as in ``locked``, for its zone
    return agency, Booth.objects.select_related("zone", "edition").get(pk=booth.pk)


def _lock_all(*bookings, booths=()):
    """The bookings, in the order given, and all booths concerned by their keys; everything locked in one order for
    everybody: agencies, booths, bookings."""
    agencies = {booking.agency_id for booking in bookings}
    list(Agency.objects.filter(pk__in=agencies).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    places = {booking.booth_id for booking in bookings} | {booth.pk for booth in booths}
    rows = Booth.objects.filter(pk__in=places).select_related("zone", "edition").order_by("pk")
    by_key = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    numbers = sorted({booking.pk for booking in bookings})
    list(Booking.objects.filter(pk__in=numbers).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    found = Booking.objects.select_related("booth__edition", "booth__zone", "agency").in_bulk(numbers)
    return [found[booking.pk] for booking in bookings], by_key


def locked(booking: Booking) -> Booking:
    """The booking as it is now, for this transaction alone. The application that it answers is locked first: who withdraws
    that one goes on to its bookings."""
    if booking.application_id:
        Application.objects.select_for_update(no_key=True).get(pk=booking.application_id)
    # Apart from what it is joined with: PostgreSQL gives no row where its booth became another while this waited.
    Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    return Booking.objects.select_related("booth__edition", "booth__zone", "agency").get(pk=booking.pk)


def _lapse_overdue(booth):
    """The index counts an overdue hold as live until someone ends it: who books next does so."""
    for hold in booth.bookings.overdue().select_related("booth__edition", "agency"):
        lapse(booking=hold)


def _lapse_others(booking):
    for hold in booking.booth.bookings.overdue().exclude(pk=booking.pk).select_related("booth__edition", "agency"):
        lapse(booking=hold)


def _confirm(booking, user):
    booking.state, booking.confirmed_at, booking.confirmed_by = State.CONFIRMED, timezone.now(), user
    booking.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _take_off_the_list(booking)


def _take_off_the_list(booking):
    """Who waited and has a booth now waits no longer."""
    waiting = Application.objects.filter(pk=booking.application_id, state=Application.State.WAITLISTED)
    waiting.update(state=Application.State.ACCEPTED)


def _insert(booth, agency, user, **fields):
    """The row itself. Whether the booth is free the index says, which nobody can pass by."""
    try:
        with transaction.atomic():
            return Booking.objects.create(booth=booth, agency=agency, booked_by=user, **fields)
    except IntegrityError:  # of this index: nothing else can refuse these columns
        raise _taken(booth, mine=booth.bookings.live().filter(agency=agency).exists()) from None


def _payable(booth) -> ValidationError:
    return ValidationError(
        _("Booth %(booth)s costs something: it is yours once its order is paid.") % {"booth": booth}, code="payable"
    )


def _taken(booth, *, mine: bool) -> ValidationError:
    if mine:
        return ValidationError(_("Your agency already has booth %(booth)s.") % {"booth": booth}, code="yours")
    return ValidationError(
        _("Booth %(booth)s has just been taken by another agency. Please choose another one.") % {"booth": booth},
        code="taken",
    )
