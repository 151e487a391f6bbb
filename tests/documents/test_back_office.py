"""Staff see which papers were issued, and revoke one for a reason."""

import pytest
from wagtail.log_actions import registry

from forum.documents import issuing
from forum.documents.models import IssuedDocument
from tests.factories import accounts, cms

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/documents/issueddocument/"
QUERIES = 12


@pytest.fixture
def document():
    return issue(cms.edition())


def issue(edition, says="x"):
    return issuing.issue(edition=edition, kind="visa", holder=("SOK Dara", ""), says=says, draw=lambda link: b"%PDF")


@pytest.fixture
def officer(client):
    client.force_login(
        accounts.user("wagtailadmin.access_admin", "documents.view_issueddocument", "documents.revoke_issueddocument")
    )
    return client


def test_revoking_asks_why_and_the_history_keeps_it(officer, document):
    address = f"/cms/documents/issued/{document.pk}/revoke/"
    assert "This field is required" in officer.post(address).content.decode()
    assert officer.post(address, {"reason": "Wrong name"})["Location"] == LIST

    document.refresh_from_db()
    assert document.state == "revoked"
    assert registry.get_logs_for_instance(document).get(action="documents.revoke").data["reason"] == "Wrong name"
    assert officer.get(address).status_code in {302, 404}  # once is enough


def test_the_paper_is_taken_from_the_list_while_its_bytes_are_there(officer, document):
    address = f"/cms/documents/issued/{document.pk}/paper.pdf"
    assert officer.get(address).content == b"%PDF"

    issuing.forget(IssuedDocument.objects.filter(pk=document.pk))
    assert officer.get(address).status_code in {302, 404}


def test_the_list_costs_the_same_with_one_and_with_three_papers(officer, document, django_assert_num_queries):
    officer.get(LIST)
    with django_assert_num_queries(QUERIES):
        officer.get(LIST)
    for number in range(2):
        issue(document.edition, says=str(number))
    with django_assert_num_queries(QUERIES):
        assert officer.get(LIST).content.decode().count("/revoke/") == 3


@pytest.mark.parametrize("kind", ["invoice", "receipt", "credit"])
def test_papers_about_money_are_for_finance_alone(officer, document, kind):
    IssuedDocument.objects.filter(pk=document.pk).update(kind=kind)

    assert "SOK Dara" not in officer.get(LIST).content.decode()
    for act in ("paper.pdf", "revoke/"):
        assert officer.get(f"/cms/documents/issued/{document.pk}/{act}").status_code in {302, 404}
    inspected = officer.get(f"{LIST}inspect/{document.pk}/")
    assert (inspected.status_code, "SOK Dara" in inspected.content.decode()) in {(404, False), (302, False)}
