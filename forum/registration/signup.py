"""Registering, withdrawing, and sending somebody their link again."""

from collections.abc import Iterable

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.errors import Replaced
from cms.models import Edition
from cms.refusals import beside, code_of
from forum.registration import access, acting, consenting, emails, leaving, presenting, quotas, waiting
from forum.registration.answering import Answers
from forum.registration.models import (
    AccessCode,
    FurtherUse,
    Guest,
    How,
    PassType,
    PrivacyNotice,
    Registration,
    Step,
    key_of_person,
    own_page,
)
from forum.registration.telling import Told

LINK_REST = acting.LINK_REST


def register(
    *,
    edition: Edition,
    pass_type: PassType,
    user=None,
    code: str = "",
    access_code: AccessCode | None = None,
    answers: Answers | None = None,
    needs: dict | None = None,
    notice: PrivacyNotice | None = None,
    uses: Iterable[FurtherUse] = (),
    **person,
) -> Registration:
    """Registers a person and queues the mail with the own page's link.

    ``person`` holds the columns of ``Registration`` that people type. A person who is registered already gets that
    registration's link again and nothing changes, so the caller can answer both alike. Refuses with codes ``closed``
    (the registration window), ``pass`` (not of this edition), ``full``, those of ``access`` and ``consenting.check``. Where
    the pass has a waiting list and no place for who comes now, the person waits. ``code`` opens the pass it was made for;
    the rest is as in ``telling``. ``user`` is the member of staff who registers somebody at the desk: windows, codes,
    queues, invitations and the privacy notice bind only those who register themselves, and of offices security alone is
    asked. ``access_code`` is that of a personal invitation, found by its link: it opens its pass whatever its kind and
    window.
    """
    if pass_type.edition_id != edition.id:
        raise beside("pass_type", _("This pass is not on offer."), "pass")
    if not (edition.is_registration_open or user):
        raise ValidationError(_("Registration is closed."), code="closed")
    if not user:
        consenting.check(edition, notice)
    if not (user or access_code):
        access_code = access.check(pass_type=pass_type, typed=code)

    is_waiting = not user and waiting.must_wait(pass_type)
    if pass_type.is_full and not (user or is_waiting):  # before anybody is looked for, or the form would tell who is there
        raise quotas.full()
    address = person["email"] or person.get("contact_email", "")
    key = key_of_person(person["name_latin"], address, person.get("namesake_no", 1))
    twins = Registration.objects.live().of(edition).filter(person_key=key)
    if access_code and access_code.is_used_up and not twins.filter(access_code=access_code).exists():
        raise access.used_up()  # as with a full pass; who used it up may ask for the link
    # Who is new costs the short question alone; without an address a name is no proof.
    if address and twins.exists() and (twin := twins.with_names().first()):
        return send_link(twin, asked_for=pass_type)
    registration = Registration(
        edition=edition, pass_type=pass_type, access_code=access_code, link_sent_at=timezone.now(), **person
    )
    try:
        return _add_or_wait(registration, Told(answers or {}, needs or {}, notice, uses), user, is_waiting)
    except IntegrityError:
        # The same person arrived at the same time by another door; anything else is a fault of ours, or who registers
        # somebody without an address has to look whether that is the same person.
        if (twin := twins.with_names().first()) and address:
            return send_link(twin, asked_for=pass_type)
        raise


def _add_or_wait(registration, told, user, is_waiting) -> Registration:
    try:
        return _add(registration, told, user, is_waiting)
    except ValidationError as refusal:
        if code_of(refusal) != "full" or user or not registration.pass_type.has_waiting_list:
            raise
        registration.pk = None  # the last place went at this moment
        return _add(registration, told, user, is_waiting=True)


@transaction.atomic
def _add(registration, told, user, is_waiting) -> Registration:
    """Writes the person, the mail and, last, the places: their rows stay locked to the commit, which all others await."""
    if is_waiting:
        registration.state, registration.waiting_since = Registration.State.WAITING, timezone.now()
    else:
        presenting.begin(registration, after=Step.ORGANISER if user else None)
    registration.save(force_insert=True)
    told.keep(registration, how=How.PAPER if user else How.PAGE, user=user)
    emails.send_confirmation(registration)
    if user:
        log(instance=registration, action="registration.register", user=user)
    if registration.access_code:
        access.take_use(registration.access_code)
    if not is_waiting:
        quotas.take_places(registration.pass_type)
    return registration


