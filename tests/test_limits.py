"""The limits at their addresses: a ministry gets through, one who tries without end waits, and nothing typed is lost."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from cms import limits
from forum.accounts.models import User
from forum.registration.models import Registration
from tests.factories import accounts, agenda, cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"
ROOMS = ["search", "agenda", "speakers", "exhibition", "exhibition/agencies"]


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    cache.clear()


@pytest.fixture
def only(settings):
    """Other rates than those of the settings."""

    def write(**rates):
        settings.LIMITS = settings.LIMITS | rates
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
            name: rate for name, rate in rates.items() if name in settings.ACCOUNT_RATE_LIMITS
        }

    return write


def person(number):
    return {"pass_type": "delegate", "name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា", "email": f"p{number}@example.org"}


def statuses(client, method, address, times, *args):
    return [getattr(client, method)(address, *args).status_code for _time in range(times)]


def assert_asks_to_wait(response, longest=600):
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= longest
    assert response["Cache-Control"] == "no-store"
    assert "Please wait" in response.content.decode()


def test_one_too_many_registrations_keep_what_was_typed(client, only):
    address = reverse("register:form", args=[make.pass_type().edition.slug])
    only(register="2/10m/ip")

    answers = [client.post(address, person(number)) for number in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert_asks_to_wait(answers[2])
    assert "សុខ ដារ៉ា" in answers[2].content.decode()
    assert Registration.objects.count() == 2
    assert client.get(address).status_code == 200


def test_a_ministry_behind_one_address_registers_in_ten_minutes(client):
    """400 people, each of whom has to correct the form once; drawn once here, counted as often."""
    request = client.get(reverse("register:form", args=[make.pass_type().edition.slug])).wsgi_request

    assert [limits.refusal(request, "register", key=f"p{number // 2}@example.org") for number in range(800)] == [None] * 800


def test_nobody_fills_another_persons_letter_box_with_invented_names(client):
    address = reverse("register:form", args=[make.pass_type().edition.slug])
    names = [f"SOK {chr(65 + number)}" for number in range(21)]

    answers = [client.post(address, person(0) | {"name_latin": name}).status_code for name in names]

    assert answers == [302] * 20 + [429]


def test_asking_for_the_link_too_often_keeps_what_was_typed(client):
    address = reverse("register:link", args=[make.pass_type().edition.slug])

    answers = [client.post(address, {"email": "sok@example.org"}) for _time in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert_asks_to_wait(answers[5])
    assert 'value="sok@example.org"' in answers[5].content.decode()


@pytest.mark.parametrize("room", ROOMS)
def test_a_search_too_many_waits_and_pages_without_words_stay_open(client, only, room):
    address = f"{cms.edition().get_absolute_url()}{room}/"
    only(search="2/m/ip")

    assert statuses(client, "get", f"{address}?q=data", 3) == [200, 200, 429]
    assert_asks_to_wait(client.get(f"{address}?q=data"), 60)
    assert '<html lang="km">' in client.get(f"{address}?q=data".replace("/en/", "/km/")).content.decode()
    assert statuses(client, "get", address, 3) == [200] * 3
    assert statuses(client, "get", f"{address}?q=+", 3) == [200] * 3


def test_the_desk_is_counted_by_person_not_by_address(client, only):
    cms.edition()
    only(desk_search="2/m/user")
    first, second = (accounts.user("badges.add_badgeprint") for _time in range(2))

    client.force_login(first)
    assert statuses(client, "get", "/onsite/badges/?q=sok", 3) == [200, 200, 429]
    client.force_login(second)
    assert client.get("/onsite/badges/?q=sok").status_code == 200


@pytest.mark.parametrize("name", ["own", "badge", "calendar", "withdraw"])
def test_wrong_links_wait_and_the_right_one_opens_all_the_same(client, only, name):
    registration = make.registration()
    only(wrong_link="2/m/ip")

    assert statuses(client, "get", reverse(f"registration:{name}", args=["forged"]), 3) == [404, 404, 429]
    assert_asks_to_wait(client.get(reverse(f"registration:{name}", args=["forged"])), 60)
    assert client.get(reverse(f"registration:{name}", args=[registration.token])).status_code == 200


def test_wrong_invitations_wait_and_the_right_one_opens_all_the_same(client, only):
    invitation = exhibitors.invitation(exhibitors.agency())
    only(wrong_link="2/m/ip")

    assert statuses(client, "get", reverse("accounts:invitation", args=["forged"]), 3) == [404, 404, 429]
    assert client.get(reverse("accounts:invitation", args=[invitation.token])).status_code == 200


def test_public_pages_are_not_counted(client):
    edition = cms.edition()
    agenda.session(edition, at=agenda.moment(edition))

    for address in ("/en/next/agenda/", "/en/next/", "/en/next/exhibition/"):
        client.get(address)

    assert not _counts()


def _counts():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE '%limit:%'")
        return cursor.fetchall()


def test_wrong_passwords_for_one_account_wait_and_keep_the_address(client):
    user = User.objects.create_user("sok@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    answers = [client.post(reverse("account_login"), {"login": user.email, "password": "wrong"}) for _time in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert_asks_to_wait(answers[5], 300)
    assert 'value="sok@example.org"' in answers[5].content.decode()


def test_sign_ins_from_one_address_wait(client, only):
    only(login="2/m/ip")

    answers = [client.post(reverse("account_login"), {"login": f"{n}@example.org", "password": "x"}) for n in range(3)]

    assert_asks_to_wait(answers[2], 60)
    assert answers[1].status_code == 200


def test_letters_for_a_new_password_wait_by_account(client):
    answers = [client.post(reverse("account_reset_password"), {"email": "sok@example.org"}) for _time in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert_asks_to_wait(answers[5], 900)


def test_a_header_shorter_than_the_chain_of_proxies_breaks_no_sign_in(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    answer = client.post(
        reverse("account_login"), {"login": "a@example.org", "password": "x"}, headers={"X-Forwarded-For": "198.51.100.1"}
    )

    assert answer.status_code == 200
