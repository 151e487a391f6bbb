"""What tracks, rooms and speakers share: a name in two languages, within one edition."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import codes, khmer
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.searching import SearchableQuerySet


class Named(models.Model):
    """A thing of one edition that is found, sorted and shown by its name in either language."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="%(class)ss", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=200)
    name_km = models.CharField(_("name in Khmer"), max_length=200, blank=True)
    name = Bilingual()
    search_text = models.TextField(editable=False, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, blank=True)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.index()
        super().save(**kwargs)

    def clean(self):
        refuse_other_edition(self)

    def index(self):
        """Fills the columns by which the row is found and sorted; whoever writes many rows at once calls it."""
        self.search_text = khmer.fold(" ".join(self.searched_words()))
        self.sort_key = khmer.sort_key(self.name_en)

    def searched_words(self) -> list[str]:
        return [self.name_en, self.name_km]
