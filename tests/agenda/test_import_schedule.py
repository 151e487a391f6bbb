"""Programmes from files: real ones come in whole, a second time changes nothing, what is no schedule is refused."""

import datetime
import zoneinfo
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from agenda import exports, importing, scheduling
from agenda.imports import NotASchedule, schedule_xml
from agenda.models import Role, Room, Session, Slot, Speaker, Track
from cms.models import Edition
from tests.factories import agenda as make
from tests.factories import cms as editions

pytestmark = pytest.mark.django_db
MODELS = (Edition, Track, Room, Speaker, Session, Role, Slot)

EVENT = """<event id="{id}" guid="">
  <start>{start}</start><duration>{duration}</duration><room>{room}</room><title>{title}</title><track>Trust</track>
  <type>Keynote</type><language>{language}</language>
  <abstract>&lt;p onclick="x()"&gt;Words&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</abstract>
  <persons><person id="1">Ada Example</person><person id="2">Zoe Example</person></persons></event>"""
SCHEDULE = """<?xml version="1.0"?>{doctype}<schedule><conference><title>Test Days</title><city>Brussels</city>
<day_change>06:00:00</day_change></conference><day index="1" date="2027-03-11"><room name="Hall">{events}</room>
</day></schedule>"""


def event(id=1, start="09:00", duration="00:30", room="Hall", title="Opening", language="en") -> str:
    return EVENT.format(id=id, start=start, duration=duration, room=room, title=title, language=language)


@pytest.fixture
def file(tmp_path):
    """Writes a schedule of these events, or any content, and gives its path."""

    def write(*events: str, doctype="", content=None) -> Path:
        path = tmp_path / "schedule.xml"
        path.write_text(content if content is not None else SCHEDULE.format(doctype=doctype, events="".join(events)))
        return path

    return write


def bring_in(path, **options) -> importing.Report:
    return importing.bring_in(programme=schedule_xml.read(path), **options)


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def next_edition(**fields) -> Edition:
    """One that takes place when the schedule does."""
    edition = editions.edition(**({"opens_on": "2027-03-11", "closes_on": "2027-03-12"} | fields))
    edition.refresh_from_db()
    return edition


def counted(report) -> tuple:
    return report.created, report.updated, report.unchanged, report.cancelled, report.kept


def as_in_file(path) -> set[tuple]:
    """An independent reading of the file: title, local time, length, room and people of each event."""
    found = set()
    for day in etree.parse(path).iterfind("day"):
        for item in day.iterfind("room/event"):
            start = datetime.datetime.strptime(f"{day.get('date')} {item.findtext('start')}", "%Y-%m-%d %H:%M")
            hours, minutes = item.findtext("duration").split(":")
            length = datetime.timedelta(hours=int(hours), minutes=int(minutes))
            people = tuple(" ".join(person.text.split()) for person in item.iterfind("persons/person"))
            title = " ".join(item.findtext("title").split())
            found.add((item.get("id"), title, start, length, item.findtext("room"), item.findtext("track"), people))
    return found


def as_kept(edition) -> set[tuple]:
    zone = zoneinfo.ZoneInfo("Europe/Brussels")
    return {
        (
            slot.session.external_id,
            slot.session.title_en,
            slot.starts_at.astimezone(zone).replace(tzinfo=None),
            slot.ends_at - slot.starts_at,
            slot.room.name_en,
            slot.session.track.name_en,
            tuple(role.speaker.name_en for role in slot.session.roles.all()),
        )
        for slot in Slot.objects.public(edition).with_sessions()
    }


def test_a_real_programme_comes_in_whole(shared_data, client):
    path = shared_data("schedules/xml/fosdem-2024.xml")

    report = bring_in(path)

    edition = Edition.objects.get(slug="fosdem-2024")
    assert counted(report) == (674, 0, 0, 0, 0)
    without_room = [note.partition("”")[0].removeprefix("“") for note in report.notes]  # two at once, in the real file
    assert len(without_room) == 2
    assert as_kept(edition) == {row for row in as_in_file(path) if row[1] not in without_room}
    assert (edition.time_zone, str(edition.opens_on), str(edition.closes_on)) == (
        "Europe/Brussels",
        "2024-02-03",
        "2024-02-04",
    )
    assert (edition.is_current, edition.is_registration_open) == (False, False)
    page = client.get("/en/fosdem-2024/agenda/")
    assert (page.status_code, len(page.context["days"])) == (200, 2)


def test_a_second_import_changes_nothing(shared_data):
    path = shared_data("schedules/xml/fosdem-2024.xml")
    bring_in(path)
    before = everything()

    report = bring_in(path)

    assert counted(report) == (0, 0, 674, 0, 0)
    assert everything() == before


