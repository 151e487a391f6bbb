"""How badges look."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms import codes
from cms.languages import Bilingual
from cms.models import Edition, refuse_other_edition
from forum.badges.shapes import ACCENT, FIELDS, GROUND, SHAPES
from forum.registration.models import PassType

# Where their pictures lie in the private store.
PICTURES = "layouts"

colour = RegexValidator(r"^#[0-9a-f]{6}\Z", _("A colour is # and six digits from 0 to f, such as #1d2566."))


def place_of_picture(layout, name: str) -> str:
    return f"{PICTURES}/{codes.new(16).lower()}.{name.rpartition('.')[2]}"


def all_fields() -> list[str]:
    return list(FIELDS)


class BadgeLayoutQuerySet(models.QuerySet):
    def by_pass(self, edition: Edition) -> dict[int | None, "BadgeLayout"]:
        """The layout of each pass that has one of its own, and under None that of all others, where there is one."""
        found = {}
        for layout in self.filter(edition=edition).annotate(of_pass=models.F("pass_types")):  # once for each of its passes
            if layout.of_pass:
                found[layout.of_pass] = layout
            if layout.is_for_others:
                found[None] = layout
        return found


class BadgeLayout(models.Model):
    """How the badges of some passes of one edition look. Without one they are A6, in the colours of the house."""

    class Back(models.TextChoices):
        NOTHING = "", _("Nothing")
        PROGRAMME = "programme", _("The programme of the days of the pass")
        TEXT = "text", _("A text")
        PICTURE = "picture", _("A picture, such as a map")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="badge_layouts", verbose_name=_("edition"))
    name = models.CharField(_("name"), max_length=80)
    shape = models.CharField(
        _("shape"), max_length=10, choices=[(name, shape.label) for name, shape in SHAPES.items()], default="a6"
    )
    pass_types = models.ManyToManyField(
        PassType, through="LayoutOfPass", related_name="badge_layouts", blank=True, verbose_name=_("passes")
    )
    is_for_others = models.BooleanField(
        _("for all other passes"), default=False, help_text=_("For every pass that is in no other layout.")
    )
    ground = models.CharField(_("colour of head and foot"), max_length=7, default=GROUND, validators=[colour])
    accent = models.CharField(_("second colour, in the cloth"), max_length=7, default=ACCENT, validators=[colour])
    # Names of ``shapes.FIELDS``, as they follow one another.
    order = models.JSONField(_("what stands on it, in which order"), default=all_fields)
    emblem = models.FileField(_("emblem"), upload_to=place_of_picture, max_length=120, blank=True)
    has_photo = models.BooleanField(
        _("photo"), default=False, help_text=_("Who has given none stands there as a grey figure.")
    )
    back = models.CharField(_("back"), max_length=10, choices=Back.choices, blank=True, default=Back.NOTHING)
    back_text_en = models.TextField(_("text on the back in English"), max_length=2_000, blank=True)
    back_text_km = models.TextField(_("text on the back in Khmer"), max_length=2_000, blank=True)
    back_text = Bilingual()
    back_picture = models.FileField(_("picture"), upload_to=place_of_picture, max_length=120, blank=True)

    objects = BadgeLayoutQuerySet.as_manager()

    class Meta:
        ordering = ["edition", "name"]
        verbose_name = _("badge layout")
        verbose_name_plural = _("badge layouts")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name"],
                name="one_layout_per_name",
                violation_error_message=_("This forum has a layout of that name already."),
            ),
            models.UniqueConstraint(
                fields=["edition"],
                condition=models.Q(is_for_others=True),
                name="one_layout_for_others",
                violation_error_message=_("Another layout is for all other passes already."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.edition.slug})"

    def clean(self):
        refuse_other_edition(self)


class LayoutOfPass(models.Model):
    """Which layout the badges of a pass have: one."""

    layout = models.ForeignKey(BadgeLayout, models.CASCADE)
    pass_type = models.OneToOneField(PassType, models.CASCADE)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("layout of a pass")
        verbose_name_plural = _("layouts of passes")

    def __str__(self):
        return f"{self.pass_type_id}: {self.layout_id}"
