"""Organisers who remind one agency at the same moment."""

from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors.models import Agency, Reminder
from forum.desks import readiness, reminding
from tests.factories import cms as editions
from tests.factories import exhibitors as make


def prepare():
    agency = make.booking(make.booth(make.zone(make.hall(editions.edition(slug="race"))))).agency
    make.member(agency)
    make.person("root@example.org", is_superuser=True)


def remind():
    edition, user = editions.Edition.objects.get(), make.get_user_model().objects.get(email="root@example.org")
    return reminding.remind(standing=readiness.of_agency(Agency.objects.get(), edition), edition=edition, user=user)


def written():
    return Reminder.objects.count(), Email.objects.count(), ModelLogEntry.objects.count()


def test_of_many_who_remind_at_once_one_does_and_one_letter_goes_out(race):
    race.prepare(prepare)

    assert sorted(race(remind, [{}] * 4)) == [False] * 3 + [True]
    assert race.inspect(written) == (1, 1, 1)
