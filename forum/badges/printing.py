"""Making badges and putting them on paper."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import codes, languages
from cms.models import Edition
from cms.prepared import Prepared
from exhibitors.models import Agency
from forum.badges import facing, keeping, keys, rendering, tokens
from forum.badges.models import Badge, BadgePrint, BatchedBadge, Order, SigningKey, not_yet_printed
from forum.registration.models import PassType, Registration


def queue(
    *,
    edition: Edition,
    pass_type: PassType | None = None,
    agency: Agency | None = None,
    day: datetime.date | None = None,
    order: str = "",
    again: bool = False,
):
    """Whose badges are to be printed: all that these filters leave, or those never printed. Without ``order`` as the reader
    sorts names."""
    people = Registration.objects.of(edition).coming().with_names()
    if pass_type:
        people = people.filter(pass_type=pass_type)
    if agency:
        people = people.filter(agency=agency)
    if day:  # passes are few
        people = people.filter(pass_type__in=[each for each in edition.pass_types.all() if each.is_valid_on(day)])
    people = people if again else people.filter(not_yet_printed())
    return in_order(people, order)


def in_order(people, order: str):
    if order == Order.BOX:
        place = BatchedBadge.objects.filter(registration=OuterRef("pk"), batch__per_box__gt=0).order_by("-batch")
        places = {"batch_no": Subquery(place.values("batch")[:1]), "place_no": Subquery(place.values("position")[:1])}
        ranked = (F(name).asc(nulls_last=True) for name in places)
        return people.annotate(**places).order_by(*ranked, "sort_key_km", "pk")
    if order == Order.AGENCY:
        return people.order_by(F("agency__sort_key").asc(nulls_last=True), "sort_key_km", "pk")
    keys = {Order.KHMER: "sort_key_km", Order.LATIN: "sort_key"}
    return people.order_by(keys[order], "pk") if order else people.in_order()


def find(*, edition: Edition, typed: str) -> Registration | None:
    """The person whose registration has this code (the QR in the mail), or whose badge was scanned or has this serial."""
    token = tokens.read(typed)
    code = token.serial if token else codes.read(typed)
    people = Registration.objects.of(edition)
    # One after the other, each by its index: asked for both at once, the database reads everybody with their badges.
    return people.filter(code=code).first() or people.filter(badges__serial=code).first()


def issue(registrations: Iterable[Registration]) -> list[Badge]:
    """The badge of each person's present holder, made and signed where there is none; in the order given, in one query
    where all have one. ``registrations``, all of one edition, come with ``with_names()``."""
    registrations = list(registrations)
    made = _current(registrations)
    if missing := [registration for registration in registrations if _holder(registration) not in made]:
        key = keys.of(missing[0].edition)
        Badge.objects.bulk_create([_signed(registration, key) for registration in missing], ignore_conflicts=True)
        made |= _current(missing)  # perhaps by another process in this moment
    badges = [made[_holder(registration)] for registration in registrations]
    for badge, registration in zip(badges, registrations, strict=True):
        badge.registration = registration
    _sign_the_unsigned(badges)
    return badges


def _holder(registration) -> tuple[int, int]:
    return registration.pk, registration.holder_no


def _current(registrations) -> dict[tuple[int, int], Badge]:
    if len(registrations) == 1:  # at a desk, hundreds of times an hour
        found = _of_one(registration=registrations[0].pk)
    else:
        found = Badge.objects.current().filter(registration__in=registrations).select_related("key")
    return {(badge.registration_id, badge.holder_no): badge for badge in found}


_of_one = Prepared(
    lambda registration: Badge.objects.current().filter(registration=registration).select_related("key"), registration=int
)


def _signed(registration, key) -> Badge:
    return _sign(Badge(registration=registration, holder_no=registration.holder_no), key)


def _sign(badge: Badge, key: SigningKey) -> Badge:
    badge.key, badge.signed_pass = key, badge.registration.pass_type.code
    badge.signature = tokens.sign(badge.token, keys.private_of(key))
    return badge


def _sign_the_unsigned(badges):
    """Those from before badges were signed."""
    if unsigned := [badge for badge in badges if not badge.signature]:
        key = keys.of(unsigned[0].registration.edition)
        Badge.objects.bulk_update([_sign(badge, key) for badge in unsigned], ["key", "signed_pass", "signature"])


def render(badges: Iterable[Badge]) -> bytes:
    """One PDF of them all. Those of one shape stand together, each in the order given: a printer holds one kind of paper.
    One badge alone comes from the store where it is kept."""
    badges = list(badges)
    if len(badges) == 1:
        return keeping.paper(badges[0])
    faces = [drawable.whole() for drawable in facing.drawables(badges)]
    return rendering.render(sorted(faces, key=lambda face: face.design.shape), languages.current())


def print_badges(*, registrations: Iterable[Registration], user=None, desk: str = "", reason: str = "") -> bytes:
    """The badges of ``registrations``, all of one edition, as one PDF, remembered as printed.

    Those withdrawn meanwhile are left out. One that was printed before is printed again for a ``reason`` alone, as another
    badge: the earlier one is no longer valid from that moment. Refuses with ``again`` where only such remain and no reason
    is given, so that of two desks at once one prints; with ``none`` where nobody remains.
    """
    with transaction.atomic():
        badges = take([registration.pk for registration in registrations], user, desk, reason)
        _write_down(badges, user, desk, reason)
    return render(badges)


@transaction.atomic
def take(numbers: list[int], user, desk: str, reason: str) -> list[Badge]:
    """The badges that go to paper, of the registrations with these keys and in their order, remembered as printed before
    they are drawn: the lock is not held for so long. Refused as ``print_badges`` is."""
    # Without joins: PostgreSQL, having waited for the lock, would miss a row whose pass was changed meanwhile.
    list(Registration.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk"))
    people = Registration.objects.coming().with_names().in_bulk(numbers)
    badges = issue(people[number] for number in numbers if number in people)
    printed = set(BadgePrint.objects.filter(badge__in=badges).values_list("badge_id", flat=True))
    if not reason:
        badges = [badge for badge in badges if badge.pk not in printed]
    if not badges:
        raise _printed_already() if printed else ValidationError(_("No badges wait to be printed."), code="none")
    badges = _replace(badges, printed)
    BadgePrint.objects.bulk_create(
        [
            BadgePrint(badge=badge, printed_by=user, desk=desk, reason=reason if is_again else "")
            for badge, is_again in badges
        ]
    )
    return [badge for badge, _is_again in badges]


def _replace(badges, printed) -> list[tuple[Badge, bool]]:
    """Each badge with whether it takes the place of one that was printed."""
    old = [badge for badge in badges if badge.pk in printed]
    Badge.objects.filter(pk__in=[badge.pk for badge in old]).update(revoked_at=timezone.now())
    anew = {badge.registration_id: badge for badge in issue(badge.registration for badge in old)}
    return [(anew.get(badge.registration_id, badge), badge.pk in printed) for badge in badges]


def _printed_already():
    return ValidationError(_("This badge is printed already. Say why it is printed again."), code="again")


def _write_down(badges, user, desk, reason):
    """One entry in the history: of the person, or of the edition where many went to paper together."""
    data = {name: value for name, value in (("desk", desk), ("reason", reason)) if value}
    person, *others = [badge.registration for badge in badges]
    if others:
        log(person.edition, "badges.print_batch", user=user, data=data | {"count": len(badges)})
    else:
        log(person, "badges.print", user=user, data=data)
