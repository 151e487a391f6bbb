"""Editors' pages of text."""

import pytest

from tests import pages
from tests.factories import home
from tests.factories.cms import edition

BODY = [
    {"type": "heading", "value": "By bus"},
    {"type": "text", "value": "<p>Line <b>4</b>.</p>"},
    {"type": "facts", "value": [{"term": "Fare", "text": "<p>1500 riel</p>"}]},
    {"type": "notice", "value": {"kind": "notice--warn", "text": "<p>No parking.</p>"}},
    {"type": "cards", "value": [{"title": "The venue", "text": "Its plan", "page": None, "address": "https://example.org"}]},
    {"type": "questions", "value": [{"question": "Is there food?", "answer": "<p>Yes.</p>"}]},
    {"type": "quote", "value": {"text": "Come early.", "source": "A guide"}},
]

pytestmark = pytest.mark.django_db


def test_every_neutral_block_is_shown(client):
    home.content_page(home.edition_page(edition("next")), introduction="How to come.", body=BODY)

    page = pages.get(client, "/en/next/getting-there/")

    assert page.words("main h1, main h2, main .lead, main dt, main .notice, main summary, main blockquote p") == [
        "Getting there",
        "How to come.",
        "By bus",
        "Fare",
        "No parking.",
        "Is there food?",
        "Come early.",
    ]


def test_it_stands_under_its_edition(client):
    home.content_page(home.edition_page(edition("next", short_name_en="DGF 2030")))

    assert pages.get(client, "/en/next/getting-there/").words("main .eyebrow") == ["DGF 2030"]


def test_a_draft_is_not_shown(client):
    home.content_page(home.edition_page(edition("next")), live=False)

    assert client.get("/en/next/getting-there/").status_code == 404


def test_the_editions_own_text_stands_on_its_front(client):
    page = home.edition_page(edition("next"))
    page.introduction, page.body = "Welcome.", BODY
    page.save()

    assert "By bus" in pages.get(client, "/en/next/").words("main h2")
