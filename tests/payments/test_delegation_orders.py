"""The order of a delegation: one for all its people, as long as it may change; never a place for nothing."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from post_office.models import Email

from forum.payments import delegation_orders, ordering, settlement, tasks
from forum.payments.models import Checkout, Order, OrderLine
from forum.registration import delegating, linking
from forum.registration.models import Places, Quota, Registration
from tests.factories import exhibitors
from tests.factories import payments as make
from tests.factories import registration as people
from tests.pages import Page, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegation():
    make.priced(slug="industry", name_en="Industry")
    return people.delegation(exhibitors.agency("Ministry of Examples"), industry=5)


@pytest.fixture
def focal(delegation):
    return exhibitors.member(delegation.agency, email="focal@example.org")


@pytest.fixture
def desk(client, delegation, focal):
    client.force_login(focal)
    return f"/en/desk/agencies/{delegation.agency.code}/next/delegation/"


def name(delegation, focal, *names, **fields):
    return [people.delegate(delegation, focal, slug="industry", name_latin=each, **fields) for each in names]


def follow(delegation, focal=None):
    delegation_orders.follow(delegation=delegation, user=focal)


def lines(order):
    return [(line.text_en, line.amount) for line in order.lines.order_by("pk")]


def taken():
    return Quota.objects.get().taken, Places.objects.get().taken


def test_who_is_named_holds_a_place_that_their_agency_pays(delegation, focal):
    (person,) = name(delegation, focal, "CHAN Bopha", email="bopha@example.org")

    assert (person.state, taken()) == ("held", (1, 1))
    letter = Email.objects.get()
    assert "It is yours when your agency has paid for it." in letter.message
    assert "how to pay" not in letter.message
    with pytest.raises(ValidationError) as refusal:
        ordering.place_for(person)
    assert refusal.value.code == "delegation"


def test_who_takes_a_place_by_a_link_holds_it_too(delegation, focal):
    (link,) = linking.make(delegation=delegation, pass_type=Places.objects.get().pass_type, number=1, user=focal)

    person = linking.use(link=link, name_latin="SOK Dara", email="dara@example.org", language="km")

    assert person.state == "held"


def test_a_place_that_costs_nothing_is_firm_at_once():
    delegation = people.delegation()

    assert people.delegate(delegation).state == "confirmed"
    follow(delegation)
    assert not Order.objects.exists()


def test_one_order_asks_for_everybody_and_goes_to_the_focal_point(delegation, focal):
    name(delegation, focal, "CHAN Bopha", "SOK Dara")

    follow(delegation, focal)
    follow(delegation, focal)

    order = Order.objects.get()
    assert (order.amount, order.email, order.bill_to_agency) == (10_000, "focal@example.org", "Ministry of Examples")
    assert lines(order) == [("Industry: CHAN Bopha", 5_000), ("Industry: SOK Dara", 5_000)]
    letters = Email.objects.filter(subject__startswith="To be paid")
    assert [letter.to for letter in letters] == [["focal@example.org"]]
    assert order.token in letters[0].message


def test_the_clock_does_it_where_nobody_else_did(delegation, focal):
    name(delegation, focal, "CHAN Bopha", "SOK Dara")

    assert (tasks.place_orders(), tasks.place_orders()) == (1, 0)
    assert (Order.objects.get().email, OrderLine.objects.count()) == ("focal@example.org", 2)


def test_whose_pass_costs_nothing_by_now_is_firm(delegation, focal):
    (person,) = name(delegation, focal, "CHAN Bopha")
    Places.objects.get().pass_type.__class__.objects.update(price=0)

    tasks.place_orders()

    person.refresh_from_db()
    assert (person.state, Order.objects.count()) == ("confirmed", 0)


def test_the_order_follows_who_is_named_replaced_and_withdrawn(delegation, focal):
    one, two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    Order.objects.update(held_until=timezone.now() + datetime.timedelta(minutes=5))

    name(delegation, focal, "KEO Vanna")
    delegating.swap(registration=one, user=focal, name_latin="LIM Sophea", language="en")
    delegating.withdraw(registration=two, user=focal)
    follow(delegation, focal)

    order = Order.objects.get()
    assert lines(order) == [("Industry: LIM Sophea", 5_000), ("Industry: KEO Vanna", 5_000)]
    assert order.amount == 10_000
    assert order.held_until > timezone.now() + datetime.timedelta(hours=1)


def test_who_withdraws_by_their_own_page_leaves_the_order_by_the_clock(delegation, focal):
    one, _two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    people.signup.withdraw(registration=one)

    tasks.place_orders()

    assert (Order.objects.get().amount, delegation_orders.due()) == (5_000, [])


def test_an_order_that_everybody_left_is_cancelled(delegation, focal):
    one, two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    for person in (one, two):
        delegating.withdraw(registration=person, user=focal)

    tasks.place_orders()
    tasks.end_orders()

    assert (Order.objects.get().state, taken()) == ("cancelled", (0, 0))
    assert delegation_orders.due() == []


def _invoiced(order):
    ordering.write_invoice(order=order, name="Finance", agency="Ministry", tax_number="")


def _paid_in_part(order):
    make.pay(order, 1_000)


def _at_the_card_page(order):
    until = timezone.now() + datetime.timedelta(hours=1)
    Checkout.objects.create(order=order, session_id="cs_1", url="https://x", amount=order.due, expires_at=until)


def _by_letter(order):
    ordering.accept_letter(order=order, letter="17/24")


@pytest.mark.parametrize("done", [_invoiced, _paid_in_part, _at_the_card_page, _by_letter])
def test_a_sum_that_somebody_was_shown_stays_and_who_comes_later_gets_another_order(delegation, focal, done):
    one, _two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    first = Order.objects.get()
    done(first)

    name(delegation, focal, "KEO Vanna")
    delegating.withdraw(registration=one, user=focal)
    follow(delegation, focal)

    first.refresh_from_db()
    assert (first.amount, first.lines.count()) == (10_000, 2)
    assert lines(Order.objects.latest("pk")) == [("Industry: KEO Vanna", 5_000)]


def test_payment_makes_everybody_firm(delegation, focal):
    one, _two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)

    make.pay(Order.objects.get())

    assert set(Registration.objects.values_list("state", flat=True)) == {"confirmed"}
    assert (Order.objects.get().state, taken()) == ("paid", (2, 2))
    delegating.swap(registration=one, user=focal, name_latin="LIM Sophea", language="en")
    assert Registration.objects.get(pk=one.pk).state == "confirmed"


def test_who_withdrew_after_the_invoice_does_not_stand_in_the_others_way(delegation, focal):
    one, _two = name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    order = Order.objects.get()
    _invoiced(order)
    delegating.withdraw(registration=one, user=focal)

    make.pay(order)

    assert dict(Registration.objects.values_list("name_latin", "state")) == {
        "CHAN Bopha": "withdrawn",
        "SOK Dara": "confirmed",
    }
    assert (Order.objects.get().state, taken()) == ("paid", (1, 1))


def test_a_lapse_gives_all_places_back_and_late_money_takes_them_again(delegation, focal):
    name(delegation, focal, "CHAN Bopha", "SOK Dara")
    follow(delegation, focal)
    order = make.let_time_run_out(Order.objects.get())
    assert (order.state, taken()) == ("lapsed", (0, 0))

    make.pay(order)

    assert (Order.objects.get().state, taken()) == ("paid", (2, 2))


def test_late_money_waits_for_a_decision_where_the_delegation_has_given_its_places_to_others(delegation, focal):
    name(delegation, focal, "CHAN Bopha")
    follow(delegation, focal)
    order = make.let_time_run_out(Order.objects.get())
    Places.objects.update(size=0)

    make.pay(order)

    assert (Order.objects.get().state, taken()) == ("decision", (0, 0))
    with pytest.raises(ValidationError):
        settlement.decide(order=order, reason="they asked", user=focal)


def test_the_desk_orders_at_once_and_says_what_is_due(client, desk, delegation):
    page = Page(
        client.post(
            f"{desk}register/",
            {"pass_type": "industry", "name_latin": "CHAN Bopha", "language": "en", "email": "bopha@example.org"},
            follow=True,
        )
    )

    order = Order.objects.get()
    assert page.all("main a.code")[0].get("href") == f"/en/registration/order/{order.token}/"
    assert "USD\u00a050.00" in page.tree.text_content()
    assert page.words(".tag") == ["Awaiting payment", "Awaiting payment"]
    assert client.get(page.all("main a.code")[0].get("href")).status_code == 200


def test_the_grid_and_the_sheet_order_too(client, desk, delegation):
    names = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0}
    for number, each in enumerate(["CHAN Bopha", "SOK Dara"]):
        names |= {f"form-{number}-pass_type": "industry", f"form-{number}-name_latin": each, f"form-{number}-language": "en"}
    client.post(f"{desk}grid/", names)
    client.post(f"{desk}sheet/", {"rows": '[[2, {"name_latin": "KEO Vanna", "pass_type": "industry"}]]'})

    assert (Order.objects.get().amount, OrderLine.objects.count()) == (15_000, 3)


def test_another_agency_sees_nothing_of_it(client, delegation, focal):
    name(delegation, focal, "CHAN Bopha")
    follow(delegation, focal)
    other = people.delegation(exhibitors.agency("Other Ministry"), industry=5)
    client.force_login(exhibitors.member(other.agency))

    page = get(client, f"/en/desk/agencies/{other.agency.code}/next/delegation/")

    assert Order.objects.get().short_code not in page.tree.text_content()


def test_no_letter_is_offered_before_the_place_is_paid(client, desk, delegation, focal):
    (person,) = name(delegation, focal, "CHAN Bopha")

    page = get(client, desk)

    assert not [link for link in page.all("main a") if "letter" in link.get("href")]
    assert client.get(f"{desk}people/{person.code}/letter.pdf").status_code == 404
    assert client.get(f"{desk}letters.pdf").status_code == 404


def test_the_persons_own_page_says_who_pays_and_leads_to_no_order(client, delegation, focal):
    (person,) = name(delegation, focal, "CHAN Bopha", email="bopha@example.org")
    follow(delegation, focal)

    page = get(client, f"/en/registration/{person.token}/")

    assert "when your agency has paid for it" in page.tree.text_content()
    assert not page.all("form[action$='/pay/']")
    response = client.post(f"/en/registration/{person.token}/pay/")
    assert response.url == f"/en/registration/{person.token}/"
