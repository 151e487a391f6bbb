"""Two registrations of one person made one: which survives, what it takes over, and what becomes of the other."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.desks import carrying
from forum.payments.models import Order, OrderLine
from forum.registration import accrediting, answering, editing, emails, helping, leaving
from forum.registration.models import REACHED, AccessNeeds, Registration

# What may be taken over of the other registration, by the columns that belong together.
COLUMNS = {
    "honorific": ("honorific",),
    "name_latin": ("name_latin",),
    "name_km": ("name_km",),
    "position": ("position",),
    "protocol_rank": ("protocol_rank",),
    "agency": ("agency", "agency_name"),
    "contact": REACHED,
    "phone": ("phone",),
    "language": ("language",),
}
NEEDS, DOCUMENT, PHOTO = "needs", "document", "photo"
ANSWER = "answer-"


@transaction.atomic
def merge(*, keep: Registration, other: Registration, taken: Iterable[str], reason: str, user) -> Registration:
    """``keep`` survives with what is ``taken`` of ``other``: keys of ``COLUMNS``, ``needs``, ``document`` and ``photo`` (of
    the accreditation), ``answer-`` with the code of a question; and with what ``carrying`` says.

    ``other`` is withdrawn and gives back its place; its badge dies and its link leads to the one that survives. The
    histories of both stay and say it. Once more changes nothing. Refuses with ``same``, ``edition``, ``withdrawn``,
    ``money`` (the other has an order that somebody paid or promised), ``guest`` (the other is the reply to a letter) and
    those of ``editing``.
    """
    keep, other = _locked(keep, other)
    if other.merged_into_id == keep.pk:
        return keep
    taken = list(taken)
    _refuse(keep, other)
    shown = accrediting.take_over(keep=keep, other=other, document=DOCUMENT in taken, photo=PHOTO in taken)
    carrying.take_places(keep, other)
    _end(other, keep)
    merged = _take_over(keep, other, taken, user)
    Registration.objects.filter(pk=other.pk).update(merged_epoch=merged.epoch)  # taking over an address makes a new link
    carrying.hand_over(merged, other, keep)
    if shown:  # security sees something else than it saw
        accrediting.present_again(merged)
    log(instance=merged, action="registration.merge", user=user,
        data={"other": other.code, "taken": sorted(taken), "reason": reason})  # fmt: skip
    log(instance=other, action="registration.merged", user=user, data={"other": keep.code, "reason": reason})
    emails.tell_merged(merged, other)
    return merged


def _locked(*registrations) -> list[Registration]:
    """Locked in one order whoever survives, or two who merge at once would wait for each other; without joins as in
    ``editing.edit``."""
    pks = [registration.pk for registration in registrations]
    if len(set(pks)) < 2:
        raise ValidationError(_("Choose two registrations."), code="same")
    list(Registration.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    found = Registration.objects.with_names().in_bulk(pks)
    return [found[pk] for pk in pks]


def _refuse(keep, other):
    if keep.edition_id != other.edition_id:
        raise ValidationError(_("These are registrations for two forums."), code="edition")
    for row in (keep, other):
        if not row.is_live or row.erased_at:
            raise ValidationError(
                _("%(code)s was withdrawn meanwhile. Look at both once more.") % {"code": row.short_code}, code="withdrawn"
            )
    if has_money(other):
        sentence = (
            _("Both have an order that was paid or promised. Finance ends one of the orders first.")
            if has_money(keep)
            else _("%(code)s has an order that was paid or promised: keep that registration.")
        )
        raise ValidationError(sentence % {"code": other.short_code}, code="money")
    if other.guest_id:
        raise ValidationError(
            _("%(code)s is the reply to an official letter: keep that registration, or record another reply first.")
            % {"code": other.short_code},
            code="guest",
        )


def has_money(registration: Registration) -> bool:
    """Whether an order of theirs was paid in part or whole, is promised by a letter, or is being paid at this moment."""
    promised = Q(accepted_at__isnull=False) | Q(payments__isnull=False) | Q(checkouts__is_open=True)
    orders = Order.objects.filter(pk__in=OrderLine.objects.filter(registration=registration).values("order"))
    return orders.filter(
        Q(state__in=[Order.State.PAID, Order.State.DECISION]) | Q(state=Order.State.OPEN) & promised
    ).exists()


def _end(other, keep):
    """Before the other takes over anything: two who live cannot be one person."""
    leaving.leave(other, Registration.State.WITHDRAWN)
    Registration.objects.filter(pk=other.pk).update(merged_into=keep)


def _take_over(keep, other, taken, user) -> Registration:
    person = {name: getattr(other, name) for key in taken if key in COLUMNS for name in COLUMNS[key]}
    needs = AccessNeeds.objects.filter(pk=(other if NEEDS in taken else keep).pk).values(*helping.COLUMNS).first() or {}
    merged = editing.edit(
        registration=keep, pass_type=keep.pass_type, answers=_kept_answers(keep), needs=needs, user=user, **person
    )
    _move_answers(merged, other, {key.removeprefix(ANSWER) for key in taken if key.startswith(ANSWER)})
    return merged


def _kept_answers(keep) -> dict:
    """As they are; a file stays where nothing is sent."""
    answers = keep.answers.select_related("question")
    return {answer.question: "" if answer.file else answer.value for answer in answers}


def _move_answers(keep, other, codes):
    """The rows themselves, so that a file is neither copied nor lost."""
    moving = list(other.answers.filter(question__code__in=codes))
    answering.forget(list(keep.answers.filter(question__in=[answer.question_id for answer in moving])))
    other.answers.filter(pk__in=[answer.pk for answer in moving]).update(registration=keep)
