"""Applications: what an agency asks for before it has a booth, and what the organisers say to it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition
from exhibitors.models.agencies import Agency
from exhibitors.models.floor import Booth, Zone

WISHES = 6
LIVE = ["draft", "submitted", "returned", "accepted", "waitlisted"]


class Sides(models.IntegerChoices):
    ONE = 1, _("one or more")
    TWO = 2, _("two or more (a corner)")
    THREE = 3, _("three or more (a peninsula)")
    FOUR = 4, _("four (an island)")


class Call(models.Model):
    """An edition's call for exhibitors: when agencies may apply, how long they may think about an offer, and when their
    profiles are due."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="call", verbose_name=_("edition"))
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("closes"), help_text=_("The last day on which agencies may apply."))
    text_en = models.TextField(_("text in English"), blank=True, max_length=4_000, help_text=_("Stands above the form."))
    text_km = models.TextField(_("text in Khmer"), blank=True, max_length=4_000)
    text = Bilingual()
    offer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    profiles_due_on = models.DateField(
        _("profiles due"),
        null=True,
        blank=True,
        help_text=_(
            "Until then exhibitors write their profile and send their logo, products and themes; then they are late."
        ),
    )

    class Meta:
        ordering = ["-opens_on"]
        verbose_name = _("call for exhibitors")
        verbose_name_plural = _("calls for exhibitors")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")),
                name="call_closes_after_it_opens",
                violation_error_message=_("The last day comes before the first."),
            )
        ]

    def __str__(self):
        return str(self.edition)

    @property
    def is_open(self) -> bool:
        """On the edition's own calendar, both days included."""
        return not self.edition.is_over and self.opens_on <= self.edition.today <= self.closes_on


class ApplicationQuerySet(models.QuerySet):
    def live(self):
        """Those that still want a booth."""
        return self.filter(state__in=LIVE)

    def in_line(self):
        """Who waits for a booth that becomes free, the first first."""
        return self.filter(state="waitlisted").order_by("-weight", "submitted_at", "pk")


class Application(models.Model):
    """One agency's application for a booth at one edition. Its state changes only through ``exhibitors.applying``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned with questions")
        ACCEPTED = "accepted", _("accepted")
        WAITLISTED = "waitlisted", _("on the waiting list")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="applications", verbose_name=_("edition"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="applications", verbose_name=_("agency"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    # Counted up by each change of what is asked, so that nobody decides on what they have not read.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    least_area = models.PositiveSmallIntegerField(
        _("area"), default=9, validators=[MinValueValidator(1)], help_text=_("At least, in m².")
    )
    most_area = models.PositiveSmallIntegerField(_("area at most"), null=True, blank=True, help_text=_("In m²."))
    open_sides = models.PositiveSmallIntegerField(
        _("open sides"),
        default=1,
        choices=Sides.choices,
    )
    power = models.PositiveIntegerField(
        _("power"), default=0, help_text=_("In watts, of everything that runs at once; 0: none.")
    )
    fitting = models.CharField(_("fitting"), max_length=10, choices=Booth.Fitting.choices, blank=True)
    needs_access = models.BooleanField(
        _("accessible"), default=False, help_text=_("Somebody of your team uses a wheelchair.")
    )
    co_exhibitors = models.TextField(
        _("co-exhibitors"),
        blank=True,
        max_length=2_000,
        help_text=_("Who shares the booth with you; one name on each line."),
    )
    note = models.TextField(_("note for the organisers"), blank=True, max_length=2_000)

    # The organisers' own
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("1 to 10; multiplies what its wishes count, and says who is first on the waiting list."),
    )
    is_on_tour = models.BooleanField(_("on the tour"), default=False, help_text=_("The guest of honour should come by."))
    pin = models.ForeignKey(
        Booth,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pinned",
        verbose_name=_("pinned to booth"),
        help_text=_("Every proposal puts it there and nobody else."),
    )
    remark = models.TextField(_("the organisers’ word"), blank=True, help_text=_("Questions, or why it was refused."))

    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("submitted by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("decided by")
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "submitted_at", "pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        permissions = [("decide_application", "Can decide on applications, propose and offer booths")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "agency"], condition=Q(state__in=LIVE), name="one_live_application_per_agency"
            ),
            models.UniqueConstraint(
                fields=["pin"],
                condition=Q(pin__isnull=False, state__in=LIVE),
                name="one_application_pinned_to_a_booth",
                violation_error_message=_("Another application is pinned to this booth."),
            ),
            models.CheckConstraint(
                condition=Q(most_area=None) | Q(most_area__gte=models.F("least_area")),
                name="application_areas_in_order",
                violation_error_message=_("The area at most is smaller than the area at least."),
            ),
            models.CheckConstraint(
                condition=Q(open_sides__range=(1, 4), weight__range=(1, 10)), name="application_in_range"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="application_submitted_before_decided",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def is_open_to_edit(self) -> bool:
        """Whether its agency may change it."""
        return self.state in (self.State.DRAFT, self.State.SUBMITTED, self.State.RETURNED)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def rank_of(self, booth: Booth) -> int | None:
        """The best wish that this booth meets."""
        met = (wish.rank for wish in self.wishes.all() if booth.pk == wish.booth_id or booth.zone_id == wish.zone_id)
        return min(met, default=None)


def co_exhibitors(edition: Edition, agency) -> Coalesce:
    """As typed: with whom the agency, an ``OuterRef``, shares its booth by its accepted application. For ``annotate``."""
    accepted = Application.objects.filter(edition=edition, agency=agency, state=Application.State.ACCEPTED)
    return Coalesce(Subquery(accepted.values("co_exhibitors")[:1]), Value(""), output_field=models.TextField())


def one_by_line(typed: str) -> list[str]:
    """Names as typed, each once."""
    return list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in typed.splitlines()))))


class Wish(models.Model):
    """One booth, or any booth of one zone; the first rank is the dearest."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField(_("rank"))  # from one
    booth = models.ForeignKey(Booth, models.CASCADE, null=True, related_name="+", verbose_name=_("booth"))
    zone = models.ForeignKey(Zone, models.CASCADE, null=True, related_name="+", verbose_name=_("zone"))

    class Meta:
        ordering = ["rank"]
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="one_wish_per_rank"),
            models.CheckConstraint(
                condition=Q(booth__isnull=False, zone=None) | Q(booth=None, zone__isnull=False),
                name="wish_of_a_booth_or_a_zone",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """As it is typed: the booth's code, or the zone's name."""
        return self.booth.code if self.booth_id else self.zone.name


class Neighbour(models.Model):
    """Whom an applicant wants beside it, or far away."""

    class Kind(models.TextChoices):
        NEAR = "near", _("near")
        APART = "apart", _("apart")
        RIVALS = "rivals", _("rather apart")

    application = models.ForeignKey(Application, models.CASCADE, related_name="neighbours", verbose_name=_("application"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # As typed. Which agency is meant is found by its name, or said by an organiser; until then it counts for nothing.
    name = models.CharField(_("name"), max_length=200)
    agency = models.ForeignKey(Agency, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("agency"))

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("neighbour")
        verbose_name_plural = _("neighbours")
        constraints = [
            models.UniqueConstraint(fields=["application", "name"], name="one_neighbour_per_name"),
            models.CheckConstraint(condition=Q(kind__in=["near", "apart", "rivals"]), name="neighbour_near_or_apart"),
        ]

    def __str__(self):
        return self.name
