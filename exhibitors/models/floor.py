"""The exhibition floor: halls, zones and booths. All lengths are whole centimetres from the hall's north-west corner."""

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from cms.refusals import beside
from exhibitors.models.agencies import Agency
from exhibitors.models.pavilions import Pavilion

# Which sides are open, per type of booth, always written in the order N, E, S, W.
SIDES = {
    "inline": ["N", "E", "S", "W"],
    "corner": ["NE", "ES", "SW", "NW"],
    "peninsula": ["NES", "ESW", "NSW", "NEW"],
    "island": ["NESW"],
}

capital_code = RegexValidator(r"^[A-Z0-9][A-Z0-9-]*$", _("Use capital Latin letters, digits and hyphens."))


def is_live(prefix: str = "") -> Q:
    """What makes a booking keep others out now: confirmed, or held and not yet past its time."""
    held = Q((f"{prefix}state", "held"), (f"{prefix}held_until__gt", timezone.now()))
    return Q((f"{prefix}state", "confirmed")) | held


def centimetres(label: str, *, least: int = 1, **options) -> models.PositiveIntegerField:
    options = {"help_text": _("in centimetres")} | options
    return models.PositiveIntegerField(label, validators=[MinValueValidator(least)], **options)


def metres(width: int, depth: int) -> str:
    """Centimetres as people say them: 3 × 2.5."""
    return f"{width / 100:g} × {depth / 100:g}"


