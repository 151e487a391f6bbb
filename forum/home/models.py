"""The concrete pages; what they show of other rooms is gathered in ``front``."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms.models import Edition
from cms.pages import BodyPage
from forum.home import front


class HomePage(BodyPage):
    """The site's first page in one language: the current edition's front."""

    template = "home/front.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.EditionPage", "home.ContentPage"]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        edition = Edition.objects.current()
        page = edition and EditionPage.objects.live().filter(edition=edition, locale=self.locale).first()
        return (
            super().get_context(request, *args, **kwargs)
            | front.gather(edition)
            | {
                "edition_page": page or self,
                "pages": (page or self).pages(),
                "permanent_path": edition and edition.get_absolute_url(),
            }
        )


class EditionPage(BodyPage):
    """The front page of one edition; its address is the edition's."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name=_("edition"))

    content_panels = [*BodyPage.content_panels, FieldPanel("edition")]
    template = "home/front.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ContentPage"]

    class Meta:
        verbose_name = _("edition's page")

    def get_context(self, request, *args, **kwargs):
        return (
            super().get_context(request, *args, **kwargs)
            | front.gather(self.edition)
            | {
                "edition_page": self,
                "pages": self.pages(),
            }
        )


class ContentPage(BodyPage):
    """A page of text: practical information, questions and answers, privacy."""

    template = "home/content.html"
    parent_page_types = ["home.HomePage", "home.EditionPage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]

    class Meta:
        verbose_name = _("content page")

    def get_context(self, request, *args, **kwargs):
        above = EditionPage.objects.ancestor_of(self).select_related("edition").first()
        return super().get_context(request, *args, **kwargs) | {"edition": above.edition if above else None}
