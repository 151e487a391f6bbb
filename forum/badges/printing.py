"""Making badges and putting them on paper."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import languages
from cms.models import Edition
from exhibitors.models import Agency
from forum.badges import rendering
from forum.badges.models import Badge, BadgePrint, not_yet_printed
from forum.registration.models import PassType, Registration


def queue(*, edition: Edition, pass_type: PassType | None = None, agency: Agency | None = None, again: bool = False):
    """Whose badges are to be printed, in the order of names: all that these filters leave, or those never printed."""
    people = Registration.objects.of(edition).coming().with_names()
    if pass_type:
        people = people.filter(pass_type=pass_type)
    if agency:
        people = people.filter(agency=agency)
    return people if again else people.filter(not_yet_printed())


def find(*, edition: Edition, code: str) -> Registration | None:
    """The person whose registration has this code (the QR in the mail) or whose badge has this serial."""
    return Registration.objects.of(edition).filter(Q(code=code) | Q(badges__serial=code)).first()


def issue(registrations: Iterable[Registration]) -> list[Badge]:
    """The badge of each person's present holder, made where there is none; in the order given, in two queries."""
    registrations = list(registrations)
    Badge.objects.bulk_create(
        [Badge(registration=registration, holder_no=registration.holder_no) for registration in registrations],
        ignore_conflicts=True,
    )
    made = {
        (badge.registration_id, badge.holder_no): badge for badge in Badge.objects.filter(registration__in=registrations)
    }
    badges = [made[registration.pk, registration.holder_no] for registration in registrations]
    for badge, registration in zip(badges, registrations, strict=True):
        badge.registration = registration
    return badges


def render(badges: Iterable[Badge]) -> bytes:
    """One PDF with a page for each badge."""
    return rendering.render([_face(badge) for badge in badges], languages.current())


def print_badges(*, registrations: Iterable[Registration], user=None) -> bytes:
    """The badges of ``registrations``, all of one edition, as one PDF, remembered as printed.

    ``registrations`` come with ``with_names()``. Those withdrawn meanwhile are left out; refuses with ``none`` where
    nobody remains.
    """
    badges = issue(registration for registration in registrations if registration.is_coming)
    if not badges:
        raise ValidationError(_("No badges wait to be printed."), code="none")
    pdf = render(badges)
    with transaction.atomic():
        BadgePrint.objects.bulk_create([BadgePrint(badge=badge, printed_by=user) for badge in badges])
        _write_down(badges, user)
    return pdf


def _write_down(badges, user):
    """One entry in the history: of the person, or of the edition where many went to paper together."""
    person, *others = [badge.registration for badge in badges]
    if others:
        log(person.edition, "badges.print_batch", user=user, data={"count": len(badges)})
    else:
        log(person, "badges.print", user=user)


def _face(badge: Badge) -> rendering.BadgeFace:
    person = badge.registration
    edition, pass_type = person.edition, person.pass_type
    agency_km, agency_en = person.agency_in("km"), person.agency_in("en")
    return rendering.BadgeFace(
        edition_name_en=edition.short_name_en,
        edition_name_km=edition.short_name_km,
        dates=edition.dates,
        honorific_km=person.honorific_in("km"),
        name_km=person.name_km,
        honorific_en=person.honorific_in("en"),
        name_en=person.name_latin,
        position=person.position,
        agency_km=agency_km,
        agency_en=agency_en if agency_en != agency_km else "",  # typed by hand it is one in both
        pass_name_km=pass_type.name_km,
        pass_name_en=pass_type.name_en,
        band=pass_type.band,
        zones=(),
        days="",
        code=badge.spoken,
        token=badge.serial,
        is_demonstration=edition.is_demonstration,
    )
