"""Tours of a guest of honour: arranged, walked by the clock, printed in both languages."""

import datetime
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from exhibitors.models import Booking, Booth, Tour, TourStop
from exhibitors.touring import arranging, sheet, walking
from tests.exhibitors.refusing import refused
from tests.factories import accounts
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def hall(edition):
    return make.hall(edition, name_en="Hall A", name_km="សាល A")


@pytest.fixture
def zone(hall):
    return make.zone(hall)


@pytest.fixture
def user():
    return accounts.user(is_superuser=True)


@pytest.fixture
def tour(edition):
    starts_at = datetime.datetime.combine(edition.opens_on, datetime.time(9, 30), edition.zone)
    return Tour.objects.create(edition=edition, name_en="Guest of honour", name_km="ភ្ញៀវកិត្តិយស", starts_at=starts_at)


def taken(zone, code="A01", **fields):
    """A booth with an exhibitor."""
    booth = make.booth(zone, code, **fields)
    make.booking(booth, make.agency(f"Agency {code}", name_km=f"ស្ថាប័ន {code}"))
    return booth


def order(tour):
    return list(tour.stops.order_by("position").values_list("position", "booth__code"))


def pages_of(content, tmp_path):
    (tmp_path / "tour.pdf").write_bytes(content)
    run = subprocess.run(["pdftotext", "-layout", tmp_path / "tour.pdf", "-"], capture_output=True, check=True, text=True)
    return run.stdout


def test_booths_are_added_after_the_last_one_in_their_order(tour, zone, user):
    one, two, three = (taken(zone, code, x=number * 300) for number, code in enumerate(("A01", "A02", "A03")))

    arranging.add(tour=tour, booths=[two], user=user)
    arranging.add(tour=tour, booths=[three, one], user=user)

    assert order(tour) == [(1, "A02"), (2, "A03"), (3, "A01")]
    entry = ModelLogEntry.objects.order_by("pk").last()
    assert (entry.action, entry.data["booths"]) == ("exhibitors.arrange_tour", ["A02", "A03", "A01"])


@pytest.mark.parametrize("state", ["held", "released", None])
def test_a_booth_without_an_exhibitor_is_refused_by_name_and_nothing_is_added(tour, zone, user, state):
    good, empty = taken(zone), make.booth(zone, "A02", x=300)
    if state:
        make.booking(empty, state=state)

    code, (said,) = refused(arranging.add, tour=tour, booths=[good, empty], user=user)

    assert (code, order(tour)) == ("empty", [])
    assert said == "No exhibitor is confirmed there: A02. A guest of honour is not led to an empty booth."


def test_a_tour_stops_once_at_a_booth(tour, zone, user):
    booth, other = taken(zone), taken(zone, "A02", x=300)
    arranging.add(tour=tour, booths=[booth], user=user)

    assert refused(arranging.add, tour=tour, booths=[booth], user=user)[0] == "twice"
    assert refused(arranging.add, tour=tour, booths=[other, other], user=user)[0] == "twice"
    with pytest.raises(IntegrityError), transaction.atomic():
        TourStop.objects.create(tour=tour, booth=booth, position=2)


def test_booths_of_another_forum_are_refused(tour, user):
    booth = taken(make.zone(make.hall(editions.edition("other"))))

    assert refused(arranging.add, tour=tour, booths=[booth], user=user)[0] == "other_edition"


def test_whoever_may_not_arrange_tours_is_refused_everything(tour, zone, user):
    (stop,) = arranging.add(tour=tour, booths=[taken(zone)], user=user)
    other = accounts.user()

    for act, words in (
        (arranging.add, {"tour": tour, "booths": [taken(zone, "A02", x=300)]}),
        (arranging.sort_by_route, {"tour": tour}),
        (arranging.move, {"stop": stop, "by": 1}),
        (arranging.describe, {"stop": stop, "minutes": 9}),
        (arranging.remove, {"stop": stop}),
    ):
        assert refused(act, **words, user=other)[0] == "forbidden"


def test_a_stop_goes_up_and_down_and_not_beyond_the_ends(tour, zone, user):
    booths = [taken(zone, code, x=number * 300) for number, code in enumerate(("A01", "A02", "A03"))]
    first, _middle, last = arranging.add(tour=tour, booths=booths, user=user)

    arranging.move(stop=first, by=-1, user=user)
    arranging.move(stop=last, by=1, user=user)
    assert order(tour) == [(1, "A01"), (2, "A02"), (3, "A03")]
    arranging.move(stop=last, by=-1, user=user)
    assert order(tour) == [(1, "A01"), (2, "A03"), (3, "A02")]
    arranging.move(stop=first, by=1, user=user)
    assert order(tour) == [(1, "A03"), (2, "A01"), (3, "A02")]


