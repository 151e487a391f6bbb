"""The offices that a place passes through before it is somebody's, and what each of them decided."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """In the order in which they are asked."""

    AGENCY = "agency", _("Endorsed by the agency")
    ORGANISER = "organiser", _("Accepted by the organisers")
    SECURITY = "security", _("Cleared by security")


class Decision(models.Model):
    """What one office said of one person; once written it stays. After a change that matters a new round begins."""

    registration = models.ForeignKey(
        "registration.Registration", models.CASCADE, related_name="decisions", verbose_name=_("registration")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    is_yes = models.BooleanField(_("yes"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["id"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(fields=["registration", "round", "step"], name="one_decision_per_step_and_round"),
        ]

    def __str__(self):
        return f"{self.registration}: {self.step}"
