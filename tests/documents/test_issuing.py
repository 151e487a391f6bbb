"""A paper is issued once for what it says, replaced when that changes, revoked for a reason, forgotten with its person."""

import hashlib

import pytest
from django.core.exceptions import ValidationError

from forum.documents import issuing
from forum.documents.models import IssuedDocument
from tests.factories import accounts, cms

pytestmark = pytest.mark.django_db
HOLDER = ("SOK Dara", "សុខ ដារ៉ា")


@pytest.fixture
def edition():
    return cms.edition()


@pytest.fixture
def issue(edition):
    def make(says="attended on 11 March", **fields):
        facts = {"kind": "certificate", "holder": HOLDER, "draw": lambda link: f"{says} {link}".encode()}
        return issuing.issue(edition=edition, says=says, **(facts | fields))

    return make


def test_a_paper_is_kept_with_the_digest_of_its_bytes(issue):
    document = issue(number="1/2024")

    assert document.sha256 == hashlib.sha256(document.read()).hexdigest()
    assert document.link.encode() in document.read()
    assert (document.holder_en, document.holder_km, document.number, document.state) == (*HOLDER, "1/2024", "current")


def test_asking_again_for_what_it_says_already_gives_the_same_paper(issue):
    first = issue()

    assert issue(before=first) == first
    assert IssuedDocument.objects.count() == 1


def test_what_says_something_else_replaces_the_paper_before(issue):
    first = issue()
    second = issue("attended on 11 and 12 March", before=first)

    first.refresh_from_db()
    assert (first.state, first.replaced_by, second.state) == ("replaced", second, "current")


def test_a_revoked_paper_is_issued_anew_and_stays_revoked(issue):
    first = issuing.revoke(document=issue(), reason="Wrong name")
    second = issue(before=first)

    assert second != first
    assert IssuedDocument.objects.get(pk=first.pk).state == "revoked"


def test_of_two_who_replace_the_same_paper_one_does_and_both_get_that_one(issue):
    first = issue()
    winner = issue("new", before=first)
    loser = issue("newer", before=IssuedDocument(pk=first.pk, code=first.code, says=first.says, revoked_at=None))

    assert loser == winner
    assert IssuedDocument.objects.count() == 2


def test_what_cannot_be_drawn_is_not_issued(issue):
    def fail(link):
        raise OSError("no font")

    with pytest.raises(OSError, match="no font"):
        issue(draw=fail)
    assert not IssuedDocument.objects.exists()


def test_what_cannot_be_written_leaves_no_file(issue, edition, monkeypatch):
    monkeypatch.setattr(issuing, "new_code", lambda: issuing.IssuedDocument.objects.first().code)
    first = IssuedDocument.objects.create(edition=edition, kind="visa")
    storage = IssuedDocument.file.field.storage

    with pytest.raises(Exception, match=r"(?i)unique"):
        issue()
    assert not storage.exists(f"issued/{first.issued_at:%Y/%m}/{first.code}.pdf")


def test_revoking_needs_a_reason_and_once_more_changes_nothing(issue):
    document, user = issue(), accounts.user()

    with pytest.raises(ValidationError) as refusal:
        issuing.revoke(document=document, reason=" ", user=user)
    assert refusal.value.error_dict["reason"][0].code == "reason"

    first = issuing.revoke(document=document, reason="Wrong name", user=user)
    again = issuing.revoke(document=document, reason="Another", user=user)
    assert (again.reason, again.revoked_at) == ("Wrong name", first.revoked_at)


def test_a_forgotten_paper_names_nobody_and_still_says_that_it_was_issued(issue, django_capture_on_commit_callbacks):
    document = issue()
    storage, name = document.file.storage, document.file.name

    with django_capture_on_commit_callbacks(execute=True):
        issuing.forget(IssuedDocument.objects.filter(pk=document.pk))

    document.refresh_from_db()
    assert (document.holder_en, document.holder_km, document.says, bool(document.file)) == ("", "", "", False)
    assert document.sha256
    assert not storage.exists(name)


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: f" {code[:4]}-{code[4:9]} {code[9:]} ", "https://x/verify/{}/".format]
)
def test_a_code_is_found_as_it_is_scanned_or_typed(issue, write):
    document = issue()

    assert issuing.find(write(document.code)) == document
    assert issuing.find(document.written_code) == document
    assert issuing.find(document.code[:-1]) is None


def test_codes_are_long_and_checked():
    assert len({issuing.new_code() for _ in range(100)}) == 100
    assert all(len(issuing.new_code()) == 17 for _ in range(3))
