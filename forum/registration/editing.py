"""Changing what a registration holds."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import languages
from cms.refusals import beside
from forum.registration import access, accrediting, answering, counting, emails, helping, presenting, quotas, signup
from forum.registration.answering import Answers
from forum.registration.models import PassType, Registration
from forum.registration.models.naming import key_of_name


@transaction.atomic
def edit(
    *, registration: Registration, pass_type: PassType, answers: Answers, needs: dict, code: str = "", user=None, **person
) -> Registration:
    """Changes what a person typed; ``person`` holds the columns that they may. The history names what, not to what.

    Another name (not its order or spelling of case) makes another holder, whose badge is a new one. Another address is
    sent the link; one that receives nothing any more is told, and the link that it knows dies. Another name, agency or
    pass is for the offices of the pass to approve again, unless staff made the change. Another pass moves the places in
    the same act. Refuses with codes ``withdrawn``, ``over``, ``registered`` (somebody else is this person), ``closed``,
    ``price``, ``full``, ``delegation`` and ``guest`` (their places are of one pass) and those of ``access``.
    """
    # Without joins: PostgreSQL, having waited for the lock, would miss a row whose pass was changed meanwhile.
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if not row.is_live:
        raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
    if row.edition.is_over:
        raise ValidationError(_("This forum is over."), code="over")
    read = copy(row)
    before = {name: getattr(row, name) for name in person}
    for name, value in person.items():
        setattr(row, name, value)
    _save(row)
    changed = [name for name in person if getattr(row, name) != before[name]]
    if key_of_name(row.name_latin) != key_of_name(before.get("name_latin", row.name_latin)):
        # The rank was the one before's; who corrects a name as staff sees it.
        rank = {} if user else {"protocol_rank": None}
        Registration.objects.filter(pk=row.pk).update(holder_no=F("holder_no") + 1, **rank)
        if not user:  # who corrects a letter for somebody makes no other person
            accrediting.forget([row.pk])
            counting.forget(row)
    if answering.keep(row, answers):
        changed.append("answers")
    if helping.tell(row, needs):
        changed.append("needs")
    if pass_type.pk != row.pass_type_id:
        _change_pass(row, pass_type, code, user)
        changed.append("pass_type")
    _write_to_new_addresses(row, read)
    if presenting.SUBSTANCE.intersection(changed) and not user:
        _present_again(row)
    if changed:
        log(instance=row, action="registration.edit", user=user, data={"changed": sorted(changed)})
    return Registration.objects.with_names().get(pk=row.pk)


def _write_to_new_addresses(row, before):
    """A contact who is no longer one opens the page no longer; whoever still receives gets the new link."""
    new, is_closed = row.addresses - before.addresses, bool(before.addresses - row.addresses)
    if is_closed:
        Registration.objects.filter(pk=row.pk).update(epoch=F("epoch") + 1)
        row.epoch += 1
    emails.tell_old_addresses(row, before)
    if new or is_closed:
        signup.send_link(row, only=row.addresses if is_closed else new)


@transaction.atomic
def change_language(*, registration: Registration, language: str) -> Registration:
    """The language in which the person is written to; once more changes nothing.

    Refuses with ``language`` and ``withdrawn``.
    """
    if language not in languages.CODES:
        raise ValidationError(_("We do not write in this language."), code="language")
    rows = Registration.objects.live().filter(pk=registration.pk, erased_at=None)
    if rows.exclude(language=language).update(language=language):
        log(instance=registration, action="registration.edit", data={"changed": ["language"]})
    elif not rows.exists():
        raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
    registration.language = language
    return registration


def _present_again(row):
    """The badge is none until the offices of the pass have said yes again."""
    row = Registration.objects.with_names().get(pk=row.pk)
    before = row.state
    if row.is_waiting:
        return  # presented when they take a place
    presenting.begin_again(row)
    Registration.objects.filter(pk=row.pk).update(**presenting.columns(row))
    if row.is_applied or row.state != before:
        emails.send_confirmation(row)


def _save(row):
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.clean()  # says that the same person is registered; anything else is a fault of ours
        raise


def _change_pass(row, pass_type, code, user):
    """The places and the uses of codes of both passes, under the lock on the registration."""
    if pass_type.edition_id != row.edition_id:
        raise beside("pass_type", _("This pass is not on offer."), "pass")
    if row.delegation_id:
        raise beside("pass_type", _("This place is a delegation's: its pass stays. Ask your focal point."), "delegation")
    if row.guest_id:
        raise beside("pass_type", _("This place comes with an invitation: its pass stays."), "guest")
    if not (row.edition.is_registration_open or user):
        raise beside("pass_type", _("Registration is closed: the pass stays as it is."), "closed")
    if row.is_waiting:
        raise beside("pass_type", _("You wait for this pass. Withdraw to choose another one."), "waiting")
    if not (pass_type.is_free and row.pass_type.is_free):
        raise beside("pass_type", _("A pass that costs something is not changed: withdraw, and register again."), "price")
    access_code = None if user else access.check(pass_type=pass_type, typed=code)
    access.move_use(row.access_code_id, access_code)
    quotas.move_places(row.pass_type, pass_type)
    Registration.objects.filter(pk=row.pk).update(pass_type=pass_type, access_code=access_code)
    if not pass_type.asks_photo:
        accrediting.forget([row.pk])


@transaction.atomic
def correct_answers(*, registration: Registration, answers: Answers, user=None) -> Registration:
    """Keeps what staff corrected; the history says that they did, not what."""
    if answering.keep(registration, answers):
        log(instance=registration, action="registration.answers", user=user)
    return registration
