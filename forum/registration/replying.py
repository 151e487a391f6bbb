"""What a guest who was invited by letter replies, and the registrations that follow from it.

Who attends, or stands for the guest, has a registration with the pass of the list, and so have their companions: quotas
hold, and badges are made as for everybody. Another reply replaces or withdraws them.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import dates
from cms.refusals import code_of
from forum.registration import consenting, emails, guest_emails, presenting, quotas, replacing, signup
from forum.registration.models import FurtherUse, Guest, PrivacyNotice, Registration, Step, receiving
from forum.registration.models.naming import key_of_name

Reply = Guest.Reply
# What a registration takes over of the guest.
COLUMNS = ("honorific", "name_latin", "name_km", "protocol_rank", "agency", "agency_name", "phone", "language")
NOTHING = {"honorific": "", "name_km": "", "position": "", "phone": "", "protocol_rank": None}
WRITTEN = replacing.PERSON | {"protocol_rank"}
Person = dict[str, object]


@transaction.atomic
def reply(
    *,
    guest: Guest,
    reply: str,
    representative: Person | None = None,
    companions: Sequence[Person] = (),
    notice: PrivacyNotice | None = None,
    uses: Sequence[FurtherUse] = (),
    user=None,
) -> Guest:
    """Writes the reply down and sees to the places; the same reply once more changes nothing.

    ``representative`` and ``companions`` hold columns of ``Registration`` that people type; they are asked about their data
    on their own pages, and a guest who attends agrees to ``notice`` and allows ``uses``. ``user`` is the member of staff who
    records the reply: the deadline of the list and the notice bind guests alone. Refuses with codes ``closed``, ``over``,
    ``erased``, ``representative``, ``companions`` (too many), ``twice``, ``price``, ``registered``, ``full`` and those of
    ``consenting.check``; then all is as before.
    """
    Guest.objects.select_for_update().get(pk=guest.pk)  # without joins, as in ``editing.edit``
    row = Guest.objects.with_names().get(pk=guest.pk)
    _refuse_late(row, user)
    is_own_word = reply == Reply.ATTENDING and not user
    if is_own_word:
        consenting.check(row.edition, notice)
    before = _name_of(holder_of(row))
    if reply == Reply.REGRETS:
        has_changed = _give_back(row, user)
    else:
        _refuse_wrong(row, reply, representative, companions)
        holder = _guest(row) if reply == Reply.ATTENDING else _representative(row, representative)
        # Who leaves first makes room for who comes.
        has_changed = _seat_companions(row, companions, holder, user)
        has_changed = _seat(row, holder, user) or has_changed
        if is_own_word:
            consenting.keep(holder_of(row), notice, uses)
    if has_changed or row.reply != reply:
        is_news = row.reply != reply or _name_of(holder_of(row)) != before
        _write_down(row, reply, user, is_news)
    return row


def _name_of(holder) -> str:
    return key_of_name(holder.name_latin) if holder else ""


def holder_of(guest: Guest) -> Registration | None:
    """Who comes: the guest, or the person who stands for them."""
    return guest.registrations.live().with_names().filter(is_companion=False).first()


def companions_of(guest: Guest) -> list[Registration]:
    return list(guest.registrations.live().with_names().filter(is_companion=True).order_by("pk"))


def _refuse_late(row, user):
    if row.erased_at:
        raise ValidationError(_("The details of this guest were deleted."), code="erased")
    if row.edition.is_over:
        raise ValidationError(_("This forum is over."), code="over")
    if not (user or row.guest_list.is_open):
        raise ValidationError(_("The time to reply is over. Please call the office named in the letter."), code="closed")


def _refuse_wrong(row, reply, representative, companions):
    if reply not in {Reply.ATTENDING, Reply.REPRESENTED}:
        raise ValidationError(_("Choose a reply."), code="reply")
    if reply == Reply.REPRESENTED and not representative:
        raise ValidationError(_("Name the person who represents you."), code="representative")
    if len(companions) > row.guest_list.companions:
        most = dates.digits(str(row.guest_list.companions))
        raise ValidationError(_("At most %(number)s companions are invited.") % {"number": most}, code="companions")
    names = [key_of_name(person["name_latin"]) for person in companions]
    if len(set(names)) < len(names):
        raise ValidationError(_("The same companion stands there twice."), code="twice")
    if not row.guest_list.pass_type.is_free:
        raise ValidationError(_("The pass of this list costs something, and guests do not pay."), code="price")


def _guest(row) -> Person:
    person = {name: getattr(row, name) for name in COLUMNS}
    return person | {"position": row.position_in(row.language), **_whence(row), **_reached(row, row.email, row.contact_name)}


def _representative(row, typed) -> Person:
    """Comes from where the guest does unless something else is said, and has a rank of their own."""
    person = NOTHING | {"language": row.language} | typed
    if not (person.get("agency") or person.get("agency_name")):
        person |= _whence(row)
    return person | _reached(row, person.get("email", ""))


def _companion(row, typed, holder) -> Person:
    person = NOTHING | {"language": holder["language"]} | typed
    return person | {**_whence(row), **_reached(row, "")}


def _whence(row) -> Person:
    """The guest's agency, in the language of their letter where nothing but its name is known: so says their badge too."""
    return {"agency": row.agency, "agency_name": row.agency_name if row.agency_id else row.agency_in(row.language)}


