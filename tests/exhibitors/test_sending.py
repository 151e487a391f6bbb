"""Documents of exhibitors: an agency sends a version, the organisers approve, return or waive it."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import IntegrityError
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors.models import SentDocument
from exhibitors.readiness import sending
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def booth():
    return make.booth(make.zone(make.hall(editions.edition())), fitting="raw")


@pytest.fixture
def agency(booth):
    return make.booking(booth).agency


@pytest.fixture
def member(agency):
    return make.member(agency, email="manager@example.org")


@pytest.fixture
def drawings(booth):
    return make.required_document(booth.edition, "Stand drawings", fitting="raw")


@pytest.fixture
def organiser():
    user = make.person()
    user.user_permissions.add(Permission.objects.get(codename="decide_sentdocument"))
    return user


def paper():
    return ContentFile(b"%PDF-1.7 drawings", name="x.pdf")


def test_each_document_sent_is_the_next_version_and_earlier_ones_stay(drawings, agency, member):
    first = sending.send(required=drawings, agency=agency, user=member, file=paper())
    second = sending.send(required=drawings, agency=agency, user=member, file=paper())

    assert [(row.version, row.state) for row in (first, second)] == [(1, "sent"), (2, "sent")]
    with first.file.open() as kept:
        assert kept.read() == b"%PDF-1.7 drawings"
    assert list(SentDocument.objects.latest()) == [second]
    assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["exhibitors.send_document"] * 2


def test_who_may_only_look_or_belongs_to_others_sends_nothing(drawings, agency):
    for user in (make.member(agency, role="colleague"), make.member(make.agency())):
        code, _sentences = refused(sending.send, required=drawings, agency=agency, user=user, file=paper())
        assert code == "forbidden"


@pytest.mark.parametrize("asked_of", [{"fitting": "shell"}, {"kind": "academia"}])
def test_what_is_asked_of_others_is_not_taken(booth, agency, member, asked_of):
    other = make.required_document(booth.edition, **asked_of)

    assert refused(sending.send, required=other, agency=agency, user=member, file=paper())[0] == "not_asked"


def test_without_a_confirmed_booth_nothing_is_asked(drawings):
    agency = make.agency()
    user = make.member(agency)

    assert refused(sending.send, required=drawings, agency=agency, user=user, file=paper())[0] == "not_asked"


def test_so_many_versions_are_kept_and_no_more(drawings, agency, member):
    make.sent_document(drawings, agency, version=20)

    assert refused(sending.send, required=drawings, agency=agency, user=member, file=paper())[0] == "many"


def test_an_approved_document_is_told_to_the_agency_once(drawings, agency, member, organiser):
    document = make.sent_document(drawings, agency)

    for _time in range(2):
        sending.decide(document=document, to="approved", user=organiser)

    document.refresh_from_db()
    assert (document.state, document.decided_by) == ("approved", organiser)
    assert [mail.subject for mail in Email.objects.all()] == ["“Stand drawings” is approved – DGF"]


def test_a_returned_document_says_why_and_leads_to_the_next_version(drawings, agency, member, organiser):
    document = make.sent_document(drawings, agency)

    sending.decide(document=document, to="returned", remark="The exit is blocked.", user=organiser)

    mail = Email.objects.get()
    assert "The exit is blocked." in mail.message
    assert f"/desk/agencies/{agency.code}/next/ready/documents/{drawings.code}/" in mail.message


def test_the_letter_is_in_the_language_of_who_reads_it(drawings, agency, organiser):
    make.member(agency, language="km")
    type(drawings).objects.update(name_km="ប្លង់ស្តង់")

    sending.decide(document=make.sent_document(drawings, agency), to="approved", user=organiser)

    assert "ប្លង់ស្តង់" in Email.objects.get().subject


def test_nobody_decides_on_a_version_when_another_came_meanwhile(drawings, agency, member, organiser):
    seen = make.sent_document(drawings, agency)
    sending.send(required=drawings, agency=agency, user=member, file=paper())

    assert refused(sending.decide, document=seen, to="approved", user=organiser)[0] == "changed"


def test_a_return_without_a_reason_is_refused(drawings, agency, organiser):
    document = make.sent_document(drawings, agency)

    assert refused(sending.decide, document=document, to="returned", remark=" ", user=organiser)[0] == "remark"


def test_what_was_decided_or_needs_no_approval_is_not_decided_on(booth, drawings, agency, organiser):
    approved = make.sent_document(drawings, agency, state="approved")
    rules = make.sent_document(make.required_document(booth.edition, needs_approval=False), agency)

    for document in (approved, rules):
        code, _sentences = refused(sending.decide, document=document, to="returned", remark="x", user=organiser)
        assert code == "state"


def test_only_who_decides_on_documents_decides_and_waives(drawings, agency, member):
    document = make.sent_document(drawings, agency)

    assert refused(sending.decide, document=document, to="approved", user=member)[0] == "forbidden"
    assert refused(sending.waive, required=drawings, agency=agency, user=member)[0] == "forbidden"


def test_a_document_that_is_not_needed_is_waived_once(drawings, agency, organiser):
    rows = [sending.waive(required=drawings, agency=agency, user=organiser, remark="Built by us.") for _ in range(2)]

    assert rows[0] == rows[1]
    assert (rows[0].version, rows[0].state) == (1, "waived")


@pytest.mark.parametrize(
    "broken",
    [{"version": 1}, {"version": 2, "file": ""}, {"version": 2, "state": "returned", "remark": ""}],
)
def test_the_database_keeps_versions_apart_with_a_file_and_a_reason(drawings, agency, broken):
    make.sent_document(drawings, agency)

    with pytest.raises(IntegrityError):
        make.sent_document(drawings, agency, **broken)
