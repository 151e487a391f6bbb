"""Reminding exhibitors of what they have not done: once a day, each person in their own language."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import mail
from cms.addresses import whole
from cms.models import Edition
from exhibitors.models import Membership, Reminder
from forum.desks.readiness import Standing


def may_remind(user) -> bool:
    return user.has_perm("exhibitors.add_reminder")


def remind_all(*, standings: Iterable[Standing], edition: Edition, user) -> int:
    """Each of them on its own, so that one whom something keeps back keeps nobody else; how many were written to."""
    return sum(remind(standing=standing, edition=edition, user=user) for standing in standings)


@transaction.atomic
def remind(*, standing: Standing, edition: Edition, user) -> bool:
    """Writes to everybody who acts for the agency what is missing, or, where it has no people of its own, to who stands in
    for it; whether this call did it. Who has nothing to do, nobody to read it or was reminded today is not written to.
    Refuses with ``forbidden`` and ``over``."""
    if not may_remind(user):
        raise ValidationError(_("Only an exhibition manager reminds exhibitors."), code="forbidden")
    if edition.is_over:
        raise ValidationError(_("This forum is over; nothing is needed any more."), code="over")
    people = readers([standing])[standing.agency.pk]
    if not standing.missing or not people:
        return False
    reminder, is_new = Reminder.objects.get_or_create(
        edition=edition,
        agency=standing.agency,
        day=edition.today,
        defaults={"sent_by": user, "missing": len(standing.missing)},
    )
    if is_new:
        for membership in people:
            _write(membership, standing, edition)
        log(instance=standing.agency, action="exhibitors.remind", user=user, data={"missing": reminder.missing})
    return is_new


def readers(standings: Iterable[Standing]) -> dict[int, list[Membership]]:
    """By agency, who is written to: its own people; where there are none, the managers of whoever organises the pavilion in
    which it stands. Two queries."""
    agency_of = {booth.pk: each.agency.pk for each in standings for booth in each.booths}
    people = Membership.objects.select_related("user")
    own, leading = defaultdict(list), defaultdict(dict)
    for row in people.filter(agency__in=set(agency_of.values())):
        own[row.agency_id].append(row)
    led = people.filter(role=Membership.Role.MANAGER, agency__pavilions__booths__in=agency_of)
    for row in led.annotate(booth=F("agency__pavilions__booths")):
        leading[agency_of[row.booth]][row.user_id] = row
    return {agency: own[agency] or list(leading[agency].values()) for agency in agency_of.values()}


def _write(membership, standing, edition) -> None:
    person, is_own = membership.user, membership.agency_id == standing.agency.pk
    may_open_all = is_own and membership.may_manage
    mail.queue(
        template="desks/emails/missing",
        context={
            "agency": standing.agency,
            "edition": edition,
            "booths": standing.codes,
            "items": [
                (item, "" if item.is_for_own_managers and not may_open_all else item.link(person.language))
                for item in standing.missing
            ],
            "link": whole("desks:ready", standing.agency.code, edition.slug, language=person.language),
        },
        to=[person.email],
        language=person.language,
    )