def _reached(row, own, contact="") -> Person:
    """Where messages go: to the person, else to the guest or who acts for the guest, else to the office of the list."""
    if own:
        return receiving.reached("" if contact else own, contact=contact, address=own)
    if row.email:
        return receiving.reached("", contact=row.contact_name or row.name_latin, address=row.email)
    return receiving.reached("", contact=row.guest_list.contact_name, address=row.guest_list.contact_email)


def is_reached(registration: Registration, guest: Guest) -> bool:
    """Whether an e-mail reaches the person or who acts for them; the office has no need of one."""
    return registration.has_own_address or guest.email in registration.addresses


def _seat(row, person, user) -> bool:
    """The guest's own place; whether anything was changed."""
    held = row.registrations.live().select_for_update().filter(is_companion=False).first()
    if held is None:
        _admit(row, person, is_companion=False, user=user)
        return True
    before = Registration.objects.with_names().get(pk=held.pk)
    if not _put(held, person):
        return False
    if key_of_name(held.name_latin) == key_of_name(before.name_latin):
        _save(held)
        if held.addresses != before.addresses:
            replacing.write_anew(held, before)
        log(instance=held, action="registration.correct", user=user)
        return True
    after = replacing.replace(held, after=Step.ORGANISER, save=_save)
    if row.reply == Reply.REPRESENTED and before.has_own_address:
        guest_emails.tell_relieved(before, row)
    _confirm(after, row)
    log(instance=after, action="registration.swap", user=user)
    return True


def _seat_companions(row, companions, holder, user) -> bool:
    """Those named now, and no others; whether anything was changed."""
    there = {held.name_key: held for held in row.registrations.live().select_for_update().filter(is_companion=True)}
    named = {key_of_name(typed["name_latin"])[:400]: _companion(row, typed, holder) for typed in companions}
    has_changed = False
    for key in there.keys() - named.keys():
        signup.withdraw(registration=there[key], user=user)
        has_changed = True
    for key, person in named.items():
        if key not in there:
            _admit(row, person, is_companion=True, user=user)
            has_changed = True
        elif _put(there[key], person):
            _save(there[key])
            has_changed = True
    return has_changed


def _put(registration, person) -> bool:
    """Writes what is typed into the row, unsaved; whether it says anything new."""
    before = {name: getattr(registration, name) for name in person}
    for name, value in person.items():
        setattr(registration, name, value)
    registration.set_keys()
    return any(getattr(registration, name) != value for name, value in before.items())


def _admit(row, person, *, is_companion, user) -> Registration:
    registration = Registration(
        edition=row.edition,
        pass_type=row.guest_list.pass_type,
        guest=row,
        is_companion=is_companion,
        link_sent_at=timezone.now(),
        **person,
    )
    presenting.begin(registration, after=Step.ORGANISER)
    _save(registration)
    _confirm(registration, row)
    log(instance=registration, action="registration.invite", user=user)
    try:
        quotas.take_places(registration.pass_type)
    except ValidationError as refusal:
        if code_of(refusal) != "full":
            raise
        raise _full(row) from None
    return registration


def _full(row) -> ValidationError:
    sentence = _("All places kept for guests are taken at this moment. Please call %(office)s; nothing has been changed.")
    return ValidationError(sentence % {"office": row.guest_list.contact_name}, code="full")


def _save(registration):
    """Where the same person has come in by another door, even at this moment, it is said who."""
    is_new = registration.pk is None
    registration.set_keys()
    known = Registration.objects.live().of(registration.edition).exclude(pk=registration.pk)
    twins = known.filter(person_key=registration.person_key)
    if twins.exists():
        raise _registered(registration)
    try:
        with transaction.atomic():
            registration.save(force_insert=is_new, update_fields=None if is_new else WRITTEN)
    except IntegrityError:
        if twins.exists():
            raise _registered(registration) from None
        raise


def _registered(registration) -> ValidationError:
    sentence = _("%(name)s is registered already with this address. Please call the office named in the letter.")
    return ValidationError(sentence % {"name": registration.name_latin}, code="registered")


def _give_back(row, user) -> bool:
    """Everybody who came by this invitation leaves; whether there was anybody."""
    holder = holder_of(row)
    everybody = [*([holder] if holder else []), *companions_of(row)]
    for registration in everybody:
        signup.withdraw(registration=registration, user=user)
    if holder and row.reply == Reply.REPRESENTED and holder.has_own_address:
        guest_emails.tell_relieved(holder, row)
    return bool(everybody)


def _confirm(registration, row):
    if is_reached(registration, row):
        emails.send_confirmation(registration)


def _write_down(row, reply, user, is_news):
    row.reply, row.replied_at, row.replied_by = reply, timezone.now(), user
    Guest.objects.filter(pk=row.pk).update(reply=reply, replied_at=row.replied_at, replied_by=user)
    log(instance=row, action="registration.reply", user=user, data={"reply": str(reply)})
    if row.email and is_news and reply != Reply.ATTENDING:
        guest_emails.tell_reply(row, holder_of(row))
