"""Editors' pages for tests."""

from forum.home import tree
from forum.home.models import ContentPage, EditionPage


def edition_page(edition, language="en") -> EditionPage:
    tree.open_edition(edition)
    return EditionPage.objects.get(edition=edition, locale__language_code=language)


def content_page(above, title="Getting there", **fields) -> ContentPage:
    return above.add_child(instance=ContentPage(title=title, locale=above.locale, **({"live": True} | fields)))