def test_a_later_version_of_a_real_programme_is_followed(shared_data):
    bring_in(shared_data("schedules/xml/fosdem-2025-version-a.xml"))
    later = shared_data("schedules/xml/fosdem-2025-version-b.xml")

    report = bring_in(later)

    edition = Edition.objects.get(slug="fosdem-2025")
    assert counted(report) == (6, 6, 931, 3, 0)
    in_file = as_in_file(later)
    guids = {row[0] for row in in_file}
    assert {row for row in as_kept(edition) if row[0] in guids} == in_file
    assert Slot.objects.public(edition).filter(is_cancelled=True).count() == 3


@pytest.mark.parametrize(
    ("name", "sessions"),
    [("31c3", 138), ("36c3-everything", 1351), ("fosdem-2007-no-rooms", 215), ("fosdem-2020", 872)],
)
def test_other_real_dialects_come_in_whole(shared_data, name, sessions):
    path = shared_data(f"schedules/xml/{name}.xml")

    assert counted(bring_in(path)) == (sessions, 0, 0, 0, 0)
    assert counted(bring_in(path)) == (0, 0, sessions, 0, 0)


def test_a_dry_run_reports_the_same_and_writes_nothing(file):
    editions.edition()
    path, before = file(event(1), event(2), event(3, start="99:99")), everything()

    report = bring_in(path, dry_run=True)

    assert everything() == before
    assert report == bring_in(path)


def test_it_comes_into_the_edition_named(file, capsys):
    edition = next_edition(time_zone="Asia/Phnom_Penh")

    call_command("import_schedule", file(event()), edition="next")

    assert [(row.edition, row.starts_at.isoformat()) for row in Session.objects.all()] == [
        (edition, "2027-03-11T02:00:00+00:00")
    ]
    assert "sessions: 1 new, 0 changed, 0 unchanged" in capsys.readouterr().out


def test_an_unknown_edition_is_refused(file):
    with pytest.raises(CommandError, match=r"There is no edition “nowhere”\."):
        call_command("import_schedule", file(event()), edition="nowhere")


def test_an_edition_of_the_house_is_not_taken_over_by_its_name(file):
    editions.edition("test-days")
    before = everything()

    with pytest.raises(CommandError, match="There is an edition “test-days” already"):
        call_command("import_schedule", file(event()))

    assert everything() == before


def test_what_changed_is_changed_and_what_vanished_is_cancelled_until_it_returns(file):
    bring_in(file(event(1), event(2, start="12:00", title="Gone")))

    report = bring_in(file(event(1, start="10:00", room="Other", title="Renamed")))

    assert counted(report) == (0, 1, 0, 1, 0)
    opening, gone = Session.objects.order_by("external_id")
    assert (opening.title, opening.room.name, opening.starts_at.hour) == ("Renamed", "Other", 9)
    assert opening.search_text == "renamed"
    assert gone.slot.is_cancelled
    both = file(event(1, start="10:00", room="Other", title="Renamed"), event(2, start="12:00", title="Gone"))
    assert counted(bring_in(both)) == (0, 1, 1, 0, 0)
    assert not Slot.objects.filter(is_cancelled=True).exists()


def test_what_editors_and_organisers_decided_here_stays(file):
    bring_in(file(event(1), event(2, start="11:00"), event(3, start="12:00")))
    edited, moved, off = Session.objects.order_by("external_id")
    edited.title_en = "Edited here"
    edited.save_revision().publish()
    ends_at = moved.starts_at + 2 * make.HOUR
    scheduling.place(session=moved, room=moved.room, starts_at=moved.starts_at + make.HOUR * 1.5, ends_at=ends_at, user=None)
    scheduling.cancel(slot=off.slot, user=None)

    report = bring_in(file(event(1, title="In the file"), event(2, start="08:00"), event(3, start="12:00")))

    assert counted(report) == (0, 0, 3, 0, 3)
    assert [(row.title, row.ends_at, row.slot.is_cancelled) for row in Session.objects.order_by("external_id")] == [
        ("Edited here", edited.ends_at, False),
        ("Opening", ends_at, False),
        ("Opening", off.ends_at, True),
    ]


def test_a_second_conference_adds_to_an_edition_and_cancels_nothing(file):
    edition = next_edition()
    bring_in(file(event()), edition=edition)
    other = file(content=SCHEDULE.format(doctype="", events=event(start="12:00")).replace("Test Days", "Side Event"))

    assert counted(bring_in(other, edition=edition)) == (1, 0, 0, 0, 0)
    assert (Session.objects.count(), Slot.objects.filter(is_cancelled=True).count()) == (2, 0)


