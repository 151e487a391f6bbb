"""KHQR by Bakong's word, over real HTTP to a stand-in of ours."""

import datetime
import json

import pytest
from django.conf import settings as configuration
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from forum.payments import bakong, bakong_client, ordering, settlement, statements, tasks
from forum.payments.models import KhqrCode, Order, Payment, StatementFormat, StatementLine
from forum.registration.models import Quota, Registration
from tests.factories import payments as make
from tests.factories import registration as people
from tests.payments import fake_bakong

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings):
    with fake_bakong.running() as running:
        settings.BAKONG_TOKEN, settings.BAKONG_API_BASE = fake_bakong.TOKEN, running.base
        yield running


def ordered(**fields) -> Order:
    order = make.order(make.priced(**fields))
    make.terms(order.edition)
    return order


def page(order, name="order"):
    return reverse(f"payments:{name}", args=[order.token])


def transfer(hash="abcdefghi", amount=b"50", currency="USD") -> bytes:
    facts = json.dumps({"hash": hash, "currency": currency, "toAccountId": "forum@exmp"})[:-1].encode()
    return b'{"responseCode": 0, "data": ' + facts + b', "amount": ' + amount + b"}}"


def shown(client, order) -> KhqrCode:
    """The code that stands on the order's page."""
    client.get(page(order))
    return order.khqr_codes.first()


def states():
    return (Order.objects.get().state, Registration.objects.get().state, Payment.objects.count())


def wait():
    """Long enough for every code to be asked about again."""
    KhqrCode.objects.update(ask_at=timezone.now())


def test_who_pays_by_khqr_has_the_place_when_the_clock_asks(client, fake):
    order = ordered()
    code = shown(client, order)
    hash = fake.pay(code)
    Email.objects.all().delete()

    tasks.ask_bakong()

    assert states() == ("paid", "confirmed", 1)
    payment = Payment.objects.get()
    assert (payment.method, payment.amount, payment.currency) == ("khqr", 5_000, "USD")
    assert (payment.provider, payment.external_id) == ("bakong", hash)
    assert payment.reference == f"{hash[:8]} sok_dara@exmp"
    assert fake.asked == [("POST", "/v1/check_transaction_by_md5", json.dumps({"md5": code.md5}))]
    assert Email.objects.filter(subject__startswith="Paid").count() == 1


def test_who_says_that_they_have_paid_need_not_wait_for_the_clock(client, fake):
    order = ordered()
    code = shown(client, order)

    early = client.post(page(order, "khqr"))
    fake.pay(code)
    answer = client.post(page(order, "khqr"))

    assert (early.status_code, "Bakong does not tell of your payment yet" in early.content.decode()) == (200, True)
    assert (answer.status_code, answer["Location"], states()) == (302, page(order), ("paid", "confirmed", 1))


def test_the_button_asks_six_times_a_minute_and_no_more(client, fake):
    order = ordered()
    shown(client, order)

    answers = [client.post(page(order, "khqr")).status_code for _time in range(8)]

    assert answers[:6] == [200] * 6
    assert answers[-1] == 429
    assert len(fake.asked) <= 7  # the minute may have turned meanwhile


def test_the_same_code_stands_on_the_page_as_long_as_sum_and_time_are_the_same(client, fake):
    order = ordered()
    first = shown(client, order)
    assert shown(client, order) == first

    make.pay(order, 1_000)
    second = shown(client, order)

    assert [(code.amount, code.is_open) for code in (first, second)] == [(5_000, True), (4_000, True)]
    assert KhqrCode.objects.count() == 2


def test_told_any_number_of_times_it_is_written_once(client, fake):
    order = ordered()
    code = shown(client, order)
    fake.pay(code)

    for _time in range(3):
        transfer = bakong_client.check(code.md5)
        bakong.take_in(code, transfer)
        call_command("reconcile_payments", verbosity=0, stdout=Quiet())

    assert states() == ("paid", "confirmed", 1)


class Quiet:
    def write(self, words):
        pass

    def flush(self):
        pass


def test_a_transfer_to_another_account_is_none_of_ours_and_finance_sees_it(client, fake):
    order = ordered()
    fake.pay(shown(client, order), toAccountId="thief@exmp")

    tasks.ask_bakong()

    assert states() == ("open", "held", 0)
    code = KhqrCode.objects.get()
    assert (code.trouble, code.is_open) == ("Paid to another account: thief@exmp", False)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"amount": 40.0}, ("decision", "held", 1)),
        ({"amount": 40.0, "currency": "KHR"}, ("decision", "held", 1)),
        ({"amount": "50.00"}, ("paid", "confirmed", 1)),
        ({"amount": 60}, ("paid", "confirmed", 1)),  # finance sees what is over
    ],
)
def test_another_amount_than_the_code_named_is_kept_and_waits_for_a_decision(client, fake, facts, expected):
    fake.pay(shown(client, ordered()), **facts)

    tasks.ask_bakong()

    assert states() == expected


