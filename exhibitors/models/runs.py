"""Proposals of booths for all accepted applications: what each was made from, and what it says of every one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.models import Edition
from exhibitors.models.applications import Application
from exhibitors.models.floor import Booth


class AllocationRunQuerySet(models.QuerySet):
    def at_work(self):
        return self.filter(state__in=["queued", "running"])

    def disclosed(self, edition):
        """Those that everybody may read, the latest first."""
        return self.filter(edition=edition, disclosed_at__isnull=False).order_by("-published_at", "-pk")

    def counted(self):
        """With how many applications each tells of, and how many of them have a booth."""
        return self.annotate(total=models.Count("lines"), placed=models.Count("lines", filter=Q(lines__booth__isnull=False)))


class AllocationRun(models.Model):
    """One proposal of booths for all accepted applications, and what it was made from."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("at work")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="allocation_runs", verbose_name=_("edition"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    seed = models.PositiveBigIntegerField(
        _("seed"), help_text=_("Draws lots where two answers are equally good; it is published with the answer.")
    )
    weights = models.JSONField(_("weights"), default=dict)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    held_until = models.DateTimeField(null=True, editable=False)  # by the worker that is at it
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    seconds = models.FloatField(_("seconds"), null=True)
    digest = models.CharField(_("digest of what was asked"), max_length=64, blank=True)
    # What was asked, in codes: the rows it was read from change, and who checks the answer needs what it answers.
    question = models.JSONField(default=dict, editable=False)
    score = models.BigIntegerField(_("points"), null=True)
    bound = models.BigIntegerField(_("points at most"), null=True)
    conflicts = models.JSONField(_("conflicts"), default=list)
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    disclosed_at = models.DateTimeField(_("shown to everybody"), null=True, editable=False)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("shown by")
    )

    objects = AllocationRunQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done")
                | Q(ended_at__isnull=False, score__isnull=False, bound__gte=models.F("score"), seconds__isnull=False),
                name="done_run_has_a_result",
            ),
            models.CheckConstraint(condition=Q(published_at=None) | Q(state="done"), name="only_done_run_is_published"),
            models.CheckConstraint(
                condition=Q(disclosed_at=None) | Q(published_at__isnull=False), name="only_published_run_is_disclosed"
            ),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(state__in=["queued", "running"]), name="one_proposal_at_work"
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def placed_of_total(self) -> str:
        """Of a row that is ``counted``."""
        return f"{self.placed} / {self.total}" if self.is_done else "–"

    @property
    def is_optimal(self) -> bool:
        """Proven: nothing can be worth more."""
        return self.score is not None and self.score == self.bound

    @property
    def gap(self) -> float | None:
        """The share of the bound that may be missing, from nought to one."""
        return None if self.score is None else (self.bound - self.score) / max(abs(self.bound), 1)


class AllocationLine(models.Model):
    """What a run says of one application."""

    run = models.ForeignKey(AllocationRun, models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, models.CASCADE, related_name="lines", verbose_name=_("application"))
    booth = models.ForeignKey(Booth, models.CASCADE, null=True, related_name="+", verbose_name=_("booth"))
    rank = models.PositiveSmallIntegerField(_("wish"), null=True)  # which one it meets, from one
    is_pinned = models.BooleanField(_("pinned"), default=False)
    reasons = models.JSONField(_("reasons"), default=list)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["run", "application"]
        verbose_name = _("line of a proposal")
        verbose_name_plural = _("lines of a proposal")
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="one_line_per_application"),
            models.UniqueConstraint(fields=["run", "booth"], condition=Q(booth__isnull=False), name="one_line_per_booth"),
        ]

    def __str__(self):
        return str(self.application)
