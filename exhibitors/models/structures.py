"""What stands in a hall besides booths: rectangles in whole centimetres from the hall's north-west corner."""

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.languages import Bilingual
from cms.models import refuse_other_edition
from exhibitors.models.floor import Hall, centimetres, metres


class Structure(models.Model):
    """A wall, a pillar, a door or a stage. A door is longer along its wall than across."""

    class Kind(models.TextChoices):
        WALL = "wall", _("Wall")
        PILLAR = "pillar", _("Pillar")
        ENTRANCE = "entrance", _("Entrance")
        EXIT = "exit", _("Emergency exit")
        STAGE = "stage", _("Stage")

    DOORS = [Kind.ENTRANCE, Kind.EXIT]

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="structures", verbose_name=_("hall"))
    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    x = centimetres(_("from the west wall"), least=0)
    y = centimetres(_("from the north wall"), least=0)
    width = centimetres(_("width"))
    depth = centimetres(_("depth"))

    class Meta:
        ordering = ["hall", "y", "x", "pk"]
        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        constraints = [
            models.CheckConstraint(condition=Q(width__gt=0, depth__gt=0), name="structure_has_a_size"),
            models.CheckConstraint(
                condition=Q(kind__in=["wall", "pillar", "entrance", "exit", "stage"]), name="structure_has_a_kind"
            ),
        ]

    def __str__(self):
        return self.label

    def clean(self):
        refuse_other_edition(self, "hall__edition")
        if not self.hall_id or None in (self.x, self.y, self.width, self.depth):
            return
        if not self.hall.holds(self):
            raise ValidationError(_("The structure reaches beyond the walls of the hall."), code="outside")

    @property
    @display(description=_("name"))
    def label(self) -> str:
        """Its name, or what it is where it has none."""
        return self.name or self.get_kind_display()

    @property
    def is_door(self) -> bool:
        return self.kind in self.DOORS

    @property
    @display(description=_("size"))
    def size(self) -> str:
        return metres(self.width, self.depth)