def test_who_pays_by_an_older_code_of_the_order_has_paid_a_part(client, fake):
    order = ordered()
    make.pay(order, 1_000)
    code = shown(client, order)
    Order.objects.update(amount=7_000)  # as when a delegation names somebody more
    fake.pay(code)

    tasks.ask_bakong()

    assert states() == ("open", "held", 2)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"null"),
        (200, b"\xff\xfe"),
        (200, b"[" * 100_000),
        (200, b'{"responseCode": 0, "data": null}'),
        (200, b'{"responseCode": 0, "data": {}}'),
        (200, transfer(hash="x y")),
        (200, transfer(amount=b"-50")),
        (200, transfer(amount=b"NaN")),
        (200, transfer(amount=b"1e99")),
        (200, transfer(amount=b"0.001")),
        (200, transfer(currency="THB")),
        (200, b'{"responseCode": 1, "errorCode": 9}'),
        (302, b""),
        (429, b"slowly"),
        (500, b"down"),
        (503, b""),
    ],
)  # fmt: skip
def test_what_has_no_sense_changes_nothing_and_is_asked_again(client, fake, status, body):
    order = ordered()
    code = shown(client, order)
    fake.say(status, body)

    assert client.post(page(order, "khqr")).status_code == 200
    assert states() == ("open", "held", 0)
    assert len(fake.asked) == 1  # no answer leads our token elsewhere
    with pytest.raises(CommandError):
        call_command("reconcile_payments", verbosity=0, stdout=Quiet())
    fake.said = None
    fake.pay(code)
    wait()
    tasks.ask_bakong()

    assert states() == ("paid", "confirmed", 1)


def test_who_does_not_answer_in_time_is_left_and_asked_again(client, fake, monkeypatch):
    order = ordered()
    fake.pay(shown(client, order))
    monkeypatch.setattr(bakong_client, "SECONDS", 0.2)
    fake.seconds = 1

    assert client.post(page(order, "khqr")).status_code == 200
    assert states() == ("open", "held", 0)
    fake.seconds = 0
    wait()
    tasks.ask_bakong()

    assert states() == ("paid", "confirmed", 1)


def test_a_machine_that_is_not_there_changes_nothing(client, fake, settings):
    order = ordered()
    shown(client, order)
    settings.BAKONG_API_BASE = "http://127.0.0.1:9"

    assert client.post(page(order, "khqr")).status_code == 200
    assert bakong.reconcile(everything=True) == (1, 1)
    assert states() == ("open", "held", 0)


@pytest.mark.parametrize("said", [None, (200, b'{"responseCode": 1, "errorCode": 6, "data": null}'), (403, b"")])
def test_a_refused_token_is_said_aloud_and_harms_no_payer(client, fake, settings, said):
    order = ordered()
    fake.pay(shown(client, order))
    settings.BAKONG_TOKEN, fake.said = "of last year", said

    assert client.post(page(order, "khqr")).status_code == 200
    wait()
    with pytest.raises(bakong_client.TokenRefused):  # so that the failed job is counted and somebody woken
        tasks.ask_bakong()
    with pytest.raises(CommandError, match="renew it"):
        call_command("reconcile_payments", verbosity=0, stdout=Quiet())

    assert states() == ("open", "held", 0)
    assert KhqrCode.objects.open().count() == 1


def test_where_nobody_answers_a_round_ends_early(client, fake):
    delegate = make.priced()
    make.terms(delegate.edition)
    for _number in range(5):
        shown(client, make.order(delegate))
    fake.say(500)

    assert bakong.reconcile() == (3, 3)


def test_the_longer_nothing_comes_the_more_seldom_it_is_asked(client, fake):
    code = shown(client, ordered())

    def rest(**age):
        KhqrCode.objects.update(shown_at=timezone.now() - datetime.timedelta(**age))
        code.refresh_from_db()
        bakong.ask(code)
        code.refresh_from_db()
        return round((code.ask_at - code.asked_at).total_seconds() / 60)

    assert [rest(minutes=0), rest(hours=1), rest(days=1), rest(days=5)] == [1, 6, 144, 360]
    tasks.ask_bakong()
    assert len(fake.asked) == 4  # it is not due


def test_a_code_is_asked_about_a_week_after_its_time_and_then_no_more(client, fake):
    order = ordered()
    code = shown(client, order)
    make.let_time_run_out(order)
    KhqrCode.objects.update(expires_at=timezone.now() - datetime.timedelta(days=8))
    code.refresh_from_db()

    bakong.reconcile(everything=True)

    assert (len(fake.asked), KhqrCode.objects.open().count()) == (1, 0)