def test_those_after_a_stop_that_is_taken_out_close_up(tour, zone, user):
    booths = [taken(zone, code, x=number * 300) for number, code in enumerate(("A01", "A02", "A03"))]
    first, *_rest = arranging.add(tour=tour, booths=booths, user=user)

    arranging.remove(stop=first, user=user)

    assert order(tour) == [(1, "A02"), (2, "A03")]
    assert refused(arranging.remove, stop=first, user=user)[0] == "gone"
    assert refused(arranging.move, stop=first, by=1, user=user)[0] == "gone"


def test_the_walking_order_goes_along_the_aisles_from_the_entrance(tour, hall, zone, user):
    """Two rows that face one aisle: along the north one and back along the south one; the entrance is in the west."""
    make.structure(hall, "entrance", x=0, y=600, width=20, depth=300)
    places = {"A01": (0, 0), "A02": (900, 0), "B01": (0, 900), "B02": (900, 900)}
    booths = {code: taken(zone, code, x=x, y=y, open_sides="S") for code, (x, y) in places.items()}
    arranging.add(tour=tour, booths=[booths[code] for code in ("B02", "A02", "B01", "A01")], user=user)

    arranging.sort_by_route(tour=tour, user=user)
    once = order(tour)
    arranging.sort_by_route(tour=tour, user=user)

    assert once == order(tour)
    codes = [code for _position, code in once]
    assert codes in (["A01", "A02", "B02", "B01"], ["B01", "B02", "A02", "A01"])


def test_halls_are_walked_one_after_the_other(tour, edition, zone, user):
    other = make.zone(make.hall(edition, name_en="Hall B"))
    booths = [taken(other, "B01"), taken(zone, "A01"), taken(other, "B02", x=300)]
    arranging.add(tour=tour, booths=booths, user=user)

    arranging.sort_by_route(tour=tour, user=user)

    assert [code for _position, code in order(tour)] == ["A01", "B01", "B02"]


def test_times_follow_from_the_minutes_at_each_booth_and_the_way_between(tour, edition, zone, user):
    """Fifty metres a minute, a part of one counted as a whole; three minutes and the ways to the doors between halls."""
    far_hall = make.hall(edition, name_en="Hall B")
    make.structure(far_hall, "entrance", x=0, y=0, width=300, depth=20)
    make.structure(zone.hall, "entrance", x=0, y=0, width=300, depth=20)
    booths = [taken(zone, "A01"), taken(zone, "A02", x=5_100), taken(make.zone(far_hall), "B01", x=300)]
    for stop, minutes in zip(arranging.add(tour=tour, booths=booths, user=user), (5, 10, 4), strict=True):
        arranging.describe(stop=stop, user=user, minutes=minutes)

    visits = walking.visits(tour)

    zone_of = edition.zone
    assert [f"{visit.arrives_at.astimezone(zone_of):%H:%M}" for visit in visits] == ["09:30", "09:37", "09:52"]
    assert [visit.walk for visit in visits] == [0, 2, 5]
    assert f"{visits[-1].leaves_at.astimezone(zone_of):%H:%M}" == "09:56"


def test_only_what_its_exhibitor_shows_is_shown_at_a_stop(tour, edition, zone, user):
    booth = taken(zone)
    (stop,) = arranging.add(tour=tour, booths=[booth], user=user)
    theirs = make.product(booth.bookings.get().agency, edition)
    others = make.product(make.agency("Others"), edition)

    assert arranging.describe(stop=stop, user=user, product=theirs).product == theirs
    assert refused(arranging.describe, stop=stop, user=user, product=others)[0] == "product"


def test_a_tour_begins_on_a_day_of_its_forum(tour):
    tour.starts_at -= datetime.timedelta(days=1)

    with pytest.raises(ValidationError, match=r"This is no day of the forum\."):
        tour.full_clean()


def test_the_sheet_says_everything_in_both_languages(tour, edition, zone, user, tmp_path):
    booths = [taken(zone, "A01"), taken(zone, "A02", x=600)]
    first, _second = arranging.add(tour=tour, booths=booths, user=user)
    product = make.product(booths[0].bookings.get().agency, edition, "Open data portal", name_km="វិបផតថល")
    arranging.describe(
        stop=first, user=user, minutes=7, briefer_en="SOK Example", briefer_km="សុខ ឧទាហរណ៍", function_en="Director",
        point_en="Ask how long it takes.", point_km="សូមសួរថាប្រើពេលប៉ុន្មាន។", product=product,
    )  # fmt: skip

    said = " ".join(pages_of(sheet.render(tour), tmp_path).split())

    for words in (
        "Guest of honour", "ភ្ញៀវកិត្តិយស", "A01", "A02", "09:30", "09:38", "2 booths, 13 minutes", "Agency A01", "ស្ថាប័ន A01",
        "7 minutes here",
        "1 on the way", "SOK Example", "សុខ ឧទាហរណ៍", "Director", "Ask how long it takes.", "Open data portal",
        "វិបផតថល", "Hall A",
    ):  # fmt: skip
        assert words in said, words