def test_texts_are_cleaned_kinds_known_and_khmer_goes_to_its_column(file):
    bring_in(file(event(1), event(2, start="10:00", title="ពិធីបើក", language="km")))

    english, khmer = Session.objects.order_by("external_id")
    assert (english.abstract_en, english.kind) == ("<p>Words</p>", Session.Kind.KEYNOTE)
    assert (khmer.title_en, khmer.title_km, khmer.abstract_km) == ("", "ពិធីបើក", "<p>Words</p>")


def test_a_start_before_the_day_begins_is_after_midnight(file):
    bring_in(file(event(start="01:30")))

    assert Slot.objects.get().starts_at.isoformat() == "2027-03-12T00:30:00+00:00"


def test_a_session_without_a_length_gets_the_shortest(file, capsys):
    call_command("import_schedule", file(event(duration="")))

    slot = Slot.objects.get()
    assert slot.ends_at - slot.starts_at == datetime.timedelta(minutes=5)
    assert "given the shortest: 1" in capsys.readouterr().out


def where() -> list[tuple]:
    """Each session of the programme with its room and hour in UTC, or None."""
    return [(row.title, row.slot and (row.room.name, row.starts_at.hour)) for row in Session.objects.order_by("external_id")]


def test_an_event_that_cannot_be_read_is_left_out_and_told_and_the_rest_comes_in(file, capsys):
    bad = [
        event(2, start="99:99", title="Bad start"),
        event(3, duration="25:00", title="Bad length"),
        event(4, title="x" * 301),
        event(5, room="y" * 201, title="Bad room"),
        event(6, title="Bad year").replace("<start>", "<date>9999-12-31T23:59:00+00:00</date><start>"),
        event(7, title="Year zero").replace("<start>", "<date>0001-01-01T00:00:00+14:00</date><start>"),
    ]

    call_command("import_schedule", file(event(1), *bad, event(8, start="12:00", title="Last")))

    assert where() == [("Opening", ("Hall", 8)), ("Last", ("Hall", 11))]
    assert [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  - ")] == [
        "- The time of “Bad start” is not a time: 99:99.",
        "- The length of “Bad length” is no length of a day at most: 25:00.",
        f"- A name in the file is longer than 300 characters: {'x' * 60}…",
        f"- A name in the file is longer than 200 characters: {'y' * 60}…",
        "- The date of “Bad year” is not a date: 9999-12-31T23:59:00+00:00.",
        "- The date of “Year zero” is not a date: 0001-01-01T00:00:00+14:00.",
    ]


def test_an_event_that_cannot_be_read_any_more_is_not_cancelled(file):
    bring_in(file(event(1), event(2, start="12:00")))

    report = bring_in(file(event(1), event(2, start="99:99")))

    assert counted(report) == (0, 0, 1, 0, 0)
    assert not Slot.objects.filter(is_cancelled=True).exists()


def test_a_person_whom_no_column_holds_is_left_out_and_told(file):
    people = f'<person id="{"9" * 5000}">Long Id</person><person id="3">{"z" * 201}</person><person id="4">Bo</person>'
    path = file(event().replace("</persons>", f"{people}</persons>"))

    report = bring_in(path)

    assert [role.speaker.name_en for role in Role.objects.all()] == ["Ada Example", "Zoe Example", "Bo"]
    assert report.notes == [
        f"Somebody is left out of “Opening”. A name in the file is longer than 250 characters: {'9' * 60}…",
        f"Somebody is left out of “Opening”. A name in the file is longer than 200 characters: {'z' * 60}…",
    ]


@pytest.mark.parametrize(("written", "kept"), [("en-GB", "en"), ("khm", "km"), ("French", "fr"), ("klingon", "")])
def test_a_language_is_one_we_know_or_left_blank_and_told(file, written, kept):
    report = bring_in(file(event(language=written)))

    assert Session.objects.get().language == kept
    assert report.notes == ([] if kept else ["The language of “Opening” is not known and left blank: klingon."])


def test_two_of_a_file_in_one_room_at_once_leave_the_second_without_a_place(file):
    path = file(event(1), event(2, start="09:29", title="Late"), event(3, start="09:30", title="Next"))

    report = bring_in(path)

    assert where() == [("Opening", ("Hall", 8)), ("Late", None), ("Next", ("Hall", 8))]
    assert report.notes == [
        "“Late” cannot be in Hall 2027-03-11 09:29–09:59: “Opening” takes place there 2027-03-11 09:00–09:30."
    ]
    before = everything()
    again = bring_in(path)
    assert (counted(again), again.notes, everything()) == ((0, 0, 3, 0, 0), report.notes, before)


