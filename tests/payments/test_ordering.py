"""Orders: placed, ended, lapsed, kept by a letter."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.payments import ordering, tasks
from forum.payments.models import Order, OrderLine, Paper
from forum.registration import signup
from forum.registration.models import PassType, Quota, Registration
from tests.factories import payments as make
from tests.factories import registration as people

pytestmark = pytest.mark.django_db


def states():
    return (
        sorted(Order.objects.values_list("state", flat=True)),
        sorted(Registration.objects.values_list("state", flat=True)),
        Quota.objects.get().taken,
    )


def refused(act, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        act(**kwargs)
    return ValidationError([refusal.value]).error_list[0].code


def test_a_pass_with_a_price_holds_the_place_and_says_so():
    registration = people.registration(make.priced())

    assert (registration.state, Quota.objects.get().taken) == ("held", 1)
    letter = Email.objects.get()
    assert "It is yours when USD\u00a050.00 is paid." in letter.message
    assert registration.token in letter.message
    assert not letter.attachments.exists()


def test_an_order_asks_what_the_server_knows_and_keeps_the_place_for_the_hours_of_the_edition():
    registration = people.registration(make.priced())
    make.terms(registration.edition, hold_hours=5)

    order = ordering.place_for(registration)

    assert (order.amount, order.currency, order.state) == (5_000, "USD", "open")
    assert datetime.timedelta(hours=4.9) < order.held_until - timezone.now() < datetime.timedelta(hours=5)
    assert [line.text_en for line in order.lines.all()] == [f"Delegate: {registration.name_latin}"]


def test_a_place_stands_on_one_order():
    registration = people.registration(make.priced())

    assert ordering.place_for(registration) == ordering.place_for(registration)
    item = ordering.item_for(registration)
    edition = registration.edition
    assert refused(ordering.place, edition=edition, currency="USD", items=[item], bill_to_name="x", email="") == "ordered"
    assert Order.objects.count() == 1


def test_nothing_is_ordered_for_who_has_nothing_to_pay():
    assert refused(lambda: ordering.place_for(people.registration())) == "nothing"


def test_one_order_is_for_many_people():
    delegate = make.priced(size=3)
    items = [ordering.item_for(people.registration(delegate)) for _person in range(3)]

    order = ordering.place(
        edition=delegate.edition, currency="USD", items=items, bill_to_name="A ministry", email="desk@example.org"
    )
    make.pay(order)

    assert states() == (["paid"], ["confirmed"] * 3, 3)


def test_an_order_whose_time_is_over_gives_the_place_back_once():
    order = make.let_time_run_out(make.order())

    assert states() == (["lapsed"], ["withdrawn"], 0)
    assert not ordering.lapse(order=order)
    assert Email.objects.filter(subject=f"The time to pay is over: order {order.short_code}, DGF").count() == 1


def test_an_order_with_time_left_stays():
    assert not ordering.lapse(order=make.order())
    assert states() == (["open"], ["held"], 1)


def test_an_order_paid_in_part_keeps_its_place_until_somebody_decides():
    order = make.order()
    make.pay(order, 1_000)

    make.let_time_run_out(order)

    assert states() == (["decision"], ["held"], 1)


def test_the_sweep_places_orders_that_nobody_opened_and_ends_those_that_are_due():
    people.registration(make.priced())
    assert (tasks.place_orders(), tasks.place_orders()) == (1, 0)
    Order.objects.update(held_until=timezone.now())

    assert (tasks.end_orders(), tasks.end_orders()) == (1, 0)

    assert states() == (["lapsed"], ["withdrawn"], 0)


def test_the_sweep_firms_places_whose_price_was_taken_away():
    people.registration(make.priced())
    PassType.objects.update(price=0)

    tasks.place_orders()

    assert states() == ([], ["confirmed"], 1)


def test_an_order_for_people_who_all_withdrew_is_ended():
    order = make.order()
    signup.withdraw(registration=order.lines.get().registration)

    assert tasks.end_orders() == 1

    assert states() == (["cancelled"], ["withdrawn"], 0)


def test_who_withdrew_before_the_time_was_over_is_not_brought_back_by_the_lapse():
    order = make.order()
    signup.withdraw(registration=order.lines.get().registration)

    make.let_time_run_out(order)
    make.pay(order)

    assert states() == (["decision"], ["withdrawn"], 0)


def test_a_cancelled_order_gives_the_place_back_and_one_with_money_is_not_cancelled():
    order = make.order()
    make.pay(order, 100)
    assert refused(ordering.cancel, order=order) == "paid"

    free = make.order(PassType.objects.get())
    ordering.cancel(order=free)
    ordering.cancel(order=free)

    assert states() == (["cancelled", "open"], ["held", "withdrawn"], 1)


def test_an_order_with_money_of_another_currency_is_not_cancelled_and_does_not_lapse():
    order = make.order()
    make.pay(order, 41_000, currency="KHR")

    assert refused(ordering.cancel, order=order) == "paid"
    assert states() == (["decision"], ["held"], 1)


def test_a_letter_makes_the_places_firm_and_the_money_comes_later():
    order = make.order()

    ordering.accept_letter(order=order, letter="No. 12, 1 March 2027")

    assert states() == (["open"], ["confirmed"], 1)
    Order.objects.get().refresh_from_db()
    assert not ordering.lapse(order=order)
    assert [paper.full_number for paper in Paper.objects.all()] == ["NEXT-INV-00001"]
    make.pay(order)
    assert states() == (["paid"], ["confirmed"], 1)


def test_a_letter_is_named_and_comes_in_time():
    order = make.order()
    assert refused(ordering.accept_letter, order=order, letter=" ") == "letter"
    signup.withdraw(registration=order.lines.get().registration)
    assert refused(ordering.accept_letter, order=order, letter="No. 1") == "gone"
    make.let_time_run_out(order)
    assert refused(ordering.accept_letter, order=order, letter="No. 1") == "over"


def test_the_same_letter_is_accepted_once_and_another_takes_its_place():
    order = make.order()
    ordering.accept_letter(order=order, letter="No. 5")

    assert refused(ordering.accept_letter, order=order, letter=" No. 5 ") == "accepted"
    ordering.accept_letter(order=order, letter="No. 6")

    entries = ModelLogEntry.objects.filter(action="payments.accept_letter").order_by("pk")
    assert [(entry.data["letter"], entry.data["before"]) for entry in entries] == [("No. 5", ""), ("No. 6", "No. 5")]
    assert (Order.objects.get().letter, Paper.objects.count()) == ("No. 6", 1)


def test_an_invoice_is_written_once_to_whom_the_payer_says_and_taken_back_when_the_order_lapses():
    order = make.order()
    facts = {"name": "A ministry", "agency": "Department of Examples", "tax_number": "K001"}

    paper = ordering.write_invoice(order=order, **facts)

    assert (paper.full_number, paper.facts["bill_to_agency"]) == ("NEXT-INV-00001", "Department of Examples")
    assert refused(ordering.write_invoice, order=order, **facts) == "issued"
    make.let_time_run_out(order)
    assert [paper.full_number for paper in Paper.objects.order_by("pk")] == ["NEXT-INV-00001", "NEXT-CRN-00001"]
    assert refused(ordering.write_invoice, order=order, **facts) == "over"


def test_a_forged_link_opens_no_order():
    order = make.order()
    assert ordering.find_by_token(order.token) == order
    for bad in (order.code, order.token[:-1] + "x", "", "~"):
        with pytest.raises(Http404):
            ordering.find_by_token(bad)


def test_the_sums_of_many_orders_are_read_in_one_query(django_assert_num_queries):
    for amount in (1_000, 5_000):
        make.pay(make.order(PassType.objects.first() or make.priced()), amount)

    with django_assert_num_queries(1):
        assert sorted(order.received for order in Order.objects.with_sums()) == [1_000, 5_000]
    assert OrderLine.objects.filter(is_live=True).count() == 2