class Hall(models.Model):
    """One room of the venue, a rectangle."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="halls", verbose_name=_("edition"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    width = centimetres(_("width"))
    depth = centimetres(_("depth"))
    # Where two wheelchairs meet: 1,525 mm, ADA Standards for Accessible Design (2010), 403.5.3. Nothing so general
    # is written of aisles and doors: venues and fire brigades set them, which is why they are fields.
    aisle_width = centimetres(
        _("width of aisles"), default=300, help_text=_("in centimetres, before each open side of a booth")
    )
    wheelchair_width = centimetres(
        _("width for wheelchairs"),
        default=153,
        help_text=_(
            "in centimetres, below which an aisle is no way; two wheelchairs meet within 153 (ADA Standards 2010, 403.5.3)"
        ),
    )
    door_clearance = centimetres(
        _("clear ground before doors"),
        default=300,
        help_text=_("in centimetres, before each entrance and emergency exit; as the venue or the fire brigade demands"),
    )

    class Meta:
        ordering = ["edition", "name_en"]
        verbose_name = _("hall")
        verbose_name_plural = _("halls")
        constraints = [
            models.UniqueConstraint(fields=["edition", "name_en"], name="one_hall_per_name"),
            models.CheckConstraint(condition=Q(width__gt=0, depth__gt=0), name="hall_has_a_size"),
            models.CheckConstraint(
                condition=Q(wheelchair_width__gt=0, aisle_width__gte=models.F("wheelchair_width"), door_clearance__gt=0),
                name="hall_has_aisles_for_wheelchairs",
                violation_error_message=_("An aisle is at least as wide as wheelchairs need."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        refuse_other_edition(self)

    def holds(self, thing) -> bool:
        """Whether a booth or a structure stands within the walls."""
        return thing.x + thing.width <= self.width and thing.y + thing.depth <= self.depth

    @property
    @display(description=_("size"))
    def size(self) -> str:
        return metres(self.width, self.depth)


class Zone(models.Model):
    """A part of a hall: for whom it is meant, how its booths are booked and how it is told apart on the plan."""

    class Colour(models.TextChoices):
        """Each stands out 3:1 against both papers, in the light and in the dark; see ``static/css/tokens.css``."""

        BLUE = "blue", _("blue")
        TEAL = "teal", _("teal")
        GREEN = "green", _("green")
        AMBER = "amber", _("amber")
        ROSE = "rose", _("rose")
        VIOLET = "violet", _("violet")

    class Pattern(models.TextChoices):
        """What tells zones apart where colours do not: in grey print, and for who does not tell colours apart."""

        LINES = "lines", _("lines")
        GRID = "grid", _("grid")
        DOTS = "dots", _("dots")
        CROSSES = "crosses", _("crosses")
        WAVES = "waves", _("waves")
        DIAMONDS = "diamonds", _("diamonds")

    code = models.CharField(_("code"), max_length=6, unique=True, default=codes.six, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="zones", verbose_name=_("hall"))
    name_en = models.CharField(_("name in English"), max_length=100)
    name_km = models.CharField(_("name in Khmer"), max_length=100, blank=True)
    name = Bilingual()
    kind = models.CharField(
        _("meant for"),
        max_length=30,
        choices=Agency.Kind.choices,
        blank=True,
        help_text=_("Agencies of another kind cannot book here themselves. Blank: open to all."),
    )
    zone_class = models.CharField(
        _("class"),
        max_length=30,
        blank=True,
        help_text=_("Your own word, such as premium: only who applies for this class is placed here. Blank: open to all."),
    )
    power_budget = models.PositiveIntegerField(
        _("power budget"), null=True, blank=True, help_text=_("in watts, for all its booths together. Blank: no limit.")
    )
    colour = models.CharField(_("colour"), max_length=10, choices=Colour.choices, blank=True)
    pattern = models.CharField(
        _("pattern"),
        max_length=10,
        choices=Pattern.choices,
        blank=True,
        help_text=_("Choose one for each zone: on grey paper, colours look alike."),
    )
    by_application = models.BooleanField(
        _("by application"), default=False, help_text=_("Agencies apply for booths here; they cannot book one themselves.")
    )
    confirms_at_once = models.BooleanField(
        _("books at once"), default=False, help_text=_("Otherwise a booth is held until an exhibition manager confirms it.")
    )
    hold_hours = models.PositiveSmallIntegerField(_("hours a booth is held"), default=72, validators=[MinValueValidator(1)])
    booths_per_agency = models.PositiveSmallIntegerField(
        _("booths per agency"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("How many booths of this edition an agency may have before it can book no more here itself."),
    )

    class Meta:
        ordering = ["hall", "name_en"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            models.UniqueConstraint(fields=["hall", "name_en"], name="one_zone_per_name_in_a_hall"),
            models.CheckConstraint(
                condition=Q(colour__in=["", "blue", "teal", "green", "amber", "rose", "violet"]),
                name="zone_has_a_known_colour",
            ),
            models.CheckConstraint(
                condition=Q(pattern__in=["", "lines", "grid", "dots", "crosses", "waves", "diamonds"]),
                name="zone_has_a_known_pattern",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """One class is one word, however it was typed: applications are compared with it."""
        self.zone_class = " ".join(self.zone_class.lower().split())
        refuse_other_edition(self, "hall__edition")

    def welcomes(self, agency: Agency) -> bool:
        return self.kind in ("", agency.kind)


class BoothQuerySet(models.QuerySet):
    def published(self, edition):
        """The booths of an edition that people may see, with their place, ready to be drawn."""
        return self.filter(edition=edition, is_published=True).select_related("zone__hall")

    def to_give(self):
        """Those that the organisers give: on the published plan, and in no pavilion, whose own organiser divides them."""
        return self.filter(is_published=True, pavilion=None)

    def free(self):
        live = FilteredRelation("bookings", condition=is_live("bookings__"))
        return self.alias(live_booking=live).filter(live_booking=None)

    def with_extras(self):
        """With the watts that were ordered for each booth, in the same query."""
        taken = Q(bookings__ordered_extras__is_taken=True)
        watts = models.F("bookings__ordered_extras__quantity") * models.F("bookings__ordered_extras__extra__watts")
        return self.annotate(power_ordered=models.functions.Coalesce(models.Sum(watts, filter=taken), 0))


class Booth(models.Model):
    """A rectangle of floor that one exhibitor takes."""

    class Kind(models.TextChoices):
        INLINE = "inline", _("In-line")
        CORNER = "corner", _("Corner")
        PENINSULA = "peninsula", _("Peninsula")
        ISLAND = "island", _("Island")

    class Fitting(models.TextChoices):
        SHELL = "shell", _("Shell scheme")
        RAW = "raw", _("Raw space")

    # The zone's edition, kept here too because a code is unique in one edition.
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="booths", editable=False, verbose_name=_("edition"))
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="booths", verbose_name=_("zone"))
    code = models.CharField(_("code"), max_length=10, validators=[capital_code], help_text=_("As on the sign, such as A12."))
    block = models.CharField(
        _("block"),
        max_length=10,
        blank=True,
        validators=[capital_code],
        help_text=_("Booths of one pavilion or row, such as A: who stands in the same block of a zone stands near."),
    )
    x = centimetres(_("from the west wall"), least=0)
    y = centimetres(_("from the north wall"), least=0)
    width = centimetres(_("width"))
    depth = centimetres(_("depth"))
    kind = models.CharField(_("type"), max_length=20, choices=Kind.choices, default=Kind.INLINE)
    open_sides = models.CharField(
        _("open sides"),
        max_length=4,
        default="S",
        choices=[(sides, sides) for group in SIDES.values() for sides in group],
        help_text=_("N is the top of the plan. In-line has one, a corner two, a peninsula three, an island four."),
    )
    fitting = models.CharField(
        _("fitting"),
        max_length=10,
        choices=Fitting.choices,
        default=Fitting.SHELL,
        help_text=_("Shell scheme comes with walls and a fascia; on raw space the exhibitor builds its own stand."),
    )
    power = models.PositiveIntegerField(_("power"), default=0, help_text=_("in watts; 0: no supply"))
    is_accessible = models.BooleanField(
        _("accessible"), default=False, help_text=_("Somebody in a wheelchair can reach it without a step and turn inside.")
    )
    # Its organiser divides it among members; nobody else books it, and no proposal gives it away.
    pavilion = models.ForeignKey(
        Pavilion, models.SET_NULL, null=True, blank=True, editable=False, related_name="booths", verbose_name=_("pavilion")
    )
    is_on_route = models.BooleanField(_("on the route"), default=False, help_text=_("The guest of honour passes by."))
    is_published = models.BooleanField(_("published"), default=True, help_text=_("Shown on the plan and open to booking."))

    objects = BoothQuerySet.as_manager()

    power_ordered = 0  # watts of extras, where ``with_extras`` has read them

    class Meta:
        ordering = ["edition", "code"]
        verbose_name = _("booth")
        verbose_name_plural = _("booths")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_booth_per_code"),
            models.CheckConstraint(condition=Q(width__gt=0, depth__gt=0), name="booth_has_a_size"),
            models.CheckConstraint(
                condition=Q(kind="inline", open_sides__in=SIDES["inline"])
                | Q(kind="corner", open_sides__in=SIDES["corner"])
                | Q(kind="peninsula", open_sides__in=SIDES["peninsula"])
                | Q(kind="island", open_sides__in=SIDES["island"]),
                name="booth_sides_fit_its_type",
                violation_error_message=_("The open sides do not fit the type of booth."),
            ),
            models.CheckConstraint(condition=Q(fitting__in=["shell", "raw"]), name="booth_is_shell_or_raw"),
        ]

    def __str__(self):
        return self.code

    def save(self, **kwargs):
        self.edition_id = self.zone.hall.edition_id
        super().save(**kwargs)

    def clean(self):
        if self.zone_id:
            self._refuse_other_place()
        if not self.zone_id or None in (self.x, self.y, self.width, self.depth):
            return
        if not self.zone.hall.holds(self):
            raise ValidationError(_("The booth reaches beyond the walls of the hall."), code="outside")

    def _refuse_other_place(self):
        refuse_other_edition(self, "zone__hall__edition")
        twins = Booth.objects.filter(edition=self.zone.hall.edition, code=self.code).exclude(pk=self.pk)
        if twins.exists():
            raise beside("code", _("Another booth of this edition has this code."), "twin")

    @property
    def power_in_all(self) -> int:
        """Watts that it has and that were ordered for it: what counts against the budget of its zone."""
        return self.power + self.power_ordered

    @property
    def area(self) -> str:
        """Square metres, without a trailing nought."""
        return f"{self.width * self.depth / 10_000:g}"

    @property
    @display(description=_("size"))
    def size(self) -> str:
        return metres(self.width, self.depth)
