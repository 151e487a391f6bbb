"""The exhibition in the back office: lists, acts, history, and who may."""

from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError
from wagtail.models import ModelLogEntry

from exhibitors.models import AllocationRun, Booking, Invitation, Membership, Sponsorship, Zone
from tests.factories import agenda
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

LISTS = [
    "agency", "booking", "booth", "zone", "hall", "structure", "invitation", "membership", "call", "application",
    "neighbour",
]  # fmt: skip


@pytest.fixture
def zone():
    return make.zone(make.hall(editions.edition()))


@pytest.fixture
def organiser(client):
    user = make.exhibition_manager(email="organiser@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def root(client):
    user = make.person("root@example.org", is_superuser=True)
    client.force_login(user)
    return user


def act(name, row):
    return f"/cms/exhibition/{name}s/{row.pk}/"


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_searches_and_exports(client, root, zone, name):
    agency = make.agency("Ministry of Examples")
    make.member(agency)
    make.invitation(agency)
    make.booking(make.booth(zone), agency, "held")
    address = f"/cms/snippets/exhibitors/{name}/"

    assert client.get(address).status_code == 200
    assert client.get(f"{address}?q=example").status_code == 200
    assert client.get(f"{address}?export=csv").status_code == 200


@pytest.mark.parametrize("is_meanwhile", [False, True])
@pytest.mark.parametrize(
    ("name", "field", "sentence"),
    [
        ("extra", "stock", "More than that are ordered already."),
        ("package", "stock", "More than that are ordered already."),
        ("moveslot", "size", "More booths have this time than that."),
    ],
)
def test_there_are_never_fewer_than_were_taken_even_while_somebody_types(
    client, root, zone, name, field, sentence, is_meanwhile, monkeypatch
):
    edition = zone.hall.edition
    made = {"extra": (make.extra, edition), "package": (make.package, edition), "moveslot": (make.move_slot, zone.hall)}
    act, where = made[name]
    row = act(where, **{field: 4})
    address = f"/cms/snippets/exhibitors/{name}/edit/{row.pk}/"
    typed = dict(get(client, address).all(f"form[action='{address}']")[0].form_values()) | {field: "2"}
    take, check = partial(type(row).objects.filter(pk=row.pk).update, taken=3), type(row).clean

    def check_and_take(self):
        check(self)
        take()

    if is_meanwhile:
        monkeypatch.setattr(type(row), "clean", check_and_take)
    else:
        take()
    page = Page(client.post(address, typed))

    assert sentence in " ".join(page.words(".w-field__errors"))
    assert page.all(f"[name={field}]")[0].get("value") == "2"
    row.refresh_from_db()
    assert (row.taken, getattr(row, field)) == (3, 4)
    assert client.post(address, typed | {field: "3"}).status_code == 302


@pytest.mark.parametrize("name", ["agency", "booth", "zone", "hall", "structure", "booking", "call"])
def test_each_form_opens(client, root, name):
    assert client.get(f"/cms/snippets/exhibitors/{name}/add/").status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_who_has_no_permission_sees_no_list(client, name):
    user = make.person()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    response = client.get(f"/cms/snippets/exhibitors/{name}/")

    assert (response.status_code, response.url) == (302, "/cms/")


@pytest.mark.parametrize("name", ["confirm", "release"])
def test_booking_acts_need_their_own_permission(client, zone, name):
    user = make.person()
    codenames = ["access_admin", "view_booking", "change_booking", "add_booking", "delete_booking"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    booking = make.booking(make.booth(zone), state="held")

    response = client.post(f"{act('booking', booking)}{name}/", {"reason": "because"})

    assert response.status_code in (302, 403)
    booking.refresh_from_db()
    assert booking.state == "held"


def test_booking_is_confirmed_by_its_button_and_the_history_says_who(client, organiser, zone):
    booking = make.booking(make.booth(zone, "A12"), make.agency("Ministry of Examples"), "held")
    inspected = Page(client.get(f"/cms/snippets/exhibitors/booking/inspect/{booking.pk}/"))
    assert f"{act('booking', booking)}confirm/" in [link.get("href") for link in inspected.all("a")]
    assert get(client, f"{act('booking', booking)}confirm/").words("h1") == ["Confirm booth A12 for Ministry of Examples"]

    client.post(f"{act('booking', booking)}confirm/")

    booking.refresh_from_db()
    assert (booking.state, booking.confirmed_by) == ("confirmed", organiser)
    assert list(ModelLogEntry.objects.values_list("action", "user")) == [("exhibitors.confirm", organiser.pk)]
    assert "Confirmed" in client.get(f"/cms/snippets/exhibitors/booking/history/{booking.pk}/").content.decode()


def test_booking_is_released_with_a_reason(client, organiser, zone):
    booking = make.booking(make.booth(zone, "A12"))
    address = f"{act('booking', booking)}release/"

    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 200

    client.post(address, {"reason": "The hall is rebuilt."})
    booking.refresh_from_db()
    assert (booking.state, booking.reason) == ("released", "The hall is rebuilt.")


def test_refusal_of_an_act_is_shown_on_its_page(client, organiser, zone):
    booking = make.overdue(make.booth(zone, "A12"))

    page = Page(client.post(f"{act('booking', booking)}confirm/"))

    assert any("The hold on booth A12 is over" in words for words in page.words("main"))


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_nobody_edits_or_deletes_a_booking_by_hand(client, root, zone, name):
    booking = make.booking(make.booth(zone))

    response = client.post(f"/cms/snippets/exhibitors/booking/{name}/{booking.pk}/", {"state": "released"})

    assert (response.status_code, response.url) == (302, "/cms/")
    assert list(Booking.objects.values_list("state", flat=True)) == ["confirmed"]


def test_organiser_places_an_agency_by_the_same_act(client, root, zone):
    booth, agency = make.booth(zone, "A12"), make.agency("Ministry of Examples")

    client.post("/cms/snippets/exhibitors/booking/add/", {"agency": agency.pk, "booth": booth.pk, "note": "By phone"})

    assert list(Booking.objects.values_list("booth__code", "agency__name_en", "state", "note", "booked_by__email")) == [
        ("A12", "Ministry of Examples", "held", "By phone", "root@example.org")
    ]
    assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["exhibitors.book"]


def test_taken_booths_are_not_offered_for_placing(client, root, zone):
    free, taken = make.booths(zone, 2)
    make.booking(taken)

    page = get(client, "/cms/snippets/exhibitors/booking/add/")

    assert page.words("select[name=booth] option")[1:] == ["A01 · DGF"]
    assert Page(client.post("/cms/snippets/exhibitors/booking/add/", {"agency": make.agency().pk, "booth": taken.pk}))
    assert Booking.objects.count() == 1
    assert free.bookings.count() == 0


def test_person_is_invited_from_the_agencys_page(client, organiser):
    agency = make.agency("Ministry of Examples")
    edit = Page(client.get(f"/cms/snippets/exhibitors/agency/edit/{agency.pk}/"))
    address = f"/cms/exhibition/agencies/{agency.pk}/invite/"
    assert address in [link.get("href") for link in edit.all("a")]

    client.post(address, {"email": "guest@example.org", "language": "km", "role": "manager"})

    assert list(Invitation.objects.values_list("email", "language", "invited_by__email")) == [
        ("guest@example.org", "km", "organiser@example.org")
    ]


def test_invitation_is_revoked_by_its_button(client, organiser):
    invitation = make.invitation(make.agency())

    client.post(f"{act('invitation', invitation)}revoke/")

    invitation.refresh_from_db()
    assert not invitation.is_open


def test_token_of_an_invitation_is_shown_to_nobody(client, root):
    invitation = make.invitation(make.agency())

    for address in ("", f"inspect/{invitation.pk}/", "?export=csv"):
        response = client.get(f"/cms/snippets/exhibitors/invitation/{address}")
        assert response.status_code == 200
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert invitation.token.encode() not in body


def test_role_of_a_member_can_be_changed(client, root):
    agency = make.agency()
    make.member(agency)
    membership = Membership.objects.get()

    client.post(f"/cms/snippets/exhibitors/membership/edit/{membership.pk}/", {"role": "colleague"})

    membership.refresh_from_db()
    assert membership.role == "colleague"


def test_booth_beyond_the_walls_or_with_wrong_sides_is_refused(client, root, zone):
    booth = {"zone": zone.pk, "code": "A1", "x": 5_900, "y": 0, "width": 300, "depth": 300, "is_published": "on"}
    booth |= {"fitting": "raw", "power": 9_000, "is_accessible": "on"}
    address = "/cms/snippets/exhibitors/booth/add/"

    outside = client.post(address, booth | {"kind": "inline", "open_sides": "S"})
    wrong = client.post(address, booth | {"x": 0, "kind": "island", "open_sides": "S"})
    right = client.post(address, booth | {"x": 0, "kind": "island", "open_sides": "NESW"})

    assert "The booth reaches beyond the walls of the hall." in outside.content.decode()
    assert "The open sides do not fit the type of booth." in wrong.content.decode()
    made = zone.booths.get()
    assert (right.status_code, made.code, made.fitting, made.power, made.is_accessible) == (302, "A1", "raw", 9_000, True)


def test_zone_keeps_its_class_in_one_spelling_whatever_is_typed(client, root, zone):
    typed = {"hall": zone.hall_id, "name_en": "Front", "zone_class": "  Premium  Row ", "power_budget": "60000"}
    typed |= {"colour": "teal", "pattern": "waves", "hold_hours": 72, "booths_per_agency": 1}

    client.post("/cms/snippets/exhibitors/zone/add/", typed)

    made = Zone.objects.get(name_en="Front")
    assert (made.zone_class, made.power_budget, made.colour, made.pattern) == ("premium row", 60_000, "teal", "waves")
    assert Zone.objects.get(pk=zone.pk).power_budget is None


def test_booths_are_listed_by_block(client, root, zone):
    make.booth(zone, "A1", block="A", is_on_route=True)
    make.booth(zone, "B1", block="B", x=300)

    page = get(client, "/cms/snippets/exhibitors/booth/?block=A")

    assert page.words("tbody .title-wrapper") == ["A1"]


@pytest.mark.parametrize(("field", "name"), [("colour", "zone_has_a_known_colour"), ("pattern", "zone_has_a_known_pattern")])
def test_a_zone_of_another_colour_or_pattern_is_refused_by_the_database(zone, field, name):
    with pytest.raises(IntegrityError, match=name):
        make.zone(zone.hall, **{field: "#ff0000"})


def test_a_booth_of_another_fitting_is_refused_by_the_database(zone):
    with pytest.raises(IntegrityError, match="booth_is_shell_or_raw"):
        make.booth(zone, fitting="tent")


@pytest.mark.parametrize(
    "name", ["agency", "allocationrun", "application", "booking", "booth", "call", "invitation", "membership", "neighbour"]
)
def test_lists_take_as_many_queries_for_three_rows_as_for_one(client, root, zone, name, django_assert_max_num_queries):
    address = f"/cms/snippets/exhibitors/{name}/"

    def count(booths):
        for booth in booths:
            agency = make.agency()
            make.member(agency)
            make.invitation(agency)
            make.booking(booth, agency, "held")
            application = make.application(zone.hall.edition, agency)
            application.neighbours.create(kind="near", name="Somebody")
            AllocationRun.objects.create(edition=zone.hall.edition, state="cancelled", seed=1)
            make.call(editions.edition(f"of-{booth.code.lower()}"))
        client.get(address)
        with django_assert_max_num_queries(40) as queries:
            client.get(address)
        return len(queries)

    one, *more = make.booths(zone, 3)
    assert count([one]) == count(more)


def a_sponsorship(edition):
    return Sponsorship.objects.create(package=make.package(edition), agency=make.agency(), state="firm")


def an_ordered_extra(edition):
    booking = make.booking(make.booth(make.zone(make.hall(edition))))
    return booking.ordered_extras.create(extra=make.extra(edition), quantity=2, ordered_by=make.person())


def a_reminder(edition):
    return edition.reminders.create(agency=make.agency(), day=edition.today, sent_by=make.person(), missing=3)


ROWS = {
    "entitlement": lambda edition: a_sponsorship(edition).entitlements.create(kind="logo"),
    "extra": lambda edition: make.extra(edition).zones.add(make.zone(make.hall(edition))),
    "moveslot": lambda edition: make.move_slot(make.hall(edition)),
    "orderedextra": an_ordered_extra,
    "package": lambda edition: make.package(edition, zone=make.zone(make.hall(edition))),
    "pavilion": make.pavilion,
    "price": lambda edition: make.price(edition, zone=make.zone(make.hall(edition))),
    "pricelist": make.price,
    "product": lambda edition: make.product(make.agency(), edition),
    "reminder": a_reminder,
    "requireddocument": make.required_document,
    "sentdocument": lambda edition: make.sent_document(
        make.required_document(edition), make.agency(), sent_by=make.person()
    ),
    "sessionhost": lambda edition: make.host(agenda.session(edition), make.agency()),
    "theme": make.theme,
    "tour": lambda edition: edition.tours.create(name_en="Guest", starts_at=edition.start_of(edition.opens_on)),
}


@pytest.mark.parametrize("name", ROWS)
def test_lists_of_what_exhibitors_order_and_show_take_as_many_queries_for_three_editions_as_for_one(
    client, root, name, django_assert_max_num_queries
):
    address = f"/cms/snippets/exhibitors/{name}/"

    def count(slugs):
        for slug in slugs:
            ROWS[name](editions.edition(slug))
        client.get(address)
        with django_assert_max_num_queries(40) as queries:
            page = get(client, address)
        return len(queries), len(page.all("main tbody tr"))

    (one, row), (three, rows) = count(["first"]), count(["second", "third"])
    assert (row, rows) == (1, 3)
    assert one == three
