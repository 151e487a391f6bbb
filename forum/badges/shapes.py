"""The shapes a badge may have, as data: where what stands, in millimetres from the top left corner.

Another shape is another ``Shape`` here and its name among ``SHAPES``: drawing, fitting, preview and proofs follow.
"""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

# What stands on a badge, in the order in which it stands where nobody says otherwise; the names are always there.
NAME, ACCESS = "name", ("zones", "days")
FIELDS = (NAME, "position", "agency", *ACCESS)
GROUND, ACCENT = "#1d2566", "#f0b429"


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float
    align: str = "left"

    @property
    def edges(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.width, self.height


@dataclass(frozen=True, slots=True)
class Paint:
    """A field of colour: ``ground``, ``band`` or ``black``; or the krama cloth in it, three rows of checks."""

    colour: str
    box: Box
    is_krama: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet on which badges stand: the corners of their places, and lines to cut or to fold along."""

    width: float
    height: float
    places: tuple[tuple[float, float], ...]
    # (from, to), each a point.
    cuts: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = ()
    folds: tuple[tuple[tuple[float, float], tuple[float, float]], ...] = ()
    # Both sides of one badge stand beside each other, so that the sheet is folded and not turned.
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    label: str
    width: float
    height: float
    paints: tuple[Paint, ...] = ()
    # What the edition is called, and the most points for Khmer, English and the dates.
    edition: Box | None = None
    edition_sizes: tuple[int, int, int] = (12, 10, 9)
    emblem: Box | None = None
    # The person: names, and what stands above and below them.
    person: Box
    name_size: int = 60
    # On a small one the form of address stands in the line of the name.
    honorific_beside: bool = False
    text_size: int = 12
    # The most height of position, agency in Khmer and in English, honorific in Khmer and in English.
    rooms: tuple[float, float, float, float, float] = (7.5, 9, 7.5, 9.6, 7.5)
    pass_km: Box
    pass_en: Box
    pass_size: int = 16
    # Zones and days.
    access: Box
    access_size: int = 13
    qr: Box
    code: Box
    demonstration: Box
    # With a photo some boxes give way.
    photo: Box
    with_photo: dict[str, Box] = field(default_factory=dict, hash=False)
    # The other side: a head, and the room for programme, text or picture.
    back_paints: tuple[Paint, ...] = ()
    back_head: Box
    back: Box
    # Printed black alone: the band is a black one, or, on printed stock, not ours.
    is_black: bool = False
    paper: Paper | None = None

    def given(self, *, photo: bool, emblem: bool) -> "Shape":
        """The shape with what gives way to photo and emblem."""
        shape = replace(self, **self.with_photo) if photo else self
        if emblem and shape.emblem and shape.edition:
            moved = shape.emblem.left + shape.emblem.width + 3
            room = replace(shape.edition, left=moved, width=shape.edition.left + shape.edition.width - moved)
            shape = replace(shape, edition=room)
        return shape


def _grid(width, height, columns, rows, sheet) -> Paper:
    """So many of one size in the middle of a sheet, edge to edge, with marks outside to cut along."""
    left, top = (sheet[0] - columns * width) / 2, (sheet[1] - rows * height) / 2
    right, bottom = left + columns * width, top + rows * height
    cuts = []
    for number in range(columns + 1):
        x = left + number * width
        cuts += [((x, top - 6), (x, top - 1)), ((x, bottom + 1), (x, bottom + 6))]
    for number in range(rows + 1):
        y = top + number * height
        cuts += [((left - 6, y), (left - 1, y)), ((right + 1, y), (right + 6, y))]
    places = tuple((left + column * width, top + row * height) for row in range(rows) for column in range(columns))
    return Paper(*sheet, places=places, cuts=tuple(cuts))


A6 = Shape(
    label=_("A6, upright"),
    width=105,
    height=148,
    paints=(
        Paint("ground", Box(0, 0, 105, 20)),
        Paint("ground", Box(0, 20, 105, 3), is_krama=True),
        Paint("band", Box(0, 99, 105, 12)),
        Paint("band", Box(0, 96, 105, 3), is_krama=True),
        Paint("ground", Box(0, 143, 105, 5)),
    ),
    edition=Box(7, 0, 91, 20),
    emblem=Box(7, 3, 14, 14),
    person=Box(7, 23, 91, 71),
    pass_km=Box(7, 99, 44, 12),
    pass_en=Box(54, 99, 44, 12, "right"),
    access=Box(7, 111, 60, 32),
    qr=Box(73, 112.5, 26, 26),
    code=Box(73, 138.3, 26, 3.9, "center"),
    demonstration=Box(0, 143, 105, 5, "center"),
    photo=Box(7, 112.75, 22.5, 30),
    with_photo={"access": Box(32.5, 111, 38, 32)},
    back_paints=(
        Paint("ground", Box(0, 0, 105, 12)),
        Paint("ground", Box(0, 12, 105, 3), is_krama=True),
        Paint("ground", Box(0, 143, 105, 5)),
    ),
    back_head=Box(7, 0, 91, 12),
    back=Box(7, 18, 91, 122),
)

CARD = Shape(
    label=_("Card, 86 × 54 mm"),
    width=86,
    height=54,
    paints=(
        Paint("ground", Box(0, 0, 86, 8)),
        Paint("ground", Box(0, 8, 86, 1.5), is_krama=True),
        Paint("band", Box(0, 40.5, 86, 6.5)),
        Paint("ground", Box(0, 50.6, 86, 3.4)),
    ),
    edition=Box(4, 0.25, 78, 7.5),
    edition_sizes=(7, 6, 0),
    emblem=Box(4, 1, 6, 6),
    person=Box(4, 10.5, 56, 29.5),
    name_size=28,
    honorific_beside=True,
    text_size=8,
    rooms=(3.2, 6.4, 5, 4.2, 3.3),
    pass_km=Box(4, 40.5, 38, 6.5),
    pass_en=Box(44, 40.5, 38, 6.5, "right"),
    pass_size=11,
    access=Box(4, 47, 78, 3.6),
    access_size=7,
    qr=Box(61.5, 11, 22.5, 22.5),
    code=Box(61.5, 33.8, 22.5, 3.5, "center"),
    demonstration=Box(0, 50.6, 86, 3.4, "center"),
    photo=Box(4, 11.5, 19.5, 26),
    with_photo={"person": Box(25.5, 10.5, 35, 29.5)},
    back_paints=(
        Paint("ground", Box(0, 0, 86, 6)),
        Paint("ground", Box(0, 6, 86, 1.5), is_krama=True),
        Paint("ground", Box(0, 51.5, 86, 2.5)),
    ),
    back_head=Box(4, 0, 78, 6),
    back=Box(4, 8.5, 78, 42),
)

LABEL = Shape(
    label=_("Label, 100 × 150 mm, black only"),
    width=100,
    height=150,
    paints=(
        Paint("black", Box(6, 20, 88, 0.6)),
        Paint("black", Box(0, 98, 100, 13)),
    ),
    edition=Box(6, 2, 88, 17),
    emblem=Box(6, 4, 13, 13),
    person=Box(6, 23, 88, 72),
    pass_km=Box(6, 98, 42, 13),
    pass_en=Box(52, 98, 42, 13, "right"),
    access=Box(6, 112, 57, 32),
    qr=Box(67, 112.5, 28, 28),
    code=Box(67, 140.4, 28, 4.2, "center"),
    demonstration=Box(0, 145, 100, 5, "center"),
    photo=Box(6, 113.5, 22.5, 30),
    with_photo={"access": Box(31.5, 112, 33.5, 32)},
    back_paints=(Paint("black", Box(6, 14, 88, 0.6)),),
    back_head=Box(6, 2, 88, 12),
    back=Box(6, 18, 88, 125),
    is_black=True,
)

# The stock has head, band and foot in colour; ours is what differs from one person to the next.
OVERLAY = replace(
    A6,
    label=_("A6 on printed stock, black only"),
    paints=(),
    edition=None,
    emblem=None,
    back_paints=(),
    is_black=True,
)

FOLDED = replace(
    A6,
    label=_("A4, folded twice to A6"),
    paper=Paper(
        210,
        297,
        places=((0, 149), (105, 149)),
        folds=(((0, 148.5), (210, 148.5)), ((105, 0), (105, 297))),
        is_folded=True,
    ),
)

PAIR = replace(A6, label=_("Two A6 on A4, with cut marks"), paper=_grid(105, 148, 2, 1, (297, 210)))
CARDS = replace(CARD, label=_("Ten cards of 86 × 54 mm on A4, with cut marks"), paper=_grid(86, 54, 2, 5, (210, 297)))

SHAPES = {"a6": A6, "card": CARD, "label": LABEL, "folded": FOLDED, "pair": PAIR, "cards": CARDS, "overlay": OVERLAY}
