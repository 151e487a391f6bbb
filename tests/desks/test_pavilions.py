"""A pavilion's organiser divides its booths on its desk, and stands in for members: they alone, and there alone."""

import datetime

import pytest

from exhibitors import pavilions
from exhibitors.models import Agency, Booking
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

NEW = {
    "name_en": "Example Robots",
    "name_km": "",
    "kind": "private",
    "country": "KH",
    "email": "r@example.org",
    "language": "km",
}
LATER = datetime.date(2090, 1, 1)
QUERIES = 21
OWN = ["next/booths/", "next/booths/A03/", "next/application/", "next/packages/", "people/", "colleagues/"]


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def booths(edition):
    return make.booths(make.zone(make.hall(edition)), 3)


@pytest.fixture
def country():
    return make.agency("Trade Office of Examplia")


@pytest.fixture
def pavilion(edition, country, booths):
    return pavilions.keep(
        edition=edition, name_en="Examplia", name_km="ឧទាហរណ៍", organiser=country, booths=booths[:2],
        user=make.exhibition_manager(),
    )  # fmt: skip


@pytest.fixture
def head(client, country):
    user = make.member(country, email="head@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def desk(country):
    return f"/en/desk/agencies/{country.code}/"


@pytest.fixture
def page(desk, pavilion):
    return f"{desk}next/pavilions/{pavilion.code}/"


@pytest.fixture
def member(booths, pavilion):
    """An agency with people of its own that stands in the first booth."""
    agency = make.agency("Example Robots")
    make.member(agency, email="robots@example.org")
    make.booking(booths[0], agency)
    return agency


def text(page):
    return " ".join(page.words("main"))


def test_the_desk_leads_to_the_pavilion(client, head, desk, page):
    assert page in [link.get("href") for link in get(client, desk).all("a.button")]


def test_the_page_tells_who_stands_where(client, head, page, member):
    shown = get(client, page)

    assert [row[:4] for row in shown.rows()] == [
        ["A01", "3 × 3 m", "given", "Example Robots"],
        ["A02", "3 × 3 m", "to give", "–"],
    ]
    assert "1 of 2 booths are given" in text(shown)


def test_once_the_forum_is_over_it_shows_who_stood_where_and_offers_nothing(client, head, page, member, edition):
    booking = Booking.objects.get()
    end(edition)

    shown = get(client, page)
    said = Page(client.post(f"{page}{booking.code}/take-back/", {"reason": "They cannot come"}))

    assert "Example Robots" in text(shown)
    assert not [link for link in shown.all("main tbody a") if link.get("href").endswith(("/sign/", "/take-back/"))]
    assert "This forum is over; its pavilions stay as they were." in text(said)


def test_once_the_forum_is_over_pages_of_its_acts_say_so_before_anybody_clicks(client, head, page, member, booths, edition):
    booking = Booking.objects.get()
    end(edition)

    for rest, sentence in [
        (f"{booking.code}/take-back/", "This forum is over; its pavilions stay as they were."),
        (f"{booking.code}/sign/", "This forum is over; its pavilions stay as they were."),
        ("booths/A02/", "This forum is over; its booths can no longer be booked."),
    ]:
        shown = get(client, page + rest)
        assert sentence in text(shown)
        assert shown.all("main form") == []
    assert "Take back" not in text(get(client, f"{page}booths/A01/"))
    assert client.post(f"{page}{booking.code}/sign/", {"fascia_en": "x"}).status_code == 409


def test_the_sign_of_a_booth_that_came_back_is_not_offered_for_writing(client, head, page, member):
    booking = Booking.objects.get()
    pavilions.take_back(booking=booking, user=head, reason="They cannot come")

    shown = get(client, f"{page}{booking.code}/sign/")

    assert "The booking of booth A01 has ended." in text(shown)
    assert shown.all("main form") == []


def end(edition):
    edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
    edition.save()


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_three_members_as_for_one(
    client, head, country, edition, count, django_assert_num_queries
):
    booths = make.booths(make.zone(make.hall(edition)), count, "B")
    row = pavilions.keep(
        edition=edition, name_en="Many", name_km="", organiser=country, booths=booths, user=make.exhibition_manager()
    )
    for booth in booths:
        make.booking(booth)
    address = f"/en/desk/agencies/{country.code}/next/pavilions/{row.code}/"
    client.get(address)

    with django_assert_num_queries(9):
        client.get(address)


def test_a_booth_is_given_to_an_agency_that_is_known_by_either_name(client, head, page):
    make.agency("Known", name_km="ស្គាល់")

    response = client.post(f"{page}booths/A02/", {"name": "ស្គាល់"})

    assert response.url == page
    assert "whose people now accept or decline it" in text(get(client, page))
    assert (Booking.objects.get().agency.name_en, Booking.objects.get().state) == ("Known", "held")


def test_a_name_that_nobody_knows_is_asked_for_more_and_others_like_it_are_shown(client, head, page):
    make.agency("Example Robots Incorporated")

    shown = Page(client.post(f"{page}booths/A02/", {"name": "Example Robots"}))

    assert shown.all("[name=name_en]")[0].get("value") == "Example Robots"
    assert [button.get("value") for button in shown.all("button[name=name]")] == ["Example Robots Incorporated"]
    assert not Booking.objects.exists()


def test_a_new_agency_is_entered_and_has_the_booth(client, head, page):
    response = client.post(f"{page}booths/A02/", NEW)

    assert response.url == page
    assert (Booking.objects.get().agency.name_en, Booking.objects.get().state) == ("Example Robots", "confirmed")


def test_an_agency_of_another_kind_than_the_organiser_is_not_entered(client, head, page):
    response = client.post(f"{page}booths/A02/", NEW | {"kind": "academia"})

    assert response.status_code == 422
    shown = Page(response)
    assert [option.get("value") for option in shown.all("[name=kind] option")] == ["government", "private"]
    assert shown.all("[name=kind][aria-invalid=true]")
    assert not Booking.objects.exists()


def test_who_enters_agencies_without_end_is_asked_to_wait(client, head, page, settings):
    settings.LIMITS = settings.LIMITS | {"invite": "9/h/user,1/h/key"}
    client.post(f"{page}booths/A02/", NEW | {"email": "nobody"})
    client.post(f"{page}booths/A02/", NEW)

    response = client.post(f"{page}booths/A01/", NEW | {"name_en": "Others"})

    assert response.status_code == 429
    shown = Page(response)
    assert "Too many tries" in text(shown)
    assert shown.all("[name=name_en]")[0].get("value") == "Others"
    assert Booking.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(client, head, page):
    response = client.post(f"{page}booths/A02/", NEW | {"email": "nobody"})

    assert response.status_code == 422
    shown = Page(response)
    assert shown.all("[name=name_en]")[0].get("value") == "Example Robots"
    assert shown.all("[name=email][aria-invalid=true]")
    assert not Agency.objects.filter(name_en="Example Robots").exists()


def test_a_booth_that_was_given_meanwhile_is_told(client, head, page, member):
    make.agency("Known")

    shown = Page(client.post(f"{page}booths/A01/", {"name": "Known"}))

    assert "has just been taken" in text(shown)
    assert "This booth is Example Robots’s." in text(shown)


def test_a_booth_is_taken_back_with_a_reason(client, head, page, member):
    booking = Booking.objects.get()
    address = f"{page}{booking.code}/take-back/"

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "They cannot come"}).url == page

    booking.refresh_from_db()
    assert (booking.state, booking.reason) == ("released", "They cannot come")
    assert client.post(address, {"reason": "again"}).url == page


