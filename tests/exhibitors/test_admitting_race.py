"""Requests for one body that are confirmed, and organisers who decide on one, at the same moment."""

from exhibitors import admitting
from exhibitors.models import AccountRequest, Agency, Invitation
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused


def prepare():
    make.exhibition_manager(email="organiser@example.org")
    make.account_request(editions.edition(slug="race"), name_en="Example Robots")


def decide(to):
    user = make.get_user_model().objects.get(email="organiser@example.org")
    return admitting.decide(request=AccountRequest.objects.get(), to=to, user=user, version=1, remark="why").state


def prepare_unconfirmed(count):
    edition = editions.edition(slug="race")
    return [make.account_request(edition, name_en="Example", is_confirmed=False).code for _number in range(count)]


def confirm(code):
    return admitting.confirm(request=AccountRequest.objects.get(code=code)).code


def confirmed():
    return list(AccountRequest.objects.exclude(confirmed_at=None).values_list("code", flat=True))


def found():
    return Agency.objects.count(), Invitation.objects.count()


def test_many_who_accept_admit_one_agency_and_invite_once(race):
    race.prepare(prepare)

    assert race(decide, [{"to": "accepted"}] * 4) == ["accepted"] * 4
    assert race.prepare(found) == (1, 1)


def test_of_accepting_and_refusing_one_counts_and_the_other_is_told(race):
    race.prepare(prepare)

    outcomes = race(decide, [{"to": "accepted"}, {"to": "refused"}])

    assert outcomes.count(Refused("state")) == 1
    assert race.prepare(found) == ((1, 1) if "accepted" in outcomes else (0, 0))


def test_of_several_requests_for_one_body_that_are_confirmed_at_once_one_is(race):
    codes = race.prepare(prepare_unconfirmed, count=4)

    outcomes = race(confirm, [{"code": code} for code in codes])

    assert sorted(outcomes, key=str) == sorted([Refused("asked")] * 3 + race.inspect(confirmed), key=str)
