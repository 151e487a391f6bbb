"""A mail server that is down delays mail and loses none; staff see what waits and send again what was given up."""

import dataclasses
import datetime

import pytest
from django.core import mail as sent
from django.core.mail.backends import locmem
from django.utils import timezone
from post_office.models import STATUS, Email
from wagtail.models import ModelLogEntry

from cms import channels, delivering, mail
from cms.models import Message
from tests.factories import accounts

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/mail/"
QUERIES = 13
SECRET = "https://forum.example.org/en/registration/secret-link/"


def write(to="sok.dara@example.org"):
    context = {"link": SECRET, "registration": None, "edition": None}
    return mail.queue(template="cms/mail/base", context=context, to=[to], language="en")


@pytest.fixture
def staff(client):
    user = accounts.user("wagtailadmin.access_admin", "post_office.view_email", "post_office.change_email")
    client.force_login(user)
    return user


@pytest.fixture
def down(monkeypatch):
    """The mail server answers nobody until it is let."""

    def refuse(*args):
        raise ConnectionRefusedError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", refuse)
        yield patch


def try_again():
    """The time of the next try has come."""
    Email.objects.filter(status=STATUS.requeued).update(scheduled_time=timezone.now() - datetime.timedelta(seconds=1))
    delivering.send_some()


def shown(client) -> str:
    return client.get(ADDRESS).content.decode()


def test_mail_waits_for_a_server_that_is_down_and_goes_out_once_it_is_back(client, staff, down):
    letter = write()
    for _time in range(20):
        try_again()

    page = shown(client)
    assert all(words in page for words in ("sok.dara@example.org", "Waiting for the next try", "nobody there"))
    assert SECRET not in page
    down.undo()
    try_again()
    try_again()

    assert [message.extra_headers["Message-ID"] for message in sent.outbox] == [letter.message_id]
    assert "All mail has gone out." in shown(client)


def test_it_is_tried_for_three_days(settings):
    tries = settings.POST_OFFICE["MAX_RETRIES"] * settings.POST_OFFICE["RETRY_INTERVAL"]

    assert tries == datetime.timedelta(days=3)


def test_what_was_given_up_is_sent_again_by_a_button_and_what_was_sent_is_not(client, staff):
    write("gone@example.org")
    delivering.send_some()
    write()
    Email.objects.filter(status=STATUS.queued).update(status=STATUS.failed, number_of_retries=288)
    assert "Given up" in shown(client)

    answer = client.post(f"{ADDRESS}again/")
    delivering.send_some()

    assert answer.status_code == 302
    assert [message.to for message in sent.outbox] == [["gone@example.org"], ["sok.dara@example.org"]]
    entry = ModelLogEntry.objects.get(action="cms.send_again")
    assert (entry.user, entry.data["number"]) == (staff, 1)


def test_each_letter_has_a_number_of_its_own():
    assert len({write().message_id for _time in range(3)}) == 3


def test_who_may_only_read_sees_no_button(client):
    client.force_login(accounts.user("wagtailadmin.access_admin", "post_office.view_email"))
    write()
    Email.objects.update(status=STATUS.failed)

    assert f"{ADDRESS}again/" not in shown(client)
    assert client.post(f"{ADDRESS}again/").status_code in (302, 403)
    assert Email.objects.get().status == STATUS.failed


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_as_often_for_three_letters_as_for_one(
    client, staff, number, django_assert_max_num_queries
):
    for place in range(number):
        write(f"person{place}@example.org")
    client.get(ADDRESS)

    with django_assert_max_num_queries(14):
        client.get(ADDRESS)


@pytest.fixture
def gateway(settings, monkeypatch):
    """A gateway for short messages that is down."""
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "https://sms.example.org", "key"

    def refuse(message):
        raise channels.Refused("403 no such sender")

    monkeypatch.setitem(channels.CHANNELS, "sms", dataclasses.replace(channels.CHANNELS["sms"], send=refuse))


def test_short_messages_that_did_not_go_out_stand_there_without_their_text_and_are_tried_again(client, staff, gateway):
    assert "Short messages" not in shown(client)
    gone, given_up, waiting = (channels.queue(channel="sms", to=f"+8551234567{n}", text=SECRET) for n in range(3))
    Message.objects.filter(pk=gone.pk).update(state="sent")
    Message.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + datetime.timedelta(hours=1))
    channels.send_due()

    page = shown(client)
    assert all(words in page for words in ("+85512345671", "+85512345672", "403 no such sender", "Given up"))
    assert "+85512345670" not in page
    assert "secret-link" not in page

    client.post(f"{ADDRESS}again/")

    assert list(Message.objects.order_by("pk").values_list("state", "key")) == [
        ("sent", gone.key), ("waiting", given_up.key), ("waiting", waiting.key),
    ]  # fmt: skip


def test_short_messages_cost_one_page_the_same_queries(client, staff, gateway, django_assert_num_queries):
    shown(client)
    for number in (1, 3):
        while Message.objects.count() < number:
            channels.queue(channel="sms", to="+85512345670", text="x")
        with django_assert_num_queries(QUERIES):
            shown(client)
