"""Badges of many people, printed together in the background."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.models import Edition
from exhibitors.models import Agency
from forum.badges.models.badges import Badge, BadgePrint
from forum.registration.models import PassType, Registration

# Where their files lie in the private store, for a while.
BATCHES = "batches"


class Order(models.TextChoices):
    KHMER = "khmer", _("Names, Khmer dictionary")
    LATIN = "latin", _("Names in Latin letters")
    AGENCY = "agency", _("Agency, then names")
    BOX = "box", _("Boxes of an earlier printing")


class BadgeBatchQuerySet(models.QuerySet):
    def at_work(self):
        return self.filter(state__in=[BadgeBatch.State.QUEUED, BadgeBatch.State.RUNNING])


class BadgeBatch(models.Model):
    """Who was chosen, and how far it is. Comes and goes through ``batching``."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waits for its turn")
        RUNNING = "running", _("Being printed")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Failed")

    code = models.CharField(_("code"), max_length=10, unique=True, default=codes.ten, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="badge_batches")
    # Whom was asked for; blank for all.
    pass_type = models.ForeignKey(PassType, models.SET_NULL, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.SET_NULL, null=True, related_name="+")
    day = models.DateField(null=True)
    # Why also those who have one; blank: they are left out.
    reason = models.CharField(max_length=10, choices=BadgePrint.Reason.choices, blank=True)
    order = models.CharField(max_length=6, choices=Order.choices, default=Order.KHMER)
    per_box = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(1000)])  # 0: in no boxes
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    desk = models.CharField(max_length=40, blank=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    count = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # looked at, of whom ``printed`` came out
    printed = models.PositiveIntegerField(default=0)
    file = models.FileField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)  # by who puts the parts together

    objects = BadgeBatchQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("batch of badges")
        verbose_name_plural = _("batches of badges")
        constraints = [models.CheckConstraint(condition=Q(done__lte=F("count")), name="batch_is_not_overdone")]

    def __str__(self):
        return self.code

    @property
    def is_at_work(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED


class BatchPart(models.Model):
    """What is drawn at once, by one worker; the row is the promise that it is."""

    batch = models.ForeignKey(BadgeBatch, models.CASCADE, related_name="parts")
    # The places in the batch from ``first`` to before ``until``.
    first = models.PositiveIntegerField()
    until = models.PositiveIntegerField()
    # A worker that dies lets go of it at this moment.
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Its badges are written down as printed; what remains is to draw them.
    is_taken = models.BooleanField(default=False)
    printed = models.PositiveSmallIntegerField(null=True)  # once it is drawn
    file = models.FileField(max_length=120, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["first"]
        verbose_name = _("part of a batch")
        verbose_name_plural = _("parts of batches")
        constraints = [models.UniqueConstraint(fields=["batch", "first"], name="one_part_per_place")]
        indexes = [models.Index(fields=["batch", "first"], name="part_due", condition=Q(printed=None))]

    def __str__(self):
        return f"{self.batch_id}.{self.first}"


class BatchedBadge(models.Model):
    """Somebody's place in a batch, and the badge that they got in it: none where they had left, or had one already."""

    batch = models.ForeignKey(BadgeBatch, models.CASCADE, related_name="places")
    position = models.PositiveIntegerField()  # from 0
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="batched")
    badge = models.OneToOneField(Badge, models.CASCADE, null=True, related_name="batched")

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["position"]
        verbose_name = _("badge of a batch")
        verbose_name_plural = _("badges of batches")
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_badge_per_place"),
            models.UniqueConstraint(fields=["batch", "registration"], name="one_place_per_person_in_a_batch"),
        ]

    def __str__(self):
        return f"{self.batch_id}.{self.position}"

    @property
    def box(self) -> int:
        return self.position // self.batch.per_box + 1

    @property
    def slot(self) -> int:
        return self.position % self.batch.per_box + 1