def test_what_organisers_placed_is_not_covered_by_a_file(file):
    edition = next_edition(time_zone="Europe/Brussels")
    make.session(title_en="Ours", at=make.moment(edition, 9), room=make.room("Hall"))

    report = bring_in(file(event()), edition=edition)

    assert where() == [("Ours", ("Hall", 8)), ("Opening", None)]
    assert ["“Ours” takes place there" in note for note in report.notes] == [True]


def test_sessions_change_places_within_a_file(file):
    bring_in(file(event(1, title="A"), event(2, start="10:00", title="B")))

    report = bring_in(file(event(1, start="10:00", title="A"), event(2, title="B")))

    assert (counted(report), report.notes) == ((0, 2, 0, 0, 0), [])
    assert where() == [("A", ("Hall", 9)), ("B", ("Hall", 8))]


def test_who_does_not_get_the_new_place_stays_where_nobody_else_is_now(file):
    bring_in(file(event(1, title="A"), event(2, start="10:00", title="B"), event(3, start="12:00", title="C")))

    bring_in(
        file(event(1, start="10:00", title="A"), event(2, start="10:15", title="B"), event(3, title="C", start="10:00"))
    )

    assert where() == [("A", ("Hall", 9)), ("B", None), ("C", ("Hall", 11))]


def test_a_place_outside_the_days_of_the_edition_is_refused_and_told(file):
    edition = next_edition(time_zone="Europe/Brussels", opens_on="2027-03-12")

    report = bring_in(file(event(1), event(2, start="05:00", title="Night")), edition=edition)  # of the 12th

    assert where() == [("Opening", None), ("Night", ("Hall", 4))]
    assert report.notes == ["“Opening” gets no room and time. The forum takes place on 12 March 2027."]


def test_the_sites_own_export_brought_in_again_changes_nothing(tmp_path):
    edition = next_edition()
    ada, bo = make.speaker("Ada  Example"), make.speaker("Bo Example", name_km="បូ")
    track, hall = make.track("Trust"), make.room("Hall  One", position=3)
    made = {"track": track, "room": hall, "abstract_en": '<p>See <a linktype="page" id="1">this</a></p>'}
    make.session(title_en="Both", title_km="ទាំងពីរ", at=make.moment(edition, 9), speakers=[bo, ada], **made)
    make.session(title_en="", title_km="យប់", language="km", at=make.moment(edition, 23, 30), kind=Session.Kind.BREAK)
    make.session(title_en="Draft", at=make.moment(edition, 11), published=False)
    scheduling.cancel(slot=make.session(title_en="Off", at=make.moment(edition, 13)).slot, user=None)
    path, before = tmp_path / "own.xml", everything()
    path.write_bytes(exports.schedule_xml(edition))

    reports = [bring_in(path, edition=edition) for _ in range(2)]

    assert [(counted(report), report.notes) for report in reports] == [((0, 0, 2, 0, 0), [])] * 2
    assert everything() == before


def test_the_export_of_what_was_imported_finds_its_rooms_people_and_drafts(file, tmp_path):
    bring_in(file(event(1), event(2, start="12:00", title="Draft")))
    edition, path = Edition.objects.get(), tmp_path / "own.xml"
    Room.objects.update(name_en="Hall  One")
    Session.objects.filter(title_en="Draft").update(live=False)
    before = everything()
    path.write_bytes(exports.schedule_xml(edition))

    report = bring_in(path, edition=edition)

    assert (counted(report), report.notes) == ((0, 0, 1, 0, 0), [])
    assert everything() == before


def test_the_export_of_an_imported_programme_brought_in_again_changes_nothing(shared_data, tmp_path):
    bring_in(shared_data("schedules/xml/fosdem-2025-version-a.xml"))
    edition, path = Edition.objects.get(), tmp_path / "own.xml"
    Session.objects.filter(pk=edition.sessions.first().pk).update(live=False)  # a draft is not in the export
    before = everything()
    path.write_bytes(exports.schedule_xml(edition))

    report = bring_in(path, edition=edition)

    assert (counted(report), report.notes) == ((0, 0, 939, 0, 0), [])
    assert everything() == before


