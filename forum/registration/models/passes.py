"""Passes, the quotas they draw on, and the zones they open."""

import datetime

from django.contrib.admin import display
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes, dates, money
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from exhibitors.models import Booth
from forum.registration.models.approvals import Step


class Quota(models.Model):
    """So many places; passes draw on one or several. ``taken`` changes only through ``signup``."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="quotas", verbose_name=_("edition"))
    name = models.CharField(_("name"), max_length=80)
    size = models.PositiveIntegerField(_("places"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        ordering = ["id"]
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("size")),
                name="quota_is_not_exceeded",
                violation_error_message=_("More places are taken than that."),
            ),
            models.UniqueConstraint(fields=["edition", "name"], name="one_quota_per_name"),
        ]

    def __str__(self):
        return f"{self.name} ({self.edition.slug})"

    def save(self, **kwargs):
        """Of a row that is there only what people type: ``taken`` may have grown since it was read."""
        if not self._state.adding:
            kwargs.setdefault("update_fields", ["edition", "name", "size"])
        super().save(**kwargs)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.size

    @property
    def left(self) -> int:
        return self.size - self.taken

    def clean(self):
        """A form leaves the constraint out, since it does not hold ``taken``; this says it beside the field."""
        refuse_other_edition(self)
        if self.size is not None and self.size < self.taken:
            raise beside("size", _("More places are taken than that."), "too_small")


class AccessZone(models.Model):
    """A part of the venue that not every pass opens."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="access_zones", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=40)
    name_km = models.CharField(_("name in Khmer"), max_length=40, blank=True)
    name = Bilingual()
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("access zone")
        verbose_name_plural = _("access zones")
        constraints = [models.UniqueConstraint(fields=["edition", "name_en"], name="one_access_zone_per_name")]

    def __str__(self):
        return f"{self.name} ({self.edition.slug})"

    def clean(self):
        refuse_other_edition(self)


class PassTypeQuerySet(models.QuerySet):
    def for_people(self, edition: Edition):
        """What people may choose for themselves, with a code or without, now or later; with its quotas at hand."""
        return self.filter(edition=edition).exclude(access=PassType.Access.INVITATION).prefetch_related("quotas")

    def with_booths(self, edition: Edition):
        """Of which exhibitors have places by the number and size of their booths."""
        return self.filter(Q(per_booth__gt=0) | Q(per_area__isnull=False), edition=edition)

    def on_offer(self, edition: Edition):
        """What people may choose now."""
        now = timezone.now()
        begun, not_ended = Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at=None) | Q(closes_at__gt=now)
        return self.for_people(edition).filter(begun, not_ended)


