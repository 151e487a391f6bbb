"""The public programme: what anybody sees, and what nobody does."""

import datetime
import re

import icalendar
import pytest
from django.utils import timezone

from agenda import scheduling, timetable
from agenda.models import Slot
from tests.factories import agenda as make
from tests.factories import cms as editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


def titles(response) -> list[str]:
    return re.findall(r'slot__title"><a [^>]*>(?:<span[^>]*>)?([^<]*)', response.content.decode())


def test_a_day_is_read_by_hour_with_time_place_and_people(client, edition):
    ada = make.speaker("Ada Example")
    make.session(title_en="Second", at=make.moment(edition, 10, 30), room=make.room("Hall Two"))
    make.session(title_en="First", at=make.moment(edition, 9), room=make.room("Hall One"), speakers=[ada])
    make.session(title_en="Tomorrow", at=make.moment(edition, 9, day=2))

    page = client.get("/en/next/agenda/")

    assert titles(page) == ["First", "Second"]
    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "09:00 First 09:00–10:00 · Hall One Ada Example 10:30 Second 10:30–11:30 · Hall Two" in text
    assert titles(client.get("/en/next/agenda/2/")) == ["Tomorrow"]
    assert client.get("/en/next/agenda/3/").status_code == 404


def test_what_goes_on_after_midnight_belongs_to_the_day_before(client, edition):
    make.session(title_en="Day", at=make.moment(edition, 9))
    make.session(title_en="Night", at=make.moment(edition, 1, 30, day=2))

    assert titles(client.get("/en/next/agenda/1/")) == ["Day", "Night"]


def test_the_programme_opens_on_today(client):
    today = timezone.localdate()
    edition = editions.edition(
        opens_on=today - datetime.timedelta(days=1), closes_on=today + datetime.timedelta(days=1), day_begins_at=0
    )
    make.session(title_en="Yesterday", at=make.moment(edition, 9))
    make.session(title_en="Today", at=make.moment(edition, 9, day=2))

    assert titles(client.get("/en/next/agenda/")) == ["Today"]


def test_times_are_those_of_the_venue(client):
    edition = editions.edition(time_zone="Europe/Brussels")
    make.session(at=make.moment(edition, 9, 5))

    assert "09:05–10:05" in client.get("/en/next/agenda/").content.decode()


def test_a_draft_is_seen_nowhere(client, edition):
    make.session(title_en="Shown", at=make.moment(edition))
    ghost = make.speaker("Ghost Example")
    secret = make.session(title_en="Secret", published=False, at=make.moment(edition), speakers=[ghost])

    for address in ("agenda/", "agenda/agenda.ics", "speakers/", "agenda/?q=secret"):
        answer = client.get(f"/en/next/{address}").content.decode()
        assert ("Secret" in answer, "Ghost" in answer) == (False, False), address
    assert "Secret" not in client.get("/schedule.xml").content.decode()
    for address in (f"agenda/{secret.code}/", f"agenda/{secret.code}.ics", f"speakers/{ghost.code}/"):
        assert client.get(f"/en/next/{address}").status_code == 404, address


def test_unpublished_changes_of_a_published_session_are_not_seen(client, edition):
    session = make.session(title_en="As published", at=make.moment(edition))
    session.title_en = "As drafted"
    session.save_revision()

    page = client.get(f"/en/next/agenda/{session.code}/").content.decode()

    assert ("As published" in page, "As drafted" in page) == (True, False)


def test_a_new_time_shows_at_once_though_texts_wait_for_publishing(client, edition):
    session = make.session(at=make.moment(edition, 9))
    session.title_en = "Draft"
    session.save_revision()

    scheduling.place(
        session=session, room=make.room(), starts_at=make.moment(edition, 14), ends_at=make.moment(edition, 15), user=None
    )

    assert "14:00–15:00" in client.get("/en/next/agenda/").content.decode()


