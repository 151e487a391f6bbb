"""Pages for what went wrong: in both languages, in our dress, without the database."""

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, RequestFactory
from django.utils import translation

from cms import errors

PAGES = [
    (errors.bad_request, 400, "This request cannot be read"),
    (errors.forbidden, 403, "This is not open to you"),
    (errors.csrf_failure, 403, "The form was not accepted"),
    (errors.not_found, 404, "There is no such page"),
    (errors.too_large, 413, "This is too much at once"),
    (errors.too_many_requests, 429, "Too many tries"),
    (errors.server_error, 500, "Something went wrong"),
    (lambda request: errors.maintenance(request, 60), 503, "We will be back soon"),
]


@pytest.mark.parametrize(("view", "status", "heading"), PAGES)
def test_error_pages_need_no_database(view, status, heading):
    """No ``django_db`` mark: a query would raise."""
    response = view(RequestFactory().get("/en/somewhere/"))

    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert 'class="site-header"' in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize("language", ["en", "km"])
def test_error_pages_speak_the_readers_language(language):
    with translation.override(language):
        page = errors.not_found(RequestFactory().get(f"/{language}/nothing/")).content.decode()

    assert f'<html lang="{language}">' in page


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_answered_in_our_dress(client):
    response = client.get("/km/nothing/")

    assert response.status_code == 404
    assert '<html lang="km">' in response.content.decode()
    assert 'class="site-header"' in response.content.decode()
    assert not response.cookies


@pytest.fixture
def no_database(monkeypatch):
    def fail(connection):
        raise OperationalError("nobody answers")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", fail)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("cookie", ["", "session=abcdefghijklmnopqrstuvwxyz012345; csrf=x"])
@pytest.mark.parametrize(
    "path", ["", "next/", "next/agenda/", "next/register/", "next/search/?q=a", "registration/x/", "desk/"]
)
@pytest.mark.parametrize("language", ["en", "km"])
def test_without_a_database_every_address_says_so_in_its_language(no_database, language, path, cookie):
    response = no_database.get(f"/{language}/{path}", headers={"Cookie": cookie} if cookie else {})

    if response.status_code == 302:  # a stranger is sent to sign in without a question
        assert response["Location"].startswith("/accounts/login/")
        return
    if path == "registration/x/":  # a forged link is known without a question
        assert response.status_code in {404, 503}
        return
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert f'<html lang="{language}">' in response.content.decode()
    assert 'class="site-header"' in response.content.decode()


@pytest.mark.parametrize("address", ["/healthz", "/cms/", "/onsite/", "/accounts/login/", "/schedule.xml"])
def test_without_a_database_no_address_breaks(no_database, address):
    response = no_database.get(address, headers={"Cookie": "session=abcdefghijklmnopqrstuvwxyz012345"})

    assert response.status_code in {200, 302, 503}
    assert (response.status_code, address) != (200, "/healthz")


def test_a_form_sent_without_a_database_is_answered(no_database):
    assert no_database.post("/en/next/register/", {"email": "a@example.org"}).status_code == 503


@pytest.mark.parametrize("trouble", [RequestDataTooBig(), TooManyFieldsSent()])
def test_too_much_is_told_apart_from_the_unreadable(trouble):
    assert errors.bad_request(RequestFactory().get("/en/"), trouble).status_code == 413


@pytest.mark.django_db
def test_a_text_too_long_and_a_file_too_large_are_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.BODY_MAX_SIZE = 1_000, 5_000

    for typed in ("x" * 2_000, SimpleUploadedFile("x.txt", b"x" * 6_000)):
        response = client.post("/km/next/register/link/", {"email": typed})

        assert response.status_code == 413
        assert '<html lang="km">' in response.content.decode()


@pytest.mark.django_db
def test_too_many_fields_are_413_in_form_and_address(client):
    many = "&".join(["a"] * 2_001)

    assert client.get(f"/en/?{many}").status_code == 413
    sent = client.post("/accounts/login/", many, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 413
