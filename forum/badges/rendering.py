"""Badges on paper: A6, one page each, drawn from plain faces."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from cms import pdf, qr
from cms.fitting import Fitted, fit

WIDTH, HEIGHT = 105, 148  # millimetres: A6
QR_SIDE, QR_LEFT, QR_TOP = 26, 73, 112.5  # with its quiet zone
STYLE = Path(__file__).parent / "templates" / "badges" / "badge.css"
# One document of a hundred badges keeps memory near that of one; a thousand in one document take three times as much.
SHEET = 100

SIZES = (60, 56, 52, 48, 45, 42, 39, 36, 33, 30, 28, 26, 24, 22, 20, 18, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6)
STEP = 0.5  # millimetres: texts are pushed down in such steps

# The colours of the bands of passes: ground, the lighter thread of its krama, ink.
BANDS = {
    "indigo": ("#1d2566", "#a9aed0", "light"),
    "romduol": ("#f0b429", "#f8da94", "dark"),
    "red": ("#b3261e", "#e0a19c", "light"),
    "green": ("#14632f", "#93bda0", "light"),
    "grey": ("#525a72", "#b2b6c2", "light"),
}
GROUND, ACCENT = "#1d2566", "#f0b429"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFace:
    """Everything that stands on one badge, as it is written there."""

    edition_name_en: str
    edition_name_km: str = ""
    dates: str = ""
    honorific_en: str = ""
    honorific_km: str = ""
    name_en: str = ""
    name_km: str = ""
    position: str = ""
    agency_en: str = ""
    agency_km: str = ""
    pass_name_en: str = ""
    pass_name_km: str = ""
    band: str = "indigo"
    zones: tuple[str, ...] = ()
    days: str = ""
    code: str  # typed when the QR cannot be read
    token: str  # what the QR holds
    is_demonstration: bool = False


ONE_PERSONS = ["honorific_en", "honorific_km", "name_en", "name_km", "position", "agency_en", "agency_km", "code", "token"]


class Group:
    """Texts one under the other in a named place."""

    def __init__(self, place: str, *texts: Fitted):
        self.place = place
        self.texts = [text for text in texts if text.lines]
        self.height = sum(text.height for text in self.texts)
        self.pushed = 0

    def in_the_middle_of(self, height: float):
        self.pushed = max(0, int((height - self.height) / 2 / STEP))
        return self


def render(faces: Iterable[BadgeFace], language: str) -> bytes:
    """One PDF of all badges in their order, a page each; ``language`` is that of title and small print. Raises ValueError
    when there is no badge."""
    with translation.override(language):
        return pdf.join(_sheet(sheet) for sheet in _sheets(faces))


def _sheets(faces) -> Iterator[list[BadgeFace]]:
    faces = iter(faces)
    while sheet := list(islice(faces, SHEET)):
        yield sheet


def _sheet(faces: list[BadgeFace]) -> bytes:
    """What badges of one pass share is laid out once, on pages that lie beneath theirs."""
    grounds = list(dict.fromkeys(map(_ground, faces)))
    places = {ground: number for number, ground in enumerate(grounds)}
    beneath = [*(() for _ in grounds), *((_colours(face.band), places[_ground(face)], _code(face.token)) for face in faces)]
    pages = [("ground " + BANDS[ground.band][2], _shared_texts(ground)) for ground in grounds]
    pages += [("face", _own_texts(face)) for face in faces]
    html = get_template("badges/badge.html").render({"pages": pages, "number": len(faces)})
    return pdf.render(html, stylesheets=[_style()], beneath=beneath)


def _ground(face: BadgeFace) -> BadgeFace:
    """The face without what is one person's alone."""
    return replace(face, **dict.fromkeys(ONE_PERSONS, ""))


def _shared_texts(face: BadgeFace) -> Iterator[Group]:
    """The texts of the ground; widths and heights agree with the style."""
    mark = _("Demonstration: opens no real door") if face.is_demonstration else ""
    yield Group(
        "edition",
        _text(face.edition_name_km, 91, 6.5, largest=12),
        _text(face.edition_name_en, 91, 5, largest=10),
        _text(face.dates, 91, 4.5, largest=9, weight=400),
    ).in_the_middle_of(20)
    yield Group("pass-km", _text(face.pass_name_km, 44, 9, largest=16)).in_the_middle_of(12)
    yield Group("pass-en", _text(face.pass_name_en, 44, 9, largest=16)).in_the_middle_of(12)
    yield Group("access", *_zones(face.zones), _text(face.days, 60, 8, largest=11, weight=400)).in_the_middle_of(32)
    yield Group("demonstration", _text(mark, 91, 5, largest=9)).in_the_middle_of(5)