@pytest.mark.parametrize("lost", ["guid", "code"])
def test_a_session_is_recognised_by_its_guid_or_else_by_its_code(tmp_path, lost):
    edition = next_edition()
    make.session(at=make.moment(edition, 9))
    exported = etree.fromstring(exports.schedule_xml(edition))
    for item in exported.iter("event"):
        item.attrib[lost] = ""
        item.attrib["id"] = "1"
    path, before = tmp_path / "own.xml", everything()
    path.write_bytes(etree.tostring(exported))

    assert counted(bring_in(path, edition=edition)) == (0, 0, 1, 0, 0)
    assert everything() == before


def test_a_session_made_here_is_not_changed_by_a_file_and_counts_as_kept(tmp_path):
    edition = next_edition()
    session = make.session(title_en="Here", at=make.moment(edition, 9))
    path = tmp_path / "own.xml"
    path.write_bytes(exports.schedule_xml(edition).replace(b"<title>Here<", b"<title>There<"))
    before = everything()

    assert counted(bring_in(path, edition=edition)) == (0, 0, 1, 0, 1)
    assert everything() == before
    assert not session.roles.exists()


def test_a_guid_says_which_session_it_is_though_the_numbers_have_changed(file):
    guid = 'guid="5b1a3f0e-8c0d-4d0a-9a5e-000000000001"'
    bring_in(file(event(1, title="A").replace('guid=""', guid)))
    path = file(event(1, start="12:00", title="New"), event(2, title="A").replace('guid=""', guid))

    assert counted(bring_in(path)) == (1, 0, 1, 0, 0)
    assert counted(bring_in(path)) == (0, 0, 2, 0, 0)
    assert sorted(row.title for row in Session.objects.all()) == ["A", "New"]


BOMB = '<!DOCTYPE schedule [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
THIEF = '<!DOCTYPE schedule [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is not whole XML"),
        ("no XML at all", "The file is not whole XML"),
        (SCHEDULE.format(doctype="", events=event())[:-40], "The file is not whole XML"),
        ("<html><body/></html>", "not a frab schedule.xml: it has no days with events"),
        ("<schedule/>", "not a frab schedule.xml: it has no days with events"),
        (SCHEDULE.format(doctype="", events=""), "not a frab schedule.xml: it has no days with events"),
        ("<schedule><day><event/></day></schedule>", "it does not name its conference"),
        (SCHEDULE.format(doctype=BOMB, events=event(title="&b;")), "declares a document type of its own"),
        (SCHEDULE.format(doctype=THIEF, events=event(title="&a;")), "declares a document type of its own"),
        (SCHEDULE.format(doctype="", events=event(title="")), "Event 1 has no title."),
        (SCHEDULE.format(doctype="", events=event(start="0930")), "The time of “Opening” is not a time: 0930."),
        (SCHEDULE.format(doctype="", events=event(start="25:00")), "The time of “Opening” is not a time: 25:00."),
        (SCHEDULE.format(doctype="", events=event(start="99:99")), "The time of “Opening” is not a time: 99:99."),
        (SCHEDULE.format(doctype="", events=event(start="-1:00")), "The time of “Opening” is not a time: -1:00."),
        (SCHEDULE.format(doctype="", events=event(duration="-1:00")), "is no length of a day at most: -1:00."),
        (SCHEDULE.format(doctype="", events=event(duration="24:01")), "is no length of a day at most: 24:01."),
        (SCHEDULE.format(doctype="", events=event(duration="soon")), "is no length of a day at most: soon."),
        (SCHEDULE.format(doctype="", events=event(title="x" * 301)), "longer than 300 characters"),
        (SCHEDULE.format(doctype="", events=event()).replace("2027", "9999"), "is not a date: 9999-03-11."),
        (SCHEDULE.format(doctype="", events=event()).replace("2027-03-11", "soon"), "is not a date: soon."),
    ],
)
def test_what_is_no_schedule_is_refused_in_one_sentence_and_nothing_is_written(file, content, sentence):
    editions.edition()
    before = everything()

    with pytest.raises(CommandError) as caught:
        call_command("import_schedule", file(content=content))

    assert sentence in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert everything() == before


def test_the_dialect_of_another_conference_is_refused(shared_data):
    with pytest.raises(CommandError, match=r"not a frab schedule\.xml"):
        call_command("import_schedule", shared_data("schedules/xml/europython-2014-other-dialect.xml"))


def test_a_file_that_is_missing_or_too_large_is_refused(file, tmp_path, monkeypatch):
    with pytest.raises(NotASchedule, match="cannot be read: No such file"):
        schedule_xml.read(tmp_path / "missing.xml")
    monkeypatch.setattr(schedule_xml, "LARGEST", 100)
    with pytest.raises(NotASchedule, match="larger than"):
        schedule_xml.read(file(event()))
