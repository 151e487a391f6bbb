"""Codes that open a pass to those who were given them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.refusals import beside
from forum.registration.models.passes import PassType


class AccessCode(models.Model):
    """So many uses of one pass. ``taken`` changes only through ``access``."""

    code = models.CharField(_("code"), max_length=20, unique=True, default=codes.ten)
    pass_type = models.ForeignKey(PassType, models.CASCADE, related_name="access_codes", verbose_name=_("pass"))
    uses = models.PositiveIntegerField(_("uses allowed"), default=1)
    taken = models.PositiveIntegerField(_("uses taken"), default=0, editable=False)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("To whom it was given; only staff see it."))

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["-id"]
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("uses")), name="access_code_is_not_exceeded"),
        ]

    def __str__(self):
        return self.code

    def save(self, **kwargs):
        """Of a row that is there only what people type: ``taken`` may have grown since it was read."""
        if not self._state.adding:
            kwargs.setdefault("update_fields", ["uses", "valid_until", "note"])
        super().save(**kwargs)

    def clean(self):
        """A form leaves the constraint out, since it does not hold ``taken``; this says it beside the field."""
        if self.uses is not None and self.uses < self.taken:
            raise beside("uses", _("It was used more often than that."), "too_small")

    @property
    def is_expired(self) -> bool:
        return bool(self.valid_until and self.valid_until <= timezone.now())

    @property
    def is_used_up(self) -> bool:
        return self.taken >= self.uses
