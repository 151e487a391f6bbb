"""The tree of pages."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from forum.home import tree
from forum.home.models import EditionPage, HomePage
from tests.factories.cms import edition

pytestmark = pytest.mark.django_db


def addresses(pages):
    return sorted(page.url_path for page in pages)


def test_planting_makes_a_home_in_both_languages_and_takes_the_welcome_away():
    tree.plant()

    assert addresses(Page.objects.filter(depth=2)) == ["/en/", "/km/"]
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="en")


def test_planting_once_more_changes_nothing():
    tree.plant()
    before = list(Page.objects.values())

    tree.plant()

    assert list(Page.objects.values()) == before


def test_opening_an_edition_makes_its_page_in_both_languages():
    tree.open_edition(edition("2030", name_km=""))

    assert addresses(EditionPage.objects.live()) == ["/en/2030/", "/km/2030/"]


def test_opening_it_once_more_changes_nothing():
    forum = edition("2030")
    tree.open_edition(forum)
    before = list(Page.objects.values())

    tree.open_edition(forum)

    assert list(Page.objects.values()) == before


def test_the_command_opens_every_edition():
    edition("2024")
    edition("2030")

    call_command("plant_site")

    assert addresses(EditionPage.objects.live()) == ["/en/2024/", "/en/2030/", "/km/2024/", "/km/2030/"]
