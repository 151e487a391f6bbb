"""Servers that are killed at the worst moment: nothing is lost, nothing is done twice, the mail still goes out."""

import os
import signal
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from post_office.models import STATUS, Email

from cms import delivering
from forum.payments import cards, settlement
from forum.payments.models import Checkout, Order, Payment
from forum.registration.models import Registration
from tests.factories import payments as make
from tests.payments import fake_stripe

DIED = "died without a word"


@pytest.fixture
def stripe():
    with fake_stripe.running() as fake:
        yield fake


def use(base):
    """In this process, which ends with the race."""
    configuration = cards.card_client.settings
    configuration.STRIPE_SECRET_KEY, configuration.STRIPE_WEBHOOK_SECRET = fake_stripe.SECRET_KEY, fake_stripe.WEBHOOK_SECRET
    configuration.STRIPE_API_BASE = base


def open_page(base):
    use(base)
    session_id = cards.checkout(make.order()).session_id
    Email.objects.all().delete()
    return session_id


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def hear_and_die(base, number, moment):
    """A server that hears of a payment and is killed as soon as it is written, or while it is being written."""
    use(base)
    settle, tell = settlement.settle, settlement.ordering.emails.tell

    def settle_and_die(**facts):
        settle(**facts)
        die()

    def tell_and_die(order):
        tell(order)
        die()

    if moment == "after":
        settlement.settle = settle_and_die
    else:
        settlement.ordering.emails.tell = tell_and_die
    cards.hear("checkout.session.completed", {"id": number})


def sweep(base):
    """A worker's one round after the start; the numbers of the letters that it sent."""
    use(base)
    mail.outbox = []
    call_command("sweep", once=True)
    while delivering.send_some():
        pass
    delivering.send_some()
    return sorted((letter.subject.split(":")[0], letter.extra_headers["Message-ID"]) for letter in mail.outbox)


def send_and_die(folder):
    """A worker that is killed when the letters are at the mail server and before it has written so."""
    deliver = locmem.EmailBackend.send_messages

    def deliver_and_die(backend, letters):
        deliver(backend, letters)
        with Path(folder, "sent").open("a") as file:  # two threads may be here at once
            file.writelines(f"{letter.extra_headers['Message-ID']}\n" for letter in letters)
        die()

    locmem.EmailBackend.send_messages = deliver_and_die
    delivering.send_some()


def states():
    return [
        Order.objects.get().state,
        Registration.objects.get().state,
        Payment.objects.count(),
        Checkout.objects.get().is_open,
        Email.objects.filter(status=STATUS.queued).count(),
        Email.objects.filter(status=STATUS.sent).count(),
    ]


def test_killed_between_payment_and_mail_the_mail_goes_out_after_the_start(race, stripe):
    number = race.prepare(open_page, base=stripe.base)
    stripe.pay(number)

    with pytest.raises(AssertionError, match=DIED):
        race.prepare(hear_and_die, base=stripe.base, number=number, moment="after")
    assert race.inspect(states) == ["paid", "confirmed", 1, True, 2, 0]
    sent = race.prepare(sweep, base=stripe.base)
    again = race.prepare(sweep, base=stripe.base)

    assert ([kind for kind, _number in sent], again) == (["Paid", "Your registration"], [])
    assert race.inspect(states) == ["paid", "confirmed", 1, False, 0, 2]


def test_killed_while_a_payment_is_written_nothing_half_is_left_and_the_sweep_asks(race, stripe):
    number = race.prepare(open_page, base=stripe.base)
    stripe.pay(number)

    with pytest.raises(AssertionError, match=DIED):
        race.prepare(hear_and_die, base=stripe.base, number=number, moment="while")
    assert race.inspect(states) == ["open", "held", 0, True, 0, 0]
    sent = race.prepare(sweep, base=stripe.base)

    assert [kind for kind, _number in sent] == ["Paid", "Your registration"]
    assert race.inspect(states) == ["paid", "confirmed", 1, False, 0, 2]


def test_a_payment_of_which_nobody_was_there_to_hear_is_found_by_the_sweep(race, stripe):
    number = race.prepare(open_page, base=stripe.base)
    stripe.pay(number)

    race.prepare(sweep, base=stripe.base)

    assert race.inspect(states) == ["paid", "confirmed", 1, False, 0, 2]


def test_killed_between_sending_and_writing_so_a_letter_goes_out_again_under_its_number(race, stripe, tmp_path):
    number = race.prepare(open_page, base=stripe.base)
    stripe.pay(number)
    with pytest.raises(AssertionError, match=DIED):
        race.prepare(hear_and_die, base=stripe.base, number=number, moment="after")

    with pytest.raises(AssertionError, match=DIED):
        race.prepare(send_and_die, folder=str(tmp_path))
    first = (tmp_path / "sent").read_text().split()
    sent = race.prepare(sweep, base=stripe.base)

    assert first and set(first) <= {number for _kind, number in sent}  # the reader's program shows it once
    assert race.inspect(states)[-2:] == [0, 2]
