"""Cards, by Stripe's own package over real HTTP to a stand-in of ours."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from forum.payments import cards, refunding
from forum.payments.models import Checkout, Order, Payment, Refund
from forum.registration.models import Quota, Registration
from tests.factories import payments as make
from tests.factories import registration as people
from tests.payments import fake_stripe

pytestmark = pytest.mark.django_db
WEBHOOK = "/payments/stripe/"


@pytest.fixture
def stripe(settings):
    with fake_stripe.running() as fake:
        settings.STRIPE_SECRET_KEY = fake_stripe.SECRET_KEY
        settings.STRIPE_WEBHOOK_SECRET = fake_stripe.WEBHOOK_SECRET
        settings.STRIPE_API_BASE = fake.base
        yield fake


def page(order, name="order"):
    return reverse(f"payments:{name}", args=[order.token])


def go_to_card_page(client, order) -> str:
    """The provider's number of the page."""
    return client.post(page(order, "card"))["Location"].rpartition("/")[2]


def tell(client, number, kind="checkout.session.completed", about=None, **signed):
    body = fake_stripe.message(kind, about or {"id": number})
    headers = {"Stripe-Signature": fake_stripe.signature(body, **signed)}
    return client.post(WEBHOOK, body, content_type="application/json", headers=headers)


def states():
    return (Order.objects.get().state, Registration.objects.get().state, Payment.objects.count())


def test_who_pays_by_card_has_the_place_when_the_message_comes(client, stripe):
    order = make.order()
    number = go_to_card_page(client, order)
    stripe.pay(number)
    assert states() == ("open", "held", 0)
    assert "Awaiting payment" in client.get(page(order)).content.decode()

    assert tell(client, number).status_code == 200

    assert states() == ("paid", "confirmed", 1)
    payment = Payment.objects.get()
    assert (payment.amount, payment.currency, payment.external_id) == (5_000, "USD", f"pi_{number}")
    assert not Checkout.objects.get().is_open


def test_the_form_may_lead_to_the_provider_and_other_pages_may_not(client, stripe):
    order = make.order()

    assert (
        f"form-action 'self' https://checkout.stripe.com {stripe.base};"
        in client.get(page(order)).headers["Content-Security-Policy"] + ";"
    )
    assert "stripe" not in client.get(reverse("editions")).headers["Content-Security-Policy"]


def test_the_return_page_only_reads(client, stripe):
    order = make.order()
    stripe.pay(go_to_card_page(client, order))
    asked = len(stripe.asked)

    client.get(page(order))

    assert (len(stripe.asked), states()) == (asked, ("open", "held", 0))


def test_two_clicks_open_one_page(client, stripe):
    order = make.order()

    assert go_to_card_page(client, order) == go_to_card_page(client, order)
    assert len(stripe.sessions) == 1


def test_the_same_message_any_number_of_times_and_the_sweep_write_once(client, stripe):
    order = make.order()
    number = go_to_card_page(client, order)
    stripe.pay(number)
    Email.objects.all().delete()

    for _time in range(3):
        tell(client, number)
        call_command("reconcile_payments", verbosity=0, stdout=Quiet())
    tell(client, number, kind="checkout.session.async_payment_succeeded")

    assert states() == ("paid", "confirmed", 1)
    assert Email.objects.filter(subject__startswith="Paid").count() == 1


class Quiet:
    def write(self, words):
        pass

    def flush(self):
        pass


def test_a_declined_card_and_a_closed_tab_leave_the_order_open(client, stripe):
    order = make.order()
    number = go_to_card_page(client, order)

    tell(client, number, kind="payment_intent.payment_failed")
    cards.reconcile()
    assert (states(), Checkout.objects.get().is_open) == (("open", "held", 0), True)
    stripe.expire(number)
    tell(client, number, kind="checkout.session.expired")

    assert (states(), Checkout.objects.get().is_open) == (("open", "held", 0), False)
    assert go_to_card_page(client, order) != number


