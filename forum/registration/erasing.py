"""Forgetting a person: the place goes back, what is theirs is deleted, and a row without a name stays for the figures."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from cms import mail
from forum.registration import answering, signup
from forum.registration.models import AccessNeeds, Registration

NOBODY = "–"
EMPTY = ("honorific", "name_km", "position", "agency_name", "contact_name", "email", "phone")


@transaction.atomic
def erase(*, registration: Registration, reason: str = "", user=None) -> Registration:
    """Withdraws and makes nameless; once more changes nothing. ``reason`` is what ``user``, of the staff, goes by.

    Pass, body, state, days of registration and the scans of the badge stay, for they count and name nobody. The link is
    dead afterwards, and the letters that were written to the person are deleted with their attachments.
    """
    signup.withdraw(registration=registration, user=user)
    now = timezone.now()
    if not Registration.objects.filter(pk=registration.pk, erased_at=None).update(erased_at=now, epoch=F("epoch") + 1):
        return registration
    answering.forget(list(registration.answers.all()))
    AccessNeeds.objects.filter(pk=registration.pk).delete()
    mail.forget(registration.code, registration.short_code)
    for name in EMPTY:
        setattr(registration, name, "")
    registration.name_latin, registration.protocol_rank = NOBODY, None
    registration.erased_at = now
    registration.save()
    Registration.objects.filter(pk=registration.pk).update(access_code=None, external_key="")
    registration.place_links.update(note="")
    registration.decisions.update(reason="")
    log(instance=registration, action="registration.erase", user=user, data={"reason": reason} if reason else None)
    return registration
