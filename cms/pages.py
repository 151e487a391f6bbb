"""Abstract pages; every concrete one lives in ``forum.home``."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.query import PageQuerySet

from cms import khmer
from cms.blocks import BodyBlock
from cms.searching import SearchableQuerySet


class BodyPageQuerySet(SearchableQuerySet, PageQuerySet):
    pass


class BodyPage(Page):
    """A page of the editors' own making: an introduction and a body of blocks."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=600)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    search_text = models.TextField(editable=False, blank=True)

    objects = PageManager.from_queryset(BodyPageQuerySet)()

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    private_page_options = []  # public pages know neither sessions nor passwords

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        words = self.body.stream_block.get_searchable_content(self.body)
        self.search_text = khmer.fold(" ".join([self.title, self.introduction, *words]))
        super().save(*args, **kwargs)

    def pages(self):
        """The published pages below, with their introductions."""
        return self.get_children().live().specific()
