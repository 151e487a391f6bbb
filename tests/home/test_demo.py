"""The demonstration's letter box: read there, closed everywhere else."""

import pytest
from django.urls import reverse
from post_office.models import Email

from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses():
    make.registration()
    letter = Email.objects.get()
    return [
        reverse("demo:mail"),
        reverse("demo:letter", args=[letter.pk]),
        reverse("demo:attachment", args=[letter.pk, "qr.png"]),
    ]


def test_outside_the_demonstration_nobody_reads_letters(client, addresses):
    assert [client.get(address, follow=True).status_code for address in addresses] == [404] * 3


def test_in_the_demonstration_letters_and_attachments_are_read(client, addresses, settings):
    settings.DEMO = True

    answers = [client.get(address) for address in addresses]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "/en/registration/" in answers[1].content.decode()
    assert b"".join(answers[2].streaming_content)[:4] == b"\x89PNG"
    assert client.get(addresses[2].replace("qr.png", "none.png")).status_code == 404
