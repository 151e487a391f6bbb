"""The site closed for work: by a file alone, to all but staff of the back office."""

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import reverse

from cms import maintenance
from forum.home import tree
from tests.factories import accounts, cms


@pytest.fixture
def closed(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("maintenance", "on", "--minutes", "20")


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("path", ["", "next/agenda/", "nothing/"])
def test_visitors_are_asked_to_come_back_without_any_query(client, closed, language, path):
    """No ``django_db`` mark: a query would raise."""
    response = client.get(f"/{language}/{path}")

    assert response.status_code == 503
    assert 1190 < int(response["Retry-After"]) <= 1200
    assert "Content-Security-Policy" in response
    assert f'<html lang="{language}">' in response.content.decode()


def test_forms_are_closed_too(client, closed):
    assert client.post("/en/next/register/", {"email": "a@example.org"}).status_code == 503


def test_a_cookie_opens_nothing_while_the_database_is_away(client, closed, monkeypatch):
    def fail(connection):
        raise OperationalError("nobody answers")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", fail)
    client.cookies["session"] = "abcdefghijklmnopqrstuvwxyz012345"

    assert client.get("/en/").status_code == 503


@pytest.mark.django_db
def test_staff_of_the_back_office_work_on_and_others_do_not(client, closed):
    cms.edition()

    client.force_login(accounts.user("wagtailadmin.access_admin"))
    assert client.get("/en/next/agenda/").status_code == 200
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    client.force_login(accounts.user("badges.add_badgeprint"))
    assert client.get("/onsite/").status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/accounts/login/"])
def test_who_watches_and_who_signs_in_gets_through(client, closed, address):
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_a_kept_page_is_not_shown_either(client, settings, tmp_path):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:2], "cms.caching.PublicPages", *settings.MIDDLEWARE[2:]]
    settings.VAR_DIR = tmp_path
    tree.open_edition(cms.edition())
    assert client.get("/en/").status_code == 200

    maintenance.begin(5)
    assert client.get("/en/").status_code == 503
    maintenance.end()
    assert client.get("/en/").status_code == 200


def test_it_ends_as_it_began(closed, capsys):
    call_command("maintenance", "status")
    call_command("maintenance", "off")
    call_command("maintenance", "off")

    assert not maintenance.is_on()
    assert capsys.readouterr().out.splitlines()[-3:] == ["The site is closed for work.", *["The site is open."] * 2]


@pytest.mark.parametrize("written", ["", "soon", "0"])
def test_a_file_made_by_hand_closes_too(client, settings, tmp_path, written):
    settings.VAR_DIR = tmp_path
    (tmp_path / "maintenance").write_text(written)

    assert client.get("/en/")["Retry-After"] == "60"
