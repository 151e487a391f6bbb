"""The tree of pages: one for each language, planted once, with a branch for each edition."""

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.models import Edition
from forum.home.models import EditionPage, HomePage


@transaction.atomic
def plant() -> HomePage:
    """The home page in both languages and the site that stands on it; once more changes nothing."""
    english, khmer = (Locale.objects.get_or_create(language_code=code)[0] for code in ("en", "km"))
    home = HomePage.objects.filter(locale=english).first()
    if home is None:
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title="Home", slug="en", locale=english))
        _in_khmer(home, khmer, title="ទំព័រដើម", slug="km")
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "site_name": settings.WAGTAIL_SITE_NAME, "root_page": home}
    )
    Page.objects.filter(depth=2).exact_type(Page).delete()  # Wagtail's own welcome
    return home


@transaction.atomic
def open_edition(edition: Edition) -> EditionPage:
    """The edition's page in both languages; once more changes nothing."""
    home = plant()
    page = EditionPage.objects.filter(edition=edition, locale=home.locale).first()
    if page is None:
        page = home.add_child(
            instance=EditionPage(title=edition.name_en, slug=edition.slug, edition=edition, locale=home.locale)
        )
    khmer = Locale.objects.get(language_code="km")
    if not page.has_translation(khmer):
        _in_khmer(page, khmer, title=edition.name_km or edition.name_en, slug=edition.slug)
    return page


def _in_khmer(page, locale, *, title, slug):
    """The page's other half, published; its text waits for the editors."""
    twin = page.copy_for_translation(locale)
    twin.title, twin.slug = title, slug
    twin.save_revision().publish()
    return twin
