"""Reminding exhibitors of what they have not done: once a day, each person in their own language."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import mail
from cms.addresses import whole
from cms.models import Edition
from exhibitors.models import Booth, Membership, Reminder
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
    readers = _readers(standing)
    if not standing.missing or not readers:
        return False
    reminder, is_new = Reminder.objects.get_or_create(
        edition=edition,
        agency=standing.agency,
        day=edition.today,
        defaults={"sent_by": user, "missing": len(standing.missing)},
    )
    if is_new:
        for membership in readers:
            _write(membership, standing, edition)
        log(instance=standing.agency, action="exhibitors.remind", user=user, data={"missing": reminder.missing})
    return is_new


def reached(standings: list[Standing]) -> list[Standing]:
    """Those to whom a letter would find somebody. Two queries."""
    of_agency = {each.agency.pk: [booth.pk for booth in each.booths] for each in standings}
    own = set(Membership.objects.filter(agency__in=of_agency).values_list("agency", flat=True))
    booths = Booth.objects.filter(pk__in=[pk for pks in of_agency.values() for pk in pks])
    led = set(booths.filter(pavilion__organiser__memberships__role=Membership.Role.MANAGER).values_list("pk", flat=True))
    return [each for each in standings if each.agency.pk in own or not led.isdisjoint(of_agency[each.agency.pk])]


def _readers(standing) -> list[Membership]:
    """Its own people; where there are none, the managers of whoever organises the pavilion in which it stands."""
    own = list(standing.agency.memberships.select_related("user"))
    led = Membership.objects.filter(role=Membership.Role.MANAGER, agency__pavilions__booths__in=standing.booths)
    return own or list({row.user_id: row for row in led.select_related("user")}.values())


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
