"""Forgetting a person: the place goes back, what is theirs is deleted, and a row without a name stays for the figures."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.log_actions import log

from cms import channels, mail
from forum.documents import issuing
from forum.documents.models import IssuedDocument
from forum.registration import accrediting, acting, answering, circulating, counting, signup
from forum.registration.models import AccessNeeds, Guest, PersonalInvitation, Registration
from forum.registration.models.naming import key_of_name

NOBODY = "–"
EMPTY = ("honorific", "name_km", "position", "agency_name", "contact_name", "email", "phone")
CONTACT = ("contact_role", "contact_email", "contact_phone", "contact_language")


@transaction.atomic
def erase(*, registration: Registration, reason: str = "", user=None) -> Registration:
    """Withdraws and makes nameless, with all registrations that were merged into one with it; once more changes nothing.
    ``reason`` is what ``user``, of the staff, goes by.

    Pass, body, state, days of registration, what was agreed to and the scans of the badge stay, for they count and name
    nobody. After the forum nobody needs the place, so who came stays counted as having come. The link is dead afterwards,
    and the letters that were written to the person are deleted with their attachments.
    """
    # Whoever merges at this moment goes first: what the one took over of the other is forgotten with it.
    pks = [row.pk for row in same_person(registration)]
    list(Registration.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    for row in same_person(registration):
        _erase(registration if row == registration else row, reason, user)
    return registration


def same_person(registration: Registration) -> list[Registration]:
    """The registration and all that are of the same person by merging, the one that stands first."""
    rows = [registration]
    while above := Registration.objects.with_names().filter(merged=rows[0].pk).first():
        rows = [above]
    for row in rows:  # grows meanwhile
        rows += row.merged.with_names().order_by("pk")
    return rows


def _erase(registration, reason, user):
    guest, invitations = guest_who_is(registration), invitations_of(registration)
    was_coming = Registration.objects.coming().filter(pk=registration.pk).exists()
    if not registration.edition.is_over:
        signup.withdraw(registration=registration, user=user)
    now = timezone.now()
    if not Registration.objects.filter(pk=registration.pk, erased_at=None).update(erased_at=now, epoch=F("epoch") + 1):
        return
    answering.forget(list(registration.answers.all()))
    AccessNeeds.objects.filter(pk=registration.pk).delete()
    registration.permissions.filter(taken_back_at=None).update(taken_back_at=now)
    accrediting.forget([registration.pk])
    counting.part(registration, was_coming=was_coming)
    circulating.forget(registration)
    mail.forget(registration.code, registration.short_code)
    channels.forget(registration.code, registration.short_code)
    addresses = {registration.email, registration.contact_email} - {""}
    for name in (*EMPTY, *CONTACT):
        setattr(registration, name, "")
    registration.name_latin, registration.protocol_rank = NOBODY, None
    registration.erased_at = now
    registration.save()
    acting.forget(registration.edition, addresses)
    Registration.objects.filter(pk=registration.pk).update(access_code=None, external_key="")
    registration.place_links.update(note="")
    registration.decisions.update(reason="")
    log(instance=registration, action="registration.erase", user=user, data={"reason": reason} if reason else None)
    if guest:
        erase_guest(guest=guest, reason=reason, user=user)
    for invitation in invitations:
        erase_invitation(invitation=invitation, reason=reason, user=user)


@transaction.atomic
def erase_invitation(*, invitation: PersonalInvitation, reason: str = "", user=None) -> PersonalInvitation:
    """The same for a personal invitation, used or not: its times stay, and its link no longer opens."""
    now = timezone.now()
    if not PersonalInvitation.objects.filter(pk=invitation.pk, erased_at=None).update(erased_at=now):
        return invitation
    PersonalInvitation.objects.open().filter(pk=invitation.pk).update(revoked_at=now)
    invitation = PersonalInvitation.objects.with_names().get(pk=invitation.pk)
    mail.forget(invitation.code, invitation.short_code)
    for name in ("honorific", "name_km", "position", "agency_name", "contact_name"):
        setattr(invitation, name, "")
    invitation.name_latin, invitation.agency, invitation.email = NOBODY, None, ""
    invitation.save()
    PersonalInvitation.objects.filter(pk=invitation.pk).update(email="")
    log(instance=invitation, action="registration.erase", user=user, data={"reason": reason} if reason else None)
    return invitation


def invitations_of(registration: Registration) -> list[PersonalInvitation]:
    """Those by which the person came, and those that went to the same person and were not needed."""
    known = Q(registration=registration)
    if addresses := {registration.email, registration.contact_email} - {""}:
        known |= Q(pass_type__edition=registration.edition_id, email__in=addresses)
    rows = PersonalInvitation.objects.with_names().filter(known, erased_at=None).order_by("pk")
    return [row for row in rows if row.registration_id == registration.pk or row.is_of(registration)]


@transaction.atomic
def erase_guest(*, guest: Guest, reason: str = "", user=None) -> Guest:
    """The same for a guest who is invited by letter: number, date and reply stay; who stands for them is somebody else, and
    stays too."""
    now = timezone.now()
    if not Guest.objects.filter(pk=guest.pk, erased_at=None).update(erased_at=now, to_send_at=None, epoch=F("epoch") + 1):
        return guest
    guest = Guest.objects.with_names().get(pk=guest.pk)
    for registration in guest.registrations.filter(erased_at=None, is_companion=False).with_names():
        if guest_who_is(registration):
            erase(registration=registration, reason=reason, user=user)
    mail.forget(guest.code, guest.short_code)
    papers = [paper.pk for paper in issuing.with_those_before(guest.document)]
    issuing.forget(IssuedDocument.objects.filter(pk__in=papers))
    scan, storage = guest.scan.name, guest.scan.storage
    for name in (*EMPTY, "position_km", "agency_name_km", "external_key"):
        setattr(guest, name, "")
    guest.name_latin, guest.agency, guest.protocol_rank = NOBODY, None, None
    guest.save()
    Guest.objects.filter(pk=guest.pk).update(scan="")
    if scan:
        transaction.on_commit(lambda: storage.delete(scan))
    log(instance=guest, action="registration.erase", user=user, data={"reason": reason} if reason else None)
    return guest


def guest_who_is(registration: Registration) -> Guest | None:
    """The guest, where the registration is the guest's own: not that of somebody who stands for them."""
    if not registration.guest_id or registration.is_companion or registration.erased_at:
        return None
    is_same = key_of_name(registration.name_latin) == key_of_name(registration.guest.name_latin)
    return registration.guest if is_same else None
