"""Gates, and whom they let through when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agenda.models import Room
from cms import codes, dates
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from forum.registration.models import AccessZone


class Way(models.TextChoices):
    IN = "in", _("In")
    OUT = "out", _("Out")


class Gate(models.Model):
    """A door at which badges are scanned, and whom it lets through when."""

    class Passage(models.TextChoices):
        ONCE = "once", _("Once a day")
        RETURN = "return", _("Again after going out")
        FREE = "free", _("As often as one likes")

    class Ways(models.TextChoices):
        IN = "in", _("In only")
        OUT = "out", _("Out only")
        BOTH = "both", _("In and out")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="gates", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80, blank=True)
    name = Bilingual()
    zone = models.ForeignKey(
        AccessZone, models.PROTECT, null=True, blank=True, related_name="gates", verbose_name=_("leads into"),
        help_text=_("Only passes with this zone are let in. Blank: into the forum, which every pass opens."),
    )  # fmt: skip
    passage = models.CharField(
        _("how often"), max_length=6, choices=Passage.choices, default=Passage.ONCE,
        help_text=_("All gates into one zone count together."),
    )  # fmt: skip
    ways = models.CharField(_("direction"), max_length=4, choices=Ways.choices, default=Ways.IN)
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="gates", verbose_name=_("door of the room"),
        help_text=_("Whoever comes in is counted as present in the session that takes place there. Such a gate lets people "
                    "in as often as they like."),
    )  # fmt: skip
    # As they stand in ISO 8601, in order.
    days = models.JSONField(_("days on which it is open"), default=list, blank=True)
    opens = models.TimeField(_("open from"), null=True, blank=True, help_text=_("Blank: from the beginning of the day."))
    closes = models.TimeField(_("open until"), null=True, blank=True, help_text=_("Blank: to the end of the day."))

    class Meta:
        ordering = ["id"]
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        constraints = [
            models.CheckConstraint(condition=Q(room=None) | Q(passage="free"), name="doors_of_rooms_are_passed_freely")
        ]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)
        if self.opens and self.opens == self.closes:
            raise beside("closes", _("It closes at the moment at which it opens."), "hours")
        if self.room_id and self.passage != self.Passage.FREE:
            raise beside("passage", _("People go in and out of a session as often as they like: choose that."), "free")

    @property
    def hours(self) -> str:
        """Its hours on the edition's clock, where it has some: 08:00–17:30."""
        written = [dates.digits(f"{time:%H:%M}") if time else "…" for time in (self.opens, self.closes)]
        return "–".join(written) if self.opens or self.closes else ""

    @property
    def is_both_ways(self) -> bool:
        return self.ways == self.Ways.BOTH
