"""How often one may ask: counted exactly, for the right visitor, and never against a whole ministry."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from cms import limits, tasks, visitors
from forum import env
from tests.factories import accounts

pytestmark = pytest.mark.django_db
NOW = 1_710_126_000.0  # the beginning of a minute, of ten minutes and of an hour


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = NOW

    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: Clock.now))
    return Clock


@pytest.fixture
def rate(settings):
    """The limit of the name ``tried``, as an operator would write it."""

    def write(written):
        settings.LIMITS = {"tried": written}

    return write


def request(address="203.0.113.7", user=None, **headers):
    made = RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)
    made.user = user or AnonymousUser()
    return made


def outcomes(times, *args, **kwargs):
    """Of so many requests, whether each was let through."""
    return [limits.refusal(request(*args), "tried", **kwargs) is None for _time in range(times)]


def test_one_too_many_is_refused_until_the_window_ends(rate, clock):
    rate("3/10m/ip")
    clock.now = NOW + 60

    assert outcomes(4) == [True, True, True, False]
    assert limits.refusal(request(), "tried").wait == 540
    clock.now = NOW + 599
    assert outcomes(1) == [False]
    clock.now = NOW + 600
    assert outcomes(4) == [True, True, True, False]


def test_of_several_rates_each_counts_and_the_longest_wait_is_told(rate, clock):
    rate("2/m/ip,3/h/key")

    assert outcomes(2, key="sok@example.org") == [True, True]
    assert limits.refusal(request(), "tried", key="sok@example.org").wait == 60
    assert limits.refusal(request(), "tried", key="SOK@example.org ").wait == 3600
    assert outcomes(1, "203.0.113.8", key="sok@example.org") == [False]
    assert outcomes(1, "203.0.113.8", key="chan@example.org") == [True]


def test_nothing_written_limits_nothing_and_asks_nothing(rate, django_assert_num_queries):
    rate("")

    with django_assert_num_queries(0):
        assert outcomes(20) == [True] * 20


def test_several_rates_cost_one_query(rate, django_assert_num_queries):
    rate("5/m/ip,5/h/ip,5/h/key")

    with django_assert_num_queries(1):
        assert outcomes(1, key="sok@example.org") == [True]


def test_a_person_signed_in_is_counted_wherever_they_are_and_a_stranger_not(rate):
    rate("2/m/user")
    person = accounts.user()

    assert outcomes(3, "203.0.113.1", person) == [True, True, False]
    assert outcomes(1, "203.0.113.2", person) == [False]
    assert outcomes(5) == [True] * 5


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("2001:db8:0:1::5", "2001:db8:0:1:ffff::9", True),
        ("2001:db8:0:1::5", "2001:db8:0:2::5", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_a_household_of_the_newer_internet_is_one_visitor(rate, one, other, are_one):
    rate("1/m/ip")

    assert outcomes(1, one) == [True]
    assert outcomes(1, other) == [not are_one]


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (0, "198.51.100.1", "10.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (2, "192.0.2.66, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1"),
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "<script>", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_the_configured_proxies_are_believed(settings, count, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count

    assert visitors.address(request("10.0.0.1", **{"X-Forwarded-For": forwarded})) == address


def test_a_server_that_knows_no_address_counts_all_as_one():
    assert visitors.network(request("")) == ""


def test_addresses_are_not_kept(rate):
    rate("3/m/ip,3/m/key")

    limits.refusal(request(), "tried", key="sok@example.org")

    kept = " ".join(_keys())
    assert "limit:tried" in kept
    assert "203.0.113" not in kept
    assert "sok" not in kept


def test_a_cache_that_fails_refuses_nobody_and_is_logged(rate, monkeypatch, caplog):
    rate("1/m/ip")
    monkeypatch.setattr(caches["default"], "count", lambda windows: 1 / 0)

    assert outcomes(3) == [True] * 3
    assert "the shared cache cannot count" in caplog.text


def test_other_caches_count_too(rate, settings):
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    rate("2/m/ip,9/h/ip")

    assert outcomes(3) == [True, True, False]


def test_what_is_past_is_forgotten_by_the_sweep(rate, clock):
    cache = caches["default"]
    rate("5/m/ip")
    clock.now = 86_400.0  # in 1970
    outcomes(1)
    cache.set("still-valid", 1, 60)

    tasks.tidy()

    assert cache.get("still-valid") == 1
    assert cache.count({"limit:new": NOW * 2}) == [1]
    assert len(_keys()) == 2


def _keys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("wait", "english", "khmer"),
    [
        (0.2, "wait 1 minute and", "១"),
        (61, "wait 2 minutes and", "២"),
        (5400, "wait 90 minutes and", "៩០"),
        (5401, "wait 2 hours and", "២"),
    ],
)
def test_the_waiting_time_is_said_in_words_and_never_too_short(wait, english, khmer):
    assert english in limits.sentence(wait)
    with translation.override("km"):
        assert khmer in limits.sentence(wait)


def test_only_what_is_not_found_is_counted_as_a_miss(rate):
    rate("1/m/ip")

    @limits.misses("tried")
    def view(request, token):
        if token != "right":
            raise Http404
        return HttpResponse()

    def ask(token):
        try:
            return view(request(), token).status_code
        except (Http404, limits.TooMany) as refusal:
            return type(refusal).__name__

    assert [ask(token) for token in ("right", "right", "a", "b", "right", "c")] == [
        200, 200, "Http404", "TooMany", 200, "TooMany",
    ]  # fmt: skip


def test_an_operator_changes_one_rate_and_keeps_the_others(monkeypatch):
    monkeypatch.setenv("LIMITS", "search=900/m/ip, 9/s/ip ; register=")

    found = env.rates("LIMITS", {"search": "1/m/ip", "register": "1/m/ip", "login": "5/m/ip"})

    assert found == {"search": "900/m/ip,9/s/ip", "register": "", "login": "5/m/ip"}


@pytest.mark.parametrize(
    "wrong", ["search", "serch=1/m/ip", "search=1/m", "search=many/m/ip", "search=1/m/ip,", "search=1/w/ip"]
)
def test_a_rate_that_cannot_be_read_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("LIMITS", wrong)

    with pytest.raises(env.ImproperlyConfigured, match="LIMITS must be like"):
        env.rates("LIMITS", {"search": "1/m/ip"})
