"""Pavilions: set up from free booths, divided among members, and never passed by."""

import datetime

import pytest
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from exhibitors import allocation, applying, offering, pavilions, posing, profiles, proposing, representing, signs
from exhibitors.models import Agency, Booking, Invitation
from exhibitors.placing import Weights
from exhibitors.prices import quoting
from exhibitors.readiness import moving
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition))


@pytest.fixture
def booths(zone):
    return make.booths(zone, 3)


@pytest.fixture
def country():
    return make.agency("Trade Office of Examplia", kind=Agency.Kind.FOREIGN_GOVERNMENT, country="")


@pytest.fixture
def head(country):
    return make.member(country, email="head@example.org")


@pytest.fixture
def organiser():
    return make.exhibition_manager()


@pytest.fixture
def pavilion(edition, country, booths, organiser):
    return set_up(edition, country, booths[:2], organiser)


def set_up(edition, country, booths, user, pavilion=None, name_en="Pavilion of Examplia"):
    return pavilions.keep(
        edition=edition, name_en=name_en, name_km="", organiser=country, booths=booths, user=user, pavilion=pavilion
    )


def of(pavilion):
    return [booth.code for booth in pavilion.booths.order_by("code")]


def new(pavilion, booth, user, **words):
    values = {"name_en": "Example Robots", "name_km": "", "kind": Agency.Kind.PRIVATE, "country": "SG"}
    values |= {"email": "robots@example.org", "language": "en"}
    return pavilions.give_to_new(pavilion=pavilion, booth=booth, user=user, **(values | words))


def end(edition):
    """Lets the forum be over."""
    edition.opens_on = edition.closes_on = datetime.date(2020, 1, 1)
    edition.save()
    return edition


def acts(row):
    return list(ModelLogEntry.objects.for_instance(row).order_by("timestamp").values_list("action", flat=True))


class TestSettingUp:
    def test_it_has_the_booths_that_were_chosen(self, pavilion):
        assert of(pavilion) == ["A01", "A02"]
        assert acts(pavilion) == ["exhibitors.set_up_pavilion"]

    def test_it_is_changed_to_others(self, pavilion, edition, country, booths, organiser):
        set_up(edition, country, booths[1:], organiser, pavilion)

        assert of(pavilion) == ["A02", "A03"]

    def test_only_an_exhibition_manager_sets_one_up(self, edition, country, booths, head):
        assert refused(set_up, edition=edition, country=country, booths=booths, user=head)[0] == "forbidden"

    def test_two_of_one_edition_have_two_names(self, pavilion, edition, country, organiser):
        assert refused(set_up, edition=edition, country=country, booths=[], user=organiser)[0] == "name"

    def test_a_booth_of_another_one_is_refused(self, pavilion, edition, country, booths, organiser):
        words = {"edition": edition, "country": country, "user": organiser, "name_en": "Another"}
        assert refused(set_up, booths=booths[1:], **words)[0] == "other"

    def test_a_booth_of_another_forum_is_refused(self, edition, country, organiser):
        elsewhere = make.booth(make.zone(make.hall(editions.edition(slug="before"))))
        assert refused(set_up, edition=edition, country=country, booths=[elsewhere], user=organiser)[0] == "edition"

    @pytest.mark.parametrize("state", ["held", "confirmed"])
    def test_a_booth_that_somebody_has_is_refused(self, edition, country, booths, organiser, state):
        make.booking(booths[0], state=state)
        assert refused(set_up, edition=edition, country=country, booths=booths, user=organiser)[0] == "taken"

    def test_a_booth_to_which_an_application_is_pinned_is_refused(self, edition, country, booths, organiser):
        make.application(edition, state="accepted", pin=booths[0])
        assert refused(set_up, edition=edition, country=country, booths=booths, user=organiser)[0] == "taken"

    def test_a_booth_whose_hold_is_over_joins_and_the_hold_lapses(self, edition, country, booths, organiser):
        late = make.overdue(booths[0])

        set_up(edition, country, booths, organiser)

        late.refresh_from_db()
        assert late.state == "lapsed"

    def test_money_that_comes_late_does_not_bring_somebody_back_into_it(self, edition, country, booths, organiser):
        late = make.overdue(booths[0])
        set_up(edition, country, booths, organiser)

        assert refused(allocation.make_firm, booking=late, may_return=True)[0] == "taken"

    def test_a_booth_that_a_member_has_does_not_go(self, pavilion, edition, country, booths, organiser):
        make.booking(booths[0])
        assert (
            refused(set_up, edition=edition, country=country, booths=booths[1:], user=organiser, pavilion=pavilion)[0]
            == "given"
        )

    @pytest.mark.parametrize("state", ["held", "confirmed"])
    def test_the_desk_of_a_member_goes_to_no_other_organiser(self, pavilion, edition, booths, organiser, state):
        make.booking(booths[0], state=state)
        words = {"edition": edition, "booths": booths[:2], "user": organiser, "pavilion": pavilion}

        assert "given" in refused(set_up, country=make.agency("Somebody else"), **words)
        assert set_up(country=pavilion.organiser, name_en="Renamed", **words).name_en == "Renamed"

    def test_without_members_it_is_handed_on_also_to_who_stands_in_it_alone(self, pavilion, edition, booths, organiser):
        heir, other = make.agency("Heir"), make.agency("Somebody else")
        make.booking(booths[0], heir)
        make.booking(booths[1], state="released")
        words = {"edition": edition, "booths": booths[:2], "user": organiser, "pavilion": pavilion}

        assert set_up(country=heir, **words).organiser == heir
        assert "given" in refused(set_up, country=other, **words)


