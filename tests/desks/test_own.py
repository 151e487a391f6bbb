"""The own page: its owner sees everything of it, nobody else anything."""

import datetime
import io
import zoneinfo

import pytest
import zxingcpp
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from post_office.models import Email

from cms import dates
from forum.badges.models import Badge, BadgePrint
from forum.payments import ordering
from forum.registration import registering, signup
from tests.factories import accounts, cms, payments
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


def test_the_code_fills_the_screen_and_names_nobody(client):
    registration = make.registration(name_latin="SOK Dara", name_km="សុខ ដារ៉ា")

    answer = client.get(own("qr", registration))

    page = answer.content.decode()
    assert ('<svg class="qr"' in page, registration.short_code in page, "SOK Dara" in page) == (True, True, False)
    assert answer["Cache-Control"] == "no-store, private"
    assert own("qr", registration) in client.get(own("own", registration)).content.decode()


def test_what_keeps_the_code_lies_beneath_its_page_and_reaches_no_other(client):
    registration = make.registration()

    answer = client.get(own("qr_worker", registration))

    assert own("qr_worker", registration).startswith(own("qr", registration))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript", "no-cache, private")
    assert "Service-Worker-Allowed" not in answer
    assert 'const FILES = ["/static/css/own-qr' in answer.content.decode()


def test_who_has_withdrawn_has_no_code_to_show(client):
    registration = make.registration()
    signup.withdraw(registration=registration)

    assert client.get(own("qr", registration))["Location"] == own("own", registration)


def test_the_calendar_file_carries_the_days_and_nothing_personal(client):
    registration = make.registration()

    entry = client.get(own("calendar", registration)).content.decode()

    assert f"DTSTART;VALUE=DATE:{registration.edition.opens_on:%Y%m%d}" in entry
    assert registration.name_latin not in entry
    assert registration.code not in entry


def test_a_pass_of_some_days_shows_no_others(client):
    edition = cms.edition(opens_on=datetime.date(2027, 2, 9), closes_on=datetime.date(2027, 2, 11))
    registration = make.registration(make.pass_type(edition, days=["2027-02-10", "2027-02-11"]))

    head = client.get(own("own", registration)).content.decode().partition('<p class="lead">')[2].partition("</p>")[0]

    assert ("10–11 February 2027" in head, "9–11 February 2027" in head) == (True, False)
    html = get_template("registration/letter.html").render(
        {"letters": [{"person": registration, "parts": [{"language": "en"}]}], "edition": edition, "today": edition.opens_on}
    )
    assert (html.count("10–11 February 2027"), "9–11 February 2027" in html) == (1, False)


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
    assert Email.objects.filter(to=registration.email, subject__startswith="Withdrawn: ").count() == 1


def test_who_has_to_pay_reads_how_much_and_until_when(client):
    registration = make.registration(payments.priced())
    assert "The next page says until when" in client.get(own("own", registration)).content.decode()

    order = ordering.place_for(registration)
    payments.pay(order, 2_000)

    page = client.get(own("own", registration)).content.decode()
    until = timezone.localtime(order.held_until, zoneinfo.ZoneInfo(registration.edition.time_zone))
    assert f"A place is kept for you until {dates.day(until, 'en')}, {until:%H:%M} (Phnom Penh)." in page
    assert "when USD\xa030.00 is paid" in page


def test_who_withdraws_after_paying_is_told_who_decides_about_the_money(client):
    order = payments.order()
    registration = order.lines.get().registration
    said = "the organisers decide what becomes of it, and write to you"
    assert said not in client.get(own("withdraw", registration)).content.decode()
    payments.pay(order)
    assert said in client.get(own("withdraw", registration)).content.decode()

    client.post(own("withdraw", registration))

    assert "they decide what becomes of it, and write to you" in client.get(own("own", registration)).content.decode()
    letter = Email.objects.get(to=registration.email, subject__startswith="Withdrawn: ")
    assert "the organisers decide what becomes of the money" in letter.message


def test_a_stranger_with_a_code_but_no_signature_gets_404(client):
    registration = make.registration()
    other = signup.own_page.sign("NOBODYHERE.1")

    for token in (registration.code, f"{registration.code}.1", f"{registration.code}.1~forged", other):
        for name in ("own", "badge", "calendar", "withdraw"):
            assert client.get(reverse(f"registration:{name}", args=[token])).status_code == 404


def test_documents_are_the_badge_the_letter_and_the_calendar_and_end_with_the_place(client):
    registration = make.registration()
    page = client.get(own("own", registration)).content.decode()
    letter, picture = client.get(own("letter", registration)), client.get(own("code", registration))

    assert all(own(name, registration) in page for name in ("badge", "letter", "calendar", "code"))
    assert (letter["Content-Type"], letter.content[:4]) == ("application/pdf", b"%PDF")
    assert (picture["Content-Type"], picture.content[1:4]) == ("image/png", b"PNG")
    assert registration.name_latin not in picture["Content-Disposition"]
    signup.withdraw(registration=registration)
    assert [client.get(own(name, registration)).status_code for name in ("letter", "code")] == [302, 302]


def test_the_picture_of_the_code_is_large_and_reads_as_the_code_alone(client):
    registration = make.registration()

    picture = Image.open(io.BytesIO(client.get(own("code", registration)).content))

    assert picture.width >= 900
    assert [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))] == [registration.code]


def test_invoice_and_receipt_are_among_the_documents_and_a_delegations_are_not(client):
    order = payments.order()
    paper = ordering.write_invoice(order=order, name="A ministry", agency="", tax_number="")
    person = order.lines.get().registration
    address = reverse("payments:paper", args=[order.token, paper.full_number])

    assert address in client.get(own("own", person)).content.decode()
    type(order).objects.update(delegation=make.delegation())
    assert address not in client.get(own("own", person)).content.decode()


def test_the_language_of_messages_changes_with_one_press_and_the_page_with_it(client):
    registration = make.registration()

    answer = client.post(own("language", registration), {"language": "km"})

    assert answer["Location"] == own("own", registration).replace("/en/", "/km/")
    assert type(registration).objects.get().language == "km"
    assert client.post(own("language", registration), {"language": "fr"}).status_code == 302
    assert type(registration).objects.get().language == "km"


def test_the_link_is_sent_again_but_not_at_once(client):
    registration = make.registration()
    for _time in range(2):
        assert client.post(own("send", registration)).status_code == 302
    assert Email.objects.count() == 1
    type(registration).objects.update(link_sent_at="2020-01-01T00:00Z")

    client.post(own("send", registration))

    assert Email.objects.count() == 2


@pytest.mark.parametrize("name", ["language", "send"])
def test_no_other_site_and_no_link_that_opens_changes_anything(client, name):
    registration = make.registration()

    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(own(name, registration), {"language": "km"}, headers=headers).status_code == 403
    assert client.get(own(name, registration)).status_code == 405
    assert client.post(reverse(f"registration:{name}", args=["NOBODYHERE.1~forged"])).status_code == 404
    assert type(registration).objects.get().language == "en"


def test_who_has_no_address_is_offered_no_mail(client):
    of = make.pass_type()
    registration = registering.register(edition=of.edition, pass_type=of, user=accounts.user(), name_latin="Sok Dara")

    page = client.get(own("own", registration)).content.decode()

    assert not any(own(name, registration) in page for name in ("renew", "send"))
    assert [client.post(own(name, registration)).status_code for name in ("renew", "send")] == [302, 302]
    assert (Email.objects.count(), type(registration).objects.get().epoch) == (0, 1)
