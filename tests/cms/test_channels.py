"""Short messages: absent without keys, out at least once with one key, ended when the provider says no."""

import pytest
from django.utils import timezone
from post_office.models import Email

from cms import channels
from cms.models import Message
from tests.fake_messengers import FakeMessengers

pytestmark = pytest.mark.django_db


@pytest.fixture
def providers(settings):
    made = FakeMessengers()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = f"{made.base}/sms", "a key"
    settings.TELEGRAM_API_BASE, settings.TELEGRAM_BOT_TOKEN = made.base, "12:token"
    yield made
    made.stop()


def sms(text="សួស្តី"):
    return channels.queue(channel="sms", to="012 345 678", text=text)


def soon():
    Message.objects.update(due_at=timezone.now())


def test_channels_without_keys_are_absent():
    assert sms() is None
    assert channels.queue(channel="telegram", to="1234", text="Hello") is None
    assert [name for name, channel in channels.CHANNELS.items() if channel.is_on()] == ["mail"]


def test_an_sms_goes_out_once_as_the_gateway_takes_it(providers):
    message = sms()

    channels.send_due()
    channels.send_due()

    ((path, headers, body),) = providers.taken
    assert path == "/sms"
    assert body == {"to": "+85512345678", "from": "Vetika", "text": "សួស្តី", "reference": str(message.key)}
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer a key", str(message.key))
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("sent", "sms-1")


@pytest.mark.parametrize("answer", [0, 429, 500])
def test_what_got_no_answer_goes_out_again_with_the_same_key(providers, answer):
    message = sms()

    providers.answers = [answer]
    channels.send_due()
    message.refresh_from_db()
    assert (message.state, message.tries, message.due_at > timezone.now()) == ("waiting", 1, True)
    soon()
    channels.send_due()

    assert [headers["Idempotency-Key"] for _path, headers, _body in providers.taken] == [str(message.key)] * 2
    message.refresh_from_db()
    assert message.state == "sent"


def test_what_the_provider_refuses_has_failed_with_its_words(providers):
    message = sms()

    providers.answers = [400]
    channels.send_due()
    soon()
    channels.send_due()

    message.refresh_from_db()
    assert (len(providers.taken), message.state) == (1, "failed")
    assert "no such number" in message.reason


def test_one_that_fails_ever_again_is_given_up_and_holds_up_no_other(providers, monkeypatch):
    monkeypatch.setattr(channels, "MOST_TRIES", 2)
    first, second = sms("one"), sms("two")
    providers.answers = [500, 200, 500]

    channels.send_due()
    soon()
    channels.send_due()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.tries, second.state) == ("failed", 2, "sent")


def test_telegram_takes_the_number_of_a_chat(providers):
    message = channels.queue(channel="telegram", to=" -1234 ", text="Hello")

    channels.send_due()

    assert [(path, body) for path, _headers, body in providers.taken] == [
        ("/bot12:token/sendMessage", {"chat_id": "-1234", "text": "Hello"})
    ]
    message.refresh_from_db()
    assert (message.state, message.provider_id) == ("sent", "1")


def test_mail_is_a_channel_like_the_others():
    channels.queue(channel="mail", to="a@example.org", subject="News", text="Hello")

    channels.send_due()

    email = Email.objects.get()
    assert (email.to, email.subject, email.message.startswith("Hello")) == (["a@example.org"], "News", True)
    assert Message.objects.get().provider_id == email.message_id


@pytest.mark.parametrize(("channel", "typed", "written"), [
    ("sms", "012 345 678", "+85512345678"), ("sms", "+33 6 12 34 56 78", "+33612345678"), ("sms", "12", ""),
    ("sms", "no", ""), ("mail", " a@example.org ", "a@example.org"), ("mail", "a@", ""), ("telegram", "@name", ""),
    ("telegram", "77", "77"),
])  # fmt: skip
def test_each_channel_knows_its_addresses(channel, typed, written):
    assert channels.CHANNELS[channel].written(typed) == written


def test_a_channel_that_went_away_keeps_what_waits(providers, settings):
    message = sms()
    settings.SMS_GATEWAY_KEY = ""

    channels.send_due()

    message.refresh_from_db()
    assert (message.state, providers.taken) == ("waiting", [])
