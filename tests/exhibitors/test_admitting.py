"""A body asks for an account; organisers look at its letter and admit it, ask back or refuse."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import admitting
from exhibitors.models import AccountRequest, Agency, Invitation
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db

WORDS = {
    "name_en": "Example Robots", "name_km": "មនុស្សយន្តឧទាហរណ៍", "kind": "private", "country": "KH",
    "website": "https://robots.example.org", "person": "SOK Dara", "position": "Director", "phone": "", "language": "en",
}  # fmt: skip


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def organiser():
    return make.exhibition_manager()


@pytest.fixture
def row(edition):
    return make.account_request(edition, name_en="Example Robots")


def letter(content=b"%PDF-1"):
    return ContentFile(content, name="letter.pdf")


def ask(edition, **words):
    admitting.ask(edition=edition, letter=letter(), **({"email": "Asker@example.org"} | WORDS | words))


def decide(row, user, to, **words):
    return admitting.decide(request=row, to=to, user=user, **({"version": row.version} | words))


class TestAsking:
    def test_what_is_asked_is_kept_and_the_address_gets_a_link(self, edition):
        ask(edition)

        (row,) = AccountRequest.objects.all()
        (mail,) = Email.objects.all()
        assert (row.name_km, row.email, row.is_confirmed) == ("មនុស្សយន្តឧទាហរណ៍", "asker@example.org", False)
        assert mail.to == ["asker@example.org"]
        assert row.token in mail.message

    def test_who_has_confirmed_gets_the_link_again_and_nothing_else_is_kept(self, edition, row):
        ask(edition, name_en="example ROBOTS", person="Somebody else")

        assert [row.person for row in AccountRequest.objects.all()] == ["SOK Dara"]
        assert row.token in Email.objects.get().message

    def test_the_words_of_a_stranger_do_not_stand_in_for_those_of_the_address(self, edition):
        ask(edition, person="A stranger")
        ask(edition)

        stranger, own = AccountRequest.objects.order_by("pk")
        assert own.token in Email.objects.last().message
        assert admitting.confirm(request=own).person == "SOK Dara"
        assert refused(admitting.confirm, request=stranger) == ("asked", ["Your address has another request for this body."])

    def test_what_was_decided_may_be_asked_again(self, edition, organiser, row):
        decide(row, organiser, "refused", remark="Not an agency.")
        ask(edition)
        again = AccountRequest.objects.get(state="open")
        assert admitting.confirm(request=again).is_confirmed

    def test_another_address_may_ask_for_the_same_body(self, edition):
        ask(edition)
        ask(edition, email="other@example.org")
        assert AccountRequest.objects.count() == 2

    def test_when_the_forum_is_over_nobody_asks(self, edition):
        edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
        edition.save()
        assert refused(ask, edition=edition)[0] == "over"

    def test_the_address_is_confirmed_once(self, edition):
        row = make.account_request(edition, is_confirmed=False)

        first = admitting.confirm(request=row).confirmed_at

        assert first is not None
        assert admitting.confirm(request=row).confirmed_at == first
        assert ModelLogEntry.objects.filter(action="exhibitors.confirm_request").count() == 1


class TestDeciding:
    def test_accepted_a_new_agency_is_entered_and_its_person_invited(self, row, organiser):
        done = decide(row, organiser, "accepted")

        assert (done.state, done.agency.name_en, done.agency.country) == ("accepted", "Example Robots", "KH")
        invitation = Invitation.objects.get()
        assert (invitation.agency, invitation.email, invitation.role) == (done.agency, row.email, "manager")

    def test_accepted_into_one_that_is_known(self, row, organiser):
        known = make.agency("Example Robots Limited")

        assert decide(row, organiser, "accepted", agency=known).agency == known
        assert Agency.objects.count() == 1
        assert Invitation.objects.get().role == "manager"

    def test_who_asks_for_an_agency_that_others_manage_may_look_and_they_are_told(self, row, organiser):
        known = make.agency("Known")
        make.member(known, email="manager@example.org", language="km")
        make.member(known, email="colleague@example.org", role="colleague")

        decide(row, organiser, "accepted", agency=known)

        assert Invitation.objects.get().role == "colleague"
        told, invited = sorted(Email.objects.all(), key=lambda mail: mail.to, reverse=True)
        assert (told.to, invited.to) == (["manager@example.org"], [row.email])
        assert f"/km/desk/agencies/{known.code}/colleagues/" in told.message
        assert "SOK Dara (asker@example.org)" in told.message

    def test_no_agency_is_entered_twice(self, row, organiser):
        make.agency("example robots")
        assert refused(decide, row=row, user=organiser, to="accepted")[0] == "known"

    def test_who_acts_for_it_already_is_not_invited(self, row, organiser):
        known = make.agency("Known")
        make.member(known, email=row.email)
        assert refused(decide, row=row, user=organiser, to="accepted", agency=known)[0] == "member"

    def test_nobody_is_invited_to_an_address_that_is_not_confirmed(self, edition, organiser):
        row = make.account_request(edition, is_confirmed=False)
        assert refused(decide, row=row, user=organiser, to="accepted")[0] == "address"

    @pytest.mark.parametrize("to", ["returned", "refused"])
    def test_who_is_not_accepted_is_told_why_in_their_language(self, edition, organiser, to):
        row = make.account_request(edition, language="km")

        decide(row, organiser, to, remark="Which ministry?")

        (mail,) = Email.objects.all()
        assert mail.to == [row.email]
        assert "Which ministry?" in mail.message
        assert "អ្នករៀបចំ" in mail.message

    @pytest.mark.parametrize("to", ["returned", "refused"])
    def test_a_reason_is_asked_for(self, row, organiser, to):
        assert refused(decide, row=row, user=organiser, to=to, remark=" ")[0] == "remark"

    def test_once_more_changes_nothing(self, row, organiser):
        decide(row, organiser, "accepted")
        decide(row, organiser, "accepted")

        assert (Agency.objects.count(), Invitation.objects.count()) == (1, 1)

    def test_what_is_decided_stays(self, row, organiser):
        decide(row, organiser, "refused", remark="why")
        assert refused(decide, row=row, user=organiser, to="accepted")[0] == "state"

    def test_nobody_decides_on_what_they_have_not_read(self, row, organiser):
        decide(row, organiser, "returned", remark="Which ministry?")
        admitting.answer(request=row, version=1, **WORDS)
        assert refused(decide, row=row, user=organiser, to="accepted", version=1)[0] == "changed"

    def test_nobody_else_decides(self, row):
        assert refused(decide, row=row, user=make.member(make.agency()), to="accepted")[0] == "forbidden"


class TestAnswering:
    @pytest.fixture
    def returned(self, row, organiser):
        return decide(row, organiser, "returned", remark="Which ministry?")

    def test_the_answer_opens_it_again_with_the_letter_before(self, returned):
        before = returned.letter.name

        row = admitting.answer(request=returned, version=1, **WORDS | {"name_en": "Example Robots of Examplia"})

        assert (row.state, row.version, row.name_en, row.letter.name) == ("open", 2, "Example Robots of Examplia", before)

    def test_a_new_letter_takes_the_place_of_the_one_before(self, returned, django_capture_on_commit_callbacks):
        storage, before = returned.letter.storage, returned.letter.name

        with django_capture_on_commit_callbacks(execute=True):
            row = admitting.answer(request=returned, version=1, letter=letter(b"%PDF-2"), **WORDS)

        with row.letter.open() as kept:
            assert kept.read() == b"%PDF-2"
        assert not storage.exists(before)

    def test_twice_at_once_one_answer_counts(self, returned):
        admitting.answer(request=returned, version=1, **WORDS)
        assert refused(admitting.answer, request=returned, version=1, **WORDS)[0] == "state"

    def test_it_does_not_become_what_the_address_asks_for_already(self, returned, edition):
        make.account_request(edition, name_en="Example Drones")
        words = WORDS | {"name_en": "example DRONES"}
        assert refused(admitting.answer, request=returned, version=1, **words) == (
            "asked",
            ["Your address has another request for this body."],
        )

    def test_nothing_is_changed_unasked(self, row):
        assert refused(admitting.answer, request=row, version=1, **WORDS)[0] == "state"


class TestAlike:
    def test_names_like_it_in_either_script_are_found_and_others_are_not(self, row, django_assert_num_queries):
        row.name_km = "ក្រសួងឧទាហរណ៍"
        english, khmer = make.agency("Example Robots Ltd."), make.agency("Ministry", name_km="ក្រសួងឧទាហរណ៍ទី១")
        make.agency("Something quite different")

        with django_assert_num_queries(1):
            found = admitting.alike(row)

        assert {agency.pk for agency in found} == {english.pk, khmer.pk}


def test_letter_and_person_go_after_the_forum_and_the_decision_stays(
    row, edition, organiser, capsys, django_capture_on_commit_callbacks
):
    decide(row, organiser, "refused", remark="SOK Dara is unknown")
    storage, name = row.letter.storage, row.letter.name
    call_command("purge_personal_data")
    assert storage.exists(name)
    edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
    edition.save()

    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_personal_data")

    row.refresh_from_db()
    assert (row.person, row.email, row.phone, row.letter.name, row.remark) == ("", "", "", "", "–")
    assert (row.name_en, row.state) == ("Example Robots", "refused")
    assert not storage.exists(name)