def test_letters_that_mean_something_to_a_browser_stay_letters(tour, zone, user, tmp_path):
    booth = make.booth(zone)
    make.booking(booth, make.agency("Less <b>is</b> more & more"))
    arranging.add(tour=tour, booths=[booth], user=user)

    assert "Less <b>is</b> more & more" in " ".join(pages_of(sheet.render(tour), tmp_path).split())


def test_a_sheet_without_stops_or_with_an_exhibitor_gone_is_refused_with_a_sentence(client, tour, zone, user):
    client.force_login(user)
    address = reverse("exhibition_tour_paper", args=[tour.pk])
    assert "This tour stops nowhere yet." in client.get(address, follow=True).content.decode()
    arranging.add(tour=tour, booths=[taken(zone)], user=user)
    assert client.get(address)["Content-Type"] == "application/pdf"
    Booking.objects.all().delete()

    page = client.get(address, follow=True).content.decode()

    assert "No exhibitor stands there any more: A01." in page
    assert "no exhibitor any more" in page


def test_organisers_add_order_describe_and_take_out_without_scripts(client, tour, zone, user):
    client.force_login(user)
    for number, code in enumerate(("A01", "A02")):
        taken(zone, code, x=number * 300)
    address = reverse("exhibition_tour", args=[tour.pk])

    page = Page(client.post(address, {"booths": "a02, A01"}, follow=True))
    assert page.words("tr[id] strong") == ["A02", "A01"]
    first = tour.stops.get(position=1)
    moved = client.post(reverse("exhibition_tour_move", args=[first.pk]), {"by": "down"})
    assert (moved.url, order(tour)) == (f"{address}#stop-{first.pk}", [(1, "A01"), (2, "A02")])
    client.post(reverse("exhibition_tour_sort", args=[tour.pk]))
    stop = reverse("exhibition_tour_stop", args=[first.pk])
    assert client.post(stop, {"minutes": 9, "briefer_en": "SOK Example"}).url == address
    first.refresh_from_db()
    assert (first.minutes, first.briefer_en) == (9, "SOK Example")
    assert client.post(reverse("exhibition_tour_remove", args=[first.pk])).url == address
    assert [code for _position, code in order(tour)] == ["A01"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Z99, A01", "No booth or block: Z99."),
        ("A02", "No exhibitor is confirmed there: A02."),
        (",", "This field is required."),
        ("", "This field is required."),
    ],
)
def test_codes_that_cannot_stand_are_refused_beside_the_field_and_kept(client, tour, zone, user, typed, said):
    client.force_login(user)
    taken(zone)
    make.booth(zone, "A02", x=300)

    page = Page(client.post(reverse("exhibition_tour", args=[tour.pk]), {"booths": typed}))

    assert said in page.tree.text_content()
    assert [field.get("value") or "" for field in page.all("input[name=booths]")] == [typed]
    assert order(tour) == []


def test_a_block_is_added_with_all_of_its_booths(client, tour, zone, user):
    client.force_login(user)
    for number, code in enumerate(("B02", "B01", "A01")):
        taken(zone, code, x=number * 300)
    Booth.objects.exclude(code="A01").update(block="B")

    client.post(reverse("exhibition_tour", args=[tour.pk]), {"booths": "a01; b"})

    assert order(tour) == [(1, "A01"), (2, "B01"), (3, "B02")]


@pytest.mark.parametrize("minutes", ["0", "61", "many", ""])
def test_minutes_that_no_stop_takes_are_refused(client, tour, zone, user, minutes):
    client.force_login(user)
    (stop,) = arranging.add(tour=tour, booths=[taken(zone)], user=user)

    assert client.post(reverse("exhibition_tour_stop", args=[stop.pk]), {"minutes": minutes}).status_code == 200

    stop.refresh_from_db()
    assert stop.minutes == 5


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_stops_as_for_one(
    client, tour, zone, user, count, django_assert_num_queries
):
    client.force_login(user)
    booths = [taken(zone, f"A{number}", x=number * 300) for number in range(count)]
    arranging.add(tour=tour, booths=booths, user=user)
    address = reverse("exhibition_tour", args=[tour.pk])
    get(client, address)

    with django_assert_num_queries(11):
        client.get(address)
