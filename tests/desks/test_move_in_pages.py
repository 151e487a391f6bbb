"""Times of build-up and tear-down on the desk and in the back office."""

import subprocess

import pytest
from django.contrib.auth.models import Permission
from post_office.models import Email

from exhibitors.models import MoveChoice, MoveSlot
from exhibitors.readiness import moving
from forum.desks import readiness, reminding
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

TIMETABLE = "/cms/exhibition/timetable/"


@pytest.fixture
def hall():
    return make.hall(editions.edition())


@pytest.fixture
def booking(hall):
    return make.booking(make.booth(make.zone(hall)))


@pytest.fixture
def member(client, booking):
    member = make.member(booking.agency)
    client.force_login(member)
    return member


@pytest.fixture
def organiser(client):
    user = make.person()
    names = ["access_admin", "view_booking", "view_moveslot", "confirm_booking", "add_reminder"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def desk(booking):
    return f"/en/desk/agencies/{booking.agency.code}/next/ready/times/{booking.code}/"


def test_an_exhibitor_chooses_both_times_and_sees_them(client, booking, member, hall):
    build_up, tear_down = make.move_slot(hall), make.move_slot(hall, kind="tear_down", door="Dock 2")

    client.post(desk(booking), {"build_up": build_up.code, "tear_down": tear_down.code})

    said = get(client, desk(booking)).words(".facts dd")
    assert [words.endswith(door) for words, door in zip(said, ["Dock 1", "Dock 2"], strict=True)] == [True, True]


def test_a_time_that_filled_meanwhile_is_refused_beside_its_field_and_the_other_not_kept(client, booking, member, hall):
    full, free = make.move_slot(hall, size=1), make.move_slot(hall, kind="tear_down")
    other = make.booking(make.booth(booking.booth.zone, "A02"))
    moving.choose(slot=full, booking=other, user=make.member(other.agency))

    response = client.post(desk(booking), {"build_up": full.code, "tear_down": free.code})

    assert response.status_code == 422
    assert not booking.move_choices.exists()
    assert MoveSlot.objects.get(pk=free.pk).taken == 0


def test_who_may_look_only_sees_the_times_and_chooses_none(client, booking, hall):
    slot = make.move_slot(hall)
    client.force_login(make.member(booking.agency, role="colleague"))

    assert not get(client, desk(booking)).all("main form")
    assert client.post(desk(booking), {"build_up": slot.code}).status_code == 403
    assert not MoveChoice.objects.exists()


def test_another_agency_finds_no_such_page(client, booking, member):
    other = make.booking(make.booth(booking.booth.zone, "A02"))

    assert client.get(desk(other)).status_code == 404
    assert client.get(desk(booking).replace(booking.code, other.code)).status_code == 404


def test_a_reminder_names_times_in_the_language_of_who_reads_it(booking, organiser, hall):
    make.move_slot(hall)
    make.member(booking.agency, email="km@example.org", language="km")

    reminding.remind(standing=readiness.of_agency(booking.agency, hall.edition), edition=hall.edition, user=organiser)

    assert "ម៉ោងសម្រាប់ការដំឡើង ស្តង់ A01" in Email.objects.get().message


@pytest.mark.parametrize("count", [1, 3])
def test_the_timetable_takes_as_many_queries_for_three_as_for_one(
    client, organiser, hall, booking, count, django_assert_num_queries
):
    slots = [make.move_slot(hall, door=f"Dock {number}") for number in range(count)]
    zone = booking.booth.zone
    for number, slot in enumerate(slots, 2):
        moving.choose(slot=slot, booking=make.booking(make.booth(zone, f"A{number:02}")), user=organiser)
    get(client, TIMETABLE)

    with django_assert_num_queries(15):
        page = get(client, TIMETABLE)

    assert f"A{count + 1:02}" in " ".join(page.words("main"))


def test_an_organiser_puts_a_booth_into_a_time_and_takes_the_timetable_out(client, organiser, booking, hall):
    slot = make.move_slot(hall)

    client.post(f"{TIMETABLE}{slot.pk}/place/", {"booking": booking.pk})

    written = b"".join(client.get(f"{TIMETABLE}file.csv").streaming_content).decode()
    assert f"Dock 1,A01,{booking.agency.name_en}" in written


def test_the_paper_for_the_dock_names_times_and_booths_in_both_languages(client, organiser, booking, hall, tmp_path):
    moving.choose(slot=make.move_slot(hall), booking=booking, user=organiser)

    (tmp_path / "paper.pdf").write_bytes(client.get(f"{TIMETABLE}paper.pdf").content)

    run = subprocess.run(["pdftotext", "-layout", tmp_path / "paper.pdf", "-"], capture_output=True, check=True, text=True)
    for words in ("Move-in timetable", "តារាងម៉ោងដឹកចូល", "Build-up,", "ការដំឡើង", "A01", booking.agency.name_en, "(1/"):
        assert words in run.stdout
    for name in (booking.agency.name_en, hall.name_en):
        assert run.stdout.count(name) == 1, "once where it has one language alone"


def test_who_does_not_place_agencies_gives_no_time(client, member, booking, hall):
    slot = make.move_slot(hall)

    assert client.post(f"{TIMETABLE}{slot.pk}/place/", {"booking": booking.pk}).status_code in (302, 403)
    assert not MoveChoice.objects.exists()
