"""The language of addresses that name none."""

import pytest
from django.urls import reverse

from tests.factories.cms import edition

pytestmark = pytest.mark.django_db


def spoken(client, address, **more):
    return client.get(address, **more).content.decode().partition('<html lang="')[2][:2]


def test_sign_in_speaks_the_language_that_the_address_asks_for(client):
    assert spoken(client, "/accounts/login/?language=km") == "km"


def test_the_choice_is_remembered(client):
    client.get("/accounts/login/?language=km")

    assert spoken(client, "/accounts/password/reset/") == "km"


def test_sign_in_speaks_the_language_of_the_page_it_leads_to(client):
    assert spoken(client, "/accounts/login/?next=/km/desk/", headers={"Accept-Language": "en"}) == "km"


def test_a_choice_made_goes_before_the_page_it_leads_to(client):
    client.get("/accounts/login/?language=en")

    assert spoken(client, "/accounts/login/?next=/km/desk/") == "en"


def test_a_language_we_do_not_speak_is_not_remembered(client):
    response = client.get("/accounts/login/?language=tlh")

    assert spoken(client, "/accounts/login/?language=tlh") == "en"
    assert "django_language" not in response.cookies


def test_a_page_with_its_language_in_the_path_keeps_it_and_sets_no_cookie(client):
    edition("next")

    response = client.get("/en/editions/?language=km")

    assert spoken(client, "/en/editions/?language=km") == "en"
    assert not response.cookies


def test_the_switch_keeps_page_and_question(client):
    edition("next")

    page = client.get("/en/editions/?q=1").content.decode()

    assert '<a href="/km/editions/?q=1" lang="km" hreflang="km">ខ្មែរ</a>' in page


def test_the_switch_keeps_where_sign_in_leads(client):
    page = client.get(reverse("account_login") + "?next=/en/desk/").content.decode()

    assert "?next=%2Fen%2Fdesk%2F&amp;language=km" in page