class TestPassingBy:
    """Nobody but its organiser gives a booth of a pavilion away."""

    def test_no_agency_books_it(self, pavilion, booths):
        agency = make.agency()
        assert refused(allocation.book, booth=booths[0], agency=agency, user=make.member(agency))[0] == "pavilion"

    def test_no_organiser_of_the_forum_places_somebody_there(self, pavilion, booths, organiser):
        assert refused(allocation.book, booth=booths[0], agency=make.agency(), user=organiser)[0] == "pavilion"

    def test_it_is_offered_to_no_application(self, pavilion, edition, booths, organiser):
        row = make.application(edition, state="accepted")
        assert refused(offering.offer, application=row, booth=booths[0], user=organiser)[0] == "pavilion"

    def test_no_application_is_pinned_to_it(self, pavilion, edition, booths, organiser):
        row = make.application(edition, state="accepted")
        assert refused(proposing.pin, application=row, booth=booths[0], user=organiser)[0] == "pavilion"

    def test_nobody_is_moved_into_it_or_out_of_it(self, pavilion, booths, organiser):
        inside, outside = make.booking(booths[0]), make.booking(booths[2])
        words = {"user": organiser, "reason": "why"}
        assert refused(allocation.move, booking=outside, booth=booths[1], **words)[0] == "pavilion"
        assert refused(allocation.swap, one=inside, other=outside, **words)[0] == "pavilion"
        Booking.objects.filter(pk=outside.pk).delete()
        assert refused(allocation.move, booking=inside, booth=booths[2], **words)[0] == "pavilion"

    def test_within_it_a_member_moves(self, pavilion, booths, organiser):
        inside = make.booking(booths[0])
        assert allocation.move(booking=inside, booth=booths[1], user=organiser, reason="why").booth == booths[1]

    def test_it_is_proposed_to_nobody(self, edition, country, organiser):
        given = proposals.fair(edition, 3)
        set_up(edition, country, given[:2], organiser)
        row = proposals.accepted(edition, wishes=[given[0]])

        assert [booth.key for booth in posing.pose(edition, Weights()).booths] == [given[2].code]
        assert [booth.key for booth in posing.standing(edition)[0].booths] == [given[2].code]
        assert row.code in posing.pose(edition, Weights()).by_key

    def test_the_power_of_booths_that_are_not_given_yet_is_kept_for_it(self, edition, country, organiser):
        given = proposals.fair(edition, 2)
        zone = given[0].zone
        zone.power_budget = 5_000
        zone.save()
        given[0].power = 3_000
        given[0].save()
        set_up(edition, country, given[:1], organiser)
        proposals.accepted(edition)

        assert posing.pose(edition, Weights()).zone_power == {zone.code: 2_000}

    def test_who_waits_does_not_move_up_into_it(self, edition, country, organiser):
        given = proposals.fair(edition, 1)
        before = proposals.accepted(edition)
        make.booking(given[0], before.agency, "released", application=before)
        set_up(edition, country, given, organiser)
        proposals.accepted(edition, state="waitlisted")

        assert offering.promote() == 0