def test_a_cancelled_session_stays_and_says_so(client, edition):
    session = make.session(at=make.moment(edition))
    scheduling.cancel(slot=session.slot, user=None)

    assert "Cancelled" in client.get("/en/next/agenda/").content.decode()
    assert "has been cancelled" in client.get(session.get_absolute_url()).content.decode()


def test_a_day_narrows_by_track_room_and_words_in_either_script(client, edition):
    track, hall = make.track("Identity"), make.room("Hall Two")
    make.session(title_en="Alpha", at=make.moment(edition, 9), track=track)
    make.session(title_en="Beta", title_km="សេវាឌីជីថល", at=make.moment(edition, 10), room=hall)

    def asked(query):
        return titles(client.get(f"/en/next/agenda/1/?{query}"))

    assert asked(f"track={track.code}") == ["Alpha"]
    assert asked(f"room={hall.code}") == ["Beta"]
    assert asked("q=BETA") == ["Beta"]
    assert asked("q=ឌីជីថល") == ["Beta"]
    assert asked(f"track={track.code}&room={hall.code}") == []
    assert asked("track=NOSUCH&room=%27%00&q=%00%22") == ["Alpha", "Beta"]


def test_another_edition_shows_nothing_of_this_one(client, edition):
    session = make.session(at=make.moment(edition))
    editions.edition("other")

    assert titles(client.get("/en/other/agenda/")) == []
    assert client.get(f"/en/other/agenda/{session.code}/").status_code == 404
    assert client.get("/en/nowhere/agenda/").status_code == 404


def test_khmer_readers_get_khmer_and_what_is_english_is_marked(client, edition):
    make.session(title_en="Opening", title_km="ពិធីបើក", at=make.moment(edition, 9), speakers=[make.speaker("Ada Example")])

    page = client.get("/km/next/agenda/").content.decode()

    assert "ពិធីបើក" in page
    assert "០៩:០០–១០:០០" in page
    assert '<span lang="en">Ada Example</span>' in page


def test_a_session_page_shows_texts_people_and_no_scripts(client, edition):
    ada = make.speaker("Ada Example", position_en="Director", affiliation_en="Ministry of Examples")
    session = make.session(
        at=make.moment(edition),
        speakers=[ada],
        abstract_en='<p>Good <b>words</b><script>bad()</script></p><p onclick="bad()"><a href="javascript:bad()">x</a></p>',
    )

    page = client.get(session.get_absolute_url()).content.decode()

    assert "<p>Good <b>words</b></p>" in page
    assert "bad()" not in page
    assert all(text in page for text in ("Ada Example", "Director", "Ministry of Examples", "Hall One"))


def test_a_session_without_a_time_says_that_it_is_open(client, edition):
    session = make.session()

    assert "The time is still open." in client.get(session.get_absolute_url()).content.decode()
    assert client.get(f"/en/next/agenda/{session.code}.ics").status_code == 404


def test_the_speakers_are_those_of_published_sessions_in_order_and_searchable(client, edition):
    zoe, ada = make.speaker("Zoe Example"), make.speaker("Ada Example", affiliation_en="Office of Tests")
    make.speaker("Nobody Example")
    make.session(at=make.moment(edition), speakers=[zoe, ada])

    def names(query=""):
        page = client.get(f"/en/next/speakers/{query}").content.decode()
        return re.findall(r'card__title"><a [^>]*>([^<]*)', page)

    assert names() == ["Ada Example", "Zoe Example"]
    assert names("?q=office+ADA") == ["Ada Example"]
    assert names("?q=nobody") == []


def test_a_speaker_page_lists_the_sessions(client, edition):
    ada = make.speaker("Ada Example", bio_en="<p>Builds things.</p>")
    make.session(title_en="Later", at=make.moment(edition, 9, day=2), speakers=[ada])
    make.session(title_en="Sooner", at=make.moment(edition, 9), speakers=[ada])
    make.session(title_en="Of others", at=make.moment(edition, 9))

    page = client.get(ada.get_absolute_url())

    assert titles(page) == ["Sooner", "Later"]
    assert "Builds things." in page.content.decode()


