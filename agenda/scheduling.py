"""Giving a session its room and time, and calling it off."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from agenda.models import Room, Session, Slot
from cms.models import Edition
from cms.refusals import beside

LONGEST = datetime.timedelta(hours=24)


def place(*, session: Session, room: Room, starts_at: datetime.datetime, ends_at: datetime.datetime, user) -> Slot:
    """Puts the session into the room, or moves it there; a session that was called off takes place again.

    Refuses with ``other_edition``, ``ends_before_it_begins``, ``too_long``, ``outside`` and ``room_taken``.
    """
    _refuse_impossible(session, room, starts_at, ends_at)
    with transaction.atomic():
        # Always in this order: who else places this session waits, then who else places something in this room.
        Session.objects.select_for_update().get(pk=session.pk)
        Room.objects.select_for_update().get(pk=room.pk)
        _refuse_taken(session, room, starts_at, ends_at)
        slot = Slot.objects.select_for_update().filter(session=session).first() or Slot(session=session)
        slot.room, slot.starts_at, slot.ends_at = room, starts_at, ends_at
        slot.is_cancelled, slot.follows_source = False, False
        slot.save()
        when = f"{starts_at.astimezone(session.edition.zone):%Y-%m-%d %H:%M}"
        log(instance=session, action="agenda.place", user=user, data={"room": room.name_en, "starts_at": when})
    return slot


def cancel(*, slot: Slot, user) -> Slot:
    """Calls the session off: it stays in the programme and says so. Refuses with ``already_cancelled``."""
    with transaction.atomic():
        slot = Slot.objects.select_for_update().select_related("session").get(pk=slot.pk)
        if slot.is_cancelled:
            raise ValidationError(_("This session has been cancelled already."), code="already_cancelled")
        slot.is_cancelled, slot.follows_source = True, False
        slot.save()
        log(instance=slot.session, action="agenda.cancel", user=user)
    return slot


def _refuse_impossible(session, room, starts_at, ends_at):
    edition = session.edition
    if room.edition_id != edition.pk:
        raise beside("room", _("This room belongs to another edition."), "other_edition")
    refuse_impossible_times(edition, starts_at, ends_at)


def refuse_impossible_times(edition: Edition, starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    """What no session of the edition can have, whoever asks: an organiser or a file.

    Refuses with ``ends_before_it_begins``, ``too_long`` and ``outside``.
    """
    # Moments are compared as they are: in year 1 or 9999 no clock can reckon.
    if not edition.begins_at <= starts_at < edition.ends_at:
        raise beside("starts_at", _("The forum takes place on %(dates)s.") % {"dates": edition.dates}, "outside")
    if ends_at <= starts_at:
        raise beside("ends_at", _("A session ends after it begins."), "ends_before_it_begins")
    if ends_at - starts_at > LONGEST:
        raise beside("ends_at", _("A session lasts a day at most."), "too_long")
    if ends_at > edition.ends_at:
        raise beside("ends_at", _("The forum takes place on %(dates)s.") % {"dates": edition.dates}, "outside")


def _refuse_taken(session, room, starts_at, ends_at):
    others = room.slots.overlapping(starts_at, ends_at).exclude(session=session).select_related("session")
    if other := others.first():
        sentence = _("“%(title)s” takes place there from %(from)s to %(to)s.") % {
            "title": other.session.title,
            "from": f"{other.starts_at.astimezone(session.edition.zone):%H:%M}",
            "to": f"{other.ends_at.astimezone(session.edition.zone):%H:%M}",
        }
        raise beside("room", sentence, "room_taken")
