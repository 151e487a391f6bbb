"""What is wrong with a hall: told once, in a sentence, with its place on the plan."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from exhibitors import checking
from exhibitors.checking import Ground, Rectangle
from exhibitors.models import Booth, Hall, Structure
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get


@pytest.fixture
def hall(db):
    return make.hall(editions.edition(), width=3_000, depth=2_000, aisle_width=300, wheelchair_width=150, door_clearance=200)


@pytest.fixture
def zone(hall):
    return make.zone(hall)


def told(hall):
    return [(found.kind, found.sentence) for found in checking.check(hall)]


def test_nothing_is_found_where_rows_stand_back_to_back_with_whole_aisles(hall, zone):
    make.booth(zone, "A1", x=300, y=300, open_sides="N")
    make.booth(zone, "A2", x=600, y=300, open_sides="N")
    make.booth(zone, "A3", x=300, y=600, open_sides="S")
    make.booth(zone, "A4", x=300, y=1_200, open_sides="N")
    make.structure(hall, "exit", x=2_000, y=0, width=200, depth=20)

    assert told(hall) == []


def test_booths_that_overlap_are_told_with_their_common_ground(hall, zone):
    make.booth(zone, "A1", x=300, y=300, open_sides="N")
    make.booth(zone, "A2", x=500, y=400, open_sides="S")

    (found,) = checking.check(hall)

    assert (found.kind, found.sentence) == ("overlap", "Booths A1 and A2 overlap.")
    assert found.mark == Rectangle(500, 400, 600, 600)
    assert [booth.code for booth in found.booths] == ["A1", "A2"]


def test_a_booth_on_a_pillar_is_told(hall, zone):
    make.booth(zone, "A1", x=300, y=300)
    make.structure(hall, "pillar", x=400, y=400)

    assert told(hall) == [("overlap", "Booth A1 stands on: Pillar.")]


def test_a_booth_beyond_the_walls_is_told(hall, zone):
    make.booth(zone, "A1", x=2_800, y=300)

    assert told(hall) == [("outside", "Booth A1 reaches beyond the walls of the hall.")]


@pytest.mark.parametrize(
    ("gap", "found"),
    [
        (300, []),
        (299, [("aisle", "The aisle before booth A1 is 2.99 m wide; in this hall it is to be 3 m.")]),
        (150, [("aisle", "The aisle before booth A1 is 1.5 m wide; in this hall it is to be 3 m.")]),
        (149, [("wheelchair", "The way before booth A1 is 1.49 m wide; wheelchairs need 1.5 m.")]),
        (0, [("wheelchair", "The way before booth A1 is 0 m wide; wheelchairs need 1.5 m.")]),
    ],
)
def test_a_way_between_two_booths_is_measured_and_told_once(hall, zone, gap, found):
    make.booth(zone, "A1", x=300, y=300, open_sides="S")
    make.booth(zone, "A2", x=300, y=600 + gap, open_sides="N")

    assert told(hall) == found


@pytest.mark.parametrize(
    ("side", "x", "y"), [("N", 1_000, 200), ("W", 200, 1_000), ("S", 1_000, 1_500), ("E", 2_500, 1_000)]
)
def test_the_way_to_each_wall_of_the_hall_is_measured(hall, zone, side, x, y):
    make.booth(zone, "A1", x=x, y=y, open_sides=side)

    assert told(hall) == [("aisle", "The aisle before booth A1 is 2 m wide; in this hall it is to be 3 m.")]


def test_a_pillar_before_an_open_side_narrows_the_way_and_before_a_closed_side_does_not(hall, zone):
    make.booth(zone, "A1", x=600, y=600, open_sides="S")
    make.structure(hall, "pillar", x=700, y=1_000, width=50, depth=50)
    make.structure(hall, "pillar", x=700, y=500, width=50, depth=50)

    (found,) = checking.check(hall)

    assert (found.kind, found.mark) == ("wheelchair", Rectangle(600, 900, 900, 1_000))


@pytest.mark.parametrize(
    ("door", "booth"),
    [
        ({"x": 1_000, "y": 0, "width": 200, "depth": 20}, {"x": 1_100, "y": 200, "open_sides": "S"}),
        ({"x": 1_000, "y": 1_980, "width": 200, "depth": 20}, {"x": 1_100, "y": 1_500, "open_sides": "N"}),
        ({"x": 0, "y": 1_000, "width": 20, "depth": 200}, {"x": 200, "y": 1_100, "open_sides": "E"}),
        ({"x": 2_980, "y": 1_000, "width": 20, "depth": 200}, {"x": 2_500, "y": 1_100, "open_sides": "W"}),
    ],
)
def test_a_booth_before_a_door_in_any_wall_is_told_with_the_ground_it_takes(hall, zone, door, booth):
    door = make.structure(hall, "exit", name_en="Exit 1", **door)
    booth = make.booth(zone, "A1", **booth)

    (found,) = checking.check(hall)

    assert (found.kind, found.sentence) == ("door", "A1 stands in the way to: Exit 1.")
    assert found.mark == checking.clear_ground(hall, door).common(Rectangle.of(booth))


def test_a_stage_before_an_entrance_is_told(hall):
    make.structure(hall, "entrance", x=1_000, y=0, width=200, depth=20)
    make.structure(hall, "stage", x=1_000, y=100, width=400, depth=300)

    assert told(hall) == [("door", "Stage stands in the way to: Entrance.")]


@pytest.mark.parametrize(("budget", "found"), [(None, []), (5_000, []), (4_999, ["power"])])
def test_a_zone_that_draws_more_than_its_budget_is_told(hall, budget, found):
    zone = make.zone(hall, power_budget=budget)
    make.booth(zone, "A1", x=300, y=300, open_sides="N", power=2_000)
    make.booth(zone, "A2", x=600, y=300, open_sides="N", power=3_000, is_published=False)
    make.booth(make.zone(hall), "B1", x=1_500, y=300, open_sides="N", power=9_000)

    assert [kind for kind, _sentence in told(hall)] == found


def test_the_ground_of_a_zone_with_too_much_power_is_marked(hall):
    zone = make.zone(hall, name_en="Public services", power_budget=4_999)
    make.booth(zone, "A1", x=300, y=300, open_sides="N", power=2_000)
    make.booth(zone, "A2", x=1_200, y=300, depth=600, open_sides="N", power=3_000)

    (found,) = checking.check(hall)

    assert found.sentence == "The booths of zone “Public services” have 5000 W together; its power budget is 4999 W."
    assert (found.mark, found.booths) == (Rectangle(300, 300, 1_500, 900), ())


def test_findings_are_told_in_khmer(hall, zone):
    make.booth(zone, "A1", x=300, y=300, open_sides="S")
    make.booth(zone, "A2", x=300, y=800, open_sides="N")

    with translation.override("km"):
        assert told(hall) == [("aisle", "ផ្លូវដើរមុខស្តង់ A1 ទទឹង ២ ម៉ែត្រ។ ក្នុងសាលពិព័រណ៍នេះត្រូវមាន ៣ ម៉ែត្រ។")]


def test_another_hall_is_not_looked_at(hall, zone):
    other = make.zone(make.hall(hall.edition))
    make.booth(other, "A1", x=9_000)

    assert told(hall) == []


@pytest.mark.parametrize("rows", [1, 30])
def test_a_hall_of_any_size_takes_two_queries(hall, zone, rows, django_assert_num_queries):
    for number in range(rows):
        make.booth(zone, f"A{number}", x=number * 10)
        make.structure(hall, "pillar")

    with django_assert_num_queries(2):
        checking.check(hall)


lengths = some.integers(0, 2_500)
rectangles = some.lists(some.tuples(lengths, lengths, some.integers(1, 900), some.integers(1, 900)), max_size=25)


@given(rectangles, some.tuples(lengths, lengths, some.integers(1, 900), some.integers(1, 900)))
def test_the_grid_finds_what_comparing_everything_finds(corners, asked):
    things = [Booth(pk=number, x=x, y=y, width=width, depth=depth) for number, (x, y, width, depth) in enumerate(corners, 1)]
    ground, area = Ground(things), Rectangle.of(Booth(x=asked[0], y=asked[1], width=asked[2], depth=asked[3]))

    def meet(one, other):
        return (
            one.x < other.x + other.width
            and other.x < one.x + one.width
            and one.y < other.y + other.depth
            and other.y < one.y + one.depth
        )

    assert ground.pairs() == {
        frozenset((one, other)) for one in things for other in things if one.pk < other.pk and meet(one, other)
    }
    box = Booth(x=area.left, y=area.top, width=area.width, depth=area.depth)
    assert set(ground.within(area)) == {thing for thing in things if meet(thing, box)}


def test_a_structure_beyond_the_walls_is_refused(hall):
    with pytest.raises(ValidationError) as refusal:
        Structure(hall=hall, kind="pillar", x=2_980, y=0, width=50, depth=50).full_clean()

    assert refusal.value.messages == ["The structure reaches beyond the walls of the hall."]


@pytest.mark.parametrize(
    ("fields", "name"), [({"kind": "tree"}, "structure_has_a_kind"), ({"width": 0}, "structure_has_a_size")]
)
def test_a_structure_without_kind_or_size_is_refused_by_the_database(hall, fields, name):
    with pytest.raises(IntegrityError, match=name):
        make.structure(hall, **fields)


def test_an_aisle_narrower_than_wheelchairs_need_is_refused_by_the_database(hall):
    with pytest.raises(IntegrityError, match="hall_has_aisles_for_wheelchairs"):
        Hall.objects.filter(pk=hall.pk).update(aisle_width=100)


def test_staff_see_the_findings_beside_the_plan(client, hall, zone):
    client.force_login(make.person(email="root@example.org", is_superuser=True))
    make.booth(zone, "A1", x=300, y=300, open_sides="N")
    make.booth(zone, "A2", x=500, y=400, open_sides="S")
    make.structure(hall, "pillar", x=2_000, y=1_000)

    page = get(client, f"/cms/exhibition/halls/{hall.pk}/check/")

    assert page.words(".floor-findings li") == ["Booths A1 and A2 overlap. A1 A2"]
    assert page.words("svg.floor .floor__number") == ["1"]
    assert page.words("svg.floor .floor__structure title") == ["Pillar"]


def test_a_hall_with_nothing_to_mend_says_so(client, hall):
    client.force_login(make.person(email="root@example.org", is_superuser=True))

    page = get(client, f"/cms/exhibition/halls/{hall.pk}/check/")

    assert (
        page.words(".beside p")[0]
        == "Nothing overlaps, every aisle is wide enough, every door is clear and no zone draws too much power."
    )
    assert page.words(".floor-findings") == []


def test_the_page_of_a_hall_leads_to_each_booth_and_structure_and_to_rows(client, hall, zone):
    client.force_login(make.person(email="root@example.org", is_superuser=True))
    booth, pillar = make.booth(zone, "A1", x=300, y=300), make.structure(hall, "pillar")
    empty = make.zone(hall)

    links = [link.get("href") for link in get(client, f"/cms/exhibition/halls/{hall.pk}/check/").all(".beside a")]

    assert f"/cms/snippets/exhibitors/booth/edit/{booth.pk}/" in links
    assert f"/cms/snippets/exhibitors/structure/edit/{pillar.pk}/" in links
    assert {f"/cms/exhibition/zones/{each.pk}/rows/" for each in (zone, empty)} < set(links)


def test_the_form_of_a_booth_shows_it_on_the_plan_and_what_is_wrong_with_it_and_saving_draws_it_anew(client, hall, zone):
    client.force_login(make.person(email="root@example.org", is_superuser=True))
    booth = make.booth(zone, "A1", x=300, y=300, open_sides="N")
    make.booth(zone, "A2", x=500, y=400, open_sides="S")
    address = f"/cms/snippets/exhibitors/booth/edit/{booth.pk}/"

    page = get(client, address)
    assert [drawn.get("x") for drawn in page.all(".floor__booth--marked")] == ["300"]
    assert page.words(".floor-findings li") == ["Booths A1 and A2 overlap. A1 A2"]

    typed = {"zone": zone.pk, "code": "A1", "x": 1_500, "y": 300, "width": 300, "depth": 300, "kind": "inline"}
    response = client.post(address, typed | {"open_sides": "N", "fitting": "shell", "power": 0})
    assert (response.status_code, response.url) == (302, address)

    page = get(client, address)
    assert [drawn.get("x") for drawn in page.all(".floor__booth--marked")] == ["1500"]
    assert page.words(".floor-findings li") == []


def test_who_may_not_see_halls_sees_no_findings(client, hall):
    client.force_login(make.member(make.agency()))

    assert client.get(f"/cms/exhibition/halls/{hall.pk}/check/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many(client, hall, zone, count, django_assert_num_queries):
    client.force_login(make.person(email="root@example.org", is_superuser=True))
    for number in range(count):
        make.booth(zone, f"A{number}", x=300, y=300 + 100 * number, open_sides="N")
        make.structure(hall, "pillar", x=2_000, y=1_000 + 500 * number)
    address = f"/cms/exhibition/halls/{hall.pk}/check/"
    client.get(address)

    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 11
