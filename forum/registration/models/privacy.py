"""What people are told about their data, by version, and what they agreed to."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from forum.registration.models.people import Registration

FEATURES = ["h3", "bold", "italic", "link", "ol", "ul"]


class PrivacyNoticeQuerySet(models.QuerySet):
    def published(self):
        """Those that hold or held, the one that holds first."""
        return self.filter(published_at__lte=timezone.now()).order_by("-version")

    def in_force(self, edition: Edition) -> "PrivacyNotice | None":
        """What who registers for this edition now is told; None where nothing is."""
        return self.published().filter(edition=edition).first()


class PrivacyNotice(models.Model):
    """One version of what an edition tells people about their data. Once published it stays word for word."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="privacy_notices", verbose_name=_("edition"))
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    summary_en = models.TextField(_("in short, in English"), max_length=600, help_text=_("It stands in the form."))
    summary_km = models.TextField(_("in short, in Khmer"), max_length=600, blank=True)
    summary = Bilingual()
    text_en = RichTextField(_("whole text in English"), features=FEATURES)
    text_km = RichTextField(_("whole text in Khmer"), features=FEATURES, blank=True)
    text = Bilingual()
    is_material = models.BooleanField(
        _("differs in substance from the version before"),
        default=False,
        help_text=_("Who agreed to an earlier version is asked again on their own page."),
    )
    changes_en = models.CharField(_("what is different, in English"), max_length=300, blank=True)
    changes_km = models.CharField(_("what is different, in Khmer"), max_length=300, blank=True)
    changes = Bilingual()
    published_at = models.DateTimeField(
        _("published from"), null=True, blank=True, help_text=_("Blank: a draft. From then on this version stays as it is.")
    )

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "-version"]
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        constraints = [models.UniqueConstraint(fields=["edition", "version"], name="one_privacy_notice_per_version")]

    def __str__(self):
        return gettext("Version %(version)s (%(edition)s)") % {"version": self.version, "edition": self.edition.slug}

    def save(self, **kwargs):
        """Whoever writes: what people have been shown is not written over."""
        if not self._state.adding and PrivacyNotice.objects.get(pk=self.pk).is_frozen:
            raise ValidationError(gettext("A version that was published stays. Make the next one."), code="published")
        super().save(**kwargs)

    def clean(self):
        refuse_other_edition(self)

    @property
    def is_frozen(self) -> bool:
        return bool(self.published_at and self.published_at <= timezone.now())


class FurtherUse(models.Model):
    """A use of somebody's data that taking part does not need: allowed or not, apart from all else."""

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="further_uses", verbose_name=_("edition"))
    label_en = models.CharField(_("what is asked, in English"), max_length=200)
    label_km = models.CharField(_("what is asked, in Khmer"), max_length=200, blank=True)
    label = Bilingual()
    is_asked = models.BooleanField(_("asked now"), default=True, help_text=_("What was allowed before stays allowed."))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("further use")
        verbose_name_plural = _("further uses")

    def __str__(self):
        return self.label

    def clean(self):
        """The words to which somebody has said yes are not exchanged for others."""
        refuse_other_edition(self)
        before = FurtherUse.objects.filter(pk=self.pk).first()
        is_other = before and (before.label_en, before.label_km) != (self.label_en, self.label_km)
        if is_other and self.permissions.exists():
            raise ValidationError(
                gettext("Somebody has allowed this: its words stay. Ask anew in a row of its own."), "allowed"
            )


class How(models.TextChoices):
    PAGE = "page", _("On the page")
    FOCAL_POINT = "focal-point", _("By the focal point")
    PAPER = "paper", _("On paper")


class ByPersonQuerySet(models.QuerySet):
    def of(self, registration: Registration):
        """Of who holds the place now: what the person before them said counts for nobody else."""
        return self.filter(registration=registration, holder_no=registration.holder_no)

    def current(self):
        return self.filter(holder_no=F("registration__holder_no"))


class Said(models.Model):
    """What one person said, when and how. It names nobody, so it outlives the erasing of the person."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="%(class)ss", verbose_name=_("registration"))
    holder_no = models.PositiveSmallIntegerField(_("holder"), default=1)
    how = models.CharField(_("how"), max_length=12, choices=How.choices, default=How.PAGE)
    said_at = models.DateTimeField(_("when"), default=timezone.now)
    # The focal point, or the member of staff who had the paper in hand.
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("written down by")
    )

    objects = ByPersonQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # its rows are many and nobody asks where they are used

    class Meta:
        abstract = True
        ordering = ["-said_at", "-id"]


class Consent(Said):
    """That somebody agreed to one version of the privacy notice. Written once, never changed."""

    notice = models.ForeignKey(PrivacyNotice, models.PROTECT, related_name="consents", verbose_name=_("privacy notice"))

    class Meta(Said.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(fields=["registration", "holder_no", "notice", "how"], name="one_consent_per_version")
        ]

    def __str__(self):
        return f"{self.registration}: {self.notice.version}"


class Permission(Said):
    """That somebody allowed a further use, until they take it back."""

    use = models.ForeignKey(FurtherUse, models.PROTECT, related_name="permissions", verbose_name=_("further use"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True)

    class Meta(Said.Meta):
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "holder_no", "use"],
                condition=Q(taken_back_at=None),
                name="one_open_permission_per_use",
            )
        ]

    def __str__(self):
        return f"{self.registration}: {self.use.code}"
