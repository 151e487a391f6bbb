"""Pages for what went wrong: in both languages, in our dress, without the database."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from cms import errors

PAGES = [
    (errors.bad_request, 400, "This request cannot be read"),
    (errors.forbidden, 403, "This is not open to you"),
    (errors.csrf_failure, 403, "The form was not accepted"),
    (errors.not_found, 404, "There is no such page"),
    (errors.server_error, 500, "Something went wrong"),
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
