"""What an exhibitor has to do until the doors open: the desk and the organisers' board say the same."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from exhibitors.models import Agency
from forum.desks import readiness
from forum.registration import approving
from tests.factories import accounts
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import registration as people
from tests.pages import get

pytestmark = pytest.mark.django_db

BOARD = "/cms/exhibition/readiness/"
QUERIES = 24


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition, name_en="Hall A"), name_en="Ministries")


@pytest.fixture
def booking(zone):
    return make.booking(make.booth(zone, "A01"), make.agency("Ministry of Examples"))


@pytest.fixture
def member(client, booking):
    user = make.member(booking.agency)
    client.force_login(user)
    return user


@pytest.fixture
def organiser(client):
    user = make.person()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_booking"]))
    client.force_login(user)
    return user


def states(agency, edition):
    return [(item.kind, str(item.state)) for item in readiness.of_agency(agency, edition).items]


def finish(agency, edition):
    """Does all that is asked of an agency where nothing but its profile and products is."""
    Agency.objects.filter(pk=agency.pk).update(about_en="Examples.", about_km="ឧទាហរណ៍", logo="logos/a.png")
    make.product(agency, edition)


def test_an_agency_with_a_booth_has_its_profile_logo_products_and_themes_to_do(booking, edition):
    make.theme(edition)

    assert states(booking.agency, edition) == [
        ("profile", "to_do"),
        ("logo", "to_do"),
        ("products", "to_do"),
        ("themes", "to_do"),
    ]


def test_what_is_done_is_told_so_and_the_booth_is_ready(booking, edition):
    make.theme(edition, by=[booking.agency])
    finish(booking.agency, edition)

    standing = readiness.of_agency(booking.agency, edition)

    assert {str(item.state) for item in standing.items} == {"done"}
    assert (standing.is_ready, standing.light, standing.settled) == (True, "green", 4)


def test_a_profile_in_one_language_says_which_is_missing(booking, edition):
    Agency.objects.update(about_en="Examples.")

    item = readiness.of_agency(booking.agency, edition).items[0]

    assert (item.state, item.detail) == ("to_do", "Missing: Khmer")


def test_each_pass_of_the_delegation_is_an_item_done_once_somebody_is_named(booking, edition):
    delegation = people.delegation(booking.agency, delegate=2, visitor=1)
    people.delegate(delegation)

    items = [item for item in readiness.of_agency(booking.agency, edition).items if item.kind == "passes"]

    assert [(str(item.title), str(item.state), item.detail) for item in items] == [
        ("People with the pass “Delegate”", "done", "1 of 2 places"),
        ("People with the pass “Visitor”", "to_do", "0 of 1 places"),
    ]


def test_who_awaits_clearance_is_counted_until_security_has_said_yes(client, organiser, booking, edition):
    people.pass_type(edition, slug="delegate", needs_security=True)
    delegation = people.delegation(booking.agency, delegate=3)
    first, second = people.delegate(delegation), people.delegate(delegation)
    people.delegate(people.delegation(make.agency(), delegate=1))

    def told():
        item = readiness.of_agency(booking.agency, edition).items[-1]
        return str(item.state), item.detail

    assert told() == ("to_do", "2 of 3 places · awaiting clearance: 2 · details missing: 2")
    people.accredit(first)
    assert told() == ("to_do", "2 of 3 places · awaiting clearance: 2 · details missing: 1")
    people.accredit(second)
    assert told() == ("sent", "2 of 3 places · awaiting clearance: 2")
    words = " ".join(get(client, BOARD).words("main"))
    assert "2 people of exhibitors await clearance." in words
    assert "People with the pass “Delegate” – sent (2 of 3 places · awaiting clearance: 2)" in words

    approving.decide(registration=first, step="security", is_yes=True, user=accounts.user(is_superuser=True))
    assert told() == ("sent", "2 of 3 places · awaiting clearance: 1")
    approving.decide(registration=second, step="security", is_yes=True, user=accounts.user(is_superuser=True))
    assert told() == ("done", "2 of 3 places")
    assert "clearance" not in " ".join(get(client, BOARD).words("main"))


def test_what_is_due_and_past_is_late_and_the_booth_red(booking, edition):
    delegation = people.delegation(booking.agency)
    delegation.closes_at = timezone.now() - datetime.timedelta(days=2)
    delegation.save()

    standing = readiness.of_agency(booking.agency, edition)

    assert standing.light == "red"
    assert standing.missing[0].kind == "passes"


def test_what_visitors_read_is_late_once_profiles_were_due(booking, edition):
    make.product(booking.agency, edition)
    call = make.call(edition, profiles_due_on=edition.today)
    standing = readiness.of_agency(booking.agency, edition)
    assert {item.due for item in standing.items} == {edition.today}
    assert standing.light == "amber"

    call.profiles_due_on -= datetime.timedelta(days=1)
    call.save()

    standing = readiness.of_agency(booking.agency, edition)
    assert {item.kind: item.is_late for item in standing.items} == {"profile": True, "logo": True, "products": False}
    assert standing.light == "red"


def test_without_a_confirmed_booth_nothing_is_due(edition, zone):
    held = make.booking(make.booth(zone, "A02"), state="held")

    assert readiness.of_agency(held.agency, edition) is None


def test_the_desk_shows_what_is_due_with_links_to_do_it(client, member, booking, edition):
    page = get(client, f"/en/desk/agencies/{booking.agency.code}/next/ready/")

    assert page.words("tbody td:first-child a") == ["Profile in both languages", "Logo", "Products"]
    assert page.words("tbody .tag") == ["to do", "to do", "to do"]
    assert page.words("#ready-progress") == ["0 of 3 done"]
    assert get(client, f"/en/desk/agencies/{booking.agency.code}/").words("a[href$='/ready/']") == ["See what is due"]


def test_whoever_reads_what_is_due_can_open_all_that_it_links_to(client, booking, edition):
    make.required_document(edition)
    make.move_slot(booking.booth.zone.hall)
    people.delegation(booking.agency, delegate=2)
    page = f"/en/desk/agencies/{booking.agency.code}/next/ready/"
    pavilion = make.pavilion(edition)
    pavilion.booths.add(booking.booth)
    manager, stand_in = make.member(booking.agency), make.member(pavilion.organiser)
    colleague = make.member(booking.agency, role="colleague")

    for reader, number in ((manager, 6), (colleague, 5), (stand_in, 5)):
        client.force_login(reader)
        shown = get(client, page)
        links = [link.get("href") for link in shown.all("tbody a")]
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
        assert (len(links), len(shown.rows())) == (number, 6)


def test_a_person_of_another_agency_does_not_find_the_page(client, booking, edition):
    client.force_login(make.member(make.agency()))

    assert client.get(f"/en/desk/agencies/{booking.agency.code}/next/ready/").status_code == 404


def test_the_board_shows_who_lacks_what_ready_ones_last(client, organiser, booking, edition, zone):
    done = make.booking(make.booth(zone, "A00"), make.agency("Agency of Completion"))
    finish(done.agency, edition)

    page = get(client, BOARD)

    assert page.words(".listing tbody th") == ["Ministry of Examples", "Agency of Completion"]
    assert page.words(".listing tbody tr:first-child li")[0] == "Profile in both languages – to do"
    assert page.words(".bars:first-of-type dd") == ["0", "1", "1"]


def test_the_board_counts_booths_and_not_agencies(client, organiser, booking, edition, zone):
    make.booking(make.booth(zone, "A02"), booking.agency)
    done = make.booking(make.booth(zone, "A00"), make.agency("Agency of Completion"))
    finish(done.agency, edition)

    page = get(client, BOARD)

    assert page.words(".bars:first-of-type dd") == ["0", "2", "1"]
    assert page.words(".bars:nth-of-type(2) dd") == ["2 of 3", "2 of 3", "2 of 3"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zone={other}", ["Agency of Elsewhere"]),
        ("item=products&state=done", ["Agency of Elsewhere"]),
        ("item=products&state=to_do", ["Ministry of Examples"]),
        ("light=green", []),
        ("light=nonsense", ["Agency of Elsewhere", "Ministry of Examples"]),
    ],
)
def test_the_board_is_narrowed_by_place_item_and_state(client, organiser, booking, edition, query, found):
    other = make.zone(make.hall(edition, name_en="Hall B"), name_en="Abroad")
    elsewhere = make.booking(make.booth(other, "B01"), make.agency("Agency of Elsewhere")).agency
    make.product(elsewhere, edition)

    page = get(client, f"{BOARD}?{query.format(other=other.code)}")

    assert page.words(".listing tbody th") == found


def test_the_board_takes_as_many_queries_for_three_as_for_one(
    client, organiser, booking, edition, zone, django_assert_num_queries
):
    people.pass_type(edition, slug="delegate", needs_security=True)
    people.delegate(people.delegation(booking.agency))
    get(client, BOARD)
    with django_assert_num_queries(QUERIES):
        get(client, BOARD)
    for number in (2, 3):
        people.delegate(people.delegation(make.booking(make.booth(zone, f"A0{number}")).agency))

    with django_assert_num_queries(QUERIES):
        get(client, BOARD)


def test_what_the_board_shows_is_taken_out_as_a_file(client, organiser, booking):
    written = b"".join(client.get(f"{BOARD}file.csv").streaming_content).decode().splitlines()

    assert written[1] == 'Ministry of Examples,A01,under way,Profile in both languages,to do,,,"Missing: English, Khmer"'
    assert client.get(f"{BOARD}file.xlsx").status_code == 200


def test_who_may_not_see_bookings_sees_no_board(client, member):
    assert client.get(BOARD).status_code in (302, 403)
    assert client.get(f"{BOARD}file.csv").status_code in (302, 403)


def test_the_desk_takes_as_many_queries_for_three_booths_and_documents_as_for_one(
    client, member, zone, booking, edition, django_assert_max_num_queries
):
    address = f"/en/desk/agencies/{booking.agency.code}/next/ready/"
    make.move_slot(zone.hall)

    def count():
        client.get(address)
        with django_assert_max_num_queries(40) as queries:
            get(client, address)
        return len(queries)

    make.sent_document(make.required_document(edition), booking.agency)
    one = count()
    for booth in ("A02", "A03"):
        make.booking(make.booth(zone, booth), booking.agency)
        make.sent_document(make.required_document(edition), booking.agency)
    assert count() == one
