"""Short messages go to who has a telephone and no address of their own, and to nobody else."""

import pytest

from cms.models import Message
from forum.registration import emails, erasing
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "http://127.0.0.1:9/sms", "a key"


def test_who_is_reached_by_a_contact_gets_code_and_link_by_sms_in_their_language():
    person = make.registration(**make.aide(), phone="012 345 678", language="km")

    message = Message.objects.get()
    assert (message.channel, message.address) == ("sms", "+85512345678")
    assert "លោកអ្នកបានចុះឈ្មោះ" in message.text
    assert person.short_code in message.text and f"/km/registration/{person.token}/" in message.text


@pytest.mark.parametrize(
    "person",
    [
        {"phone": "012 345 678"},
        make.aide(own="d@example.org") | {"phone": "012 345 678"},
        make.aide(),
        make.aide() | {"phone": "1"},
    ],
)
def test_nobody_else_gets_one(person):
    make.registration(**person)

    assert Message.objects.count() == 0


def test_the_reminder_goes_by_sms_too():
    person = make.registration(**make.aide(), phone="012 345 678")

    emails.send_reminder(person)

    assert [message.text.partition(":")[0] for message in Message.objects.order_by("pk")] == [
        "Forum: you are registered. Your code for the badge desk".partition(":")[0].replace(
            "Forum", person.edition.short_name
        ),
        f"{person.edition.short_name} begins soon. Please tell us whether you come",
    ]


def test_without_a_gateway_there_are_none(settings):
    settings.SMS_GATEWAY_KEY = ""

    make.registration(**make.aide(), phone="012 345 678")

    assert Message.objects.count() == 0


def test_who_is_erased_takes_their_messages_along():
    person = make.registration(**make.aide(), phone="012 345 678")

    erasing.erase(registration=person)

    assert Message.objects.count() == 0