@pytest.mark.parametrize("signed", [{"secret": "whsec_other"}, {"at": 1}, {"at": int(time.time()) - 3600}])
def test_wrong_signatures_and_old_messages_are_refused(client, stripe, signed):
    number = go_to_card_page(client, make.order())
    stripe.pay(number)

    assert tell(client, number, **signed).status_code == 400
    assert states() == ("open", "held", 0)


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=abc", "t=x,v1=y", "t=1,v1=é", "ខ្មែរ".encode().decode("latin-1"), "t=9e9,v1="]
)
def test_signatures_that_are_none_are_refused(client, stripe, header):
    body = fake_stripe.message("checkout.session.completed", {"id": "cs_test_1"})

    answer = client.post(WEBHOOK, body, content_type="application/json", headers={"Stripe-Signature": header})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff\xfe", b'{"type": "x"}', b'{"type": "x", "data": {"object": 1}}', b"null"]
)
def test_signed_bodies_that_are_no_messages_are_refused(client, stripe, body):
    signed = f"t={int(time.time())},v1=0" if body == b"\xff\xfe" else fake_stripe.signature(body)

    answer = client.post(WEBHOOK, body, content_type="application/json", headers={"Stripe-Signature": signed})

    assert answer.status_code == 400


def test_messages_that_concern_nothing_of_ours_are_taken_and_change_nothing(client, stripe):
    make.order()
    assert tell(client, "x", kind="customer.created").status_code == 200
    assert tell(client, "x", kind="refund.created", about={"payment_intent": "pi_other"}).status_code == 200
    assert states() == ("open", "held", 0)


def test_a_message_is_only_a_hint_the_amount_is_what_the_provider_says_when_asked(client, stripe):
    number = go_to_card_page(client, make.order())
    stripe.pay(number, amount=4_000)

    tell(client, number, about={"id": number, "amount_total": 5_000, "payment_status": "paid"})

    assert (states(), Payment.objects.get().amount) == (("open", "held", 1), 4_000)


def test_money_that_comes_after_the_time_takes_a_free_place_or_waits(client, stripe):
    delegate = make.priced(size=1)
    order = make.order(delegate)
    number = go_to_card_page(client, order)
    make.let_time_run_out(order)
    people.registration(type(delegate).objects.get())
    stripe.pay(number)

    assert tell(client, number).status_code == 200

    assert (Order.objects.get().state, Quota.objects.get().taken, Payment.objects.count()) == ("decision", 1, 1)


def test_a_message_while_the_provider_is_down_is_remembered_and_the_sweep_asks(client, stripe):
    number = go_to_card_page(client, make.order())
    stripe.pay(number)
    stripe.is_down = True

    assert tell(client, number).status_code == 200
    assert tell(client, "cs_of_nobody").status_code == 503
    with pytest.raises(CommandError):
        call_command("reconcile_payments", verbosity=0, stdout=Quiet())
    stripe.is_down = False
    call_command("reconcile_payments", verbosity=0, stdout=Quiet())

    assert states() == ("paid", "confirmed", 1)


def test_a_page_whose_row_was_never_written_is_found_by_its_message(client, stripe):
    number = go_to_card_page(client, make.order())
    Checkout.objects.all().delete()
    stripe.pay(number)

    tell(client, number)

    assert states() == ("paid", "confirmed", 1)


def test_who_cannot_be_led_to_the_provider_is_told_and_keeps_the_order(client, stripe):
    order = make.order()
    stripe.is_down = True

    answer = client.post(page(order, "card"))

    assert answer.status_code == 503
    assert "The card page cannot be reached now." in answer.content.decode()
    assert states() == ("open", "held", 0)


def test_nothing_opens_for_what_is_paid(client, stripe):
    order = make.order()
    make.pay(order)

    assert client.post(page(order, "card"))["Location"] == page(order)
    assert stripe.sessions == {}


def test_without_keys_there_is_no_card(client):
    order = make.order()

    assert client.post(page(order, "card")).status_code == 404
    assert client.post(WEBHOOK, b"{}", content_type="application/json").status_code == 400
    with pytest.raises(CommandError):
        call_command("reconcile_payments")


def paid_by_card(client, stripe) -> Payment:
    number = go_to_card_page(client, make.order())
    stripe.pay(number)
    tell(client, number)
    return Payment.objects.get()


def back(payment, amount):
    return refunding.refund(payment=payment, amount=amount, reason="They cannot come")


