"""Every request has a number, which the answer carries."""

import pytest
from django.test import RequestFactory

from cms import errors, tracing
from tests.factories.cms import edition

pytestmark = pytest.mark.django_db
OURS = r"[0-9a-f]{16}"


def numbered(client, given):
    return client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]


def test_each_answer_carries_a_number_of_its_own(client):
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))

    assert first != second
    assert len(first) == 16


def test_a_trusted_proxy_may_give_the_number(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert numbered(client, "0a1b2c3d4e5f60718293a4b5c6d7e8f9") == "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def test_nobody_else_may(client):
    assert numbered(client, "0a1b2c3d4e5f60718293a4b5c6d7e8f9") != "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


@pytest.mark.parametrize("given", ["short", "x" * 65, "marker@example.org.here", "1234567890123456\n", "ឯកឧត្តមឯកឧត្តមឯកឧត្តម"])
def test_what_is_no_number_is_not_taken(client, settings, given):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert numbered(client, given.encode().decode("latin-1")) != given


@pytest.mark.parametrize(("language", "sentence"), [("en", "quote this number"), ("km", "<code>")])
def test_the_page_of_a_fault_says_the_number(client, monkeypatch, language, sentence):
    monkeypatch.setattr("forum.home.views.Edition.objects.all", lambda: 1 / 0)
    client.raise_request_exception = False

    response = client.get(f"/{language}/editions/")

    assert response.status_code == 500
    assert f"<code>{response['X-Request-ID']}</code>" in response.content.decode()
    assert sentence in response.content.decode()


def test_other_pages_say_none(client):
    with tracing.follow(request=RequestFactory().get("/en/nothing/")):
        page = errors.not_found(RequestFactory().get("/en/nothing/")).content.decode()

    assert "<code>" not in page


def test_a_kept_page_is_counted_under_its_name(client, settings):
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], "cms.caching.PublicPages", *settings.MIDDLEWARE[1:]]
    edition("next")

    routes = [tracing.route(client.get("/en/editions/").wsgi_request) for _ in range(2)]

    assert routes == ["editions", "editions"]


@pytest.mark.parametrize(("address", "route"), [("/static/css/site.css", "static"), ("/nothing/at/all", "none")])
def test_what_no_view_answers_has_a_name_too(address, route):
    request = RequestFactory().get(address)
    request.resolver_match = None

    assert tracing.route(request) == route