class TestGiving:
    def test_an_agency_that_nobody_knows_has_the_booth_at_once_and_its_person_is_invited(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)

        assert (booking.state, booking.agency.name_en) == ("confirmed", "Example Robots")
        assert Invitation.objects.get().email == "robots@example.org"
        assert acts(booking) == ["exhibitors.give"]

    def test_an_agency_that_is_known_is_asked(self, pavilion, booths, head):
        agency = make.agency("Known")
        member = make.member(agency)

        booking = pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)

        assert (booking.state, booking.is_offer) == ("held", True)
        assert booking.held_until == offering.answer_by(pavilion.edition)
        (letter,) = Email.objects.all()
        assert letter.to == [member.email]
        assert "Trade Office of Examplia" in letter.message

    def test_what_is_given_costs_the_member_nothing(self, pavilion, booths, head, edition):
        make.price(edition)
        agency = make.agency("Known")
        booking = pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)

        assert quoting.quote(booking.booth, agency).is_free
        assert quoting.Prices(edition).for_kinds(booking.booth) == []
        assert offering.accept(booking=booking, user=make.member(agency)).state == "confirmed"

    def test_it_takes_the_booth(self, pavilion, booths, head):
        agency = make.agency("Known")
        booking = pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)

        assert offering.accept(booking=booking, user=make.member(agency)).state == "confirmed"

    def test_or_declines_it_and_another_gets_it(self, pavilion, booths, head):
        agency = make.agency("Known")
        booking = pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)

        offering.decline(booking=booking, user=make.member(agency))

        assert new(pavilion, booths[0], head).state == "confirmed"

    def test_the_organiser_takes_one_of_its_own_at_once(self, pavilion, booths, head, country):
        assert pavilions.give(pavilion=pavilion, booth=booths[0], agency=country, user=head).state == "confirmed"

    def test_who_stands_there_already_gets_a_second_one_at_once(self, pavilion, booths, head):
        member = new(pavilion, booths[0], head).agency
        assert pavilions.give(pavilion=pavilion, booth=booths[1], agency=member, user=head).state == "confirmed"

    def test_who_gives_and_takes_back_again_and_again_writes_three_times_a_day_and_no_more(
        self, pavilion, booths, head, country
    ):
        agency = make.agency("Known")
        make.member(agency, email="known@example.org")
        words = {"pavilion": pavilion, "agency": agency, "user": head}
        for _time in range(3):
            last = pavilions.give(booth=booths[0], **words)
            pavilions.take_back(booking=last, user=head, reason="why")
        assert Email.objects.filter(to="known@example.org").count() == 6

        assert refused(pavilions.give, booth=booths[0], **words)[0] == "often"

        assert Email.objects.filter(to="known@example.org").count() == 6
        assert not Booking.objects.live().exists()
        assert pavilions.give(booth=booths[1], **words).state == "held"
        assert pavilions.give(booth=booths[0], pavilion=pavilion, agency=make.agency(), user=head).state == "held"

    def test_the_next_day_it_is_given_again(self, pavilion, booths, head):
        agency = make.agency("Known")
        for _time in range(3):
            make.booking(booths[0], agency, "released", ended_at=timezone.now() - datetime.timedelta(hours=25))

        assert pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head).state == "held"

    def test_a_booth_that_is_given_is_not_given_again(self, pavilion, booths, head):
        new(pavilion, booths[0], head)
        words = {"pavilion": pavilion, "booth": booths[0], "user": head}
        assert refused(pavilions.give, agency=make.agency(), **words)[0] == "taken"

    def test_a_booth_outside_is_not_the_organisers_to_give(self, pavilion, booths, head):
        assert refused(pavilions.give, pavilion=pavilion, booth=booths[2], agency=make.agency(), user=head)[0] == "pavilion"

    @pytest.mark.parametrize("name", ["Example Robots", "example  ROBOTS"])
    def test_a_known_name_is_not_entered_twice(self, pavilion, booths, head, name):
        make.agency("Example Robots")

        assert refused(new, pavilion=pavilion, booth=booths[0], user=head, name_en=name)[0] == "known"
        assert not Booking.objects.exists()

    def test_a_known_name_is_found_among_however_many_that_hold_it(self):
        for number in range(25):
            make.agency(f"Academy of Example Robots {number}")
        known = make.agency("Example Robots")

        assert Agency.objects.named("example  robots") == known
        assert Agency.objects.named("of example robots") is None

    @pytest.mark.parametrize("kind", ["government", "academia"])
    def test_an_agency_of_a_kind_that_may_stand_elsewhere_is_not_entered(self, pavilion, booths, head, kind):
        assert refused(new, pavilion=pavilion, booth=booths[0], user=head, kind=kind)[0] == "kind"
        assert not Agency.objects.filter(name_en="Example Robots").exists()

    def test_one_of_the_organisers_own_kind_is(self, pavilion, booths, head):
        assert new(pavilion, booths[0], head, kind="international government").agency.kind == "international government"

    def test_who_only_looks_and_strangers_give_nothing(self, pavilion, booths, country):
        onlooker, stranger = make.member(country, role="colleague"), make.member(make.agency())
        for user in (onlooker, stranger):
            words = {"pavilion": pavilion, "booth": booths[0], "user": user}
            assert refused(pavilions.give, agency=make.agency(), **words)[0] == "forbidden"
            assert refused(new, **words)[0] == "forbidden"

    def test_when_the_forum_is_over_nothing_is_given(self, pavilion, booths, head, edition):
        end(edition)
        assert refused(pavilions.give, pavilion=pavilion, booth=booths[0], agency=make.agency(), user=head)[0] == "over"


