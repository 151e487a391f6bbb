"""Documents on the exhibitor's desk and in the back office."""

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import ModelLogEntry

from exhibitors.models import Booth, SentDocument
from forum.desks import readiness
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

QUERIES = 13


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def agency(edition):
    return make.booking(make.booth(make.zone(make.hall(edition)), fitting="raw")).agency


@pytest.fixture
def member(client, agency):
    user = make.member(agency)
    client.force_login(user)
    return user


@pytest.fixture
def drawings(edition):
    return make.required_document(
        edition, "Stand drawings", about_en="Plan and elevation.", due_on=edition.today - datetime.timedelta(days=1)
    )


@pytest.fixture
def address(agency, drawings):
    return f"/en/desk/agencies/{agency.code}/next/ready/documents/{drawings.code}/"


@pytest.fixture
def organiser(client):
    user = make.person()
    names = ["access_admin", "decide_sentdocument", "view_sentdocument", "view_requireddocument"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return user


def upload(content=b"%PDF-1.7 drawings", name="drawings.pdf"):
    return {"file": SimpleUploadedFile(name, content)}


def states(agency, edition):
    standing = readiness.of_agency(agency, edition)
    return [(str(i.title), str(i.state), i.is_late) for i in standing.items if i.kind == "documents"]


def test_a_document_is_sent_on_the_desk_and_waits_for_approval(client, member, agency, edition, drawings, address):
    assert states(agency, edition) == [("Stand drawings", "to_do", True)]

    page = Page(client.post(address, upload(), follow=True))

    assert "The document has been sent." in page.tree.text_content()
    assert states(agency, edition) == [("Stand drawings", "sent", False)]
    answer = client.get(f"{address}1/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 drawings"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_what_is_no_document_is_refused_beside_the_field(client, member, address):
    answer = client.post(address, upload(b"<svg></svg>", "drawings.svg"))

    assert answer.status_code == 422
    assert "Only PDF files and pictures (JPEG, PNG) are taken." in Page(answer).tree.text_content()
    assert not SentDocument.objects.exists()


def test_each_state_of_a_document_is_told(agency, edition, drawings):
    for number, (state, told) in enumerate(
        [("approved", "done"), ("returned", "returned"), ("waived", "not_needed"), ("sent", "sent")], 1
    ):
        make.sent_document(drawings, agency, version=number, state=state)
        assert [said for _title, said, _late in states(agency, edition)] == [told]


def test_what_needs_no_approval_is_done_when_it_is_sent(agency, edition):
    make.sent_document(make.required_document(edition, "Safety rules", needs_approval=False), agency)

    assert states(agency, edition) == [("Safety rules", "done", False)]


def test_why_a_document_came_back_stands_on_the_list_and_on_its_page(client, member, agency, drawings, address):
    make.sent_document(drawings, agency, state="returned", remark="The exit is blocked.")

    assert "The exit is blocked." in get(client, address).tree.text_content()
    page = get(client, f"/en/desk/agencies/{agency.code}/next/ready/")
    assert "The exit is blocked." in page.tree.text_content()


def test_people_of_another_agency_find_neither_the_page_nor_the_file(client, agency, drawings, address):
    make.sent_document(drawings, agency)
    other = make.agency()
    client.force_login(make.member(other))

    assert client.get(address).status_code == 404
    assert client.get(f"{address}1/").status_code == 404
    assert client.get(f"{address.replace(agency.code, other.code)}1/").status_code == 404


def test_who_stands_in_for_a_member_of_a_pavilion_opens_what_it_sent(client, agency, edition, drawings, address):
    make.sent_document(drawings, agency)
    pavilion = make.pavilion(edition)
    client.force_login(make.member(pavilion.organiser))
    assert client.get(f"{address}1/").status_code == 404

    pavilion.booths.set(Booth.objects.all())

    assert b"".join(client.get(f"{address}1/").streaming_content) == b"%PDF-1.7"


def test_who_may_only_look_sees_no_form_and_sends_nothing(client, agency, address):
    client.force_login(make.member(agency, role="colleague"))

    assert get(client, address).all("main form") == []
    assert client.post(address, upload()).status_code == 403


def test_an_organiser_reads_the_file_and_approves_it(client, organiser, agency, edition, drawings):
    row = make.sent_document(drawings, agency)
    decide = f"/cms/exhibition/documents/{row.pk}/decide/"

    assert b"".join(client.get(f"/cms/exhibition/documents/{row.pk}/file/").streaming_content) == b"%PDF-1.7"
    assert Page(client.get(decide)).all(f"a[href='/cms/exhibition/documents/{row.pk}/file/']")
    assert "Say why: the agency reads it." in Page(client.post(decide, {"to": "returned"})).tree.text_content()
    client.post(decide, {"to": "approved"})

    assert states(agency, edition) == [("Stand drawings", "done", False)]


def test_an_organiser_saves_the_file_and_that_stands_in_the_history(client, organiser, agency, drawings):
    row = make.sent_document(drawings, agency)

    response = client.get(f"/cms/exhibition/documents/{row.pk}/file/")

    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Disposition"].startswith("attachment")
    assert [(entry.action, entry.user) for entry in ModelLogEntry.objects.for_instance(row)] == [
        ("exhibitors.open_document", organiser)
    ]


@pytest.mark.parametrize("lost", [{"file": "exhibitors/ABCDEF/gone.pdf"}, {"state": "waived"}])
def test_a_file_that_is_not_there_is_not_found_on_either_side(client, organiser, agency, drawings, address, lost):
    row = make.sent_document(drawings, agency, **lost)

    assert client.get(f"/cms/exhibition/documents/{row.pk}/file/", follow=True).status_code == 404
    assert not ModelLogEntry.objects.for_instance(row).exists()
    client.force_login(make.member(agency))
    assert client.get(f"{address}1/").status_code == 404


def test_an_organiser_says_that_an_agency_need_not_send_it(client, organiser, agency, edition, drawings):
    client.post(f"/cms/exhibition/required/{drawings.pk}/waive/", {"agency": agency.pk, "remark": "Built by us."})

    assert states(agency, edition) == [("Stand drawings", "not_needed", False)]


def test_the_list_of_documents_takes_as_many_queries_for_three_as_for_one(
    client, organiser, agency, drawings, django_assert_num_queries
):
    listing = "/cms/snippets/exhibitors/sentdocument/"
    make.sent_document(drawings, agency)
    get(client, listing)
    with django_assert_num_queries(QUERIES):
        get(client, listing)
    for number in (2, 3):
        make.sent_document(drawings, make.agency(), version=number)

    with django_assert_num_queries(QUERIES):
        get(client, listing)


def test_the_page_of_a_document_takes_as_many_queries_for_three_versions_as_for_one(
    client, member, agency, drawings, address, django_assert_max_num_queries
):
    def count():
        client.get(address)
        with django_assert_max_num_queries(40) as queries:
            get(client, address)
        return len(queries)

    make.sent_document(drawings, agency, state="returned", sent_by=member)
    one = count()
    for version in (2, 3):
        make.sent_document(drawings, agency, version, "returned", sent_by=member)
    assert count() == one
