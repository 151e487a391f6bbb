"""Searching pages and pictures in the back office: whatever is typed and chosen together is answered."""

import pytest
from django.urls import reverse

from forum.home import tree
from tests.factories import accounts, cms

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    tree.open_edition(cms.edition())
    return client


@pytest.mark.parametrize("words", ['";', 'v1.0 "', "a;b", '"""', "O'Neil", 'ក"ខ', "(a", "a*", "-", "NEAR(a b)", "\\"])
@pytest.mark.parametrize("name", ["wagtailadmin_explore_root", "wagtailimages:index", "wagtaildocs:index"])
def test_no_word_breaks_the_search(organiser, name, words):
    assert organiser.get(reverse(name), {"q": words}).status_code == 200


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("wagtailimages:index", {"usage_count_min": "1"}),
        ("wagtailimages:index", {"ordering": "usage_count"}),
        ("wagtailadmin_explore_root", {"has_child_pages": "true"}),
        ("wagtailadmin_explore_root", {"edited_by": "1"}),
        ("wagtailadmin_explore_root", {"owner": "1"}),
        ("wagtailadmin_explore_root", {"site": "1"}),
        ("wagtailadmin_explore_root", {"latest_revision_created_at_from": "2026-01-01"}),
        ("wagtailadmin_explore_root", {"ordering": "ord"}),
    ],
)
def test_a_filter_that_words_do_not_go_with_leaves_the_words_out(organiser, name, chosen):
    for words in ({}, {"q": "forum"}):
        assert organiser.get(reverse(name), chosen | words, follow=True).status_code == 200
