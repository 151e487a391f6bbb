"""Mail against a real mail server: away, back, dying, refusing. Nothing is lost, and staff see how it stands."""

import datetime
import socket

import pytest
from django.core.cache import cache
from django.utils import timezone
from post_office.models import STATUS, Email

from cms import delivering, mail
from tests import fake_smtp
from tests.factories import accounts
from tests.pages import Page, get

pytestmark = [
    pytest.mark.django_db(transaction=False),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # smtplib's socket, when the other side hangs up
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def port(settings, monkeypatch):
    """A port that nobody listens on, which is where mail goes."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        free = taken.getsockname()[1]
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free, 5
    settings.POST_OFFICE = settings.POST_OFFICE | {"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}}
    monkeypatch.setattr(delivering, "REST", 0)
    yield free
    cache.delete(delivering.TROUBLE)


@pytest.fixture
def server(port):
    made = fake_smtp.FakeSMTP(port)
    yield made
    made.stop()


def queue(*addresses):
    return [
        mail.queue(template="cms/mail/base", context={}, to=[address], language="en")
        for address in addresses or ["a@example.org"]
    ]


def rows():
    return list(Email.objects.order_by("pk").values_list("status", "number_of_retries"))


def soon():
    """What rests is due now."""
    Email.objects.update(scheduled_time=None)


def test_a_server_that_is_down_delays_mail_and_loses_none(port):
    queue("a@example.org", "b@example.org")

    for _try in range(40):  # more than any mail has tries
        assert delivering.send_some() is False

    assert rows() == [(STATUS.queued, None)] * 2
    assert "ConnectionRefusedError" in delivering.queue().trouble
    server = fake_smtp.FakeSMTP(port)
    delivering.send_some()
    server.stop()
    assert sorted(taken["To"] for taken in server.taken) == ["a@example.org", "b@example.org"]
    assert rows() == [(STATUS.sent, None)] * 2
    assert delivering.queue() == delivering.Queue(waiting=0, failed=0, oldest=None, trouble="")


def test_a_server_that_dies_before_it_answers_gets_the_same_mail_again(server):
    (email,) = queue()

    server.mode = fake_smtp.DYING
    for _try in range(3):
        delivering.send_some()
        assert rows() == [(STATUS.requeued, 0)]
        soon()
    server.mode = fake_smtp.GOOD
    delivering.send_some()
    delivering.send_some()

    assert server.message_ids == [email.message_id] * 4
    assert rows() == [(STATUS.sent, 0)]


def test_each_mail_has_a_message_id_of_its_own(server):
    first, second = queue("a@example.org", "b@example.org")

    delivering.send_some()

    assert sorted(server.message_ids) == sorted([first.message_id, second.message_id])
    assert first.message_id != second.message_id
    assert first.message_id.endswith("@127.0.0.1>")


def test_what_the_server_puts_off_is_tried_again_and_what_it_refuses_is_not(server):
    queue()

    server.mode = fake_smtp.PUTTING_OFF
    delivering.send_some()
    assert rows() == [(STATUS.requeued, 1)]
    soon()
    server.mode = fake_smtp.REFUSING
    delivering.send_some()

    assert [status for status, _tries in rows()] == [STATUS.failed]


def test_who_waits_for_a_dead_server_holds_up_nothing_else(port, monkeypatch):
    monkeypatch.setattr(delivering, "REST", 60)
    monkeypatch.setattr(delivering, "_rests_until", 0.0)
    asked = []
    monkeypatch.setattr(delivering, "_trouble", lambda: asked.append(1) or "away")
    queue()

    for _round in range(5):
        delivering.send_some()

    assert len(asked) == 1
    monkeypatch.setattr(delivering, "_rests_until", 0.0)


# What staff see.


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def failed():
    (email,) = queue("a@example.org")
    Email.objects.filter(pk=email.pk).update(status=STATUS.failed, number_of_retries=24)
    email.logs.create(status=STATUS.failed, exception_type="SMTPRecipientsRefused", message="(550, b'no such mailbox')")
    return email


def test_the_first_page_warns_of_mail_that_waits_long(organiser):
    queue()
    assert "Mail waits" not in get(organiser, "/cms/").tree.text_content()

    Email.objects.update(created=timezone.now() - datetime.timedelta(minutes=11))

    assert "Mail waits for more than 10 minutes." in get(organiser, "/cms/").tree.text_content()


def test_the_first_page_warns_of_mail_that_failed_and_only_those_who_may_look(organiser, client):
    failed()
    assert "1 mail failed." in Page(organiser.get("/cms/")).tree.text_content()

    client.force_login(accounts.user("wagtailadmin.access_admin"))

    assert "mail failed" not in Page(client.get("/cms/")).tree.text_content()