def test_the_sign_is_written(client, head, page, member):
    address = f"{page}{Booking.objects.get().code}/sign/"

    assert client.post(address, {"fascia_en": "Robots", "fascia_km": ""}).url == page
    assert get(client, page).rows()[0][4] == "Robots"


def test_who_only_looks_sees_it_and_changes_nothing(client, country, page, member):
    client.force_login(make.member(country, role="colleague"))
    booking = Booking.objects.get()
    acts = [f"{page}booths/A02/", f"{page}{booking.code}/take-back/", f"{page}{booking.code}/sign/"]

    assert "Example Robots" in text(get(client, page))
    assert [client.get(address).status_code for address in acts] == [200, 200, 200]
    assert [client.post(address, {"name": "x", "reason": "x"}).status_code for address in acts] == [403, 403, 403]


def test_nobody_else_finds_it(client, page, member, desk):
    booking = Booking.objects.get()
    addresses = ["", "booths/A02/", f"{booking.code}/take-back/", f"{booking.code}/sign/"]
    for user in (make.member(make.agency()), member.people.get(), make.exhibition_manager()):
        client.force_login(user)
        assert [client.post(page + rest).status_code for rest in addresses[1:]] == [404, 404, 404]
        assert [client.get(page + rest).status_code for rest in addresses] == [404, 404, 404, 404]


