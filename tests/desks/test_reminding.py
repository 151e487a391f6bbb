"""Reminders of what is missing: once a day, in each one's language, with links."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from post_office.models import Email

from exhibitors.models import Agency, Booth, Reminder
from forum.desks import readiness, reminding
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import registration as people
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

BOARD = "/cms/exhibition/readiness/"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition))


@pytest.fixture
def agency(zone):
    return make.booking(make.booth(zone)).agency


@pytest.fixture
def organiser(client):
    user = make.person()
    names = ["access_admin", "view_booking", "add_reminder"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def remind(agency, edition, user):
    return reminding.remind(standing=readiness.of_agency(agency, edition), edition=edition, user=user)


def test_everybody_of_the_agency_is_told_what_is_missing_in_their_language(agency, edition, organiser):
    make.member(agency, email="en@example.org")
    make.member(agency, email="km@example.org", language="km")

    assert remind(agency, edition, organiser)

    letters = {mail.to[0]: mail.message for mail in Email.objects.all()}
    assert "– Profile in both languages" in letters["en@example.org"]
    assert f"/en/desk/agencies/{agency.code}/profile/" in letters["en@example.org"]
    assert "– ព័ត៌មានសង្ខេបជាភាសាទាំងពីរ" in letters["km@example.org"]
    assert f"/km/desk/agencies/{agency.code}/next/ready/" in letters["km@example.org"]


def test_of_an_agency_without_people_who_divides_its_pavilion_is_told_once(zone, agency, edition, organiser):
    people.delegation(agency, delegate=2)
    pavilion = make.pavilion(edition)
    pavilion.booths.set(Booth.objects.all())
    make.member(pavilion.organiser, email="km@example.org", language="km")
    make.member(pavilion.organiser, role="colleague")
    make.member(make.pavilion(edition).organiser)

    assert [remind(agency, edition, organiser) for _time in range(2)] == [True, False]

    letter = Email.objects.get()
    assert letter.to == ["km@example.org"]
    assert f"/km/desk/agencies/{agency.code}/next/ready/" in letter.message
    assert "«ប្រតិភូ»" in letter.message
    assert "/delegation/" not in letter.message


def test_only_an_own_manager_is_led_to_the_delegation(agency, edition, organiser):
    people.delegation(agency, delegate=2)
    make.member(agency, email="manager@example.org")
    make.member(agency, email="colleague@example.org", role="colleague")

    remind(agency, edition, organiser)

    assert {mail.to[0]: "/delegation/" in mail.message for mail in Email.objects.all()} == {
        "manager@example.org": True,
        "colleague@example.org": False,
    }


def test_nobody_is_reminded_twice_on_a_day(agency, edition, organiser):
    make.member(agency)

    assert [remind(agency, edition, organiser) for _time in range(2)] == [True, False]

    assert Email.objects.count() == 1
    assert list(Reminder.objects.values_list("agency", "sent_by", "missing")) == [(agency.pk, organiser.pk, 3)]


def test_a_ready_booth_and_one_without_people_are_not_written_to(zone, agency, edition, organiser):
    ready = make.booking(make.booth(zone, "A02")).agency
    make.member(ready)
    Agency.objects.filter(pk=ready.pk).update(about_en="x", about_km="x", logo="logos/a.png")
    make.product(ready, edition)

    assert [remind(each, edition, organiser) for each in (ready, agency)] == [False, False]
    assert not Email.objects.exists()
    assert not Reminder.objects.exists()


def test_only_who_may_remind_reminds(agency, edition):
    user = make.member(agency)

    with pytest.raises(ValidationError) as refusal:
        remind(agency, edition, user)

    assert refusal.value.code == "forbidden"


def test_after_the_forum_nobody_is_reminded(agency, edition, organiser):
    make.member(agency)
    edition.opens_on = edition.closes_on = edition.today.replace(year=2020)

    with pytest.raises(ValidationError) as refusal:
        remind(agency, edition, organiser)

    assert refusal.value.code == "over"


def test_one_click_reminds_all_that_the_board_shows(client, zone, agency, edition, organiser):
    other = make.booking(make.booth(zone, "A02")).agency
    for each in (agency, other):
        make.member(each)
    make.product(other, edition)
    address = f"{BOARD}remind/?item=products&state=to_do"

    assert "1 agency" in get(client, address).tree.text_content()
    client.post(address)

    assert list(Reminder.objects.values_list("agency", flat=True)) == [agency.pk]


def test_the_page_tells_whom_no_letter_would_reach(client, zone, agency, organiser):
    member = make.booking(make.booth(zone, "A02"), make.agency("Member")).agency
    pavilion = make.pavilion(zone.hall.edition)
    pavilion.booths.set(Booth.objects.filter(code="A02"))
    make.member(pavilion.organiser)

    page = get(client, f"{BOARD}remind/")

    assert [row.split(" ", 1) for row in page.words(".nice-padding li")] == [["A02", "Member"], ["A01", agency.name_en]]
    assert "1 agency gets a letter" in page.tree.text_content()
    assert "Nobody acts for these yet" in page.tree.text_content()
    client.post(f"{BOARD}remind/")
    assert list(Reminder.objects.values_list("agency", flat=True)) == [member.pk]


def test_one_agency_is_reminded_by_its_button_and_the_board_tells_when(client, agency, edition, organiser):
    make.member(agency)
    address = get(client, BOARD).all(".listing a[href*='remind']")[0].get("href")

    page = Page(client.post(address, follow=True))

    assert "1 agency was written to." in page.tree.text_content()
    assert "reminded" in page.words(".listing tbody tr")[0]


def test_who_sees_the_board_alone_reminds_nobody(client, agency, edition):
    user = make.person()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_booking"]))
    client.force_login(user)
    make.member(agency)

    assert get(client, BOARD).all("a[href*='remind']") == []
    assert client.post(f"{BOARD}remind/").status_code in (302, 403)
    assert not Reminder.objects.exists()
