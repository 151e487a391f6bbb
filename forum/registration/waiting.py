"""The waiting list of a pass: joining it, being offered a place, taking it or not.

An offer takes its place from the quotas when it is made, so there are never more offers than places. Nothing revives by
itself: who lets an offer lapse is offered another one only after asking to wait again.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import code_of
from forum.registration import emails, presenting, quotas
from forum.registration.models import Offer, PassType, Registration


def must_wait(pass_type: PassType) -> bool:
    """Whether who comes now joins the list: no place is left, or others have waited longer for the next one."""
    return pass_type.has_waiting_list and (pass_type.is_full or queue(pass_type).exists())


def queue(pass_type: PassType):
    """Who waits to be offered a place, the next one first."""
    waiting = pass_type.registrations.filter(state=Registration.State.WAITING, waiting_since__isnull=False)
    return waiting.exclude(offers__state=Offer.State.OPEN).order_by("-priority", "waiting_since", "id")


def place_in_queue(registration: Registration) -> int | None:
    """1 for the next one; None for who is offered a place or has let one lapse."""
    keys = list(queue(registration.pass_type).values_list("pk", flat=True))
    return keys.index(registration.pk) + 1 if registration.pk in keys else None


def open_offer(registration: Registration) -> Offer | None:
    """The place that is kept for this person at this moment."""
    return registration.offers.open().filter(until__gt=timezone.now()).first()


def offer_places(pass_type: PassType) -> int:
    """Offers the places that are free to the next in the queue, each in a transaction of its own; how many."""
    made = 0
    while not _is_full(pass_type) and (waiting := queue(pass_type).first()):
        try:
            offer(registration=waiting)
        except ValidationError as refusal:
            if code_of(refusal) in {"offered", "not_waiting"}:  # by another process, or they left at this moment
                continue
            break
        made += 1
    return made


def _is_full(pass_type: PassType) -> bool:
    """At this moment; nothing is begun that the quotas would refuse."""
    return pass_type.quotas.filter(taken__gte=F("size")).exists()


@transaction.atomic
def offer(*, registration: Registration, user=None) -> Offer:
    """Keeps a free place for one person who waits and tells them by mail.

    Refuses with ``full``, ``offered`` (they have an open offer) and ``not_waiting``. ``user`` is the member of staff who
    offers it out of turn.
    """
    row = _lock(registration)
    if not row.is_waiting:
        raise ValidationError(_("This person does not wait for a place."), code="not_waiting")
    if row.offers.open().exists():
        raise ValidationError(_("This person has been offered a place already."), code="offered")
    until = timezone.now() + datetime.timedelta(hours=row.pass_type.offer_hours)
    made = Offer.objects.create(registration=row, until=until)
    emails.send_offer(made)
    log(instance=row, action="registration.offer", user=user, data={"until": until.isoformat()})
    quotas.take_places(row.pass_type)
    return made


@transaction.atomic
def take(*, registration: Registration) -> Registration:
    """The person takes the place that is kept for them; once more changes nothing. Refuses with ``no_offer``."""
    row = _lock(registration)
    if row.is_live and not row.is_waiting:
        return row
    if not _end(row, Offer.State.TAKEN, until__gt=timezone.now()):
        raise ValidationError(_("No place is kept for you any more. You may wait for another one."), code="no_offer")
    presenting.begin(row)
    row.waiting_since = None
    Registration.objects.filter(pk=row.pk).update(waiting_since=None, **presenting.columns(row))
    emails.send_confirmation(row)
    log(instance=row, action="registration.take_offer")
    return row


@transaction.atomic
def lapse(*, registration: Registration) -> bool:
    """Gives the place of an offer back that nobody took in time, and says so to the person; whether there was one."""
    row = _lock(registration)
    if not _end(row, Offer.State.LAPSED, until__lte=timezone.now()):
        return False
    Registration.objects.filter(pk=row.pk).update(waiting_since=None)
    quotas.give_places(row.pass_type)
    emails.send_lapse(row)
    log(instance=row, action="registration.lapse_offer")
    return True


@transaction.atomic
def withdraw_offer(*, registration: Registration, user=None) -> None:
    """Takes an open offer back and gives its place to the next; the person goes on waiting. Without one nothing happens."""
    row = _lock(registration)
    if _end(row, Offer.State.WITHDRAWN):
        quotas.give_places(row.pass_type)
        log(instance=row, action="registration.withdraw_offer", user=user)


@transaction.atomic
def wait_again(*, registration: Registration) -> Registration:
    """Who let an offer lapse joins the end of the queue; for everybody else nothing changes."""
    row = _lock(registration)
    if row.is_waiting and row.waiting_since is None:
        Registration.objects.filter(pk=row.pk).update(waiting_since=timezone.now())
        log(instance=row, action="registration.wait_again")
    return row


@transaction.atomic
def prefer(*, registration: Registration, priority: int, reason: str, user) -> Registration:
    """Moves a person before or behind others who wait; the history keeps the reason. Refuses with ``not_waiting``."""
    row = _lock(registration)
    if not row.is_waiting:
        raise ValidationError(_("This person does not wait for a place."), code="not_waiting")
    Registration.objects.filter(pk=row.pk).update(priority=priority)
    log(instance=row, action="registration.prefer", user=user, data={"priority": priority, "reason": reason})
    return row


def leave(row: Registration) -> None:
    """What a person who waits gives back on leaving: the place that is kept for them, if one is. ``row`` is locked."""
    if _end(row, Offer.State.WITHDRAWN):
        quotas.give_places(row.pass_type)


def _end(row, state, **which) -> bool:
    """Ends the person's open offer; whether there was one."""
    return bool(row.offers.open().filter(**which).update(state=state, ended_at=timezone.now()))


def _lock(registration) -> Registration:
    """Everything about one person's offer passes by this lock, taken without joins as in ``editing.edit``."""
    Registration.objects.select_for_update().get(pk=registration.pk)
    return Registration.objects.with_names().get(pk=registration.pk)
