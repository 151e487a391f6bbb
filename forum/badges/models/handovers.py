"""That a badge was handed over, apart from that it was printed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms import codes
from exhibitors.models import Agency
from forum.badges.models.badges import Badge


class HandoverQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(undone_at=None)


class Handover(models.Model):
    """Somebody got a badge: the person, or who came for it. Comes and goes through ``handing``."""

    badge = models.ForeignKey(Badge, models.CASCADE, related_name="handovers")
    to = models.CharField(_("to"), max_length=120, blank=True)  # blank: to the person
    # Those of one list that somebody signs for an agency have its code.
    list_code = models.CharField(max_length=10, blank=True, editable=False)
    agency = models.ForeignKey(Agency, models.SET_NULL, null=True, related_name="+")
    handed_at = models.DateTimeField(_("handed over"), auto_now_add=True)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    desk = models.CharField(_("desk"), max_length=40, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_because = models.CharField(max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("handing over of a badge")
        verbose_name_plural = _("handings over of badges")
        constraints = [
            models.UniqueConstraint(fields=["badge"], condition=Q(undone_at=None), name="one_handover_per_badge"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_because="") | Q(undone_at__isnull=False) & ~Q(undone_because=""),
                name="undone_handover_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["list_code"], name="handover_list", condition=~Q(list_code=""))]

    def __str__(self):
        return f"{self.badge_id} {self.handed_at:%Y-%m-%d %H:%M}"


def new_list() -> str:
    return codes.ten()