def test_a_calendar_holds_every_published_session(client, edition):
    first = make.session(title_en="First", at=make.moment(edition, 9), abstract_en="<p>One &amp; two</p>")
    second = make.session(title_en="Second", at=make.moment(edition, 10))
    scheduling.cancel(slot=second.slot, user=None)

    answer = client.get("/en/next/agenda/agenda.ics")

    entries = [
        (str(entry["uid"]), str(entry["summary"]), entry.decoded("dtstart"), entry.decoded("dtend"), str(entry["status"]))
        for entry in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    ]
    assert entries == [
        (f"{first.guid}@127.0.0.1", "First", first.starts_at, first.ends_at, "CONFIRMED"),
        (f"{second.guid}@127.0.0.1", "Second", second.starts_at, second.ends_at, "CANCELLED"),
    ]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_a_calendar_entry_is_one_session_with_its_permanent_address(client, edition):
    session = make.session(title_km="ពិធីបើក", at=make.moment(edition, 9), abstract_en="<p>One &amp; two</p>")

    (entry,) = icalendar.Calendar.from_ical(client.get(f"/km/next/agenda/{session.code}.ics").content).walk("VEVENT")

    assert str(entry["summary"]) == "ពិធីបើក"
    assert str(entry["url"]) == f"http://127.0.0.1:8000/km/next/agenda/{session.code}/"
    assert str(entry["description"]) == "One & two"


def test_the_short_address_leads_to_the_current_edition(client, edition):
    assert client.get("/en/agenda/?q=a")["Location"] == "/en/next/agenda/?q=a"


def test_public_pages_set_no_cookie(client, edition):
    session = make.session(at=make.moment(edition), speakers=[make.speaker()])

    for address in ("/en/next/agenda/", session.get_absolute_url(), "/en/next/speakers/", "/schedule.xml"):
        answer = client.get(address)
        assert (answer.cookies, "Cookie" in answer.get("Vary", "")) == ({}, False), address


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/en/next/agenda/1/", 7), ("/en/next/agenda/agenda.ics", 4), ("/en/next/speakers/", 3), ("/schedule.xml", 6)],
)
def test_a_list_costs_the_same_whatever_its_length(client, edition, django_assert_num_queries, address, queries):
    for number, rows in ((0, 1), (1, 2)):
        for row in range(rows):
            name = f"{number}.{row}"
            make.session(
                title_en=name,
                at=make.moment(edition, 9 + row),
                room=make.room(name),
                track=make.track(name),
                speakers=[make.speaker(f"{name} {person}") for person in range(3)],
            )
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_code_in_small_letters_leads_to_its_one_address(client, edition):
    ada = make.speaker(code="ABC234")
    make.session(code="XYZ567", at=make.moment(edition), speakers=[ada])

    for before, after in (
        ("/en/next/agenda/xyz567/", "/en/next/agenda/XYZ567/"),
        ("/km/next/agenda/xYz567.ics", "/km/next/agenda/XYZ567.ics"),
        ("/en/next/speakers/abc234/", "/en/next/speakers/ABC234/"),
    ):
        answer = client.get(before)
        assert (answer.status_code, answer["Location"]) == (301, after)
        assert client.get(after).status_code == 200


def test_every_list_of_days_agrees_to_which_day_the_night_belongs():
    edition = editions.edition(day_begins_at=4)
    late, length = make.moment(edition, 23, 30), 2 * make.HOUR
    make.slot(make.session(), at=late, length=length)
    make.slot(make.session(), at=make.moment(edition, 3, 59, day=2), room=make.room("Hall Two"))
    make.slot(make.session(), at=make.moment(edition, 4, day=2), room=make.room("Hall Three"))

    assert [day.date for day in timetable.days(edition)] == [edition.opens_on, edition.opens_on + datetime.timedelta(1)]
    assert [Slot.objects.on_day(edition, day.date).count() for day in timetable.days(edition)] == [2, 1]
