"""The pages of text in both languages: the front of an edition and what people ask before they come."""

import json
import uuid

from django.db import transaction

from cms import languages
from cms.models import Edition
from forum.home import tree
from forum.home.demonstration.files import read_json
from forum.home.models import ContentPage, EditionPage


def write_front(edition: Edition, texts: dict) -> None:
    """Fills the edition's page in each language; ``texts`` holds an introduction and a body for each."""
    tree.open_edition(edition)
    for language in languages.CODES:
        page = _front(edition, language)
        page.introduction, page.body = texts[language]["introduction"], json.dumps(texts[language]["body"])
        page.save_revision().publish()


@transaction.atomic
def load(edition: Edition) -> None:
    """The pages of text beneath the edition's page, listed in its menu."""
    for texts in read_json("pages.json"):
        twins = uuid.uuid4()
        for language in languages.CODES:
            _add(_front(edition, language), texts["slug"], twins, texts[language])


def are_there(edition: Edition) -> bool:
    return ContentPage.objects.child_of(_front(edition, "en")).exists()


def _front(edition: Edition, language: str) -> EditionPage:
    return EditionPage.objects.select_related("locale").get(edition=edition, locale__language_code=language)


def _add(parent: EditionPage, slug: str, twins: uuid.UUID, texts: dict) -> None:
    page = ContentPage(
        title=texts["title"],
        slug=slug,
        introduction=texts["introduction"],
        body=json.dumps(texts["body"]),
        show_in_menus=True,
        locale=parent.locale,
        translation_key=twins,  # what makes two pages one in two languages
    )
    parent.add_child(instance=page)
    page.save_revision().publish()