class TestTakingBack:
    def test_the_booth_is_free_for_another_member_and_the_agency_reads_why(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        member = make.member(booking.agency)
        Email.objects.all().delete()

        pavilions.take_back(booking=booking, user=head, reason="They cannot come.")

        (letter,) = Email.objects.all()
        assert letter.to == [member.email]
        assert "They cannot come." in letter.message
        assert new(pavilion, booths[0], head, name_en="Others").state == "confirmed"

    def test_once_more_changes_nothing(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        first = pavilions.take_back(booking=booking, user=head, reason="one")

        assert pavilions.take_back(booking=booking, user=head, reason="two").reason == first.reason == "one"

    def test_a_reason_is_asked_for(self, pavilion, booths, head):
        assert refused(pavilions.take_back, booking=new(pavilion, booths[0], head), user=head, reason=" ")[0] == "reason"

    def test_nobody_else_takes_it_back(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        for user in (make.member(booking.agency), make.member(make.agency())):
            assert refused(pavilions.take_back, booking=booking, user=user, reason="why")[0] == "forbidden"

    def test_when_the_forum_is_over_everybody_stood_where_they_stood(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        booking.booth.pavilion.edition = end(pavilion.edition)
        assert refused(pavilions.take_back, booking=booking, user=head, reason="why")[0] == "over"

    def test_a_booking_outside_of_pavilions_is_not_theirs(self, pavilion, booths, head):
        assert refused(pavilions.take_back, booking=make.booking(booths[2]), user=head, reason="why")[0] == "forbidden"


class TestSigns:
    def test_the_sign_says_what_the_organiser_wrote(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)

        row = pavilions.rename(booking=booking, user=head, fascia_en="Robots of Examplia", fascia_km="")

        assert row.on_sign == ["Robots of Examplia"]
        assert [booking.on_sign for booking in signs.confirmed(booths[0].zone.hall)] == [["Robots of Examplia"]]
        assert row.agency.name_en == "Example Robots"

    def test_else_the_name_of_the_agency(self, pavilion, booths, head):
        assert new(pavilion, booths[0], head, name_km="មនុស្សយន្តគំរូ").on_sign == ["មនុស្សយន្តគំរូ", "Example Robots"]

    def test_nobody_else_writes_it(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        words = {"booking": booking, "fascia_en": "x", "fascia_km": ""}
        assert refused(pavilions.rename, user=make.member(make.agency()), **words)[0] == "forbidden"

    def test_when_the_forum_is_over_signs_stay(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        booking.booth.pavilion.edition = end(pavilion.edition)
        assert refused(pavilions.rename, booking=booking, user=head, fascia_en="x", fascia_km="")[0] == "over"

    def test_of_a_booth_that_came_back_nothing_is_written(self, pavilion, booths, head):
        booking = new(pavilion, booths[0], head)
        pavilions.take_back(booking=booking, user=head, reason="why")
        assert refused(pavilions.rename, booking=booking, user=head, fascia_en="x", fascia_km="")[0] == "over"


class TestStandingIn:
    """Whoever manages the organiser acts for members, at this forum and no other."""

    def test_for_a_member_with_its_booth(self, pavilion, booths, head, edition):
        agency = new(pavilion, booths[0], head).agency

        assert representing.may_act(head, agency, edition)
        assert representing.may_act(head, agency)
        assert representing.on_behalf(head, agency, edition) == {
            "pavilion": "Pavilion of Examplia", "organiser": "Trade Office of Examplia"
        }  # fmt: skip

    def test_in_several_pavilions_of_one_forum(self, pavilion, booths, head, edition, country, organiser):
        second = set_up(edition, country, booths[2:], organiser, name_en="Second")
        agency = new(pavilion, booths[0], head).agency
        make.booking(booths[2], agency)

        assert representing.pavilions_for(head, agency, edition) == [pavilion, second]
        assert representing.on_behalf(head, agency) == {
            "pavilion": "Pavilion of Examplia, Second", "organiser": "Trade Office of Examplia"
        }  # fmt: skip

    def test_not_before_it_has_accepted(self, pavilion, booths, head, edition):
        agency = make.agency("Known")
        booking = pavilions.give(pavilion=pavilion, booth=booths[0], agency=agency, user=head)
        assert not representing.may_act(head, agency, edition)

        offering.accept(booking=booking, user=make.member(agency))
        assert representing.may_act(head, agency, edition)

    def test_not_after_the_booth_came_back(self, pavilion, booths, head, edition):
        booking = new(pavilion, booths[0], head)
        pavilions.take_back(booking=booking, user=head, reason="why")
        assert not representing.may_act(head, booking.agency, edition)

    def test_not_at_another_forum(self, pavilion, booths, head):
        agency = new(pavilion, booths[0], head).agency
        assert not representing.may_act(head, agency, editions.edition(slug="other"))

    def test_not_by_who_only_looks_nor_by_another_member_of_the_pavilion(self, pavilion, booths, head, country, edition):
        one, other = new(pavilion, booths[0], head).agency, new(pavilion, booths[1], head, name_en="Other").agency
        assert not representing.may_act(make.member(country, role="colleague"), one, edition)
        assert not representing.may_act(make.member(other), one, edition)
        assert not representing.may_act(make.member(one), country, edition)

    def test_an_agencys_own_manager_does_it_in_its_own_name(self, pavilion, booths, head, edition):
        agency = new(pavilion, booths[0], head).agency
        assert representing.on_behalf(make.member(agency), agency, edition) == {}

    def test_they_choose_times_for_its_booth_in_the_pavilion_and_for_no_other(self, pavilion, booths, head):
        inside = new(pavilion, booths[0], head)
        outside = make.booking(booths[2], inside.agency)
        slot = make.move_slot(booths[0].zone.hall)

        assert moving.choose(slot=slot, booking=inside, user=head).slot == slot
        assert refused(moving.choose, slot=slot, booking=outside, user=head)[0] == "forbidden"
        assert moving.choose(slot=slot, booking=outside, user=make.member(inside.agency)).slot == slot

    def test_the_history_of_a_profile_says_as_whose_organiser_it_was_written(self, pavilion, booths, head):
        agency = new(pavilion, booths[0], head).agency

        profiles.describe(agency=agency, user=head, about_en="Robots", about_km="", website="")

        entry = ModelLogEntry.objects.for_instance(agency).get(action="exhibitors.describe")
        assert "Pavilion of Examplia" in entry.message
        assert entry.user == head

    def test_an_application_stays_between_the_agency_and_the_organisers(self, pavilion, booths, head, edition):
        agency = new(pavilion, booths[0], head).agency
        make.call(edition)
        assert refused(applying.save, edition=edition, agency=agency, user=head, least_area=9)[0] == "forbidden"
