"""Where sessions take place and what they are grouped by."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agenda.models.naming import Named


class Track(Named):
    """A thread of the programme."""

    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six of 0-9 and A-F."))],
        help_text=_("For programmes on other screens, such as #1f3a93."),
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ["position", "sort_key", "name_en"]
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_track_per_name")]


class Room(Named):
    """A room, hall or stage of the venue."""

    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ["position", "sort_key", "name_en"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_room_per_name")]
