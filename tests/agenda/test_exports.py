"""The programme for machines."""

import pytest
from lxml import etree

from agenda import exports, importing, scheduling
from agenda.imports import schedule_xml
from tests.factories import agenda as make
from tests.factories import cms as editions

pytestmark = pytest.mark.django_db


def told(content: bytes) -> list[tuple]:
    """Day, room, title, date, duration and people of every event."""
    return [
        (
            event.getparent().getparent().get("date"),
            event.getparent().get("name"),
            event.findtext("title"),
            event.findtext("date"),
            event.findtext("duration"),
            [person.text for person in event.iter("person")],
        )
        for event in etree.fromstring(content).iter("event")
    ]


def test_the_export_tells_what_takes_place_where_when_and_by_whom():
    edition = editions.edition(opens_on="2027-03-11", closes_on="2027-03-13")
    edition.refresh_from_db()
    make.session(
        title_en="First", at=make.moment(edition, 9), speakers=[make.speaker("Zoe Example"), make.speaker("Ada Example")]
    )
    make.session(title_en="", title_km="យប់", at=make.moment(edition, 1, 30, day=3), room=make.room("Hall Two"))
    off = make.session(title_en="Off", at=make.moment(edition, 11))
    scheduling.cancel(slot=off.slot, user=None)

    assert told(exports.schedule_xml(edition)) == [
        ("2027-03-11", "Hall One", "First", "2027-03-11T09:00:00+07:00", "01:00", ["Zoe Example", "Ada Example"]),
        ("2027-03-12", "Hall Two", "យប់", "2027-03-13T01:30:00+07:00", "01:00", []),
    ]


def test_the_export_is_a_valid_schedule_xml(shared_data):
    schema = etree.XMLSchema(etree.parse(shared_data("schema/schedule.xml.xsd")))
    edition = editions.edition("dgf")
    track = make.track("Identity & trust", colour="#1f3a93")
    for hour in (9, 10):
        make.session(
            title_en=f"At {hour} <o'clock>\x0b",
            at=make.moment(edition, hour),
            track=track,
            abstract_en="<p>One &amp; two</p>",
            speakers=[make.speaker()],
        )
    make.session(at=make.moment(edition, 9, day=3))

    schema.assertValid(etree.fromstring(exports.schedule_xml(edition)))


def test_a_real_programme_goes_out_valid_and_as_it_came_in(shared_data):
    path = shared_data("schedules/xml/fosdem-2024.xml")
    schema = etree.XMLSchema(etree.parse(shared_data("schema/schedule.xml.xsd")))
    report = importing.bring_in(programme=schedule_xml.read(path))

    content = exports.schedule_xml(editions.Edition.objects.get())

    schema.assertValid(etree.fromstring(content))
    missing = rows(etree.parse(path).getroot()) - rows(etree.fromstring(content))
    assert rows(etree.fromstring(content)) < rows(etree.parse(path).getroot())
    assert len(missing) == len(report.notes) == 2  # what the file has in one room at once


def rows(root) -> set[tuple]:
    """Day, room, title, start and duration of every event, blanks aside."""
    return {
        (day.get("date"), *(" ".join(event.findtext(name).split()) for name in ("room", "title", "start", "duration")))
        for day in root.iter("day")
        for event in day.iter("event")
    }
