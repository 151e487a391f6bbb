"""Rows of which there are so many, and of which people take some."""

from django.contrib.admin import display
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.refusals import beside


class Counted(models.Model):
    """Its column ``taken`` changes in acts alone, each by one UPDATE."""

    MOST = "stock"  # the column that says how many there are; where it is None there is no end of them
    TOO_FEW = _("More than that are ordered already.")

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Of a row that is there only what people type: ``taken`` may have grown since it was read."""
        if not self._state.adding and "update_fields" not in kwargs:
            names = [field.name for field in self._meta.concrete_fields if not field.primary_key]
            kwargs["update_fields"] = [name for name in names if name != "taken"]
        super().save(**kwargs)

    def clean(self):
        if self.left is not None and self.left < 0:
            raise beside(self.MOST, self.TOO_FEW, self.MOST)

    @property
    @display(description=_("left"))
    def left(self) -> int | None:
        most = getattr(self, self.MOST)
        return None if most is None else most - self.taken
