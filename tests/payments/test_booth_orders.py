"""A booth that costs something: whoever takes it orders it in one act, pays, or gives it back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from cms.refusals import code_of
from exhibitors import allocation, applying, offering
from exhibitors import tasks as exhibition_tasks
from exhibitors.models import Booking, Extra, Package, Price
from forum.payments import booth_orders, ordering, refunding, tasks
from forum.payments.models import Order
from tests.exhibitors.refusing import refused
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import payments, proposals

pytestmark = pytest.mark.django_db
PRICE = 90_000


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    make.price(edition)
    return make.zone(make.hall(edition), confirms_at_once=True, hold_hours=5)


@pytest.fixture
def booth(zone):
    return make.booth(zone, "A12")


@pytest.fixture
def agency():
    return make.agency("Example Cloud", kind="private")


@pytest.fixture
def manager(agency):
    return make.member(agency, email="manager@example.org")


@pytest.fixture
def organiser():
    return make.exhibition_manager()


@pytest.fixture
def offer(edition, zone):
    """Of a booth that costs something."""
    booth, *_others = proposals.fair(edition, 2)
    row = proposals.accepted(edition, "Ministry of Examples", wishes=[booth])
    return make.booking(booth, row.agency, "held", application=row)


def book(booth, agency, manager, **fields):
    return booth_orders.book(booth=booth, agency=agency, user=manager, **({"seen": PRICE} | fields))


def accept(offer, user=None, **fields):
    user = user or offer.agency.people.first() or make.member(offer.agency)
    return booth_orders.accept(booking=offer, user=user, **({"seen": PRICE} | fields))


def states():
    """Of the bookings, and of the orders."""
    bookings = list(Booking.objects.order_by("pk").values_list("state", flat=True))
    return bookings, list(Order.objects.order_by("pk").values_list("state", flat=True))


def subjects():
    return sorted(Email.objects.values_list("subject", flat=True))


# Booking


def test_booking_a_booth_that_costs_something_places_its_order(booth, agency, manager):
    booking = book(booth, agency, manager, note=" By the door ", bill_to_name="Accounts", bill_to_tax_number="L001")

    order = booth_orders.order_of(booking)
    assert (booking.state, booking.awaits_payment, booking.note) == ("held", True, "By the door")
    assert booking.held_until - timezone.now() > datetime.timedelta(hours=71), "as long as the order, not as the zone says"
    assert [(line.text_en, line.amount, line.booking) for line in order.lines.all()] == [("Booth A12", PRICE, booking)]
    assert (order.currency, order.amount, order.state) == ("USD", PRICE, "open")
    assert (order.bill_to_name, order.bill_to_agency, order.bill_to_tax_number) == ("Accounts", "Example Cloud", "L001")
    assert (order.email, order.language) == ("manager@example.org", manager.language)
    assert subjects() == ["Booth A12 is held for you – DGF", f"To be paid: order {order.short_code}, DGF"]
    assert "It is yours once its order is paid" in Email.objects.get(subject="Booth A12 is held for you – DGF").message


def test_a_booth_that_is_free_of_charge_or_waived_is_booked_as_ever(edition, booth, agency, manager):
    Price.objects.update(basis="waived", amount=0)

    booking = book(booth, agency, manager, seen=0)

    assert (booking.state, booking.awaits_payment, booth_orders.order_of(booking)) == ("confirmed", False, None)
    assert states() == (["confirmed"], [])


def test_a_price_that_rose_since_it_was_read_is_refused_and_one_that_fell_is_not(booth, agency, manager):
    facts = {"booth": booth, "agency": agency, "user": manager}
    code, (sentence,) = refused(booth_orders.book, seen=PRICE - 1, **facts)

    assert code == "price"
    assert sentence == "Booth A12 costs USD\u00a0900.00 now. Read it again, and go on if you agree."
    assert booth_orders.order_of(book(booth, agency, manager, seen=PRICE + 1)).amount == PRICE


def test_whoever_is_second_gets_no_order_either(booth, agency, manager):
    book(booth, agency, manager)
    other = make.agency(kind="private")

    facts = {"booth": booth, "agency": other, "user": make.member(other), "seen": PRICE}
    assert refused(booth_orders.book, **facts)[0] == "taken"
    assert refused(booth_orders.book, booth=booth, agency=agency, user=manager, seen=PRICE)[0] in {"yours", "limit"}
    assert states() == (["held"], ["open"])


def test_nobody_takes_a_booth_that_costs_something_without_an_order(booth, agency, manager, offer):
    assert refused(allocation.book, booth=booth, agency=agency, user=manager) == (
        "payable",
        ["Booth A12 costs something: it is yours once its order is paid."],
    )
    assert refused(offering.accept, booking=offer, user=make.member(offer.agency))[0] == "payable"


def test_a_stranger_orders_nothing(booth, agency, offer):
    stranger = make.member(make.agency())

    assert refused(booth_orders.book, booth=booth, agency=agency, user=stranger, seen=PRICE)[0] == "forbidden"
    assert refused(booth_orders.accept, booking=offer, user=stranger, seen=PRICE)[0] == "forbidden"
    assert not Order.objects.exists()


def test_an_organiser_places_an_agency_and_nothing_is_ordered_or_confirmed_by_itself(booth, agency, organiser):
    booking = allocation.book(booth=booth, agency=agency, user=organiser)

    assert (booking.state, booking.awaits_payment) == ("held", False)
    assert states() == (["held"], [])


# Offers


def test_accepting_an_offer_that_costs_something_places_its_order(offer):
    taken = accept(offer)

    order = booth_orders.order_of(taken)
    assert (taken.state, taken.awaits_payment, taken.is_offer) == ("held", True, False)
    assert Booking.objects.get().held_until == order.held_until
    assert (order.amount, order.bill_to_agency) == (PRICE, offer.agency.name_en)

    payments.pay(order)
    assert states() == (["confirmed"], ["paid"])


def test_accepting_once_more_changes_nothing(offer):
    member = make.member(offer.agency)
    first = booth_orders.order_of(accept(offer, member))
    again = booth_orders.order_of(accept(offer, member))

    assert again == first
    assert states() == (["held"], ["open"])

    payments.pay(first)
    assert accept(offer, member).is_confirmed
    assert states() == (["confirmed"], ["paid"])


def test_once_more_after_the_price_rose_changes_nothing_either(offer):
    member = make.member(offer.agency)
    accept(offer, member)
    Price.objects.update(amount=F("amount") * 2)

    assert booth_orders.order_of(accept(offer, member)).amount == PRICE
    assert states() == (["held"], ["open"])


def test_what_is_offered_is_ordered_where_it_is_offered_now(offer, zone, organiser):
    member = make.member(offer.agency)
    larger = make.booth(zone, "B01", width=600)
    allocation.move(booking=Booking.objects.get(), booth=larger, user=organiser, reason="x")

    assert refused(booth_orders.accept, booking=offer, user=member, seen=PRICE)[0] == "price"
    order = booth_orders.order_of(accept(offer, member, seen=2 * PRICE))
    assert lines(order) == [("Booth B01", 2 * PRICE)]


def test_an_offer_that_is_over_or_dearer_than_read_is_not_accepted(offer):
    member = make.member(offer.agency)
    assert refused(booth_orders.accept, booking=offer, user=member, seen=PRICE - 1)[0] == "price"

    Booking.objects.update(held_until=timezone.now())
    assert refused(booth_orders.accept, booking=offer, user=member, seen=PRICE)[0] == "over"
    assert not Order.objects.exists()


def test_an_offer_that_is_free_of_charge_is_confirmed_at_once(offer):
    Price.objects.all().delete()

    assert accept(offer, seen=0).is_confirmed
    assert states() == (["confirmed"], [])


def test_what_is_accepted_and_not_paid_goes_to_who_waits(edition, offer):
    waiting = proposals.accepted(edition, "Ministry of Patience", wishes=[offer.booth])
    waiting.state = "waitlisted"
    waiting.save()
    edition.booths.exclude(pk=offer.booth_id).update(is_published=False)

    payments.let_time_run_out(booth_orders.order_of(accept(offer)))
    offering.promote()

    assert [(row.agency.name_en, row.state) for row in Booking.objects.order_by("pk").select_related("agency")] == [
        ("Ministry of Examples", "lapsed"),
        ("Ministry of Patience", "held"),
    ]


# Paying, by money or letter, in time or not


def test_a_letter_makes_the_booth_firm(booth, agency, manager):
    booking = book(booth, agency, manager)

    ordering.accept_letter(order=booth_orders.order_of(booking), letter="No. 5")

    assert states() == (["confirmed"], ["open"])


def test_late_money_takes_the_booth_where_it_is_free_and_waits_for_a_decision_where_not(booth, agency, manager):
    order = booth_orders.order_of(book(booth, agency, manager))
    payments.let_time_run_out(order)
    assert states() == (["lapsed"], ["lapsed"])
    payments.pay(order)
    assert states() == (["confirmed"], ["paid"])

    other = make.booth(booth.zone, "A13")
    rival, second = make.agency(kind="private"), make.agency(kind="private")
    late = booth_orders.order_of(book(other, rival, make.member(rival)))
    payments.let_time_run_out(late)
    book(other, second, make.member(second))
    payments.pay(late)
    late.refresh_from_db()
    assert late.state == "decision"


def test_a_booth_confirmed_by_hand_stays_when_its_order_lapses(client, booth, agency, manager, organiser):
    booking = book(booth, agency, manager)
    order = booth_orders.order_of(booking)
    allocation.confirm(booking=booking, user=organiser)
    payments.let_time_run_out(order)

    assert states() == (["confirmed"], ["lapsed"])
    assert order.booths_that_stay == ["A12"]
    letter = Email.objects.get(subject__startswith="The time to pay is over").message
    assert "Booth A12 stays yours, because the organisers have confirmed it" in letter
    page = client.get(reverse("payments:order", args=[order.token])).content.decode()
    assert "Booth A12 stays yours" in page
    assert "went back" not in page

    payments.pay(order)
    assert states() == (["confirmed"], ["paid"])


def test_a_booth_confirmed_by_hand_stays_when_its_order_is_cancelled(booth, agency, manager, organiser):
    booking = book(booth, agency, manager)
    allocation.confirm(booking=booking, user=organiser)
    ordering.cancel(order=booth_orders.order_of(booking))

    assert states() == (["confirmed"], ["cancelled"])


def test_a_booth_that_a_letter_made_firm_goes_back_when_its_order_is_cancelled(booth, agency, manager):
    order = booth_orders.order_of(book(booth, agency, manager))
    ordering.accept_letter(order=order, letter="No. 5")
    ordering.cancel(order=order)

    assert states() == (["released"], ["cancelled"])


# Giving back


@pytest.fixture
def done(django_capture_on_commit_callbacks):
    """Does an act, and what waits until it is certain."""

    def do(act, **facts):
        with django_capture_on_commit_callbacks(execute=True):
            return act(**facts)

    return do


def test_who_gives_a_booth_back_owes_nothing(booth, agency, manager, done):
    booking = book(booth, agency, manager)
    for _time in range(2):
        done(allocation.release, booking=booking, user=manager)

    assert states() == (["released"], ["cancelled"])


def test_nor_does_who_withdraws_the_application_that_was_offered_it(offer, done):
    member = make.member(offer.agency)
    accept(offer, member)

    done(applying.withdraw, application=offer.application, user=member)

    assert states() == (["released"], ["cancelled"])


def test_nor_whose_booth_organisers_release(booth, agency, manager, organiser, done):
    done(allocation.release, booking=book(booth, agency, manager), user=organiser, reason="x")

    assert states() == (["released"], ["cancelled"])


def test_what_was_paid_for_a_booth_given_back_waits_for_a_decision(booth, agency, manager, done):
    booking = book(booth, agency, manager)
    payments.pay(booth_orders.order_of(booking), PRICE // 2)
    done(allocation.release, booking=booking, user=manager)

    assert states() == (["released"], ["decision"])


def test_the_order_of_another_booth_stays(booth, zone, agency, manager, organiser, done):
    other = make.agency(kind="private")
    book(make.booth(zone, "A13", x=300), other, make.member(other))

    done(allocation.release, booking=book(booth, agency, manager), user=organiser, reason="x")

    assert states() == (["held", "released"], ["open", "cancelled"])


def test_a_confirmed_booth_is_not_given_back_by_its_agency(booth, agency, manager):
    booking = book(booth, agency, manager)
    payments.pay(booth_orders.order_of(booking))

    with pytest.raises(ValidationError) as refusal:
        allocation.release(booking=booking, user=manager)
    assert code_of(refusal.value) == "confirmed"
    assert states() == (["confirmed"], ["paid"])


def test_the_clock_ends_the_order_of_a_booth_that_was_released_where_nothing_else_did(booth, agency, manager, organiser):
    allocation.release(booking=book(booth, agency, manager), user=organiser, reason="x")
    exhibition_tasks.release_expired_holds()
    tasks.end_orders()

    assert states() == (["released"], ["cancelled"])


def test_finance_is_asked_for_a_refund_where_a_paid_booth_was_released(booth, agency, manager, organiser):
    booking = book(booth, agency, manager)
    order = booth_orders.order_of(booking)
    payments.pay(order)
    assert not Order.objects.left_with_money()

    allocation.release(booking=booking, user=organiser, reason="x")
    assert list(Order.objects.left_with_money()) == [order]


def test_the_order_goes_along_with_a_booth_that_is_moved(booth, agency, manager, organiser):
    booking = book(booth, agency, manager)
    other = make.booth(booth.zone, "A13", width=600)
    allocation.move(booking=booking, booth=other, user=organiser, reason="x")
    payments.pay(booth_orders.order_of(booking))

    booking.refresh_from_db()
    assert (booking.booth, booking.state, Order.objects.get().state) == (other, "confirmed", "paid")


# Extras


@pytest.fixture
def chair(edition):
    return make.extra(edition, stock=10, name_km="កៅអី", unit_km="គ្រឿង")


def lines(order):
    return [(line.text_en, line.amount) for line in order.lines.all()]


def taken():
    return Extra.objects.get().taken


def test_a_booth_and_its_extras_are_on_one_order(booth, agency, manager, chair):
    order = booth_orders.order_of(book(booth, agency, manager, wanted={chair: 4}))

    assert lines(order) == [("Booth A12", PRICE), ("Chair (piece) × 4", 4_800)]
    assert [line.text_km for line in order.lines.all()] == ["ស្តង់ A12", "កៅអី (គ្រឿង) × ៤"]
    assert (order.amount, taken()) == (PRICE + 4_800, 4)

    payments.pay(order)
    assert (states(), taken()) == ((["confirmed"], ["paid"]), 4)


def test_extras_of_a_booth_that_is_free_of_charge_are_on_an_order_of_their_own(booth, agency, manager, chair):
    Price.objects.all().delete()
    booking = book(booth, agency, manager, seen=0, wanted={chair: 4})

    (order,) = Order.objects.all()
    assert (lines(order), booking.state) == ([("Chair (piece) × 4", 4_800)], "confirmed")

    payments.let_time_run_out(order)
    assert (states(), taken()) == ((["confirmed"], ["lapsed"]), 0)


def test_a_booth_is_not_taken_without_the_extras_that_are_not_there(booth, agency, manager, chair):
    facts = {"booth": booth, "agency": agency, "user": manager, "seen": PRICE}

    assert refused(booth_orders.book, wanted={chair: 11}, **facts)[0] == "stock"
    assert (states(), taken()) == (([], []), 0)


def test_an_offer_is_accepted_with_extras_once(offer, chair):
    member = make.member(offer.agency)
    for _time in range(2):
        accept(offer, member, wanted={chair: 2})

    assert (Order.objects.get().amount, taken()) == (PRICE + 2_400, 2)


def test_more_extras_come_on_another_order(booth, agency, manager, chair):
    booking = book(booth, agency, manager)
    facts = {"booking": booking, "user": manager}
    assert refused(booth_orders.order_extras, wanted={chair: 0}, **facts)[0] == "nothing"
    more = booth_orders.order_extras(wanted={chair: 3}, bill_to_name="Accounts", **facts)

    assert (lines(more), more.bill_to_name, taken()) == ([("Chair (piece) × 3", 3_600)], "Accounts", 3)
    ordering.cancel(order=more)
    assert (states(), taken()) == ((["held"], ["open", "cancelled"]), 0)


def test_late_money_takes_extras_again_where_they_are_still_there(booth, agency, manager, chair):
    order = booth_orders.order_of(book(booth, agency, manager, wanted={chair: 8}))
    payments.let_time_run_out(order)
    assert (states(), taken()) == ((["lapsed"], ["lapsed"]), 0)

    payments.pay(order)
    assert (states(), taken()) == ((["confirmed"], ["paid"]), 8)


def test_late_money_for_extras_that_went_to_others_waits_for_a_decision(booth, agency, manager, chair):
    order = booth_orders.order_of(book(booth, agency, manager, wanted={chair: 8}))
    payments.let_time_run_out(order)
    Extra.objects.update(taken=5)
    payments.pay(order)

    assert (states(), taken()) == ((["lapsed"], ["decision"]), 5)


def test_extras_go_back_with_the_booth(booth, agency, manager, chair, done):
    booking = book(booth, agency, manager, wanted={chair: 2})
    booth_orders.order_extras(booking=booking, wanted={chair: 3}, user=manager)
    done(allocation.release, booking=booking, user=manager)

    assert (states(), taken()) == ((["released"], ["cancelled", "cancelled"]), 0)


def test_the_clock_gives_back_the_extras_of_a_booth_that_lapsed(edition, agency, manager, chair):
    booth = make.booth(make.zone(make.hall(edition)), "B01")
    booth_orders.book(booth=booth, agency=agency, user=manager, wanted={chair: 2})
    Booking.objects.update(held_until=timezone.now())
    exhibition_tasks.release_expired_holds()
    tasks.end_orders()

    assert (states(), taken()) == ((["lapsed"], ["cancelled"]), 0)


def test_paid_extras_of_a_released_booth_ask_finance_for_a_refund(booth, agency, manager, organiser, chair):
    Price.objects.all().delete()
    booking = book(booth, agency, manager, seen=0, wanted={chair: 2})
    payment = payments.pay(Order.objects.get())
    allocation.release(booking=booking, user=organiser, reason="x")
    assert list(Order.objects.left_with_money()) == [Order.objects.get()]
    assert taken() == 2

    refunding.refund(payment=payment, amount=2_400, reason="x", reference="R1")
    assert (states(), taken()) == ((["released"], ["cancelled"]), 0)


# Packages


@pytest.fixture
def gold(edition, zone):
    return make.package(edition, name_km="មាស", stock=1, zone=zone, passes=10, has_logo=True)


def test_a_package_is_one_line_and_what_is_owed_is_written_down(gold, agency, manager):
    order = booth_orders.sponsor(package=gold, agency=agency, user=manager, bill_to_name="Accounts")

    assert (lines(order), order.bill_to_name, order.email) == ([("Gold", 1_000_000)], "Accounts", "manager@example.org")
    sponsorship = agency.sponsorships.get()
    owed = sponsorship.entitlements.values_list("kind", "quantity", "done_at")
    assert list(owed) == [("booth", 1, None), ("passes", 10, None), ("logo", 1, None)]
    assert (sponsorship.state, Package.objects.get().taken) == ("held", 1)

    payments.pay(order)
    assert (agency.sponsorships.get().state, Order.objects.get().state) == ("firm", "paid")
    assert list(Order.objects.for_booths_of(agency)) == [order]


def test_a_package_goes_back_when_its_order_lapses_and_late_money_takes_it_where_it_is_left(gold, agency, manager):
    order = booth_orders.sponsor(package=gold, agency=agency, user=manager)
    payments.let_time_run_out(order)
    assert (agency.sponsorships.get().state, Package.objects.get().taken) == ("ended", 0)

    payments.pay(order)
    assert (agency.sponsorships.get().state, Package.objects.get().taken) == ("firm", 1)


def test_late_money_for_a_package_that_went_to_another_waits_for_a_decision(gold, agency, manager):
    order = booth_orders.sponsor(package=gold, agency=agency, user=manager)
    payments.let_time_run_out(order)
    other = make.agency()
    booth_orders.sponsor(package=gold, agency=other, user=make.member(other))
    payments.pay(order)

    order.refresh_from_db()
    assert (order.state, agency.sponsorships.get().state, other.sponsorships.get().state) == ("decision", "ended", "held")


def test_a_letter_makes_a_package_firm_and_a_cancelled_order_gives_it_back(gold, agency, manager):
    order = booth_orders.sponsor(package=gold, agency=agency, user=manager)
    ordering.accept_letter(order=order, letter="No. 5")
    assert agency.sponsorships.get().state == "firm"

    ordering.cancel(order=order)
    assert (agency.sponsorships.get().state, Package.objects.get().taken) == ("ended", 0)
