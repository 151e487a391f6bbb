"""The own page: its owner sees everything of it, nobody else anything."""

import pytest
from django.urls import reverse

from forum.badges.models import Badge, BadgePrint
from forum.registration import signup
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def own(name, registration):
    return reverse(f"registration:{name}", args=[registration.token])


def test_the_link_shows_the_person_and_is_kept_by_no_cache(client):
    registration = make.registration(name_latin="SOK Dara", name_km="សុខ ដារ៉ា", honorific="mr")

    answer = client.get(own("own", registration))

    assert "Mr SOK Dara" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "លោក សុខ ដារ៉ា" in client.get(own("own", registration).replace("/en/", "/km/")).content.decode()


def test_the_badge_is_a_pdf_and_counts_as_no_print(client):
    registration = make.registration()

    answers = [client.get(own("badge", registration)) for _time in range(2)]

    assert [a["Content-Type"] for a in answers] == ["application/pdf"] * 2
    assert answers[0].content[:4] == b"%PDF"
    assert (Badge.objects.count(), BadgePrint.objects.count()) == (1, 0)


def test_the_calendar_file_carries_the_days_and_nothing_personal(client):
    registration = make.registration()

    entry = client.get(own("calendar", registration)).content.decode()

    assert f"DTSTART;VALUE=DATE:{registration.edition.opens_on:%Y%m%d}" in entry
    assert registration.name_latin not in entry
    assert registration.code not in entry


def test_withdrawing_asks_first_and_then_takes_the_badge_away(client):
    registration = make.registration()
    assert client.get(own("withdraw", registration)).status_code == 200
    assert type(registration).objects.get().is_live
    picture = '<figure class="qr">'
    assert picture in client.get(own("own", registration)).content.decode()

    client.post(own("withdraw", registration))

    assert not type(registration).objects.get().is_live
    assert client.get(own("badge", registration)).status_code == 302
    assert picture not in client.get(own("own", registration)).content.decode()


def test_a_stranger_with_a_code_but_no_signature_gets_404(client):
    registration = make.registration()
    other = signup.own_page.sign("NOBODYHERE.1")

    for token in (registration.code, f"{registration.code}.1", f"{registration.code}.1~forged", other):
        for name in ("own", "badge", "calendar", "withdraw"):
            assert client.get(reverse(f"registration:{name}", args=[token])).status_code == 404