def test_a_booth_outside_and_a_booking_elsewhere_are_not_found(client, head, page, booths):
    elsewhere = make.booking(booths[2])
    assert client.get(f"{page}booths/A03/").status_code == 404
    assert client.post(f"{page}{elsewhere.code}/take-back/", {"reason": "x"}).status_code == 404


class TestStandingIn:
    def desk(self, agency):
        return f"/en/desk/agencies/{agency.code}/"

    def test_the_members_desk_opens_and_says_as_whom(self, client, head, member, pavilion):
        shown = get(client, self.desk(member))

        assert "You stand in for Example Robots, as organiser of “Examplia”." in text(shown)
        assert shown.all(f"a[href$='/pavilions/{pavilion.code}/']")

    def test_it_shows_nothing_of_the_members_beside_the_pavilion(self, client, head, member, booths, edition):
        make.call(edition)
        make.application(edition, member, remark="between us")
        make.booking(booths[2], member, note="our secret")
        before = editions.edition(slug="before")
        make.booking(make.booth(make.zone(make.hall(before)), "Z99"), member)

        said = text(get(client, self.desk(member)))

        assert not [word for word in ("between us", "our secret", "Z99", "A03") if word in said]
        assert "A01" in said

    def test_a_member_of_two_pavilions_is_stood_in_for_in_both(self, client, head, member, booths, edition, country):
        second = make.pavilion(edition, country, name_en="Second")
        booths[2].pavilion = second
        booths[2].save()
        make.booking(booths[2], member)
        make.move_slot(booths[0].zone.hall)

        shown = get(client, self.desk(member))
        due = get(client, f"{self.desk(member)}next/ready/")

        assert "as organiser of “Examplia”" in text(shown) and "as organiser of “Second”" in text(shown)
        assert "Booth A01" in text(shown) and "Booth A03" in text(shown)
        assert shown.all(f"a[href$='/pavilions/{second.code}/']")
        assert [word in text(due) for word in ("booth A01", "booth A03")] == [True, True]
        times = [f"{self.desk(member)}next/ready/times/{row.code}/" for row in member.bookings.all()]
        assert [client.get(address).status_code for address in times] == [200, 200]

    def test_a_member_at_two_forums_is_stood_in_for_at_both(self, client, head, member, country):
        later = editions.edition(slug="later", short_name_en="Later", opens_on=LATER, closes_on=LATER)
        (booth,) = make.booths(make.zone(make.hall(later)), 1, "L")
        booth.pavilion = make.pavilion(later, country, name_en="Afterwards")
        booth.save()
        make.booking(booth, member)

        shown = get(client, self.desk(member))

        assert "Booth A01" in text(shown) and "Booth L01" in text(shown)
        links = [link.get("href") for link in shown.all("main a.button")]
        ready = [f"{self.desk(member)}{slug}/ready/" for slug in ("next", "later")]
        assert [link for link in links if link.endswith("/ready/")] == ready
        assert [client.get(link).status_code for link in ready] == [200, 200]

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_desk_asks_as_often_for_three_pavilions_as_for_one(
        self, client, head, member, country, edition, booths, count, django_assert_num_queries
    ):
        for number in range(1, count):
            booth = make.booth(booths[0].zone, f"B{number}", pavilion=make.pavilion(edition, country))
            make.booking(booth, member)
        client.get(self.desk(member))

        with django_assert_num_queries(QUERIES):
            client.get(self.desk(member))

    def test_what_is_due_are_things_of_its_booth_in_the_pavilion(self, client, head, member, booths):
        make.move_slot(booths[0].zone.hall)
        inside, outside = Booking.objects.get(), make.booking(booths[2], member)
        ready = f"{self.desk(member)}next/ready/"

        links = [link.get("href") for link in get(client, ready).all("main table a")]

        assert f"{ready}times/{inside.code}/" in links
        assert f"{ready}times/{outside.code}/" not in links
        assert [client.get(f"{ready}times/{row.code}/").status_code for row in (inside, outside)] == [200, 404]

    def test_its_profile_is_completed_for_it(self, client, head, member):
        address = f"{self.desk(member)}profile/"
        assert client.get(address).status_code == 200

        client.post(address, {"about_en": "Robots that help.", "about_km": "", "website": ""})

        member.refresh_from_db()
        assert member.about_en == "Robots that help."

    @pytest.mark.parametrize("rest", OWN)
    def test_what_is_the_members_own_is_not_found(self, client, head, member, edition, rest):
        make.call(edition)
        assert client.get(self.desk(member) + rest).status_code == 404

    def test_every_link_of_its_desk_opens(self, client, head, member, booths, edition):
        make.package(edition)
        make.extra(edition)
        make.booking(booths[1], member, "held")

        links = [link.get("href") for link in get(client, self.desk(member)).all("main a[href^='/en/desk/']")]

        assert f"{self.desk(member)}next/ready/" in links
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)

    def test_nor_is_a_member_that_has_not_accepted_yet(self, client, head, booths, pavilion):
        agency = make.agency("Asked")
        make.booking(booths[0], agency, "held")
        assert client.get(self.desk(agency)).status_code == 404

    def test_nor_is_one_when_its_forum_is_over_and_nothing_leads_there(self, client, head, page, member, edition):
        end(edition)

        assert client.get(self.desk(member)).status_code == 404
        assert "Example Robots" in text(shown := get(client, page))
        assert self.desk(member) not in [link.get("href") for link in shown.all("main a")]

    def test_nor_one_whose_booth_came_back(self, client, head, member):
        pavilions.take_back(booking=Booking.objects.get(), user=head, reason="why")
        assert client.get(self.desk(member)).status_code == 404

    def test_members_of_one_pavilion_never_see_each_other(self, client, member, booths):
        other = make.agency("Other member")
        make.booking(booths[1], other)
        client.force_login(member.people.get())

        assert client.get(self.desk(member)).status_code == 200
        assert client.get(self.desk(other)).status_code == 404
        assert client.post(f"{self.desk(other)}profile/", {"about_en": "x"}).status_code == 404

    def test_nor_does_the_member_see_the_organisers_desk(self, client, member, desk):
        client.force_login(member.people.get())
        assert client.get(desk).status_code == 404

    def test_a_member_sees_of_its_own_booth_where_it_stands(self, client, member):
        client.force_login(member.people.get())
        assert "It stands in “Examplia”." in text(get(client, self.desk(member)))


class TestAccepting:
    @pytest.fixture
    def offer(self, pavilion, booths, head):
        agency = make.agency("Asked")
        return pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)

    def test_the_offer_says_who_will_see_what(self, client, offer):
        client.force_login(make.member(offer.agency))

        said = text(get(client, f"/en/desk/agencies/{offer.agency.code}/offers/{offer.code}/"))

        assert "If you accept, Trade Office of Examplia, the organiser of “Examplia”, may see and complete" in said
        assert "wish" not in said

    def test_it_is_accepted(self, client, offer):
        client.force_login(make.member(offer.agency))

        client.post(f"/en/desk/agencies/{offer.agency.code}/offers/{offer.code}/")

        offer.refresh_from_db()
        assert offer.state == "confirmed"
