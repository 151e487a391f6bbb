"""Approval by one office after the other: who is asked, what a yes and a no do, and what sends somebody back."""

import pytest
from django.core.exceptions import ValidationError
from post_office.models import Email

from cms.refusals import code_of
from forum.payments import tasks
from forum.payments.models import Order
from forum.registration import approving, delegating, editing, erasing, linking, signup, waiting
from forum.registration.models import Decision, Quota, Registration
from tests.factories import accounts, exhibitors
from tests.factories import payments as money
from tests.factories import registration as make
from tests.factories.payments import pay

pytestmark = pytest.mark.django_db

ALL = {"needs_agency": True, "needs_organiser": True, "needs_security": True}


@pytest.fixture
def officer():
    return accounts.user(email="officer@example.org")


def guarded(**fields):
    return make.pass_type(**(ALL | fields))


def say(person, step, officer, is_yes=True, reason=""):
    if step == "security" and is_yes and person.is_live:
        make.accredit(person)
    return approving.decide(registration=person, step=step, is_yes=is_yes, reason=reason, user=officer)


def now(person):
    row = Registration.objects.get(pk=person.pk)
    return row.state, row.awaits


def refused(act, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return code_of(refusal.value)


def edit(person, **changes):
    facts = {"name_latin": person.name_latin, "email": person.email, "agency_name": person.agency_name} | changes
    pass_type = facts.pop("pass_type", person.pass_type)
    return editing.edit(registration=person, pass_type=pass_type, answers={}, needs={}, **facts)


def test_a_pass_names_its_offices_in_order():
    assert make.pass_type(needs_security=True, needs_agency=True).steps == ["agency", "security"]
    assert make.pass_type(make.PassType.objects.get().edition, slug="open").steps == []


def test_who_registers_is_presented_to_the_first_office_and_keeps_a_place():
    person = make.registration(guarded())

    assert (now(person), Quota.objects.get().taken) == (("applied", "agency"), 1)
    letter = Email.objects.get()
    assert letter.subject.startswith("Awaiting approval")
    assert "as soon as it is decided" in letter.message
    assert person.token in letter.message
    assert not letter.attachments.exists()


def test_each_yes_asks_the_next_office_and_the_last_one_confirms(officer):
    person = make.registration(guarded())

    seen = [now(say(person, step, officer)) for step in ("agency", "organiser", "security")]

    assert seen == [("applied", "organiser"), ("applied", "security"), ("confirmed", "")]
    assert list(Decision.objects.values_list("step", "is_yes", "round", "decided_by")) == [
        (step, True, 1, officer.pk) for step in ("agency", "organiser", "security")
    ]
    assert [letter.subject.split(":")[0] for letter in Email.objects.order_by("pk")] == [
        "Awaiting approval",
        "Your registration",
    ]


def test_the_last_yes_for_a_pass_with_a_price_asks_for_the_money(officer):
    person = make.registration(money.priced(needs_organiser=True))

    tasks.place_orders()
    assert not Order.objects.exists()
    say(person, "organiser", officer)
    tasks.place_orders()

    assert now(person) == ("held", "")
    assert Order.objects.count() == 1


def test_a_no_gives_the_place_back_and_tells_why(officer):
    person = make.registration(guarded(needs_agency=False))

    say(person, "organiser", officer, is_yes=False, reason=" Not of a ministry. ")

    assert (now(person), Quota.objects.get().taken) == (("refused", ""), 0)
    letter = Email.objects.order_by("pk").last()
    assert letter.subject.startswith("Not approved")
    assert "Not of a ministry." in letter.message
    assert approving.refusal_of(Registration.objects.get()) == "Not of a ministry."


def test_a_no_needs_a_reason(officer):
    person = make.registration(guarded())

    assert refused(say, person, "agency", officer, is_yes=False, reason=" ") == "reason"
    assert refused(approving.decide_many, registrations=[person], step="agency", is_yes=False, user=officer) == "reason"
    assert now(person) == ("applied", "agency")


@pytest.mark.parametrize("step", ["organiser", "security", "nonsense"])
def test_an_office_that_is_not_asked_decides_nothing(officer, step):
    person = make.registration(guarded())

    assert refused(say, person, step, officer) == "step"
    assert not Decision.objects.exists()


def test_nobody_is_decided_twice_nor_after_leaving(officer):
    person = make.registration(guarded())
    say(person, "agency", officer)
    assert refused(say, person, "agency", officer) == "step"
    signup.withdraw(registration=person)
    assert refused(say, person, "organiser", officer) == "step"


def test_who_was_refused_may_register_again():
    of = guarded()
    person = make.registration(of, name_latin="SOK Dara", email="dara@example.org")
    say(person, "agency", None, is_yes=False, reason="no")

    again = make.registration(of, name_latin="SOK Dara", email="dara@example.org")

    assert (again.pk != person.pk, now(again)) == (True, ("applied", "agency"))


def test_many_are_decided_at_once_and_those_decided_meanwhile_are_named(officer):
    of = guarded()
    people = [make.registration(of) for _number in range(3)]
    say(people[1], "agency", officer)

    done, others = approving.decide_many(registrations=people, step="agency", is_yes=True, user=officer)

    late = "This person does not await this decision any more."
    assert (done, others) == (2, {late: [people[1].short_code]})
    assert {now(person) for person in people} == {("applied", "organiser")}


@pytest.mark.parametrize(
    "changes", [{"name_latin": "KEO Vanna"}, {"agency_name": "Another Ministry"}, {"name_km": "សុខ ដារ៉ា"}]
)
def test_a_change_that_matters_begins_a_new_round(officer, changes):
    person = make.registration(guarded(needs_organiser=False))
    for step in ("agency", "security"):
        say(person, step, officer)

    edit(person, **changes)

    assert now(person) == ("applied", "agency")
    assert Email.objects.order_by("pk").last().subject.startswith("Awaiting approval")
    for step in ("agency", "security"):
        say(person, step, officer)
    assert now(person) == ("confirmed", "")
    assert list(Decision.objects.values_list("round", flat=True)) == [1, 1, 2, 2]


def test_a_change_that_does_not_matter_leaves_them_approved(officer):
    person = make.registration(make.pass_type(needs_organiser=True))
    say(person, "organiser", officer)

    edit(person, position="Director", phone="012 345 678")

    assert now(person) == ("confirmed", "")


def test_a_place_that_is_paid_is_not_paid_again_after_a_change(officer):
    person = make.registration(money.priced(needs_organiser=True))
    say(person, "organiser", officer)
    tasks.place_orders()
    pay(Order.objects.get())

    edit(person, agency_name="Another Ministry")
    assert now(person) == ("applied", "organiser")
    say(person, "organiser", officer)

    assert now(person) == ("confirmed", "")


def test_money_that_comes_while_a_change_is_looked_at_is_not_lost(officer):
    person = make.registration(money.priced(needs_organiser=True))
    say(person, "organiser", officer)
    tasks.place_orders()
    edit(person, agency_name="Another Ministry")

    pay(Order.objects.get())
    assert (now(person), Order.objects.get().state) == (("applied", "organiser"), "paid")
    say(person, "organiser", officer)

    assert now(person) == ("confirmed", "")


def test_another_pass_is_for_its_own_offices(officer):
    free = make.pass_type()
    guarded_too = make.pass_type(free.edition, slug="opening", needs_security=True)
    person = make.registration(free)

    edit(person, pass_type=guarded_too)
    assert now(person) == ("applied", "security")
    person.refresh_from_db()
    edit(person, pass_type=free)

    assert now(person) == ("confirmed", "")


def test_whom_an_agency_names_it_endorses(officer):
    of = guarded()
    delegation = make.delegation(exhibitors.agency(), **{of.slug: 3})
    person = make.delegate(delegation)
    (link,) = linking.make(delegation=delegation, pass_type=of, number=1, user=officer)
    by_link = linking.use(link=link, name_latin="CHAN Bopha", email="bopha@example.org", language="en")

    assert [now(person), now(by_link)] == [("applied", "organiser")] * 2


def test_who_takes_anothers_place_is_presented_anew(officer):
    of = make.pass_type(needs_agency=True, needs_security=True)
    delegation = make.delegation(exhibitors.agency(), **{of.slug: 3})
    person = make.delegate(delegation)
    say(person, "security", officer)
    assert now(person) == ("confirmed", "")

    delegating.swap(registration=person, user=officer, name_latin="LIM Sophea", language="en")

    assert now(person) == ("applied", "security")


def test_staff_at_the_desk_stand_for_agency_and_organisers_not_for_security(officer):
    of = guarded()
    assert now(make.registration(of, user=officer)) == ("applied", "security")
    of.needs_security = False
    of.save()
    assert now(make.registration(of, user=officer)) == ("confirmed", "")


def test_who_waited_is_presented_when_they_take_a_place(officer):
    of = make.pass_type(size=1, has_waiting_list=True, needs_organiser=True)
    first, second = make.registration(of), make.registration(of)
    assert [now(first), now(second)] == [("applied", "organiser"), ("waiting", "")]

    say(first, "organiser", officer, is_yes=False, reason="no")
    waiting.offer_places(of)
    waiting.take(registration=second)

    assert now(second) == ("applied", "organiser")


def test_reasons_are_forgotten_with_the_person(officer):
    person = make.registration(guarded())
    say(person, "agency", officer, is_yes=False, reason="A reason about them.")

    erasing.erase(registration=person)

    assert list(Decision.objects.values_list("reason", "is_yes")) == [("", False)]


def test_no_badge_before_the_last_yes(officer, client):
    person = make.registration(guarded())

    assert client.get(f"/en/registration/{person.token}/badge.pdf").status_code == 302
    page = client.get(f"/en/registration/{person.token}/").content.decode()
    assert "Endorsed by the agency" in page
    assert "under way" in page
    assert "<svg" not in page.partition("<main")[2].partition("</main")[0]
    say(person, "agency", officer, is_yes=False, reason="We do not know them.")
    assert "We do not know them." in client.get(f"/km/registration/{person.token}/").content.decode()
