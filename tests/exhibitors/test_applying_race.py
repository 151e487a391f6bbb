"""Colleagues and organisers at the same application at the same moment."""

from exhibitors import applying
from exhibitors.models import Agency, Application
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused


def prepare():
    edition = editions.edition(slug="race")
    make.call(edition)
    agency = make.agency("Ministry of Examples")
    make.member(agency, email="manager@example.org")
    make.exhibition_manager(email="organiser@example.org")
    return agency.code


def begin(code, note):
    agency = Agency.objects.get(code=code)
    row = applying.save(edition=editions.Edition.objects.get(), agency=agency, user=agency.people.get(), note=note)
    return row.note


def submit(code):
    agency = Agency.objects.get(code=code)
    applying.save(edition=editions.Edition.objects.get(), agency=agency, user=agency.people.get(), is_final=True)


def change_or_accept(code, note):
    row = Application.objects.get()
    row.version = 1  # as both read it before either wrote
    agency = Agency.objects.get(code=code)
    if note:
        applying.save(edition=row.edition, agency=agency, user=agency.people.get(), version=1, note=note)
    else:
        user = agency.people.model.objects.get(email="organiser@example.org")
        applying.decide(application=row, to="accepted", version=1, user=user)
    return note or "accepted"


def story():
    return [(row.state, row.note) for row in Application.objects.all()]


def test_colleagues_who_begin_at_once_have_one_application(race):
    code = race.prepare(prepare)

    outcomes = race(begin, [{"code": code, "note": f"Note {number}"} for number in range(8)])

    written = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    assert race.inspect(story) == [("draft", written[0])]
    assert [outcome for outcome in outcomes if isinstance(outcome, Refused)] == [Refused("changed")] * 7


def test_what_is_accepted_at_once_with_a_change_is_what_was_read(race):
    code = race.prepare(prepare)
    race.prepare(submit, code=code)

    outcomes = race(change_or_accept, [{"code": code, "note": note} for note in ("Bigger", "") * 4])

    ((state, note),) = race.inspect(story)
    assert (state, note) in [("accepted", ""), ("submitted", "Bigger")]
    assert len([outcome for outcome in outcomes if outcome == (note or "accepted")]) >= 1
