"""Applications: written, submitted, decided on, withdrawn; each act, each refusal, once more, and the database beneath."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import allocation, applying
from exhibitors.models import Neighbour
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def call(edition):
    return make.call(edition)


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition), name_en="Public services", by_application=True)


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def manager(agency):
    return make.member(agency, email="manager@example.org")


@pytest.fixture
def organiser():
    return make.exhibition_manager(email="organiser@example.org")


def refusal(act, **arguments) -> str:
    """Its code."""
    return refused(act, **arguments)[0]


def actions():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", "user__email"))


def subjects():
    return [letter.subject.removesuffix(" – DGF") for letter in Email.objects.order_by("pk")]


class TestWriting:
    def test_a_draft_keeps_what_was_asked_and_tells_nobody(self, edition, call, zone, agency, manager):
        booth = make.booth(zone, "A12")

        row = applying.save(
            edition=edition, agency=agency, user=manager, least_area=18, power=2_000, wishes=[booth, zone], near=["Telecom"]
        )

        assert (row.state, row.least_area, row.power) == ("draft", 18, 2_000)
        assert [wish.label for wish in row.wishes.all()] == ["A12", "Public services"]
        assert [(each.kind, each.name, each.agency) for each in row.neighbours.all()] == [("near", "Telecom", None)]
        assert actions() == [("exhibitors.save_application", "manager@example.org")]
        assert subjects() == []

    def test_submitting_tells_everybody_who_acts_for_the_agency(self, edition, call, agency, manager):
        make.member(agency, role="colleague", email="colleague@example.org", language="km")

        row = applying.save(edition=edition, agency=agency, user=manager, is_final=True)

        assert row.state == "submitted"
        assert row.submitted_by == manager
        assert [(*letter.to, letter.subject.removesuffix(" – DGF")) for letter in Email.objects.order_by("pk")] == [
            ("manager@example.org", "We have your application for a booth"),
            ("colleague@example.org", "យើងបានទទួលពាក្យស្នើសុំស្តង់របស់លោកអ្នកហើយ"),
        ]

    def test_what_is_submitted_can_be_changed_and_keeps_its_turn(self, edition, call, zone, agency, manager):
        row = applying.save(edition=edition, agency=agency, user=manager, is_final=True, wishes=[zone], near=["A", "B"])

        again = applying.save(
            edition=edition, agency=agency, user=manager, version=row.version, is_final=True, least_area=36, near=["B"]
        )

        assert (again.pk, again.state, again.least_area) == (row.pk, "submitted", 36)
        assert again.submitted_at == row.submitted_at
        assert list(again.wishes.all()) == []
        assert [each.name for each in again.neighbours.all()] == ["B"]
        assert len(subjects()) == 1

    def test_answering_a_question_after_the_last_day_submits_it_again(self, edition, agency, manager, organiser):
        call = make.call(edition)
        row = applying.save(edition=edition, agency=agency, user=manager, is_final=True)
        applying.decide(application=row, to="returned", remark="How many people?", user=organiser)
        call.opens_on = call.closes_on = edition.today - datetime.timedelta(days=1)
        call.save()

        again = applying.save(edition=edition, agency=agency, user=manager, version=row.version, is_final=True, note="Four.")

        assert (again.state, again.submitted_at) == ("submitted", row.submitted_at)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_before_and_after_the_call_an_agency_cannot_apply(self, edition, agency, manager, days):
        day = edition.today + datetime.timedelta(days=days)
        make.call(edition, opens_on=day, closes_on=day)

        assert refusal(applying.save, edition=edition, agency=agency, user=manager) == "closed"

    def test_on_the_last_day_it_can(self, edition, agency, manager):
        make.call(edition, opens_on=edition.today, closes_on=edition.today)

        assert applying.save(edition=edition, agency=agency, user=manager).state == "draft"

    def test_without_a_call_only_organisers_enter_applications(self, edition, agency, manager, organiser):
        assert refusal(applying.save, edition=edition, agency=agency, user=manager) == "closed"
        assert applying.save(edition=edition, agency=agency, user=organiser, is_final=True).state == "submitted"

    def test_strangers_and_who_may_look_only_are_refused(self, edition, call, agency):
        for user in (make.person(), make.member(agency, role="colleague"), make.member(make.agency())):
            assert refusal(applying.save, edition=edition, agency=agency, user=user) == "forbidden"

    def test_nobody_writes_over_what_a_colleague_wrote(self, edition, call, agency, manager):
        row = applying.save(edition=edition, agency=agency, user=manager)
        applying.save(edition=edition, agency=agency, user=manager, version=row.version, note="Mine.")

        assert refusal(applying.save, edition=edition, agency=agency, user=manager, version=row.version) == "changed"
        assert refusal(applying.save, edition=edition, agency=agency, user=manager) == "changed"

    @pytest.mark.parametrize("state", ["accepted", "waitlisted"])
    def test_what_is_decided_stays_as_it_was_read(self, edition, call, agency, manager, state):
        row = make.application(edition, agency, state)

        assert refusal(applying.save, edition=edition, agency=agency, user=manager, version=row.version) == "decided"

    @pytest.mark.parametrize("state", ["refused", "withdrawn"])
    def test_after_the_end_of_one_application_another_may_begin(self, edition, call, agency, manager, state):
        make.application(edition, agency, state)

        assert applying.save(edition=edition, agency=agency, user=manager).state == "draft"

    @pytest.mark.parametrize("typed", ["Cambodia Telecom", " cambodia  telecom ", "ទូរគមនាគមន៍"])
    def test_a_neighbour_is_found_by_its_name_in_either_script(self, edition, call, agency, manager, typed):
        telecom = make.agency("Cambodia Telecom", name_km="ទូរគមនាគមន៍")

        row = applying.save(edition=edition, agency=agency, user=manager, apart=[typed])

        assert row.neighbours.get().agency == telecom

    def test_a_neighbour_is_not_guessed_by_part_of_a_name(self, edition, call, agency, manager):
        make.agency("Cambodia Telecom")

        row = applying.save(edition=edition, agency=agency, user=manager, apart=["Cambodia"])

        assert row.neighbours.get().agency is None

    def test_what_an_organiser_said_of_a_name_outlives_the_next_save(self, edition, call, agency, manager):
        other = make.agency("Other")
        row = applying.save(edition=edition, agency=agency, user=manager, near=["The other one"], apart=["Rival"])
        row.neighbours.filter(name="The other one").update(agency=other)
        row.neighbours.filter(name="Rival").update(kind=Neighbour.Kind.RIVALS)

        applying.save(
            edition=edition, agency=agency, user=manager, version=row.version, near=["The other one"], apart=["Rival"]
        )

        assert set(row.neighbours.values_list("name", "kind", "agency")) == {
            ("The other one", "near", other.pk),
            ("Rival", "rivals", None),
        }


class TestDeciding:
    @pytest.mark.parametrize(
        ("to", "subject"),
        [
            ("accepted", "Your application for a booth is accepted"),
            ("waitlisted", "Your application for a booth is on the waiting list"),
            ("returned", "A question about your application for a booth"),
            ("refused", "Your application for a booth is refused"),
        ],
    )
    def test_the_agency_is_told_the_decision_and_the_word_with_it(self, edition, agency, manager, organiser, to, subject):
        row = make.application(edition, agency)

        applying.decide(application=row, to=to, remark="Because.", user=organiser, version=row.version)

        row.refresh_from_db()
        assert (row.state, row.remark, row.decided_by) == (to, "Because.", organiser)
        letter = Email.objects.get()
        assert letter.subject == f"{subject} – DGF"
        assert "Because." in letter.message
        assert actions() == [(f"exhibitors.application_{to}", "organiser@example.org")]

    def test_once_more_changes_nothing(self, edition, agency, manager, organiser):
        row = make.application(edition, agency)
        for _time in range(2):
            applying.decide(application=row, to="accepted", user=organiser)

        assert len(subjects()) == len(actions()) == 1

    @pytest.mark.parametrize("to", ["returned", "refused"])
    def test_a_question_or_refusal_needs_a_word(self, edition, organiser, to):
        assert refusal(applying.decide, application=make.application(edition), to=to, user=organiser, remark=" ") == "remark"

    def test_nobody_decides_on_what_they_have_not_read(self, edition, call, agency, manager, organiser):
        row = applying.save(edition=edition, agency=agency, user=manager, is_final=True)
        applying.save(edition=edition, agency=agency, user=manager, version=row.version, least_area=100)

        assert refusal(applying.decide, application=row, to="accepted", user=organiser, version=row.version) == "changed"

    @pytest.mark.parametrize("state", ["draft", "withdrawn", "returned"])
    def test_what_is_not_with_the_organisers_is_not_accepted(self, edition, organiser, state):
        row = make.application(edition, state=state)

        assert refusal(applying.decide, application=row, to="accepted", user=organiser) == "state"

    def test_an_agency_does_not_decide_on_its_own_application(self, edition, agency, manager):
        row = make.application(edition, agency)

        assert refusal(applying.decide, application=row, to="accepted", user=manager) == "forbidden"

    @pytest.mark.parametrize("state", ["held", "confirmed"])
    def test_while_a_booth_hangs_on_it_the_acceptance_stands(self, edition, zone, agency, organiser, state):
        row = make.application(edition, agency, "accepted")
        make.booking(make.booth(zone), agency, state, application=row)

        assert refusal(applying.decide, application=row, to="waitlisted", user=organiser) == "booth"


class TestWithdrawing:
    def test_what_was_offered_goes_back(self, edition, zone, agency, manager):
        row = make.application(edition, agency, "accepted", pin=make.booth(zone, "A02"))
        offer = make.booking(make.booth(zone), agency, "held", application=row)

        applying.withdraw(application=row, user=manager, reason="No budget.")

        row.refresh_from_db()
        offer.refresh_from_db()
        assert (row.state, row.pin, offer.state) == ("withdrawn", None, "released")
        assert "Your application for a booth is withdrawn" in subjects()

    def test_once_more_changes_nothing(self, edition, agency, manager):
        row = make.application(edition, agency)
        for _time in range(2):
            applying.withdraw(application=row, user=manager)

        assert len(actions()) == 1

    def test_a_draft_goes_without_a_letter(self, edition, agency, manager):
        applying.withdraw(application=make.application(edition, agency, "draft"), user=manager)

        assert subjects() == []

    def test_who_has_its_booth_asks_the_organisers(self, edition, zone, agency, manager, organiser):
        row = make.application(edition, agency, "accepted")
        make.booking(make.booth(zone), agency, application=row)

        assert refusal(applying.withdraw, application=row, user=manager) == "confirmed"
        assert refusal(applying.withdraw, application=row, user=organiser) == "reason"
        assert applying.withdraw(application=row, user=organiser, reason="By letter.").state == "withdrawn"

    def test_strangers_are_refused(self, edition, agency):
        row = make.application(edition, agency)

        assert refusal(applying.withdraw, application=row, user=make.member(make.agency())) == "forbidden"


def test_a_booth_of_a_zone_with_applications_is_not_booked_past_them(edition, zone, agency, manager, organiser):
    booth = make.booth(zone)

    with pytest.raises(ValidationError) as caught:
        allocation.book(booth=booth, agency=agency, user=manager)

    assert caught.value.code == "application"
    assert allocation.book(booth=booth, agency=agency, user=organiser).booth == booth


class TestTheDatabase:
    def test_an_agency_has_one_live_application(self, edition, agency):
        make.application(edition, agency, "withdrawn")
        make.application(edition, agency, "draft")

        with pytest.raises(IntegrityError), transaction.atomic():
            make.application(edition, agency)

    def test_a_booth_has_one_application_pinned_to_it(self, edition, zone):
        booth = make.booth(zone)
        make.application(edition, pin=booth, state="withdrawn")
        make.application(edition, pin=booth)

        with pytest.raises(IntegrityError), transaction.atomic():
            make.application(edition, pin=booth)

    @pytest.mark.parametrize(
        "fields",
        [{"least_area": 9, "most_area": 8}, {"open_sides": 5}, {"weight": 0}, {"submitted_at": None}],
    )
    def test_impossible_applications_are_refused(self, edition, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.application(edition, **fields)

    def test_a_call_does_not_close_before_it_opens(self, edition):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.call(edition, closes_on=edition.today - datetime.timedelta(days=20))
