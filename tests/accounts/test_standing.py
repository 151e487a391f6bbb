"""Who scans all day is asked for by one question, and every answer is the database's of this moment."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.urls import reverse

from forum.accounts import roles, sessions, standing
from forum.accounts.models import User
from forum.checkin.models import Gate
from tests.factories import accounts, cms

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate():
    return reverse("onsite:gate", args=[Gate.objects.create(edition=cms.edition_under_way(), name_en="Main gate").code])


@pytest.fixture
def guard(client, gate):
    """Somebody whom this process knows already."""
    user = accounts.user("checkin.add_scan")
    client.force_login(user)
    assert client.get(gate).status_code == 200
    return user


def scan(client, gate):
    return client.post(gate, {"code": "nonsense"})


def test_the_same_person_once_more_costs_one_question(client, gate, guard, django_assert_num_queries):
    with django_assert_num_queries(5):  # with the gate, the badge, whether it is an own page's code, and the scan
        assert scan(client, gate).status_code == 200


def test_whoever_may_no_longer_scan_is_refused_at_once(client, gate, guard):
    guard.user_permissions.set([Permission.objects.get(codename="view_scan")])

    assert scan(client, gate).status_code == 403


def test_whoever_left_the_group_that_may_is_refused_at_once(client, gate):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name="gate"))
    client.force_login(user)
    assert [scan(client, gate).status_code for _time in range(2)] == [200, 200]

    user.groups.clear()

    assert scan(client, gate).status_code == 403


@pytest.mark.parametrize(
    "end",
    [
        lambda user: Session.objects.all().delete(),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: User.objects.filter(pk=user.pk).update(password="another"),
        lambda user: User.objects.filter(pk=user.pk).delete(),
        lambda user: Session.objects.update(expire_date="2020-01-01T00:00:00Z"),
    ],
    ids=["signed out", "not active", "another password", "gone", "too long ago"],
)
def test_whose_session_has_ended_is_asked_to_sign_in(client, gate, guard, end):
    end(guard)

    assert scan(client, gate).url.startswith(reverse("account_login"))


def test_whoever_has_lost_the_factor_sets_up_another_one(client, gate, guard):
    Authenticator.objects.all().delete()

    assert scan(client, gate).url == reverse("mfa_index")


def test_another_factor_than_that_of_this_session_is_asked_for(client, gate, guard):
    held = Authenticator.objects.get(user=guard, type=Authenticator.Type.TOTP)
    held.delete()
    Authenticator.objects.create(user=guard, type=Authenticator.Type.TOTP, data=held.data)

    assert scan(client, gate).url.startswith(reverse("mfa_reauthenticate"))


def test_whoever_did_nothing_for_too_long_signs_in_again(client, gate, guard, settings):
    session = client.session
    session[sessions.SEEN] -= settings.SESSION_IDLE_MINUTES * 60
    session.save()

    assert scan(client, gate).url.startswith(reverse("account_login"))


def test_whoever_a_process_remembers_wrongly_is_nobody_else(client, gate, guard):
    other = accounts.user(is_superuser=True)
    User.objects.filter(pk=other.pk).update(password=guard.password)  # the session's own mark of it tells nothing
    caches["pages"].set(standing._name(client.session.session_key), other.pk)

    assert scan(client, gate).wsgi_request.user == guard


def test_a_way_to_sign_in_that_is_no_longer_offered_lets_nobody_in(client, gate, guard, settings):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[:0]

    assert scan(client, gate).url.startswith(reverse("account_login"))


def test_the_session_of_somebody_else_is_theirs(client, gate, guard):
    other = accounts.user("checkin.add_scan")
    client.force_login(other)

    for _time in range(2):
        assert scan(client, gate).wsgi_request.user == other


def test_what_they_may_is_what_django_says(client, gate, rf):
    roles.make()
    user = accounts.user("checkin.add_scan", "mou.view_memorandum")
    user.groups.set(Group.objects.filter(name__in=["gate", "accreditation"]))
    client.force_login(user)
    client.get(gate)
    request = rf.get(gate)
    request.session = client.session

    found = standing.find(request)

    assert found.get_all_permissions() == User.objects.get(pk=user.pk).get_all_permissions()
    assert found.held_factors == set(Authenticator.objects.values_list("pk", flat=True)) != set()


def test_an_administrator_may_do_everything(client, gate):
    client.force_login(accounts.user(is_superuser=True))

    assert [scan(client, gate).status_code for _time in range(2)] == [200, 200]
