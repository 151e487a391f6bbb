"""A person asks for a letter for a visa, staff look at it, the letter is issued, and the passport is forgotten in time."""

import datetime
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from post_office.models import Email

from forum.documents.models import IssuedDocument
from forum.registration import erasing, letter_texts, signup
from forum.registration.models import Registration
from forum.visas import asking
from forum.visas.models import VisaDesk, VisaRequest
from tests.factories import accounts
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    row = make.registration(name_latin="TANAKA Hana", name_km="", email="hana@example.org")
    VisaDesk.objects.create(edition=row.edition, closes_on=row.edition.opens_on)
    return Registration.objects.with_names().get(pk=row.pk)


def facts(edition, **other):
    return {
        "nationality": "JP", "passport_number": "TR1234567", "born_on": datetime.date(1985, 2, 3),
        "expires_on": edition.closes_on + datetime.timedelta(days=400),
        "arrives_on": edition.opens_on - datetime.timedelta(days=1),
        "leaves_on": edition.closes_on, "post": "Embassy of Cambodia in Tokyo",
    } | other  # fmt: skip


def ask(person, **other):
    return asking.ask(registration=person, **facts(person.edition, **other))


def grant(request, **fields):
    return asking.grant(request=request, version=request.version, **fields)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_the_letter_says_in_both_languages_who_comes_with_which_passport(person):
    visa = grant(ask(person), user=accounts.user())
    text = subprocess.run(["pdftotext", "-", "-"], input=visa.document.read(), capture_output=True, check=True)
    words = " ".join(text.stdout.decode().replace("\u200b", "").split())

    for part in ("TANAKA Hana", "TR1234567", "Japan", "ជប៉ុន", "3 February 1985", "Embassy of Cambodia in Tokyo",
                 visa.document.written_code):  # fmt: skip
        assert part in words
    assert (visa.state, visa.document.kind, visa.document.holder) == ("granted", "visa", "TANAKA Hana")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_what_the_forum_has_not_said_of_itself_is_left_to_be_written_in(person):
    visa = grant(ask(person), user=accounts.user())

    text = subprocess.run(["pdftotext", "-", "-"], input=visa.document.read(), capture_output=True, check=True)
    words = " ".join(text.stdout.decode().replace("\u200b", "").split())

    assert f"{letter_texts.BLANK} certifies that" in words
    assert f" at {letter_texts.BLANK}." in words
    assert f"នៅ{letter_texts.BLANK}។" in words


def test_the_person_is_told_when_the_letter_is_written(person):
    grant(ask(person))

    letter = Email.objects.latest("pk")
    assert (letter.to, "Your letter for a visa" in letter.subject) == (["hana@example.org"], True)
    assert person.token in letter.message
    assert "TR1234567" not in letter.message + letter.html_message


def test_the_same_facts_once_more_change_nothing_and_others_are_looked_at_again(person):
    visa = grant(ask(person))
    assert ask(person).state == "granted"

    again = ask(person, passport_number="TR7654321")
    assert (again.pk, again.state, again.version, again.document) == (visa.pk, "asked", 2, visa.document)
    assert visa.document.is_current

    second = grant(again)
    assert IssuedDocument.objects.get(pk=visa.document_id).replaced_by == second.document


def test_a_refusal_has_a_reason_which_the_person_reads_and_ends_an_earlier_letter(person):
    first = grant(ask(person)).document
    visa = ask(person, post="Embassy of Cambodia in Seoul")
    with pytest.raises(ValidationError) as refusal:
        asking.refuse(request=visa, version=visa.version, reason=" ")
    assert refusal.value.error_dict["reason"][0].code == "reason"

    asking.refuse(request=visa, version=visa.version, reason="The passport number is wrong.")
    assert "The passport number is wrong." in Email.objects.latest("pk").message
    assert IssuedDocument.objects.get(pk=first.pk).state == "revoked"
    assert ask(person, post="Embassy of Cambodia in Seoul").state == "asked"


@pytest.mark.parametrize("decide", ["grant", "refuse"])
def test_nobody_decides_on_what_they_did_not_see_or_twice_or_of_who_left(person, decide):
    def act(request, version):
        more = {"reason": "No"} if decide == "refuse" else {}
        with pytest.raises(ValidationError) as refusal:
            getattr(asking, decide)(request=request, version=version, **more)
        return refusal.value.code

    visa = ask(person)
    ask(person, passport_number="TR7654321")
    assert act(visa, 1) == "changed"
    assert not IssuedDocument.objects.exists()

    signup.withdraw(registration=person)
    assert act(visa, 2) == "left"

    VisaRequest.objects.update(state="refused", reason="x")
    assert act(visa, 2) == "decided"


def test_a_letter_that_came_to_nothing_leaves_the_one_before_as_it_was(person):
    first = grant(ask(person)).document
    seen = ask(person, passport_number="TR7654321")
    ask(person, passport_number="TR1111111")

    with pytest.raises(ValidationError):
        grant(seen)
    assert [(paper.pk, paper.state) for paper in IssuedDocument.objects.all()] == [(first.pk, "current")]


def test_it_is_asked_for_only_where_and_while_the_edition_writes_letters(person):
    VisaDesk.objects.update(closes_on=person.edition.today - datetime.timedelta(days=1))
    with pytest.raises(ValidationError) as refusal:
        ask(person)
    assert refusal.value.code == "closed"

    VisaDesk.objects.all().delete()
    with pytest.raises(ValidationError):
        ask(person)
    assert asking.desk_of(person) is None


def test_passports_are_forgotten_when_the_person_leaves_and_the_letter_no_longer_holds(
    person, django_capture_on_commit_callbacks
):
    document = grant(ask(person)).document
    assert asking.forget_some() == 0
    signup.withdraw(registration=person)

    with django_capture_on_commit_callbacks(execute=True):
        assert asking.forget_some() == 1
    document.refresh_from_db()
    assert not VisaRequest.objects.exists()
    assert (document.state, document.holder, bool(document.file)) == ("revoked", "", False)


def test_another_holder_of_the_place_has_no_letter_of_the_one_before(person):
    grant(ask(person))
    Registration.objects.filter(pk=person.pk).update(holder_no=2)
    person.refresh_from_db()

    assert not VisaRequest.objects.of(person).exists()
    assert asking.forget_some() == 1


@pytest.mark.parametrize("end", ["erase", "over"])
def test_passports_are_forgotten_with_the_person_and_after_the_forum(person, end):
    document = grant(ask(person)).document
    if end == "erase":
        erasing.erase(registration=person)
    else:
        past = person.edition.today - datetime.timedelta(days=9)
        type(person.edition).objects.filter(pk=person.edition_id).update(opens_on=past, closes_on=past)
    call_command("purge_personal_data")

    document.refresh_from_db()
    assert not VisaRequest.objects.exists()
    assert (document.holder, bool(document.file)) == ("", False)
    assert document.state == ("revoked" if end == "erase" else "current")
