"""The exhibitor's desk: what its people do there, and what nobody else can."""

import datetime

import pytest
from django.test import Client
from post_office.models import Email

from exhibitors.models import Booking, Booth, Zone
from forum.payments import booth_orders, ordering
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition, name_en="Hall 1"), name_en="Public services")


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def desk(agency):
    return f"/en/desk/agencies/{agency.code}/"


@pytest.fixture
def member(client, agency):
    user = make.member(agency, email="manager@example.org")
    client.force_login(user)
    return user


def bookings():
    return list(Booking.objects.order_by("pk").values_list("booth__code", "agency__name_en", "state"))


def test_member_is_sent_to_the_agencys_desk(client, member, desk):
    response = client.get("/en/desk/")

    assert (response.status_code, response.url) == (302, desk)


def test_member_of_two_agencies_chooses(client, member):
    make.agency("Zebra Agency").people.add(member)

    assert get(client, "/en/desk/").words(".card") == ["Ministry of Examples", "Zebra Agency"]


def test_staff_are_sent_to_the_back_office(client):
    client.force_login(make.exhibition_manager())

    assert client.get("/en/desk/").url == "/cms/"


def test_who_belongs_to_nobody_is_told_what_to_do(client):
    client.force_login(make.person("lonely@example.org"))

    page = get(client, "/en/desk/")

    assert page.words(".lead") == ["You are signed in as lonely@example.org, but you do not act for an agency yet."]
    assert len(page.all("main li")) == 4


def test_desk_shows_until_when_the_booth_is_held(client, member, agency, zone, desk):
    booking = make.booking(make.booth(zone, "A12"), agency, "held")

    page = get(client, desk)

    assert page.words(".card__title") == ["Booth A12 held"]
    assert len(page.words(".card strong")) == 1
    assert [link.get("href") for link in page.all(".card .row a")] == [
        "/en/next/exhibition/A12/",
        f"{desk}bookings/{booking.code}/release/",
    ]


def test_hold_past_its_time_is_shown_among_the_earlier_ones(client, member, agency, zone, desk):
    make.overdue(make.booth(zone, "A12"), agency)

    page = get(client, desk)

    assert page.words(".card__title") == []
    assert page.rows() == [["A12", "DGF", "lapsed", "–"]]


def test_free_booth_is_booked_from_the_plan(client, member, zone, desk):
    make.booth(zone, "A12")
    links = [link.get("href") for link in get(client, f"{desk}next/booths/").all("svg a.booth")]
    assert links == [f"{desk}next/booths/A12/"]
    assert get(client, links[0]).words("form button")[-1] == "Book booth A12"

    response = client.post(links[0], {"note": "Two sockets"}, follow=True)

    assert bookings() == [("A12", "Ministry of Examples", "held")]
    assert Booking.objects.get().note == "Two sockets"
    assert Page(response).words(".notice--ok") == ["Booth A12 is held for you until an exhibition manager confirms it."]
    assert Email.objects.get().to == ["manager@example.org"]


def test_once_the_forum_is_over_a_free_booth_is_not_offered(client, member, zone, edition, desk):
    make.booth(zone, "A12")
    edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
    edition.save()

    page = get(client, f"{desk}next/booths/A12/")

    assert page.words("main .notice") == ["This forum is over; its booths can no longer be booked."]
    assert page.all("main form") == []


def test_second_agency_is_told_the_booth_is_taken_and_loses_nothing(client, member, zone, desk):
    booth = make.booth(zone, "A12")
    make.booth(zone, "A13", x=300)
    make.booth(zone, "A14", x=600)
    address = f"{desk}next/booths/A12/"
    assert get(client, address).words("form button")[-1] == "Book booth A12"
    make.booking(booth, make.agency("Quicker Agency"), "held")

    response = client.post(address, {"note": "Two sockets"})

    page = Page(response)
    assert response.status_code == 409
    assert page.words(".notice--error") == ["Booth A12 has just been taken by another agency. Please choose another one."]
    assert page.words("textarea") == ["Two sockets"]
    assert [(button.get("formaction"), button.text) for button in page.all("button[formaction]")] == [
        (f"{desk}next/booths/A13/", "Book booth A13 instead"),
        (f"{desk}next/booths/A14/", "Book booth A14 instead"),
    ]
    assert "Quicker Agency" not in page.tree.text_content()
    assert bookings() == [("A12", "Quicker Agency", "held")]


def test_agency_with_a_booth_is_told_so_when_it_books_another(client, member, agency, zone, desk):
    mine, _other = make.booths(zone, 2)
    make.booking(mine, agency, "held")

    response = client.post(f"{desk}next/booths/A02/", {"note": "Two sockets"})

    assert response.status_code == 409
    assert "Your agency already has booth A01." in response.content.decode()
    assert bookings() == [("A01", "Ministry of Examples", "held")]


def test_own_hold_is_given_back(client, member, agency, zone, desk):
    booking = make.booking(make.booth(zone, "A12"), agency, "held")
    address = f"{desk}bookings/{booking.code}/release/"
    assert get(client, address).words("form button")[-1] == "Give back booth A12"

    response = client.post(address, {"reason": "Our plans changed."}, follow=True)

    assert bookings() == [("A12", "Ministry of Examples", "released")]
    assert Page(response).words(".notice--ok") == ["You have given back booth A12."]


