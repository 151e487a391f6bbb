"""Links to single places: a focal point makes them, the person who opens one fills in their own details."""

from collections.abc import Iterable

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from forum.registration import consenting, delegating, emails, presenting, quotas, shares, signup
from forum.registration.answering import Answers
from forum.registration.models import (
    Delegation,
    FurtherUse,
    PassType,
    PlaceLink,
    PrivacyNotice,
    Registration,
    Step,
    key_of_person,
)
from forum.registration.models.place_links import signer
from forum.registration.telling import Told

AT_ONCE = 50


@transaction.atomic
def make(*, delegation: Delegation, pass_type: PassType, number: int, user, note: str = "") -> list[PlaceLink]:
    """So many links, each of which keeps a place of the delegation; all or, where there are not so many, none.

    Refuses with codes ``closed`` and ``places``.
    """
    delegating.refuse_late(delegation)
    shares.refuse_more_than_left(delegation, pass_type, number)
    made = []
    for _place in range(number):
        shares.take(delegation, pass_type)
        made.append(PlaceLink.objects.create(delegation=delegation, pass_type=pass_type, note=note, made_by=user))
    log(instance=delegation, action="registration.make_links", user=user, data={"number": number})
    return made


@transaction.atomic
def revoke(*, link: PlaceLink, user) -> PlaceLink:
    """The link dies and its place is free; once more changes nothing. Refuses with ``used``."""
    now = timezone.now()
    if PlaceLink.objects.open().filter(pk=link.pk).update(revoked_at=now, note=""):
        shares.give_back(link.delegation_id, link.pass_type_id)
        log(instance=link.delegation, action="registration.revoke_link", user=user)
    link.refresh_from_db(fields=["revoked_at", "used_at"])
    if link.used_at:
        raise ValidationError(_("Somebody has used this link. Withdraw the person instead."), code="used")
    return link


def use(
    *,
    link: PlaceLink,
    email: str,
    name_latin: str,
    answers: Answers | None = None,
    needs: dict | None = None,
    notice: PrivacyNotice | None = None,
    uses: Iterable[FurtherUse] = (),
    **person,
) -> Registration:
    """Registers who opened the link in the place that it keeps; it is dead afterwards.

    Who is registered already gets that registration's link again, as at the public form, and this link stays. Refuses with
    codes ``closed`` (used, revoked, or the delegation's time is over), ``full`` (of the forum) and those of
    ``consenting.check``.
    """
    delegation = link.delegation
    if not (link.is_open and delegation.is_open):
        raise closed()
    consenting.check(delegation.edition, notice)
    twins = (
        Registration.objects.live()
        .of(delegation.edition)
        .filter(person_key=key_of_person(name_latin, email or person.get("contact_email", "")))
    )
    if twin := twins.with_names().first():
        return signup.send_link(twin, asked_for=link.pass_type)
    registration = Registration(
        edition=delegation.edition,
        delegation=delegation,
        agency=delegation.agency,
        pass_type=link.pass_type,
        link_sent_at=timezone.now(),
        name_latin=name_latin,
        email=email,
        **person,
    )
    try:
        return _add(link, registration, Told(answers or {}, needs or {}, notice, uses))
    except IntegrityError:
        # The same person arrived at the same time by another door; anything else is a fault of ours.
        if twin := twins.with_names().first():
            return signup.send_link(twin, asked_for=link.pass_type)
        raise


@transaction.atomic
def _add(link, registration, told) -> Registration:
    """Of two who open the link at once the conditional UPDATE lets one pass; the other waits for it and is refused."""
    if not PlaceLink.objects.open().filter(pk=link.pk).update(used_at=timezone.now()):
        raise closed()
    presenting.begin(registration, after=Step.AGENCY)
    registration.save(force_insert=True)
    PlaceLink.objects.filter(pk=link.pk).update(registration=registration)
    told.keep(registration)
    emails.send_confirmation(registration)
    log(instance=registration, action="registration.use_link", user=None)
    quotas.take_places(registration.pass_type)
    return registration


def closed() -> ValidationError:
    return ValidationError(_("This link is no longer valid. Ask your agency’s focal point for a new one."), code="closed")


def find_by_token(token: str) -> PlaceLink:
    """The link that ``token`` opens, also one that is over; 404 for a forged one."""
    links = PlaceLink.objects.select_related("delegation__edition", "delegation__agency", "pass_type")
    try:
        return links.get(code=signer.unsign(token))
    except (signing.BadSignature, PlaceLink.DoesNotExist):
        raise Http404("no such link") from None
