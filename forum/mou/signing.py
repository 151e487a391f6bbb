"""Signing a memorandum, and what becomes of it afterwards."""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.mou.models import Event, Memorandum, Party, Signature, State


def sign(*, party: Party, signed_on: datetime.date, signatory_en: str = "", signatory_km: str = "", user=None) -> Signature:
    """Records that a party signed. The same again changes nothing.

    Refuses with codes ``future``, ``past`` (more than a hundred years ago: a slip of the hand), ``ended`` and ``signed``
    (this party signed on another day or by another hand).
    """
    _refuse_impossible("signed_on", signed_on)
    typed = {"signed_on": signed_on, "signatory_en": signatory_en, "signatory_km": signatory_km}
    try:
        with transaction.atomic():
            memorandum = _lock(party.memorandum_id)
            if memorandum.state == State.ENDED:
                raise ValidationError(_("This memorandum has ended; nobody signs it any more."), code="ended")
            signature = Signature.objects.create(party=party, **typed)
            log(instance=memorandum, action="mou.sign", user=user, data={"party": party.pk})
            return signature
    except IntegrityError:
        before = Signature.objects.get(party=party)
        if {name: getattr(before, name) for name in typed} == typed:
            return before
        raise ValidationError(_("This party has signed already."), code="signed") from None


@transaction.atomic
def strike(*, party: Party, reason: str, user=None) -> None:
    """Takes back a signature that was recorded in error; what it said stays in the history. Once more changes nothing.

    Refuses with the code ``followed``: something has happened since, which rests on all signatures.
    """
    memorandum = _lock(party.memorandum_id)
    signature = Signature.objects.filter(party=party).first()
    if signature is None:
        return
    if memorandum.events.exists():
        raise ValidationError(_("This memorandum has gone on since; its signatures stay."), code="followed")
    data = {"party": party.pk, "signed_on": str(signature.signed_on), "signatory": signature.signatory, "reason": reason}
    signature.delete()
    log(instance=memorandum, action="mou.strike", user=user, data=data)


@transaction.atomic
def record(*, memorandum: Memorandum, kind: str, happened_on: datetime.date, note_en="", note_km="", user=None) -> Event:
    """Records that a memorandum entered into force, was renewed or ended.

    Refuses with codes ``future``, ``unsigned``, ``ended``, ``twice`` and ``before`` (before it was signed).
    """
    memorandum = _lock(memorandum.pk)
    _refuse_impossible("happened_on", happened_on)
    if memorandum.state == State.ENDED:
        raise ValidationError(_("This memorandum has ended."), code="ended")
    if memorandum.signed_on is None:
        raise ValidationError(_("Not every party has signed yet."), code="unsigned")
    if happened_on < memorandum.signed_on:
        raise beside("happened_on", _("That is before the memorandum was signed."), "before")
    if kind == Event.Kind.IN_FORCE and memorandum.state == State.IN_FORCE:
        raise ValidationError(_("It is in force already."), code="twice")
    event = Event.objects.create(memorandum=memorandum, kind=kind, happened_on=happened_on, note_en=note_en, note_km=note_km)
    log(instance=memorandum, action="mou.record", user=user, data={"kind": kind})
    return event


def _lock(pk: int) -> Memorandum:
    """The memorandum as it stands now, for this transaction: signing and ending wait for each other."""
    return Memorandum.objects.select_for_update(of=("self",)).get(pk=pk)


def _refuse_impossible(field, day):
    today = timezone.localdate()
    if day > today:
        raise beside(field, _("That day has not come yet."), "future")
    if day.year < today.year - 100:
        raise beside(field, _("That is more than a hundred years ago."), "past")