def test_confirmed_booth_is_the_organisers_to_release(client, member, agency, zone, desk):
    booking = make.booking(make.booth(zone, "A12"), agency)

    response = client.post(f"{desk}bookings/{booking.code}/release/", {"reason": ""})

    assert response.status_code == 409
    assert bookings() == [("A12", "Ministry of Examples", "confirmed")]


def test_profile_is_edited_in_both_languages(client, member, agency, desk):
    words = {"about_en": "We open data.", "about_km": "យើងបើកទិន្នន័យ។", "website": "https://example.org"}

    response = client.post(f"{desk}profile/", words)

    agency.refresh_from_db()
    assert (response.status_code, response.url) == (302, desk)
    assert {name: getattr(agency, name) for name in words} == words


@pytest.mark.parametrize("website", ["javascript:alert(1)", "example.org", "ftp://example.org"])
def test_website_is_a_web_address(client, member, agency, desk, website):
    assert client.post(f"{desk}profile/", {"website": website}).status_code == 422
    agency.refresh_from_db()
    assert agency.website == ""


def addresses(desk, booking):
    return [
        desk,
        f"{desk}profile/",
        f"{desk}next/booths/",
        f"{desk}next/booths/A01/",
        f"{desk}bookings/{booking.code}/release/",
    ]


def test_another_agencys_desk_is_not_found(client, member, zone):
    other = make.agency("Other Agency")
    booking = make.booking(make.booth(zone), other, "held")

    for address in addresses(f"/en/desk/agencies/{other.code}/", booking):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)
    assert bookings() == [("A01", "Other Agency", "held")]


def test_another_agencys_booking_is_not_found_on_ones_own_desk(client, member, zone, desk):
    booking = make.booking(make.booth(zone), make.agency("Other Agency"), "held")

    assert client.post(f"{desk}bookings/{booking.code}/release/").status_code == 404
    assert bookings() == [("A01", "Other Agency", "held")]


def test_organiser_who_is_no_member_is_not_shown_the_desk(client, desk):
    client.force_login(make.exhibition_manager())

    assert client.get(desk).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, agency, zone, desk):
    booking = make.booking(make.booth(zone), agency, "held")

    for address in addresses(desk, booking):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, f"/accounts/login/?next={address}")


def test_colleague_who_may_look_sees_but_does_nothing(client, agency, zone, desk):
    client.force_login(make.member(agency, "colleague"))
    held, _free = make.booths(zone, 2)
    booking = make.booking(held, agency, "held")

    assert get(client, desk).all("a[href$='release/']") == []
    assert get(client, f"{desk}next/booths/A02/").all("form[method=post]") == []
    for address in addresses(desk, booking)[1:2] + addresses(desk, booking)[3:]:
        assert client.post(address, {}).status_code == 403
    assert bookings() == [("A01", "Ministry of Examples", "held")]


def test_posts_need_the_token_of_the_page(agency, zone, desk):
    make.booth(zone, "A12")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.member(agency))

    assert strict.post(f"{desk}next/booths/A12/").status_code == 403
    assert bookings() == []


def test_desk_is_kept_by_no_cache(client, member, zone, desk):
    make.booth(zone)

    for address in ("/en/desk/", desk, f"{desk}profile/", f"{desk}next/booths/", f"{desk}next/booths/A01/"):
        response = client.get(address)
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store, private", "same-origin")


def test_unpublished_booth_is_not_found(client, member, zone, desk):
    Booth.objects.filter(pk=make.booth(zone).pk).update(is_published=False)

    assert client.get(f"{desk}next/booths/A01/").status_code == 404
    assert client.post(f"{desk}next/booths/A01/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_desk_takes_as_many_queries_for_three_bookings_as_for_one(
    client, member, agency, zone, desk, count, django_assert_num_queries
):
    for booth in make.booths(zone, count):
        make.booking(booth, agency)
    client.get(desk)

    with django_assert_num_queries(26):
        client.get(desk)


@pytest.mark.parametrize("count", [1, 3])
def test_desk_takes_as_many_queries_for_three_orders_as_for_one(
    client, member, agency, zone, desk, count, django_assert_num_queries
):
    make.price(zone.hall.edition)
    Zone.objects.update(booths_per_agency=3)
    for booth in make.booths(zone, count):
        booking = booth_orders.book(booth=booth, agency=agency, user=member, seen=90_000)
        ordering.write_invoice(order=booth_orders.order_of(booking), name="x", agency="", tax_number="")
    client.get(desk)

    with django_assert_num_queries(23):
        client.get(desk)


@pytest.mark.parametrize("count", [1, 3])
def test_plan_takes_as_many_queries_for_three_booths_as_for_one(
    client, member, zone, desk, count, django_assert_num_queries
):
    for booth in make.booths(zone, count):
        make.booking(booth)
    client.get(desk)

    with django_assert_num_queries(8):
        client.get(f"{desk}next/booths/")
