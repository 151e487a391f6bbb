"""Rows of booths: how they stand, what keeps them from being added, and that adding is one act."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from exhibitors import laying_out
from exhibitors.laying_out import Direction, Line, Rows
from exhibitors.models import Booth
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get


@pytest.fixture
def hall(db):
    return make.hall(editions.edition(), width=3_000, depth=2_000, aisle_width=300, wheelchair_width=150)


@pytest.fixture
def zone(hall):
    return make.zone(hall)


@pytest.fixture
def root(db, client):
    user = make.person("root@example.org", is_superuser=True)
    client.force_login(user)
    return user


def ordered(**fields):
    return Rows(**({"block": "A", "x": 300, "y": 300, "width": 300, "depth": 300, "count": 3} | fields))


def laid(zone, **fields):
    booths, structures = list(Booth.objects.filter(zone__hall=zone.hall)), list(zone.hall.structures.all())
    return laying_out.lay_out(zone=zone, rows=ordered(**fields), booths=booths, structures=structures)


def places(layout):
    return [(booth.code, booth.x, booth.y, booth.kind, booth.open_sides) for booth in layout.booths]


def said(layout):
    return [(field, words) for refusal in layout.refusals for field, words in refusal.message_dict.items()]


def test_one_line_opens_to_its_side_and_around_its_ends(zone):
    assert places(laid(zone, line=Line.LOWER)) == [
        ("A01", 300, 300, "corner", "SW"),
        ("A02", 600, 300, "inline", "S"),
        ("A03", 900, 300, "corner", "ES"),
    ]


def test_two_lines_stand_back_to_back_and_are_counted_on(zone):
    assert places(laid(zone)) == [
        ("A01", 300, 300, "corner", "NW"),
        ("A02", 600, 300, "inline", "N"),
        ("A03", 900, 300, "corner", "NE"),
        ("A04", 300, 600, "corner", "SW"),
        ("A05", 600, 600, "inline", "S"),
        ("A06", 900, 600, "corner", "ES"),
    ]


def test_a_row_that_runs_down_opens_to_west_and_east(zone):
    layout = laid(zone, direction=Direction.DOWN, count=2, width=400, depth=250)

    assert places(layout) == [
        ("A01", 300, 300, "corner", "NW"),
        ("A02", 300, 700, "corner", "SW"),
        ("A03", 550, 300, "corner", "NE"),
        ("A04", 550, 700, "corner", "ES"),
    ]
    assert {(booth.width, booth.depth) for booth in layout.booths} == {(250, 400)}


def test_a_line_is_counted_from_its_far_end(zone):
    layout = laid(zone, line=Line.UPPER, is_backwards=True, first_number=7)

    assert [(booth.code, booth.x) for booth in layout.booths] == [("A09", 300), ("A08", 600), ("A07", 900)]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"next_letter": False}, [("A01", "A1", 300), ("A02", "A1", 300), ("A03", "A2", 900), ("A04", "A2", 900)]),
        ({"next_letter": True}, [("A01", "A", 300), ("A02", "A", 300), ("B01", "B", 900), ("B02", "B", 900)]),
    ],
)
def test_rows_stand_an_aisle_apart_each_a_block_of_its_own(zone, fields, found):
    layout = laid(zone, line=Line.LOWER, rows=2, aisle=300, count=2, **fields)

    assert [(booth.code, booth.block, booth.y) for booth in layout.booths] == found


def test_booths_beside_a_gap_are_corners(zone):
    assert places(laid(zone, line=Line.LOWER, count=4, gap_every=2, gap=200)) == [
        ("A01", 300, 300, "corner", "SW"),
        ("A02", 600, 300, "corner", "ES"),
        ("A03", 1_100, 300, "corner", "SW"),
        ("A04", 1_400, 300, "corner", "ES"),
    ]


def test_one_booth_alone_is_a_peninsula(zone):
    assert places(laid(zone, line=Line.LOWER, count=1)) == [("A01", 300, 300, "peninsula", "ESW")]


def test_an_end_by_which_no_wheelchair_gets_stays_closed(hall, zone):
    make.structure(hall, "pillar", x=1_250, y=400)

    assert [sides for *_rest, sides in places(laid(zone, line=Line.LOWER, x=149 + 1))] == ["SW", "S", "ES"]
    assert [sides for *_rest, sides in places(laid(zone, line=Line.LOWER, x=149))] == ["S", "S", "ES"]
    assert [sides for *_rest, sides in places(laid(zone, line=Line.LOWER, x=300))] == ["SW", "S", "S"]


def test_a_door_at_an_end_keeps_it_open(hall, zone):
    make.structure(hall, "exit", x=0, y=300, width=20, depth=200)

    assert [sides for *_rest, sides in places(laid(zone, line=Line.LOWER, x=150))] == ["SW", "S", "ES"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"count": 10}, ("x", ["The rows reach 33 m from the west wall; the hall is 30 m wide."])),
        ({"rows": 3, "aisle": 300}, ("y", ["The rows reach 27 m from the north wall; the hall is 20 m deep."])),
    ],
)
def test_rows_beyond_the_walls_are_refused_with_how_far_they_reach(zone, fields, refusal):
    assert said(laid(zone, **fields)) == [refusal]


def test_rows_on_what_stands_there_are_refused_with_what(hall, zone):
    make.booth(make.zone(hall), "Z1", x=1_100, y=300)
    make.structure(hall, "pillar", x=400, y=400)

    assert said(laid(zone, line=Line.LOWER)) == [
        ("x", ["New booths would stand on what is there already: A01 – Pillar, A03 – Z1."])
    ]


def test_codes_of_the_edition_are_refused_and_those_of_another_are_not(hall, zone):
    make.booth(make.zone(make.hall(hall.edition)), "A02")
    make.booth(make.zone(make.hall(editions.edition("other"))), "A01")

    assert said(laid(zone)) == [("first_number", ["Taken in this edition already: A02 (1 in all)."])]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"count": 251}, "many"),
        ({"block": "Y", "rows": 3, "next_letter": True}, "letters"),
        ({"block": "A1", "next_letter": True}, "letters"),
    ],
)
def test_too_many_booths_and_letters_are_refused(zone, fields, code):
    with pytest.raises(ValidationError) as refusal:
        laid(zone, **fields)

    assert [error.code for errors in refusal.value.error_dict.values() for error in errors] == [code]


def test_rows_are_added_at_once_and_the_history_says_so(zone, root):
    laying_out.add(zone=zone, rows=ordered(fitting="raw", power=2_000, is_published=False), user=root)

    assert [(booth.code, booth.open_sides, booth.fitting, booth.power, booth.is_published) for booth in zone.booths.all()][
        :2
    ] == [
        ("A01", "NW", "raw", 2_000, False),
        ("A02", "N", "raw", 2_000, False),
    ]
    assert list(zone.booths.values_list("edition", flat=True)) == [zone.hall.edition_id] * 6
    (entry,) = ModelLogEntry.objects.filter(action="exhibitors.lay_out")
    assert (entry.object_id, entry.user) == (str(zone.pk), root)
    assert entry.data.items() >= {"count": 6, "first": "A01", "last": "A06"}.items()
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 6


def test_rows_are_added_whole_or_not_at_all_and_once_more_is_refused(zone, root):
    laying_out.add(zone=zone, rows=ordered(), user=root)

    with pytest.raises(ValidationError) as refusal:
        laying_out.add(zone=zone, rows=ordered(x=600), user=root)

    assert set(refusal.value.message_dict) == {"x", "first_number"}
    assert zone.booths.count() == 6


def test_what_another_adds_meanwhile_is_refused_by_the_database(zone, root, monkeypatch):
    monkeypatch.setattr(laying_out, "_twins", lambda zone, laid: [])
    make.booth(make.zone(make.hall(zone.hall.edition)), "A01")

    with pytest.raises(ValidationError) as refusal:
        laying_out.add(zone=zone, rows=ordered(), user=root)

    assert refusal.value.message_dict == {"first_number": ["Another booth of this edition has this code."]}
    assert zone.booths.count() == 0


TYPED = {
    "block": "A", "first_number": 1, "line": "double", "direction": "along", "count": 3, "width": 300, "depth": 300,
    "x": 300, "y": 300, "rows": 1, "aisle": 300, "gap_every": 0, "gap": 0, "fitting": "shell", "power": 2_000,
    "is_published": "on",
}  # fmt: skip


def address(zone):
    return f"/cms/exhibition/zones/{zone.pk}/rows/"


def test_rows_are_drawn_before_they_are_added_and_added_as_they_were_drawn(client, root, zone):
    page = Page(client.post(address(zone), TYPED))
    assert page.words("svg.floor .floor__booth--marked ~ text")[:2] == ["A01", "A02"]
    assert page.words("button[name=add]") == ["Add 6 booths"]
    assert zone.booths.count() == 0
    seen = page.all("input[name=seen]")[0].get("value")

    changed = Page(client.post(address(zone), TYPED | {"count": 2, "add": "yes", "seen": seen}))
    assert (changed.words("button[name=add]"), zone.booths.count()) == (["Add 4 booths"], 0)

    response = client.post(address(zone), TYPED | {"add": "yes", "seen": seen})
    assert (response.status_code, response.url, zone.booths.count()) == (302, address(zone), 6)


def test_the_form_begins_below_what_the_zone_has_with_the_next_letter(client, root, zone):
    make.booth(zone, "A1", x=600, y=300)

    page = get(client, address(zone))

    values = {field.get("name"): field.get("value") for field in page.all("form input")}
    assert [values[name] for name in ("block", "x", "y", "aisle", "gap")] == ["B", "600", "900", "300", "300"]


def test_a_refusal_stands_beside_its_field_on_the_plan_and_nothing_typed_is_lost(client, root, zone):
    make.booth(zone, "Z1", x=300, y=300)

    response = client.post(address(zone), TYPED | {"power": 1_234})

    page = Page(response)
    assert (response.status_code, page.words("button[name=add]")) == (422, [])
    assert "New booths would stand on what is there already: A01 – Z1." in page.words(".w-field__errors")
    assert [field.get("value") for field in page.all("input[name=power]")] == ["1234"]
    assert page.words(".floor-findings li")[0] == "Booths A01 and Z1 overlap. Z1"
    assert page.all("svg.floor .floor__mark")


def test_only_what_the_new_booths_bring_is_told(client, root, hall, zone):
    make.booth(zone, "Y1", x=300, y=1_600)
    make.booth(zone, "Y2", x=400, y=1_600)

    page = Page(client.post(address(zone), TYPED | {"y": 200}))

    assert page.words(".floor-findings li") == [
        f"The aisle before booth A0{number} is 2 m wide; in this hall it is to be 3 m. ".strip() for number in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    "wrong", [{"block": "a b"}, {"count": 0}, {"x": "x"}, {"width": 10**9}, {"count": 251}, {"line": "none"}]
)
def test_what_cannot_be_is_refused_and_the_page_stands(client, root, zone, wrong):
    response = client.post(address(zone), TYPED | wrong | {"add": "yes"})

    assert (response.status_code, zone.booths.count()) == (422, 0)


def test_who_may_not_add_booths_sees_no_form(client, zone):
    client.force_login(make.exhibition_manager(email="reader@example.org"))

    assert client.get(address(zone)).status_code in (302, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many(client, root, zone, count, django_assert_num_queries):
    for number in range(count):
        make.booth(zone, f"B{number}", x=300 + 300 * number, y=1_200)
    client.post(address(zone), TYPED)

    with django_assert_num_queries(QUERIES):
        client.post(address(zone), TYPED)


QUERIES = 12
