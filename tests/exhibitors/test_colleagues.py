"""Who acts for an agency is said by its managers, of whom one always stays."""

import pytest
from django.contrib.auth import get_user_model

from exhibitors import colleagues
from exhibitors.models import Agency, Invitation, Membership
from tests.exhibitors.refusing import refused
from tests.factories import exhibitors as make
from tests.racing import Refused


@pytest.fixture
def agency(db):
    return make.agency("Ministry of Examples")


@pytest.fixture
def manager(agency):
    return make.member(agency)


def row_of(user):
    return Membership.objects.get(user=user)


def roles():
    return list(Membership.objects.order_by("pk").values_list("role", flat=True))


def test_a_manager_invites_somebody_for_a_role(agency, manager):
    colleagues.invite(agency=agency, email="New@example.org", role="colleague", language="km", user=manager)

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.language) == ("new@example.org", "colleague", "km")


def test_a_manager_takes_an_invitation_back(agency, manager):
    invitation = make.invitation(agency, "new@example.org")

    colleagues.take_back(invitation=invitation, user=manager)

    assert not Invitation.objects.open().exists()


def test_so_many_invitations_wait_and_no_more(agency, manager):
    for number in range(colleagues.MOST_OPEN):
        make.invitation(agency, f"{number}@example.org")
    said = {"agency": agency, "role": "colleague", "language": "en", "user": manager}

    code, _sentences = refused(colleagues.invite, email="one.more@example.org", **said)
    assert code == "many"

    colleagues.invite(email="1@example.org", **said)  # once more, the same letter


def test_a_role_is_given_and_taken_and_once_more_changes_nothing(agency, manager):
    row = row_of(make.member(agency, role="colleague"))

    for _time in range(2):
        colleagues.give_role(membership=row, role="manager", user=manager)
    assert roles() == ["manager", "manager"]

    colleagues.give_role(membership=row_of(manager), role="colleague", user=manager)
    assert roles() == ["colleague", "manager"]


def test_who_is_removed_acts_no_more_and_keeps_the_account(agency, manager):
    other = make.member(agency)

    colleagues.remove(membership=row_of(other), user=manager)

    assert roles() == ["manager"]
    assert get_user_model().objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("act", [colleagues.remove, lambda **said: colleagues.give_role(role="colleague", **said)])
def test_the_last_manager_stays(agency, manager, act):
    make.member(agency, role="colleague")

    code, _sentences = refused(act, membership=row_of(manager), user=manager)

    assert (code, roles()) == ("last", ["manager", "colleague"])


def test_nobody_else_says_who_acts_for_an_agency(agency, manager):
    stranger, onlooker = make.member(make.agency("Another body")), make.member(agency, role="colleague")

    for user in (stranger, onlooker):
        assert refused(colleagues.remove, membership=row_of(manager), user=user)[0] == "forbidden"
        assert refused(colleagues.give_role, membership=row_of(onlooker), role="manager", user=user)[0] == "forbidden"
        said = {"agency": agency, "email": "x@example.org", "role": "manager", "language": "en"}
        assert refused(colleagues.invite, user=user, **said)[0] == "forbidden"
        assert refused(colleagues.take_back, invitation=make.invitation(agency, user.email), user=user)[0] == "forbidden"


def test_who_has_left_meanwhile_is_said(agency, manager):
    row = row_of(make.member(agency))
    Membership.objects.filter(pk=row.pk).delete()

    assert refused(colleagues.remove, membership=row, user=manager)[0] == "gone"


def prepare():
    """Two managers of one agency."""
    agency = make.agency("Ministry of Examples")
    return [make.member(agency, email=f"{number}@example.org").email for number in range(2)]


def leave(email):
    row = Membership.objects.select_related("user", "agency").get(user__email=email)
    colleagues.remove(membership=row, user=row.user)


def managers():
    return Agency.objects.get().memberships.filter(role="manager").count()


def test_of_two_managers_who_leave_at_once_one_stays(race):
    emails = race.prepare(prepare)

    outcomes = race(leave, [{"email": email} for email in emails])

    assert outcomes.count(Refused("last")) == 1
    assert race.inspect(managers) == 1
