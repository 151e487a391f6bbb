"""A stranger learns whether a paper is ours and whether it holds, and no more."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forum.documents import forms, issuing
from tests.factories import cms

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return issuing.issue(
        edition=cms.edition(), kind="certificate", holder=("SOK Dara", "សុខ ដារ៉ា"), says="x", draw=lambda link: b"%PDF 1"
    )


@pytest.fixture
def address(document):
    return f"/verify/{document.code}/"


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_valid_paper_says_what_it_is_and_for_whom(client, document, address, language):
    page = client.get(address, {"language": language})
    words = {"en": ["Issued by us, and valid", "SOK Dara", "Certificate of attendance"], "km": ["សុខ ដារ៉ា"]}

    assert page.status_code == 200
    assert all(word in page.content.decode() for word in words[language])
    assert document.written_code in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_replaced_and_a_revoked_paper_say_so_and_not_why(client, document, address):
    newer = issuing.issue(
        edition=document.edition, kind="certificate", holder=("", ""), says="y", draw=lambda link: b"", before=document
    )
    assert "replaced by a newer paper" in client.get(address).content.decode()
    assert newer.code not in client.get(address).content.decode()

    issuing.revoke(document=document, reason="A secret reason")
    page = client.get(address).content.decode()
    assert "and revoked" in page
    assert "A secret reason" not in page


def test_a_code_that_is_none_of_ours_is_told_so(client):
    assert "We have issued no paper with this code." in client.get("/verify/NOTOURS/").content.decode()


def test_a_typed_code_leads_to_the_paper_and_a_wrong_one_is_kept_in_the_form(client, document, address):
    assert client.get("/verify/", {"code": document.written_code.lower()})["Location"].endswith(address)

    page = client.get("/verify/", {"code": "ABCD"})
    assert "We have issued no paper" in page.content.decode()
    assert 'value="ABCD"' in page.content.decode()
    assert client.get("/verify/", {"code": ""}).status_code == 422
    assert client.get("/verify/").status_code == 200


@pytest.mark.parametrize(("content", "told"), [(b"%PDF 1", "as we issued it"), (b"%PDF 2", "not the file that we issued")])
def test_a_file_is_compared_byte_by_byte(client, document, address, content, told):
    page = client.post(address, {"file": SimpleUploadedFile("paper.pdf", content)})

    assert told in page.content.decode()


def test_without_a_file_or_with_a_huge_one_the_form_says_so(client, document, address, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST", 3)

    assert client.post(address).status_code == 422
    huge = client.post(address, {"file": SimpleUploadedFile("paper.pdf", b"%PDF 1")})
    assert "larger than any paper of ours" in huge.content.decode()


def test_another_site_cannot_send_the_form(client, address):
    assert client.post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_codes_cannot_be_walked_through(client, document, address, settings):
    settings.LIMITS |= {"verify": "2/m/ip"}

    codes = [client.get(f"/verify/{code}/").status_code for code in ("A", "B", "C")]
    assert codes == [200, 200, 429]
    assert client.get("/verify/", {"code": document.code}).status_code == 429
    assert client.get("/verify/").status_code == 200


def test_a_forgotten_name_is_said_to_be_deleted(client, document, address):
    issuing.forget(type(document).objects.filter(pk=document.pk))

    assert "The name was deleted" in client.get(address).content.decode()
