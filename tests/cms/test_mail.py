"""Mail is written for its reader and belongs to the act that caused it."""

import datetime
from pathlib import Path

import pytest
from django.core import mail as sent
from django.db import transaction
from lxml import html
from post_office.models import STATUS, Attachment, Email

from cms import mail, sweeping
from tests.factories import cms as make

pytestmark = pytest.mark.django_db

WELCOME = """{% extends "cms/mail/base.txt" %}
{% block subject %}{% blocktranslate trimmed %}
  Welcome, {{ name }}
{% endblocktranslate %}{% endblock subject %}
{% block body %}

Dear {{ name }},



{% if edition %}see you on {{ edition.opens_on|day }}.{% endif %}
{% endblock body %}
"""


@pytest.fixture(autouse=True)
def templates(settings):
    files = {"welcome.txt": WELCOME, "broken.txt": WELCOME, "broken.html": '{% extends "nowhere.html" %}'}
    own = settings.TEMPLATES[0]["OPTIONS"] | {
        "loaders": [
            ("django.template.loaders.locmem.Loader", files),
            "django.template.loaders.app_directories.Loader",
        ]
    }
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"APP_DIRS": False, "OPTIONS": own}]


def queue(**fields):
    values = {"template": "welcome", "context": {"name": "Jeanne D'Arc <Demo>"}, "to": ["a@example.org"], "language": "en"}
    return mail.queue(**(values | fields))


def test_text_is_not_escaped_and_holds_no_gaps():
    edition = make.edition(opens_on="2027-03-11", closes_on="2027-03-13", venue_en="Hall", contact_email="desk@example.org")
    edition.refresh_from_db()

    email = queue(context={"name": "Jeanne D'Arc", "edition": edition})

    assert email.subject == "Welcome, Jeanne D'Arc – DGF"
    assert email.message == (
        "Dear Jeanne D'Arc,\n\nsee you on 11 March 2027.\n\n"
        "--\nDigital Government Forum\n11–13 March 2027, Hall\nhttp://127.0.0.1:8000/en/next/\ndesk@example.org\n"
    )
    assert email.headers == {"Content-Language": "en", "Auto-Submitted": "auto-generated", "Reply-To": "desk@example.org"}
    assert (email.to, email.status) == (["a@example.org"], STATUS.queued)


def test_a_mail_written_as_text_alone_stands_in_the_frame_of_the_others():
    edition = make.edition(short_name_en="DGF 2027", contact_email="desk@example.org")
    text = "Dear D'Arc <b>,\n\nask desk@example.org.\n\nYour page:\nhttp://127.0.0.1:8000/en/x/?a=1&b=~2"

    email = mail.queue(
        template="registration/mail/circular",
        context={"subject": "Where & when", "text": text, "edition": edition},
        to=["a@example.org"],
        language="en",
    )

    page = html.fromstring(email.html_message)
    paragraphs = [" ".join(paragraph.text_content().split()) for paragraph in page.iterfind(".//main/p")]
    assert page.findtext(".//title") == "Where & when"
    assert page.findtext(".//header") == "DGF 2027"
    assert paragraphs == ["Dear D'Arc <b>,", "ask desk@example.org.", "Your page:Open the page"]
    assert [(link.get("class"), link.get("href")) for link in page.iterfind(".//main//a")] == [
        (None, "mailto:desk@example.org"),
        ("button", "http://127.0.0.1:8000/en/x/?a=1&b=~2"),
    ]


@pytest.mark.parametrize(
    ("name", "language", "subject"),
    [
        ("Dara", "en", "Welcome, Dara – DGF 2027"),
        ("Dara", "km", "Welcome, Dara – វេទិកា ២០២៧"),
        ("friend of DGF 2027", "en", "Welcome, friend of DGF 2027"),
    ],
)
def test_the_subject_names_the_forum_once(name, language, subject):
    edition = make.edition(short_name_en="DGF 2027", short_name_km="វេទិកា ២០២៧")

    assert queue(context={"name": name, "edition": edition}, language=language).subject == subject