def test_a_part_and_then_the_rest_go_back_through_the_provider(client, stripe):
    payment = paid_by_card(client, stripe)

    back(payment, 2_000)
    assert states() == ("paid", "confirmed", 1)
    back(payment, 3_000)

    assert states() == ("cancelled", "withdrawn", 1)
    assert [(row.amount, row.state) for row in Refund.objects.order_by("pk")] == [(2_000, "done"), (3_000, "done")]
    (session,) = stripe.sessions.values()
    assert [row["amount"] for row in session["refunds"]] == [2_000, 3_000]


def test_a_refund_that_got_no_answer_is_asked_for_again_and_sent_once(client, stripe):
    payment = paid_by_card(client, stripe)
    stripe.is_down = True
    with pytest.raises(cards.card_client.Unreachable):
        back(payment, 2_000)
    assert (Refund.objects.get().state, payment.left) == ("asked", 3_000)
    stripe.is_down = False

    cards.reconcile()
    cards.reconcile()

    assert Refund.objects.get().state == "done"
    (session,) = stripe.sessions.values()
    assert [row["amount"] for row in session["refunds"]] == [2_000]


def test_a_refund_whose_answer_was_lost_is_known_again_when_the_provider_tells_of_it(client, stripe):
    payment = paid_by_card(client, stripe)
    row = back(payment, 2_000)
    Refund.objects.update(state="asked", external_id="")

    tell(client, "", kind="refund.created", about={"id": "re_9", "payment_intent": payment.external_id})

    assert [(known.code, known.state) for known in Refund.objects.all()] == [(row.code, "done")]


def test_a_refund_made_at_the_provider_is_written_down_once(client, stripe):
    payment = paid_by_card(client, stripe)
    stripe.refund(payment.reference, 5_000)

    for _time in range(2):
        tell(client, "", kind="charge.refunded", about={"id": "ch_1", "payment_intent": payment.external_id})

    assert (states(), Refund.objects.get().amount) == (("cancelled", "withdrawn", 1), 5_000)


def test_a_refund_that_fails_at_the_bank_leaves_the_money_and_a_decision(client, stripe):
    payment = paid_by_card(client, stripe)
    stripe.refund_status = "pending"
    back(payment, 5_000)
    assert states() == ("cancelled", "withdrawn", 1)
    (session,) = stripe.sessions.values()
    session["refunds"][0]["status"] = "failed"

    tell(client, "", kind="refund.failed", about={"id": "re_1", "payment_intent": payment.external_id})

    assert (states(), Refund.objects.get().state, payment.left) == (("decision", "withdrawn", 1), "failed", 5_000)


def hear(base, number):
    """What each of eight servers does with the same message."""
    cards.card_client.settings.STRIPE_SECRET_KEY = fake_stripe.SECRET_KEY
    cards.card_client.settings.STRIPE_WEBHOOK_SECRET = fake_stripe.WEBHOOK_SECRET
    cards.card_client.settings.STRIPE_API_BASE = base
    cards.hear("checkout.session.completed", {"id": number})


def open_page(base):
    cards.card_client.settings.STRIPE_SECRET_KEY = fake_stripe.SECRET_KEY
    cards.card_client.settings.STRIPE_API_BASE = base
    return cards.checkout(make.order()).session_id


def count_all():
    return [*states(), Email.objects.filter(subject__startswith="Paid").count()]


def test_the_same_message_at_eight_servers_at_once_is_written_once(race, stripe):
    number = race.prepare(open_page, base=stripe.base)
    stripe.pay(number)

    race(hear, [{"base": stripe.base, "number": number}] * 8)

    assert race.inspect(count_all) == ["paid", "confirmed", 1, 1]


def test_riel_are_counted_as_the_provider_counts_them(client, stripe):
    order = make.order(make.priced(price=200_000, currency="KHR"))
    number = go_to_card_page(client, order)
    assert stripe.sessions[number]["amount_total"] == 20_000_000
    stripe.pay(number)

    tell(client, number)

    assert (states(), Payment.objects.get().amount) == (("paid", "confirmed", 1), 200_000)


def test_a_page_lives_as_long_as_the_place_within_what_the_provider_allows(client, stripe):
    order = make.order()
    go_to_card_page(client, order)

    left = Checkout.objects.get().expires_at - timezone.now()
    assert 23 * 3600 < left.total_seconds() < 24 * 3600
