"""Handing badges over: to the person, or all of an agency to who signs for them; and taking that back."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from exhibitors.models import Agency
from forum.badges.models import Badge, BadgePrint, Handover, new_list
from forum.registration.models import Registration
from forum.registration.purging import Due

ROWS_AT_ONCE = 2_000


def waiting(edition: Edition, agency: Agency | None = None):
    """Badges that are good, printed, and with nobody yet, in the order of names."""
    printed = BadgePrint.objects.filter(badge=OuterRef("pk"))
    handed = Handover.objects.standing().filter(badge=OuterRef("pk"))
    badges = Badge.objects.valid().filter(Exists(printed), ~Exists(handed), registration__edition=edition)
    if agency:
        badges = badges.filter(registration__agency=agency)
    everything = "registration__pass_type", "registration__agency", "registration__edition"
    return badges.select_related(*everything).order_by("registration__sort_key_km", "pk")


def standing(badge: Badge) -> Handover | None:
    """To whom it was handed over, if it was."""
    return badge.handovers.standing().select_related("handed_by").first()


@transaction.atomic
def hand_over(*, badge: Badge, to: str = "", user=None, desk: str = "") -> Handover:
    """To the person, or to somebody who came for it. Refuses with ``invalid`` a badge that opens nothing any more, with
    ``not-printed`` one that is on no paper, with ``handed`` one that somebody has."""
    _lock([badge.registration_id])
    badge = Badge.objects.select_related("registration").get(pk=badge.pk)
    if not badge.is_valid:
        raise ValidationError(_("This badge is no longer valid. Look for the person again."), code="invalid")
    if not badge.prints.exists():
        raise ValidationError(_("This badge is not printed yet."), code="not-printed")
    if standing(badge):
        raise ValidationError(_("This badge was handed over already."), code="handed")
    made = Handover.objects.create(badge=badge, to=to, handed_by=user, desk=desk)
    data = {"is_to_other": bool(to)} | ({"desk": desk} if desk else {})  # the name stands in the row, and goes with it
    log(badge.registration, "badges.hand_over", user=user, data=data)
    return made


@transaction.atomic
def hand_over_many(*, edition: Edition, agency: Agency, to: str, user=None, desk: str = "") -> str:
    """All that wait for the people of an agency, to somebody who signs for the list; its code. Refuses with ``none``."""
    people = list(waiting(edition, agency).values_list("registration", flat=True))
    _lock(people)
    badges = list(waiting(edition, agency).filter(registration__in=people))
    if not badges:
        raise ValidationError(_("No printed badge of this agency waits to be handed over."), code="none")
    code = new_list()
    rows = [
        Handover(badge=badge, to=to, list_code=code, agency=agency, handed_by=user, desk=desk) for badge in badges
    ]  # fmt: skip
    Handover.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    data = {"count": len(badges), "agency": agency.code, "list": code, "desk": desk}
    log(edition, "badges.hand_over_many", user=user, data=data)
    return code


def of_list(code: str):
    """The handings over of one list, in the order in which it was signed."""
    everything = "badge__registration__pass_type", "badge__registration__edition", "agency", "handed_by"
    return Handover.objects.filter(list_code=code).exclude(list_code="").select_related(*everything).order_by("pk")


@transaction.atomic
def undo(*, handovers: Iterable[Handover], reason: str, user=None) -> int:
    """They did not happen, or came back; how many still stood. Once more changes nothing."""
    numbers = [handover.pk for handover in handovers]
    rows = Handover.objects.standing().filter(pk__in=numbers).select_related("badge__registration__edition")
    rows = list(rows.select_for_update(of=["self"]))
    change = {"undone_at": timezone.now(), "undone_by": user, "undone_because": reason}
    Handover.objects.filter(pk__in=[row.pk for row in rows]).update(**change)
    if len(rows) == 1:
        log(rows[0].badge.registration, "badges.undo_handover", user=user, data={"reason": reason})
    elif rows:
        data = {"count": len(rows), "reason": reason, "list": rows[0].list_code}
        log(rows[0].badge.registration.edition, "badges.undo_handover_list", user=user, data=data)
    return len(rows)


def nameless():
    """Those to whom a badge was given in the place of somebody whose own name has gone."""
    return Handover.objects.exclude(to="").filter(badge__registration__erased_at__isnull=False)


def due() -> Iterator[Due]:
    """What the purge tells and deletes of who took badges for others."""
    if number := nameless().count():
        yield Due("names of who took badges for others", number, lambda: nameless().update(to=""))


def _lock(people: list[int]):
    """As printing does, so that no badge is replaced meanwhile."""
    list(Registration.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk"))
