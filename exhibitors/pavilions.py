"""Pavilions: organisers set one up from free booths; its own organiser divides them among members and takes them back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from cms.refusals import beside
from exhibitors import allocation, entering, invitations, offering
from exhibitors.models import Agency, Booking, Booth, Pavilion

OFTEN, A_DAY = 3, timedelta(days=1)  # how many times one agency is given one booth in that time


@transaction.atomic
def keep(
    *,
    edition: Edition,
    name_en: str,
    name_km: str,
    organiser: Agency,
    booths: Iterable[Booth],
    user,
    pavilion: Pavilion | None = None,
) -> Pavilion:
    """Sets up a pavilion, or changes ``pavilion``: afterwards it has these booths and no others.

    Refuses with ``forbidden``, ``name``, ``edition``, ``other`` where a booth is another pavilion's, ``taken`` where an
    agency has one or is pinned to it, and ``given`` where a member has one that should go, or would find another agency
    at its desk.
    """
    if not user.has_perm("exhibitors.change_pavilion"):
        raise ValidationError(_("Only an exhibition manager sets up pavilions."), code="forbidden")
    is_new = pavilion is None
    row = Pavilion(edition=edition) if is_new else Pavilion.objects.select_for_update(no_key=True).get(pk=pavilion.pk)
    is_handed_on = not is_new and row.organiser_id != organiser.pk
    row.name_en, row.name_km, row.organiser = name_en, name_km, organiser
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # of this index: nothing else can refuse these columns
        raise beside("name_en", _("Another pavilion of this edition has this name."), "name") from None
    codes = _have(row, booths)
    if is_handed_on:
        _refuse_handing_on(row)
    data = {"booths": codes, "organiser": organiser.name_en}
    log(instance=row, action="exhibitors.set_up_pavilion" if is_new else "exhibitors.change_pavilion", user=user, data=data)
    return row


@transaction.atomic
def give(*, pavilion: Pavilion, booth: Booth, agency: Agency, user) -> Booking:
    """A booth for an agency that is known. One that has people of its own decides itself, because it lets the pavilion's
    organiser see to what it has to send: until then the booth is held. Refuses with ``forbidden``, as ``allocation.give``
    does, and with ``often`` where the agency had this booth, and no longer, so many times within a day: its people get a
    letter each time."""
    _refuse_stranger(pavilion, user)
    booking = allocation.give(booth=booth, pavilion=pavilion, agency=agency, user=user, until=_answer_by(pavilion, agency))
    _refuse_often(booking)
    return booking


@transaction.atomic
def give_to_new(*, pavilion: Pavilion, booth: Booth, user, email: str, language: str, **words) -> Booking:
    """A booth for an agency that nobody has entered yet, whose first manager is invited. ``words`` are its columns.

    Refuses as ``give`` does, with ``kind`` one that may stand elsewhere and at other prices than the organiser, and with
    ``known`` where an agency has this name.
    """
    _refuse_stranger(pavilion, user)
    if words["kind"] not in kinds(pavilion):
        raise beside("kind", _("Only the organisers of the forum enter agencies of this kind."), "kind")
    sentence = _("“%(name)s” is known already: give the booth to it by its name.") % {"name": words["name_en"]}
    known = beside("name_en", sentence, "known")
    agency = entering.enter(user=user, known=known, source={"pavilion": pavilion.name_en}, **words)
    booking = allocation.give(booth=booth, pavilion=pavilion, agency=agency, user=user)
    invitations.invite(agency=agency, email=email, language=language, user=user)
    return booking


@transaction.atomic
def take_back(*, booking: Booking, user, reason: str) -> Booking:
    """The booth is free for another member, and what its agency had to send is its own again. Once more changes nothing.
    Refuses with ``forbidden``, ``over`` (the forum) and ``reason``."""
    pavilion = _pavilion_of(booking)
    _refuse_stranger(pavilion, user)
    _refuse_over(pavilion)
    if not reason.strip():
        raise beside("reason", _("Say why you take the booth back: the agency reads it."), "reason")
    return allocation.take_back(booking=booking, user=user, reason=reason)


@transaction.atomic
def rename(*, booking: Booking, user, fascia_en: str, fascia_km: str) -> Booking:
    """What the sign of the booth says; blank: the agency's name. Refuses with ``forbidden`` and ``over`` (the booking, or
    the forum)."""
    pavilion = _pavilion_of(booking)
    _refuse_stranger(pavilion, user)
    _refuse_over(pavilion)
    row = allocation.locked(booking)
    if row.has_ended:
        raise ValidationError(_("The booking of booth %(booth)s has ended.") % {"booth": row.booth}, code="over")
    row.fascia_en, row.fascia_km = fascia_en.strip(), fascia_km.strip()
    row.save(update_fields=["fascia_en", "fascia_km"])
    log(instance=row, action="exhibitors.rename_sign", user=user, data={"sign": " · ".join(row.on_sign)})
    return row


def kinds(pavilion: Pavilion) -> set[str]:
    """Of which its organiser may enter new agencies: prices and zones go by the kind."""
    return {pavilion.organiser.kind, Agency.Kind.PRIVATE}


def _have(pavilion, booths) -> list[str]:
    """Which it has now. Locked in one order, as all who place agencies do, so that none is booked meanwhile."""
    wanted = {booth.pk for booth in booths}
    rows = Booth.objects.filter(pk__in=wanted) | Booth.objects.filter(pavilion=pavilion)
    rows = list(rows.order_by("pk").select_for_update(no_key=True))
    for hold in Booking.objects.overdue().filter(booth__in=rows).select_related("booth__edition", "agency"):
        allocation.lapse(booking=hold)
    free = set(Booth.objects.filter(pk__in=[row.pk for row in rows]).free().values_list("pk", flat=True))
    joining = [row for row in rows if row.pk in wanted and row.pavilion_id != pavilion.pk]
    leaving = [row for row in rows if row.pk not in wanted and row.pavilion_id == pavilion.pk]
    pinned = [row for row in joining if row.pinned.live().exists()]
    for code, sentence, wrong in (
        ("edition", _("Of another forum: %(booths)s."), [row for row in joining if row.edition_id != pavilion.edition_id]),
        ("other", _("Of another pavilion: %(booths)s."), [row for row in joining if row.pavilion_id]),
        ("taken", _("Another agency has, or is offered: %(booths)s."), [row for row in joining if row.pk not in free]),
        ("taken", _("An application is pinned to: %(booths)s."), pinned),
        ("given", _("A member of the pavilion has: %(booths)s. Take them back first."),
         [row for row in leaving if row.pk not in free]),
    ):  # fmt: skip
        if wrong:
            raise beside("booths", sentence % {"booths": ", ".join(sorted(row.code for row in wrong))}, code)
    Booth.objects.filter(pk__in=[row.pk for row in leaving]).update(pavilion=None)
    Booth.objects.filter(pk__in=[row.pk for row in joining]).update(pavilion=pavilion)
    return sorted(row.code for row in rows if row.pk in wanted)


def _refuse_handing_on(pavilion):
    """Who stands here let this organiser see to what they send, and no other. Asked once the booths are locked."""
    members = Booking.objects.live().filter(booth__pavilion=pavilion).exclude(agency=pavilion.organiser)
    if codes := members.order_by("booth__code").values_list("booth__code", flat=True):
        sentence = _("A member of the pavilion has: %(booths)s. Take them back first.") % {"booths": ", ".join(codes)}
        raise beside("organiser", sentence, "given")


def _answer_by(pavilion, agency) -> datetime | None:
    """None for its organiser itself, and for who stands in this pavilion already."""
    theirs = agency.bookings.filter(booth__pavilion=pavilion, state=Booking.State.CONFIRMED)
    return None if agency.pk == pavilion.organiser_id or theirs.exists() else offering.answer_by(pavilion.edition)


def _refuse_often(booking):
    """Asked once the booth is theirs and everything is locked; the letter goes back with the booking."""
    ended = booking.booth.bookings.filter(agency=booking.agency, ended_at__gt=timezone.now() - A_DAY)
    if ended.count() >= OFTEN:
        sentence = _(
            "Booth %(booth)s was given to %(agency)s and came back several times within a day. Wait until tomorrow."
        )
        raise ValidationError(sentence % {"booth": booking.booth, "agency": booking.agency.name}, code="often")


def _pavilion_of(booking) -> Pavilion:
    pavilion = booking.booth.pavilion
    if pavilion is None:
        raise ValidationError(_("Booth %(booth)s is not one of a pavilion.") % {"booth": booking.booth}, code="forbidden")
    return pavilion


def _refuse_stranger(pavilion, user):
    if not pavilion.organiser.is_managed_by(user):
        raise ValidationError(
            _("You may not divide “%(pavilion)s”. Ask a colleague who manages its organiser.") % {"pavilion": pavilion.name},
            code="forbidden",
        )


def _refuse_over(pavilion):
    if pavilion.edition.is_over:
        raise ValidationError(_("This forum is over; its pavilions stay as they were."), code="over")