@transaction.atomic
def withdraw(*, registration: Registration, reason: str = "", user=None, tells: bool = False) -> Registration:
    """Ends a registration and gives its places back; once more changes nothing. A guest who was invited by letter, or who
    stands for one, thereby sends regrets, and their companions leave too. ``reason`` stands in the history. ``tells`` where
    nothing else is written to the person about it."""
    if registration.guest_id:  # before the people of the guest, as a reply does it
        Guest.objects.select_for_update().get(pk=registration.guest_id)
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.is_live:
        leaving.leave(row, Registration.State.WITHDRAWN)
        log(instance=registration, action="registration.withdraw", user=user, data={"reason": reason} if reason else None)
        if row.guest_id and not row.is_companion:
            _send_regrets(row.guest_id, user)
        if tells:
            emails.tell_withdrawn(registration)
    registration.state = row.state
    return registration


def _send_regrets(guest_id, user):
    now = timezone.now()
    coming = Guest.objects.filter(pk=guest_id).exclude(reply=Guest.Reply.REGRETS)
    coming.update(reply=Guest.Reply.REGRETS, replied_at=now, replied_by=user)
    for companion in Registration.objects.live().filter(guest=guest_id).select_for_update().order_by("pk"):
        leaving.leave(companion, Registration.State.WITHDRAWN)
        log(instance=companion, action="registration.withdraw", user=user)


@transaction.atomic
def renew_link(*, registration: Registration, user=None) -> Registration:
    """Makes a new link, mails it and lets the old one die; of two who ask with the same old link one does.

    Who has no address keeps the link that stands in their letter: refuses with ``no_address``.
    """
    if not registration.receivers:
        raise ValidationError(_("There is no address to which a new link could go."), code="no_address")
    known = Registration.objects.live().filter(pk=registration.pk, epoch=registration.epoch)
    if known.update(epoch=F("epoch") + 1, link_sent_at=timezone.now()):
        registration.epoch += 1
        acting.close(registration.edition, registration.addresses)
        emails.send_confirmation(registration)
        log(instance=registration, action="registration.renew_link", user=user)
    return registration


@transaction.atomic
def send_link(registration: Registration, only: Iterable[str] = (), asked_for: PassType | None = None) -> Registration:
    """Queues the mail with the link again, unless one went out just now; to the addresses ``only`` where they are said.
    ``asked_for`` is the pass with which the person filled in the form again."""
    now = timezone.now()
    rested = Registration.objects.filter(pk=registration.pk, link_sent_at__lt=now - LINK_REST)
    if rested.update(link_sent_at=now):
        emails.send_confirmation(registration, only, asked_for)
    return registration


def send_links(*, edition: Edition, email: str) -> None:
    """Sends the links of all people whose messages this address receives, in one mail; says nothing to the one who asks.
    Who receives their own alone gets the mail with badge and calendar again."""
    address = email.strip().lower()
    people = acting.received_by(edition, address)
    if len(people) == 1 and people[0].email == address:
        send_link(people[0], only=[address])
    elif people:
        acting.send_links(edition=edition, address=address, people=people)


def find_by_token(token: str) -> Registration:
    """The registration whose own page ``token`` opens; 404 for a forged one, and ``Replaced`` for one that was renewed.
    That of a registration which was merged into another opens the other."""
    try:
        code, epoch = own_page.unsign(token).split(".")
        row = Registration.objects.with_names().get(code=code)
        if str(row.epoch) != epoch and row.erased_at:
            raise Http404("no such link")
        if str(row.epoch) != epoch:
            raise Replaced(reverse("register:link", args=[row.edition.slug]))
        while row.merged_into_id:
            row = Registration.objects.with_names().get(pk=row.merged_into_id, epoch=row.merged_epoch)
        return row
    except (signing.BadSignature, ValueError, Registration.DoesNotExist):
        raise Http404("no such link") from None