class PassType(models.Model):
    """A way to take part: what it is called, who it is for, what places it draws on."""

    class Band(models.TextChoices):
        INDIGO = "indigo", _("Indigo")
        ROMDUOL = "romduol", _("Romduol yellow")
        RED = "red", _("Red")
        GREEN = "green", _("Green")
        GREY = "grey", _("Grey")

    class Access(models.TextChoices):
        PUBLIC = "public", _("Anybody")
        CODE = "code", _("Whoever has an access code")
        INVITATION = "invitation", _("By invitation only")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pass_types", verbose_name=_("edition"))
    # By this badges name it, whatever it is called.
    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    slug = models.SlugField(_("short name in Latin letters"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80, blank=True)
    name = Bilingual()
    description_en = models.CharField(_("who it is for, in English"), max_length=200, blank=True)
    description_km = models.CharField(_("who it is for, in Khmer"), max_length=200, blank=True)
    description = Bilingual()
    band = models.CharField(_("colour of the badge's band"), max_length=10, choices=Band.choices, default=Band.INDIGO)
    quotas = models.ManyToManyField(Quota, related_name="pass_types", blank=True, verbose_name=_("quotas"))
    access = models.CharField(_("who may choose it"), max_length=10, choices=Access.choices, default=Access.PUBLIC)
    opens_at = models.DateTimeField(
        _("may be chosen from"), null=True, blank=True, help_text=_("Blank: as soon as registration is open.")
    )
    closes_at = models.DateTimeField(
        _("may be chosen until"), null=True, blank=True, help_text=_("Blank: until registration closes.")
    )
    has_waiting_list = models.BooleanField(
        _("waiting list"),
        default=False,
        help_text=_("Who comes when it is full may wait, and is offered a place that falls free."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to take an offered place"), default=48, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    # The days as they stand in ISO 8601, in order.
    days = models.JSONField(_("days on which it is valid"), default=list, blank=True)
    zones = models.ManyToManyField(AccessZone, related_name="pass_types", blank=True, verbose_name=_("access zones"))
    needs_agency = models.BooleanField(_("the agency endorses the person"), default=False)
    needs_organiser = models.BooleanField(_("the organisers accept the person"), default=False)
    needs_security = models.BooleanField(_("security clears the person"), default=False)
    needs_photo = models.BooleanField(
        _("photo"), default=False, help_text=_("Asked of everybody with this pass; where security clears people, always.")
    )
    shows_photo = models.BooleanField(
        _("the gates show the photo"),
        default=False,
        help_text=_("For guests of honour: who scans the badge sees the face. The devices of the gates carry it with them."),
    )
    price = models.PositiveBigIntegerField(_("price in minor units"), default=0)  # cents, or riel; nothing is free
    currency = models.CharField(_("currency"), max_length=3, choices=money.Currency.choices, default=money.Currency.USD)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    comes_with_packages = models.BooleanField(
        _("the places of sponsor packages are of this pass"),
        default=False,
        help_text=_("The sponsor's delegation has them as soon as the package is paid for. One pass of each forum."),
    )
    per_booth = models.PositiveSmallIntegerField(
        _("places for each booth"), null=True, blank=True,
        help_text=_("The exhibitor's delegation has them soon after the booth is confirmed, and as long as it is."),
    )  # fmt: skip
    per_area = models.PositiveSmallIntegerField(
        _("one more for each so many square metres"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Blank: none."),
    )  # fmt: skip
    booth_fitting = models.CharField(
        _("of booths with this fitting"), max_length=10, choices=Booth.Fitting.choices, blank=True,
        help_text=_("Blank: of all booths."),
    )  # fmt: skip

    objects = PassTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="one_pass_per_slug"),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(comes_with_packages=True),
                name="one_pass_of_packages",
            ),
            models.CheckConstraint(condition=Q(comes_with_packages=False) | Q(price=0), name="pass_of_packages_is_free"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="pass_closes_after_it_opens",
                violation_error_message=_("It closes before it opens."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)
        if self.shows_photo and not self.asks_photo:
            raise beside("shows_photo", _("Nobody with this pass is asked for a photo."), "photo")
        if not self.comes_with_packages:
            return
        if self.price:
            raise beside("comes_with_packages", _("Who has a package has paid: choose a pass without a price."), "price")
        others = PassType.objects.filter(edition=self.edition_id, comes_with_packages=True).exclude(pk=self.pk)
        if others.exists():
            raise beside("comes_with_packages", _("Another pass of this forum comes with packages."), "other")

    @property
    def is_full(self) -> bool:
        return any(quota.is_full for quota in self.quotas.all())

    @property
    def is_free(self) -> bool:
        return self.price == 0

    def places_for(self, booth: Booth) -> int:
        """How many people of this pass an exhibitor may send because of this booth."""
        if self.booth_fitting not in ("", booth.fitting):
            return 0
        by_area = booth.width * booth.depth // (self.per_area * 10_000) if self.per_area else 0
        return (self.per_booth or 0) + by_area

    @property
    def steps(self) -> list[Step]:
        """Whom somebody with this pass is presented to before the place is theirs, in order."""
        return [step for step in Step if getattr(self, f"needs_{step}")]

    @property
    def asks_document(self) -> bool:
        """Whether the person tells what security needs to know."""
        return self.needs_security

    @property
    def asks_photo(self) -> bool:
        return self.needs_photo or self.needs_security

    @property
    @display(description=_("price"))
    def price_written(self) -> str:
        return money.written(self.price, self.currency)

    @property
    def needs_code(self) -> bool:
        return self.access == self.Access.CODE

    @property
    def is_to_open(self) -> bool:
        return bool(self.opens_at and timezone.now() < self.opens_at)

    @property
    def is_open(self) -> bool:
        """Whether its own window is open; the edition has another."""
        return not self.is_to_open and not (self.closes_at and self.closes_at <= timezone.now())

    def is_valid_on(self, day: datetime.date) -> bool:
        return not self.days or day.isoformat() in self.days

    @property
    @display(description=_("days on which it is valid"))
    def days_written(self) -> str:
        """Its days in the reader's language, those in a row as one span; nothing where it is valid on all."""
        return ", ".join(dates.span(*run) for run in self.runs)

    def dates_at(self, edition) -> str:
        """When one may come with it to its ``edition``, which the caller has at hand: its days, else all of the forum."""
        return self.days_written or edition.dates

    @property
    def dates(self) -> str:
        return self.dates_at(self.edition)

    @property
    def runs(self) -> list[tuple[datetime.date, datetime.date]]:
        """First and last of each unbroken run of its days; none where it is valid on all."""
        return dates.runs(map(datetime.date.fromisoformat, self.days))