def test_money_by_a_code_whose_time_is_over_takes_a_free_place_or_waits(client, fake):
    order = ordered(size=1)
    code = shown(client, order)
    make.let_time_run_out(order)
    people.registration(order.lines.get().registration.pass_type)
    fake.pay(code)

    tasks.ask_bakong()

    assert (Order.objects.get().state, Quota.objects.get().taken, Payment.objects.count()) == ("decision", 1, 1)


def test_without_a_token_nothing_is_kept_and_nobody_asked(client):
    order = ordered()

    assert "KHQR" in client.get(page(order)).content.decode()
    assert "I have paid" not in client.get(page(order)).content.decode()
    assert client.post(page(order, "khqr")).status_code == 404
    tasks.ask_bakong()
    assert KhqrCode.objects.count() == 0


def test_nothing_of_the_token_is_in_the_log(client, fake, settings, caplog):
    order = ordered()
    shown(client, order)
    settings.BAKONG_TOKEN = "secret-word"

    client.post(page(order, "khqr"))

    assert "secret-word" not in caplog.text


def statement(order, number="FT1"):
    columns = {"date_column": "Date", "amount_column": "Credit", "text_column": "Details", "number_column": "Ref"}
    format, _made = StatementFormat.objects.get_or_create(name="Example Bank", defaults={"currency": "USD"} | columns)
    content = f"Date,Details,Credit,Ref\n{timezone.localdate():%Y-%m-%d},{order.code},50.00,{number}\n"
    return statements.bring_in(format=format, content=content.encode())


def by_hand(order, method="khqr"):
    facts = {"method": method, "amount": 5_000, "currency": "USD"}
    return settlement.record(order=order, reference="C1", **facts)


def test_the_same_money_told_by_bakong_and_the_bank_is_one_payment(client, fake):
    order = ordered()
    fake.pay(shown(client, order))
    tasks.ask_bakong()

    statement(order)

    assert (states(), StatementLine.objects.get().payment) == (("paid", "confirmed", 1), Payment.objects.get())


def test_the_same_money_told_by_the_bank_and_then_by_bakong_is_one_payment(client, fake):
    order = ordered()
    fake.pay(shown(client, order))
    statement(order)

    tasks.ask_bakong()

    assert (states(), KhqrCode.objects.get().payment) == (("paid", "confirmed", 1), Payment.objects.get())


def test_what_somebody_wrote_down_by_hand_is_known_again_on_the_statement(client):
    order = ordered()
    by_hand(order, method="transfer")

    statement(order)

    assert states() == ("paid", "confirmed", 1)


def test_cash_is_no_transfer_and_two_transfers_are_two(client):
    order = ordered()
    by_hand(order, method="cash")

    statement(order)
    statement(order, number="FT2")

    assert Payment.objects.count() == 3


def test_a_firm_order_has_a_code_with_an_end(client, fake):
    order = ordered()
    ordering.accept_letter(order=order, letter="No. 12")
    order.refresh_from_db()

    assert shown(client, order).expires_at == order.accepted_at + datetime.timedelta(days=365)


def test_no_code_is_shown_whose_time_is_over(client, fake):
    order = ordered()
    Order.objects.update(held_until=timezone.now())

    assert shown(client, order) is None


def open_code():
    order = ordered()
    configuration.BAKONG_TOKEN = fake_bakong.TOKEN
    bakong.show(order, ordering.terms_of(order.edition))
    return order.khqr_codes.get().md5


def ask(base, md5):
    configuration.BAKONG_TOKEN, configuration.BAKONG_API_BASE = fake_bakong.TOKEN, base
    bakong.ask(KhqrCode.objects.select_related("order").get(md5=md5))


def ask_or_read(base, md5, name):
    if name == "ask":
        return ask(base, md5)
    statement(Order.objects.get())


def count_all():
    return [*states(), Email.objects.filter(subject__startswith="Paid").count()]


class Named:
    """As much of a code as the stand-in needs to pay it."""

    amount, currency, account = 5_000, "USD", "forum@exmp"

    def __init__(self, md5):
        self.md5 = md5


def test_asked_eight_times_at_once_it_is_written_once(race, fake):
    md5 = race.prepare(open_code)
    fake.pay(Named(md5))

    race(ask, [{"base": fake.base, "md5": md5}] * 8)

    assert race.inspect(count_all) == ["paid", "confirmed", 1, 1]


def test_bakong_and_the_bank_at_once_are_one_payment(race, fake):
    md5 = race.prepare(open_code)
    fake.pay(Named(md5))

    race(ask_or_read, [{"base": fake.base, "md5": md5, "name": name} for name in ("ask", "read") * 3])

    assert race.inspect(count_all) == ["paid", "confirmed", 1, 1]
