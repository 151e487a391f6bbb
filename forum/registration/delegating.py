"""What a focal point does with the places of a delegation: name a person, put another in their place, withdraw."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.refusals import beside
from forum.registration import consenting, emails, presenting, quotas, replacing, shares, signup
from forum.registration.models import Delegation, How, PassType, PrivacyNotice, Registration, Role, Step, receiving
from forum.registration.models.naming import key_of_name


@transaction.atomic
def register(
    *,
    delegation: Delegation,
    pass_type: PassType,
    user,
    notice: PrivacyNotice | None = None,
    external_key="",
    row_key="",
    is_quiet=False,
    email="",
    **person,
) -> Registration:
    """Registers a person in one of the delegation's places of ``pass_type``, which is also one of the pass's quotas.

    Who has no address is written to by the focal point, ``user``; ``is_quiet`` leaves that letter out where many people are
    named at once. To ``notice`` the focal point says that the person agrees. The edition's window and the access to the pass
    bind only those who register themselves. Refuses with codes ``closed``, ``registered``, ``reference``, ``places`` (of the
    delegation), ``full`` (of the forum) and those of ``consenting.check``.
    """
    refuse_late(delegation)
    consenting.check(delegation.edition, notice)
    registration = Registration(
        edition=delegation.edition,
        delegation=delegation,
        agency=delegation.agency,
        pass_type=pass_type,
        external_key=external_key,
        row_key=row_key,
        link_sent_at=timezone.now(),
        **reached(delegation, email, user),
        **person,
    )
    presenting.begin(registration, after=Step.AGENCY)
    _refuse_known(registration)
    _save(registration)
    consenting.keep(registration, notice, how=How.FOCAL_POINT, user=user)
    if registration.has_own_address or not is_quiet:
        emails.send_confirmation(registration)
    log(instance=registration, action="registration.delegate", user=user)
    shares.take(delegation, pass_type)
    quotas.take_places(pass_type)
    return registration


@transaction.atomic
def swap(
    *, registration: Registration, user, notice: PrivacyNotice | None = None, external_key="", email="", **person
) -> Registration:
    """Another person takes the place: the badge and the link of the one before die, and what they told us is forgotten.

    Refuses with codes ``closed``, ``withdrawn``, ``registered``, ``reference`` and those of ``consenting.check``.
    """
    row = replacing.lock(registration)
    refuse_late(row.delegation)
    consenting.check(row.edition, notice)
    if not row.is_live:
        raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
    before = Registration.objects.with_names().get(pk=row.pk)
    for name, value in (person | reached(row.delegation, email, user)).items():
        setattr(row, name, value)
    row.external_key = external_key
    _refuse_known(row)
    after = replacing.replace(row, after=Step.AGENCY, save=_save)
    consenting.keep(after, notice, how=How.FOCAL_POINT, user=user)
    if before.has_own_address and before.email not in after.addresses:
        emails.tell_gone(before)
    emails.send_confirmation(after)
    log(instance=after, action="registration.swap", user=user)
    return after


@transaction.atomic
def correct(
    *, registration: Registration, user, notice: PrivacyNotice | None = None, row_key="", external_key="", email="", **person
) -> Registration:
    """What the delegation knows better of somebody whom its reference names; another name is another person in the place.

    A new address gets a new link, and the one before is told. Refuses as ``swap`` does.
    """
    if key_of_name(registration.name_latin) != key_of_name(person["name_latin"]):
        row = swap(registration=registration, user=user, notice=notice, external_key=external_key, email=email, **person)
    else:
        row = replacing.lock(registration)
        refuse_late(row.delegation)
        if not row.is_live:
            raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
        before = Registration.objects.with_names().get(pk=row.pk)
        for name, value in (person | reached(row.delegation, email, user)).items():
            setattr(row, name, value)
        _refuse_known(row)
        _save(row)
        if row.addresses != before.addresses:
            replacing.write_anew(row, before)
        log(instance=row, action="registration.correct", user=user)
    Registration.objects.filter(pk=row.pk).update(row_key=row_key)
    return row


@transaction.atomic
def withdraw(*, registration: Registration, user) -> Registration:
    """Gives the place back, to the delegation and to the forum, and tells the person; once more changes nothing."""
    row = Registration.objects.with_names().get(pk=replacing.lock(registration).pk)
    if row.is_live:
        signup.withdraw(registration=row, user=user)
        if row.has_own_address:
            emails.tell_gone(row)
    return row


def reached(delegation: Delegation, email: str, user) -> dict:
    """The columns that say where messages go: to the person, else to the focal point, who then is the contact."""
    if email:
        return receiving.NO_CONTACT | {"email": email}
    name = user.get_full_name() or delegation.agency.name_en
    return receiving.reached("", contact=name[:120], address=user.email, role=Role.FOCAL_POINT)


def twins_of(registration: Registration):
    """Who is the same person: by name and address; without an address of their own, also by name in the delegation."""
    same = Q(person_key=registration.person_key)
    if not registration.has_own_address:
        same |= Q(delegation=registration.delegation_id, name_key=registration.name_key, email="")
    return Registration.objects.live().of(registration.edition).exclude(pk=registration.pk).filter(same)


def refuse_late(delegation):
    if not delegation.is_open:
        raise ValidationError(_("The time for naming people is over. Please write to the organisers."), code="closed")


def _refuse_known(registration):
    registration.set_keys()
    if twins_of(registration).exists():
        raise registered()
    key = registration.external_key
    others = registration.delegation.registrations.live().filter(external_key=key).exclude(pk=registration.pk)
    if key and others.exists():
        raise beside("external_key", _("Somebody of your delegation has this reference already."), "reference")


def registered():
    return beside("name_latin", _("This person is already registered with this address."), "registered")


def _save(registration):
    """Where somebody else was quicker, the constraints refuse; anything else is a fault of ours."""
    is_new = registration.pk is None
    columns = None if is_new else replacing.PERSON
    try:
        with transaction.atomic():
            registration.save(force_insert=is_new, update_fields=columns)
    except IntegrityError:
        if is_new:
            registration.pk = None
        _refuse_known(registration)
        raise
