"""Registering: the good way, each refusal, once more, and links."""

import datetime

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.registration import signup
from forum.registration.models import Quota, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_a_person_is_registered_and_written_to():
    delegate = make.pass_type()

    registration = signup.register(
        edition=delegate.edition, pass_type=delegate, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", email="Dara@Example.org"
    )

    assert (registration.state, registration.email) == ("confirmed", "dara@example.org")
    assert list(Quota.objects.values_list("taken", flat=True)) == [1]
    letter = Email.objects.get()
    assert letter.to == ["dara@example.org"]
    assert registration.token in letter.message
    assert sorted(letter.attachments.values_list("name", flat=True)) == ["calendar.ics", "qr.png"]


def test_who_has_a_pass_of_some_days_is_told_those_alone():
    edition = cms.edition(opens_on=datetime.date(2027, 2, 9), closes_on=datetime.date(2027, 2, 11))
    days = make.pass_type(edition, name_en="Two days", days=["2027-02-09", "2027-02-11"])

    make.registration(days)

    letter = Email.objects.get()
    told = "9 February 2027, 11 February 2027 (Two days)"
    for text in (letter.message, letter.html_message):
        assert (told in text, "9–11" in text) == (True, False)
    with letter.attachments.get(name="calendar.ics").file.open() as entry:
        events = icalendar.Calendar.from_ical(entry.read()).walk("VEVENT")
    assert [(event["DTSTART"].dt.day, event["DTEND"].dt.day) for event in events] == [(9, 10), (11, 12)]
    assert len({event["UID"] for event in events}) == 2


def test_names_are_kept_exactly_as_typed():
    registration = make.registration(name_latin="d'Ângelo  McDARA", name_km="ស្រ្តី")

    registration.refresh_from_db()
    assert (registration.name_latin, registration.name_km) == ("d'Ângelo  McDARA", "ស្រ្តី")


def test_the_same_person_again_changes_nothing_and_gets_the_link_again():
    first = make.registration(name_latin="SOK Dara", email="dara@example.org")
    Registration.objects.update(link_sent_at=timezone.now() - datetime.timedelta(hours=1))

    again = signup.register(
        edition=first.edition, pass_type=first.pass_type, name_latin="Dara  Sok", email="DARA@example.org"
    )

    assert again == first
    assert list(Quota.objects.values_list("taken", flat=True)) == [1]
    assert [first.token in letter.message for letter in Email.objects.all()] == [True, True]


def test_repeats_fill_nobodys_letter_box():
    first = make.registration(name_latin="SOK Dara", email="dara@example.org")

    for _time in range(3):
        signup.register(edition=first.edition, pass_type=first.pass_type, name_latin="SOK Dara", email="dara@example.org")

    assert Email.objects.count() == 1


def test_an_aide_registers_a_minister_and_a_deputy_with_one_address():
    delegate = make.pass_type()

    for name in ("Minister EXAMPLE", "Deputy EXAMPLE"):
        make.registration(of=delegate, name_latin=name, **make.aide("aide@example.org"))

    assert Registration.objects.filter(contact_email="aide@example.org").count() == 2


def test_the_last_place_goes_once():
    delegate = make.pass_type(size=1)
    make.registration(of=delegate)

    with pytest.raises(ValidationError) as refusal:
        make.registration(of=delegate)

    assert refusal.value.error_dict["pass_type"][0].code == "full"
    assert (Registration.objects.count(), Email.objects.count()) == (1, 1)


def test_a_pass_that_draws_on_two_quotas_takes_both_or_none():
    delegate = make.pass_type(size=5)
    delegate.quotas.add(Quota.objects.create(edition=delegate.edition, name="hall", size=1))
    make.registration(of=delegate)

    with pytest.raises(ValidationError):
        make.registration(of=delegate)

    assert list(Quota.objects.values_list("name", "taken")) == [("delegate places", 1), ("hall", 1)]


