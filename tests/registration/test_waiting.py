"""The waiting list of a pass: who waits, whom a place is offered, what becomes of the offer."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import printing
from forum.checkin import admission
from forum.checkin.models import Gate
from forum.registration import editing, signup, tasks, waiting
from forum.registration.models import Offer, Quota, Registration
from tests.factories import accounts
from tests.factories import registration as make
from tests.factories.cms import edition_under_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    """A pass of one place with a waiting list."""
    return make.pass_type(size=1, has_waiting_list=True, offer_hours=48)


def come(of, **fields) -> Registration:
    return make.registration(of, **fields)


def refused(act, **arguments) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    return code_of(refusal.value)


def taken() -> int:
    return Quota.objects.get().taken


def end_in(hours):
    Offer.objects.open().update(until=timezone.now() + datetime.timedelta(hours=hours))


def state(registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def test_who_comes_when_all_places_are_taken_waits_and_takes_none(of):
    first, second = come(of), come(of)

    assert (first.state, second.state) == ("confirmed", "waiting")
    assert second.waiting_since
    assert taken() == 1
    letter = Email.objects.get(to=[second.email])
    assert "waiting list" in letter.subject
    assert letter.attachments.count() == 0


def test_without_a_waiting_list_a_full_pass_refuses():
    of = make.pass_type(size=1)
    come(of)

    assert refused(come, of=of) == "full"


def test_nobody_overtakes_those_who_wait(of):
    first, second = come(of), come(of)
    signup.withdraw(registration=first)

    third = come(of)

    assert third.state == "waiting"
    assert [waiting.place_in_queue(person) for person in (second, third)] == [1, 2]


def test_staff_at_the_desk_are_not_held_up_by_a_queue(of):
    first, _second = come(of), come(of)
    signup.withdraw(registration=first)

    third = signup.register(edition=of.edition, pass_type=of, user=accounts.user(), **make.person())

    assert third.state == "confirmed"


def test_a_person_who_waits_and_registers_again_is_sent_the_same_link(of):
    come(of)
    second = come(of, name_latin="SOK Dara", email="dara@example.org")

    again = come(of, name_latin="SOK Dara", email="dara@example.org")

    assert again == second
    assert Registration.objects.count() == 2


def test_a_place_that_falls_free_is_offered_to_the_one_who_waited_longest(of):
    first, second, third = come(of), come(of), come(of)
    signup.withdraw(registration=first)

    assert tasks.see_to_waiting_lists() == 1

    (offer,) = Offer.objects.all()
    assert (offer.registration, offer.state) == (second, "open")
    assert taken() == 1
    assert waiting.place_in_queue(third) == 1
    assert waiting.place_in_queue(second) is None
    assert "A place for you" in Email.objects.filter(to=[second.email]).last().subject


def test_priority_goes_before_time_and_the_history_says_why(of):
    first, second, third = come(of), come(of), come(of)
    user = accounts.user()
    waiting.prefer(registration=third, priority=5, reason="Speaks on the second day", user=user)
    signup.withdraw(registration=first)

    tasks.see_to_waiting_lists()

    assert [offer.registration for offer in Offer.objects.all()] == [third]
    entry = ModelLogEntry.objects.get(action="registration.prefer")
    assert (entry.user, entry.data["reason"]) == (user, "Speaks on the second day")
    assert refused(waiting.prefer, registration=first, priority=1, reason="x", user=user) == "not_waiting"
    assert state(second) == "waiting"


def test_there_are_never_more_offers_than_places(of):
    first = come(of)
    for _person in range(3):
        come(of)
    signup.withdraw(registration=first)

    assert [tasks.see_to_waiting_lists(), tasks.see_to_waiting_lists()] == [1, 0]
    assert (Offer.objects.open().count(), taken()) == (1, 1)


def test_who_takes_the_place_is_registered_once(of):
    first, second = come(of), come(of)
    signup.withdraw(registration=first)
    tasks.see_to_waiting_lists()

    for _time in range(2):
        waiting.take(registration=second)

    assert state(second) == "confirmed"
    assert (Offer.objects.get().state, taken()) == ("taken", 1)
    assert Email.objects.filter(to=[second.email], subject__startswith="Your registration").count() == 1


def test_an_offer_not_taken_in_time_goes_to_the_next_and_does_not_revive(of):
    first, second, third = come(of), come(of), come(of)
    signup.withdraw(registration=first)
    tasks.see_to_waiting_lists()
    end_in(hours=-1)

    assert refused(waiting.take, registration=second) == "no_offer"
    assert tasks.see_to_waiting_lists() == 1

    assert [(offer.registration, offer.state) for offer in Offer.objects.order_by("id")] == [
        (second, "lapsed"), (third, "open")
    ]  # fmt: skip
    assert refused(waiting.take, registration=second) == "no_offer"
    signup.withdraw(registration=third)
    assert tasks.see_to_waiting_lists() == 0
    assert (state(second), taken()) == ("waiting", 0)


def test_who_let_an_offer_lapse_may_wait_again_at_the_end(of):
    first, second, third = come(of), come(of), come(of)
    signup.withdraw(registration=first)
    tasks.see_to_waiting_lists()
    end_in(hours=-1)
    waiting.lapse(registration=second)

    for _time in range(2):
        waiting.wait_again(registration=second)

    assert [waiting.place_in_queue(person) for person in (third, second)] == [1, 2]
    assert not waiting.lapse(registration=second)


def test_who_leaves_while_waiting_gives_back_what_was_kept_and_nothing_else(of):
    first, second, third = come(of), come(of), come(of)

    signup.withdraw(registration=third)
    assert taken() == 1

    signup.withdraw(registration=first)
    tasks.see_to_waiting_lists()
    for _time in range(2):
        signup.withdraw(registration=second)
    assert (Offer.objects.get().state, taken()) == ("withdrawn", 0)
    assert refused(waiting.take, registration=second) == "no_offer"


def test_staff_offer_out_of_turn_and_take_an_offer_back(of):
    first, second, third = come(of), come(of), come(of)
    user = accounts.user()
    assert refused(waiting.offer, registration=third, user=user) == "full"
    signup.withdraw(registration=first)

    waiting.offer(registration=third, user=user)
    assert refused(waiting.offer, registration=third, user=user) == "offered"
    assert refused(waiting.offer, registration=second, user=user) == "full"
    for _time in range(2):
        waiting.withdraw_offer(registration=third, user=user)

    assert taken() == 0
    assert [waiting.place_in_queue(person) for person in (second, third)] == [1, 2]
    assert refused(waiting.offer, registration=first, user=user) == "not_waiting"


def test_after_the_forum_nobody_is_offered_a_place(of):
    first, _second = come(of), come(of)
    signup.withdraw(registration=first)
    of.edition.opens_on = of.edition.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    of.edition.save()

    assert tasks.see_to_waiting_lists() == 0


def test_who_waits_keeps_the_pass_and_may_change_the_rest(of):
    come(of)
    second = come(of)
    other = make.pass_type(of.edition, slug="media")

    assert refused(editing.edit, registration=second, pass_type=other, answers={}, needs={}) == "waiting"
    assert editing.edit(registration=second, pass_type=of, answers={}, needs={}, position="Adviser").position == "Adviser"
    assert Quota.objects.get(name="media places").taken == 0


def test_who_waits_has_no_badge_and_no_gate_admits_them():
    of = make.pass_type(edition_under_way(), size=1, has_waiting_list=True)
    come(of)
    second = come(of)
    (badge,) = printing.issue([second])
    gate = Gate.objects.create(edition=of.edition, name_en="Main gate")

    assert refused(printing.print_badges, registrations=[second]) == "none"
    assert second not in printing.queue(edition=of.edition)
    assert admission.scan(gate=gate, typed=badge.serial).scan.refusal == "invalid"


def test_the_own_page_leads_from_the_list_to_the_place(client, of):
    first, second = come(of), come(of)
    page = f"/en/registration/{second.token}/"

    assert "You are number 1 on the waiting list" in client.get(page).content.decode()
    assert client.get(f"{page}badge.pdf").status_code == 302
    client.post(f"{page}take/")
    assert state(second) == "waiting"

    signup.withdraw(registration=first)
    tasks.see_to_waiting_lists()
    assert "A place is kept for you until" in client.get(page).content.decode()
    assert client.get(f"{page}take/").status_code == 405

    end_in(hours=-1)
    assert "not taken in time" in client.get(page).content.decode()
    tasks.see_to_waiting_lists()
    client.post(f"{page}wait/")
    tasks.see_to_waiting_lists()
    client.post(f"{page}take/")
    assert "Badge (PDF)" in client.get(page).content.decode()


def test_the_form_says_that_one_will_wait(client, of):
    come(of)

    page = client.get(f"/en/{of.edition.slug}/register/").content.decode()
    answer = client.post(f"/en/{of.edition.slug}/register/", make.person(pass_type=of.slug, name_latin="SOK Dara"))

    assert "full: you join the waiting list" in page
    assert answer.status_code == 302
    assert Registration.objects.filter(state="waiting").count() == 1


def test_the_sweep_costs_the_same_with_one_and_with_three_who_wait(of, django_assert_num_queries):
    come(of)
    for _count in range(2):
        come(of)
        with django_assert_num_queries(3):
            tasks.see_to_waiting_lists()
        come(of)


def test_who_takes_an_offered_place_of_a_priced_pass_holds_it_until_it_is_paid():
    priced = make.pass_type(size=1, price=5_000, has_waiting_list=True)
    first = make.registration(priced)
    second = make.registration(type(priced).objects.prefetch_related("quotas").get())
    signup.withdraw(registration=first)
    waiting.offer_places(priced)

    waiting.take(registration=second)

    assert Registration.objects.get(pk=second.pk).state == "held"
    assert waiting.take(registration=second).is_held