def test_a_time_is_told_by_the_clock_of_the_forum():
    edition = make.edition(time_zone="Asia/Tokyo")
    moment = datetime.datetime(2027, 3, 11, 20, tzinfo=datetime.UTC)

    email = queue(
        template="registration/mail/offer",
        context={"name": "SOK Dara", "edition": edition, "until": moment},
    )

    assert "until 12 March 2027, 05:00 (Tokyo)" in email.message
    assert "until 12 March 2027, 05:00 (Tokyo)" in " ".join(email.html_message.split())


def test_a_subject_that_somebody_wrote_stays_as_it_is():
    edition = make.edition(short_name_en="DGF 2027")
    written = {"subject": "Where & when", "text": "Here.", "edition": edition}

    assert queue(template="registration/mail/circular", context=written).subject == "Where & when"


def test_whoever_is_told_to_write_to_the_organisers_finds_their_address_beneath():
    edition = make.edition(contact_email="desk@example.org")
    without = make.edition(slug="without", is_current=False)

    written = [
        html.fromstring(queue(template="registration/mail/moved", context={"edition": each}).html_message)
        for each in (edition, without)
    ]

    links = [[link.get("href") for link in page.iterfind(".//footer//a")] for page in written]
    assert links == [
        ["http://127.0.0.1:8000/en/next/", "mailto:desk@example.org"],
        ["http://127.0.0.1:8000/en/without/"],
    ]


def test_a_long_sentence_for_whom_a_mail_is_may_be_broken_into_lines():
    email = queue(
        template="registration/mail/lapse",
        context={"edition": make.edition(), "contact": "An aide", "for_whom": "SOK Dara", "name": "SOK Dara"},
    )

    page = html.fromstring(email.html_message)
    (first, *_rest) = page.iterfind(".//main/p")
    assert " ".join(first.text_content().split()).startswith("To An aide: this message is for SOK Dara.")
    assert "strong { white-space: nowrap; }" in page.findtext(".//style")
    assert first.find(".//strong") is None


def test_a_mail_speaks_its_readers_language():
    edition = make.edition(opens_on="2027-03-11", closes_on="2027-03-13")
    edition.refresh_from_db()

    email = queue(context={"name": "សុខា", "edition": edition}, language="km")

    assert "see you on ១១ មីនា ២០២៧." in email.message
    assert "http://127.0.0.1:8000/km/next/" in email.message


def test_a_missing_piece_of_the_html_is_not_a_missing_html():
    with pytest.raises(Exception, match=r"nowhere\.html"):
        queue(template="broken")


def test_mail_with_two_attachments_costs_three_queries(django_assert_num_queries):
    files = {"badge.pdf": (b"%PDF", "application/pdf"), "forum.ics": (b"BEGIN", "text/calendar")}

    with django_assert_num_queries(3):
        email = queue(attachments=files)

    found = [(row.name, Path(row.file.path).read_bytes(), row.mimetype) for row in email.attachments.order_by("name")]
    assert found == [("badge.pdf", b"%PDF", "application/pdf"), ("forum.ics", b"BEGIN", "text/calendar")]


def test_mail_vanishes_with_the_act_that_failed():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue(attachments={"a.txt": (b"a", "text/plain")})
        raise RuntimeError

    assert (Email.objects.count(), Attachment.objects.count()) == (0, 0)


def test_the_sweep_sends_batch_after_batch_while_mail_waits(settings):
    settings.POST_OFFICE = settings.POST_OFFICE | {"BATCH_SIZE": 2}
    for _ in range(3):
        queue()

    assert [sweeping.run("cms.delivering.send_some") for _ in range(3)] == [True, False, False]
    assert len(sent.outbox) == 3


def test_the_sweep_sends_queued_mail_once():
    queue(attachments={"forum.ics": (b"BEGIN", "text/calendar")})

    sweeping.run("cms.delivering.send_some")
    sweeping.run("cms.delivering.send_some")

    assert [(m.subject, m.to, m.attachments) for m in sent.outbox] == [
        ("Welcome, Jeanne D'Arc <Demo>", ["a@example.org"], [("forum.ics", "BEGIN", "text/calendar")])
    ]
    assert Email.objects.get().status == STATUS.sent