def test_the_database_refuses_more_people_than_places():
    make.pass_type(size=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Quota.objects.update(taken=2)


def test_the_database_refuses_the_same_person_twice():
    first = make.registration(name_latin="SOK Dara", email="dara@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.bulk_create(
            [
                Registration(
                    edition=first.edition, pass_type=first.pass_type, name_latin="Other", email="x@example.org",
                    person_key=first.person_key, search_text="", sort_key="",
                )
            ]
        )  # fmt: skip


def test_nobody_registers_before_or_after_the_window():
    now, day = timezone.now(), datetime.timedelta(days=1)
    windows = [(None, None), (now + day, None), (now - 2 * day, now - day)]
    for number, (opens, closes) in enumerate(windows):
        edition = cms.edition(slug=f"e{number}", registration_opens_at=opens, registration_closes_at=closes)
        with pytest.raises(ValidationError) as refusal:
            make.registration(of=make.pass_type(edition))
        assert refusal.value.code == "closed"


def test_a_pass_of_another_edition_or_not_on_offer_is_refused():
    delegate = make.pass_type()
    hidden = make.pass_type(delegate.edition, slug="staff", access="invitation")
    other = cms.edition(slug="other")

    for edition, chosen in ((other, delegate), (delegate.edition, hidden)):
        with pytest.raises(ValidationError) as refusal:
            signup.register(edition=edition, pass_type=chosen, **make.person())
        assert refusal.value.error_dict["pass_type"][0].code == "pass"


def test_staff_register_on_any_pass_and_history_knows_who():
    hidden = make.pass_type(access="invitation")
    clerk = accounts.user()

    registration = signup.register(edition=hidden.edition, pass_type=hidden, user=clerk, **make.person())

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.object_id) == ("registration.register", clerk, str(registration.pk))


def test_withdrawing_gives_the_place_back_once():
    registration = make.registration()

    signup.withdraw(registration=registration)
    signup.withdraw(registration=registration)

    assert list(Quota.objects.values_list("taken", flat=True)) == [0]
    assert Registration.objects.get().state == "withdrawn"


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("state", ["confirmed", "waiting", "applied", "held"])
def test_who_asks_for_another_pass_reads_that_it_is_not_theirs(state, language):
    first = make.registration(name_latin="SOK Dara", email="dara@example.org", language=language)
    Registration.objects.filter(pk=first.pk).update(state=state, link_sent_at=timezone.now() - signup.LINK_REST * 2)
    other = make.pass_type(first.edition, "industry", name_en="Industry & Trade", name_km="វិស័យឯកជន")
    Email.objects.all().delete()

    make.registration(of=other, name_latin="SOK Dara", email="dara@example.org", language=language)

    letter = Email.objects.get()
    assert f"“{other.name_en}”" in letter.message if language == "en" else f"«{other.name_km}»" in letter.message
    assert ("Industry &amp; Trade" if language == "en" else other.name_km) in letter.html_message
    assert Registration.objects.get(pk=first.pk).pass_type == first.pass_type


def test_the_link_sent_again_speaks_of_no_other_pass():
    first = make.registration(name_latin="SOK Dara", email="dara@example.org")
    Registration.objects.update(link_sent_at=timezone.now() - signup.LINK_REST * 2)
    Email.objects.all().delete()

    make.registration(of=first.pass_type, name_latin="SOK Dara", email="dara@example.org")

    assert "once more" not in Email.objects.get().message


def test_who_withdrew_may_register_again():
    first = make.registration(name_latin="SOK Dara", email="dara@example.org")
    signup.withdraw(registration=first)

    again = make.registration(of=first.pass_type, name_latin="SOK Dara", email="dara@example.org")

    assert again != first


def test_the_links_of_everybody_of_an_address_go_to_it_in_one_letter_and_to_no_other():
    delegate = make.pass_type()
    for name, email in (("A One", "aide@example.org"), ("B Two", "aide@example.org"), ("C Three", "other@example.org")):
        make.registration(of=delegate, name_latin=name, email=email)
    Registration.objects.update(link_sent_at=timezone.now() - datetime.timedelta(hours=1))
    Email.objects.all().delete()

    signup.send_links(edition=delegate.edition, email=" Aide@example.org ")

    letter = Email.objects.get()
    assert letter.to == ["aide@example.org"]
    listed = [person.token in letter.message for person in Registration.objects.order_by("pk")]
    assert listed == [True, True, False]
    assert "/acting/" not in letter.message


def test_a_renewed_link_leads_to_where_one_asks_for_the_newer_one(client):
    registration = make.registration()
    token = registration.token
    Registration.objects.update(epoch=2)

    page = Page(client.get(reverse("registration:own", args=[token])))
    assert page.words("h1") == ["This link opens no longer"]
    assert [link.get("href") for link in page.all("main .button")] == [
        f"/en/{registration.edition.slug}/register/link/",
        "/",
    ]

    Registration.objects.update(erased_at=timezone.now())
    page = Page(client.get(reverse("registration:own", args=[token])))
    assert page.words("h1") == ["There is no such page"]


def test_a_forged_or_renewed_link_opens_nothing():
    registration = make.registration()
    token = registration.token
    assert signup.find_by_token(token) == registration

    Registration.objects.update(epoch=2)

    for bad in (token, token[:-1] + "x", registration.code, "", "~", "a.b~c"):
        with pytest.raises(Http404):
            signup.find_by_token(bad)