def _zones(zones: tuple[str, ...]) -> list[Fitted]:
    """A line for each zone, or one paragraph of many."""
    if len(zones) <= 4:
        return [_text(zone, 60, min(7, 24 / len(zones)), largest=13) for zone in zones]
    return [_text(" · ".join(zones), 60, 20, largest=13)]


def _own_texts(face: BadgeFace) -> Iterator[Group]:
    """The texts of one person. The names take what room the agency leaves; one in one script alone, the room of both."""
    agency = Group(
        "agency",
        _text(face.position, 91, 7.5, largest=11, weight=400),
        _text(face.agency_km, 91, 9, largest=12),
        _text(face.agency_en, 91, 7.5, largest=12),
    )
    honorific_km = _text(face.honorific_km, 91, 9.6, largest=18, weight=400)
    honorific_en = _text(face.honorific_en, 91, 7.5, largest=18, weight=400)
    room = 66 - agency.height - honorific_km.height - honorific_en.height
    share_km = 0.62 if face.name_en else 1
    share_en = 0.38 if face.name_km else 1
    yield Group(
        "names",
        honorific_km,
        _text(face.name_km, 91, room * share_km, largest=60),
        honorific_en,
        _text(face.name_en, 91, room * share_en, largest=60),
    ).in_the_middle_of(71 - agency.height)
    yield agency
    yield Group("code", _text(face.code, QR_SIDE, 3.9, largest=10))


@cache
def _style() -> str:
    sizes = [f".s{size} {{ font-size: {size}pt }}" for size in SIZES]
    pushes = [f".p{steps} {{ padding-top: {steps * STEP}mm }}" for steps in range(1, int(HEIGHT / STEP))]
    return "\n".join([STYLE.read_text(), *sizes, *pushes])


def _text(text: str, width: float, height: float, *, largest: float, weight: int = 700) -> Fitted:
    sizes = [size for size in SIZES if size <= largest]
    return fit(text, width=width, height=height, sizes=sizes, leading=_leading(text), weight=weight)


def _leading(text: str) -> float:
    """Khmer stacks signs above and below its letters, Vietnamese above."""
    if any("\u1780" <= sign <= "\u17ff" for sign in text):
        return 1.5
    return 1.35 if any(sign > "\u024f" for sign in unicodedata.normalize("NFC", text) if sign.isalpha()) else 1.15


@cache
def _colours(band: str) -> str:
    """The colour fields and their krama, the same for every badge of a band."""
    ground, thread = BANDS[band][:2]
    return "\n".join(
        (
            _field(GROUND, 0, 0, WIDTH, 20),
            *_krama(GROUND, ACCENT, 20),
            _field(ground, 0, 99, WIDTH, 12),
            *_krama(ground, thread, 96),
            _field(GROUND, 0, 143, WIDTH, 5),
        )
    )


def _krama(ground: str, thread: str, top: float) -> Iterator[str]:
    """Three rows of the check of the cloth: threads of two colours, white where neither runs."""
    yield _field("#ffffff", 0, top, WIDTH, 3)
    yield _fill(thread, [*((x, top, 1, 3) for x in range(0, WIDTH, 2)), (0, top + 1, WIDTH, 1)])
    yield _fill(ground, [(x, top + 1, 1, 1) for x in range(0, WIDTH, 2)])


def _code(token: str) -> str:
    """The modules of the QR; the white around it is its quiet zone."""
    rows = qr.matrix(token)
    module = QR_SIDE / (len(rows) + 2 * qr.QUIET)
    runs = [(x + qr.QUIET, y, length, 1) for y, row in enumerate(rows, qr.QUIET) for x, length in qr.dark_runs(row)]
    return f"{module:.5f} 0 0 {module:.5f} {QR_LEFT} {QR_TOP} cm {_fill('#000000', runs)}"


def _field(colour: str, x: float, y: float, width: float, height: float) -> str:
    return _fill(colour, [(x, y, width, height)])


def _fill(colour: str, rectangles: Iterable[tuple[float, float, float, float]]) -> str:
    """PDF operators: one path of rectangles in one colour."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    path = " ".join(f"{x:g} {y:g} {width:g} {height:g} re" for x, y, width, height in rectangles)
    return f"{red:.3f} {green:.3f} {blue:.3f} rg {path} f"
