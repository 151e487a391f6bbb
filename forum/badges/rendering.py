"""Badges on paper, of any shape, drawn from plain faces."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, pairwise

from django.utils import translation
from django.utils.translation import gettext as _

from cms import pdf, pdf_pages
from cms.fitting import MILLIMETRE, Fitted, fit
from cms.pdf_pages import Line, Page, Picture
from forum.badges import imposing, painting
from forum.badges.shapes import ACCENT, ACCESS, FIELDS, GROUND, NAME, SHAPES, Box, Shape

# One document of a hundred badges keeps memory near that of one; a thousand in one document take three times as much.
SHEET = 100

SIZES = (60, 56, 52, 48, 45, 42, 39, 36, 33, 30, 28, 26, 24, 22, 20, 18, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6)
HANGING = 0.2  # of its size: so far what hangs deepest, as ុ beneath ឡ, leaves a line of Khmer
BACK_SIZES = (11, 10, 9, 8, 7, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The other side: lines with whether each is a heading, or a picture."""

    title: str
    lines: tuple[tuple[str, bool], ...] = ()
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How badges of a pass look."""

    shape: str = "a6"
    ground: str = GROUND
    accent: str = ACCENT
    fields: tuple[str, ...] = FIELDS
    emblem: bytes = field(default=b"", repr=False)
    has_photo: bool = False
    back: Back | None = None

    @property
    def drawn(self) -> Shape:
        return SHAPES[self.shape].given(photo=self.has_photo, emblem=bool(self.emblem))


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
    photo: bytes = field(default=b"", repr=False)  # JPEG, 3:4
    mark: str = ""  # that it opens no real door
    design: Design = Design()


# What is one person's alone, photo aside.
TYPED = (
    "honorific_en", "honorific_km", "name_en", "name_km", "position", "agency_en", "agency_km", "code", "token",
)  # fmt: skip


class Group:
    """Texts one under the other in a box of the shape."""

    def __init__(self, place: str, box: Box, *texts: Fitted, ink: str = "dark"):
        self.place, self.box, self.ink = place, box, ink
        self.texts = [text for text in texts if text.lines]
        self.height = sum(text.height for text in self.texts)
        self.pushed = self.gap = 0.0
        self.below = None

    def pushed_down(self, distance: float):
        self.pushed = max(0.0, distance)
        return self

    def in_the_middle(self):
        return self.pushed_down((self.box.height - self.height) / 2)

    def parted(self, room: float):
        """What hangs beneath Khmer letters touches nothing of the Latin line below: as far as half of ``room`` goes."""
        for above, below in pairwise(self.texts):
            if _is_khmer("".join(above.lines)) and not _is_khmer("".join(below.lines)):
                self.gap = max(0.0, min(HANGING * above.size / MILLIMETRE, room / 2))
                self.below = below
                self.height += self.gap
        return self

    def lines(self, colour: tuple[float, float, float]) -> Iterator[Line]:
        left, width, align, top = self.box.left, self.box.width, self.box.align, self.box.top + self.pushed
        for text in self.texts:
            top += self.gap if text is self.below else 0
            for written in text.lines:
                line = Line(written, left, top, width, text.size, text.leading, text.weight, colour, align)
                yield line
                top += line.height


def render(faces: Iterable[BadgeFace], language: str) -> bytes:
    """One PDF of all badges in their order; ``language`` is that of its title. Raises ValueError when there is none."""
    with translation.override(language):
        return pdf.join(_sheet(name, sheet, language) for name, sheet in _sheets(faces))


def cut(face: BadgeFace, *, shared: bool = True) -> list[str]:
    """The texts of a badge that stay in their boxes at the smallest size only by losing their ends; without those that it
    shares with others where they are told once."""
    groups = [*_own_texts(face)]
    if shared:
        groups += _shared_texts(face)
        groups += [_back_text(face)] if face.design.back else []
    return [text.cut for group in groups for text in group.texts if text.cut]


def _sheets(faces) -> Iterator[tuple[str, list[BadgeFace]]]:
    for name, same in groupby(faces, lambda face: face.design.shape):
        while sheet := list(islice(same, SHEET)):
            yield name, sheet


def _sheet(name: str, faces: list[BadgeFace], language: str) -> bytes:
    """What badges of one pass share is written once, on pages that lie beneath theirs."""
    sides = [2 if face.design.back else 1 for face in faces]
    sheet = _Sheet(SHAPES[name], sum(sides))
    for face in faces:
        sheet.add(face)
    paper = pdf_pages.render([*sheet.badges, *sheet.grounds], title=_("Badges"), language=language)
    return imposing.impose(paper, shape=SHAPES[name], sides=sides)


class _Sheet:
    """The pages of one document: the badges, and after them the grounds on which they lie, each once."""

    def __init__(self, shape: Shape, number: int):
        self.inks = painting.inks(shape)
        self.badges, self.grounds = [], []
        self.ground_numbers = {}
        self.first_ground = number

    def add(self, face: BadgeFace):
        design, ground = face.design, _ground(face)
        shape = design.drawn
        layers = [painting.paint(design.shape, design.ground, design.accent, face.band)]
        if face.mark:
            layers.append(painting.strip(shape))
        layers.append(self._ground(ground, self._front))
        if design.has_photo and not face.photo:
            layers.append(painting.silhouette(shape.photo))
        layers.append(painting.code(face.token, shape.qr))
        photo = [(face.photo, shape.photo)] if design.has_photo and face.photo else []
        self.badges.append(self._page(shape, _own_texts(face), photo, layers, is_filling=True))
        if design.back:
            colours = painting.paint(design.shape, design.ground, design.accent, face.band, is_back=True)
            self.badges.append(self._page(shape, beneath=[colours, self._ground(ground, self._back)]))

    def _ground(self, face: BadgeFace, side: Callable) -> int:
        """Its number among the pages."""
        if (side, face) not in self.ground_numbers:
            self.ground_numbers[side, face] = self.first_ground + len(self.grounds)
            self.grounds.append(side(face))
        return self.ground_numbers[side, face]

    def _front(self, face) -> Page:
        shape = face.design.drawn
        emblem = [(face.design.emblem, shape.emblem)] if face.design.emblem and shape.emblem else []
        return self._page(shape, _shared_texts(face), emblem)

    def _back(self, face) -> Page:
        shape, picture = face.design.drawn, face.design.back.picture
        return self._page(shape, [_back_head(face), _back_text(face)], [(picture, shape.back)] if picture else [])

    def _page(self, shape, groups=(), pictures=(), beneath=(), *, is_filling=False) -> Page:
        lines = [line for group in groups for line in group.lines(self.inks[group.ink])]
        hung = [Picture(content, *box.edges, is_filling=is_filling) for content, box in pictures]
        return Page(width=shape.width, height=shape.height, lines=lines, pictures=hung, beneath=tuple(beneath))


def _ground(face: BadgeFace) -> BadgeFace:
    """The face without what is one person's alone."""
    return replace(face, **dict.fromkeys(TYPED, ""), photo=b"")


def _shared_texts(face: BadgeFace) -> Iterator[Group]:
    """The texts of the ground."""
    shape = face.design.drawn
    if box := shape.edition:
        km, en, dates = shape.edition_sizes
        tall = box.height / 20
        texts = [_text(face.edition_name_km, box.width, 6.5 * tall if dates else box.height * 0.55, largest=km)]
        texts.append(_text(face.edition_name_en, box.width, 5 * tall if dates else box.height * 0.45, largest=en))
        if dates:
            texts.append(_text(face.dates, box.width, 4.5 * tall, largest=dates, weight=400))
        yield Group("edition", box, *texts, ink=_ink(face, box)).in_the_middle()
    for place, text in (("pass_km", face.pass_name_km), ("pass_en", face.pass_name_en)):
        box = getattr(shape, place)
        fitted = _text(text, box.width, box.height - 1, largest=shape.pass_size)
        yield Group(place, box, fitted, ink=_ink(face, box)).in_the_middle()
    yield Group("access", shape.access, *_access(face, shape)).in_the_middle()
    box = shape.demonstration
    mark = _text(face.mark, box.width - 8, box.height, largest=9)
    yield Group("demonstration", box, mark, ink="light").in_the_middle()


def _access(face: BadgeFace, shape: Shape) -> list[Fitted]:
    """Zones and days, as far as the design has them and in its order; where there is one line for them, on one."""
    box, wanted = shape.access, [name for name in face.design.fields if name in ACCESS]
    if box.height < 10:
        said = {"zones": " · ".join(face.zones), "days": face.days}
        text = "  —  ".join(said[name] for name in wanted if said[name])
        return [_text(text, box.width, box.height, largest=shape.access_size)]
    texts = {
        "zones": _zones(face.zones, box, shape.access_size),
        "days": [_text(face.days, box.width, box.height / 4, largest=shape.access_size - 2, weight=400)],
    }
    return [text for name in wanted for text in texts[name]]


def _zones(zones: tuple[str, ...], box: Box, size: int) -> list[Fitted]:
    """A line for each zone, or one paragraph of many."""
    room = box.height * 0.75
    if len(zones) <= 4:
        return [_text(zone, box.width, min(7, room / len(zones)), largest=size) for zone in zones]
    return [_text(" · ".join(zones), box.width, room * 5 / 6, largest=size)]


def _own_texts(face: BadgeFace) -> Iterator[Group]:
    """The texts of one person. The names take what room the rest leaves; one in one script alone, the room of both."""
    shape = face.design.drawn
    above, below = _around_the_names(face, shape)
    names = _names(face, shape, shape.person.height * 0.93 - above.height - below.height)
    names = names.parted(shape.person.height - above.height - below.height - names.height)
    middle = (shape.person.height - above.height - below.height - names.height) / 2
    yield above
    yield names.pushed_down(above.height + middle)
    yield below.pushed_down(shape.person.height - below.height)
    yield Group("code", shape.code, _text(face.code, shape.code.width, shape.code.height, largest=10))


def _around_the_names(face, shape) -> tuple[Group, Group]:
    """What stands above them and what below, by the order of the fields."""
    width, size = shape.person.width, shape.text_size
    position, agency_km, agency_en, *_ = shape.rooms
    texts = {
        "position": [_text(face.position, width, position, largest=size - 1, weight=400)],
        "agency": [
            _text(face.agency_km, width, agency_km, largest=size),
            _text(face.agency_en, width, agency_en, largest=size),
        ],
    }
    sides = {True: [], False: []}
    before = True
    for name in face.design.fields:
        before = before and name != NAME
        sides[before] += texts.get(name, [])
    return Group("person", shape.person, *sides[True]), Group("person", shape.person, *sides[False])


def _names(face, shape, room) -> Group:
    width, *_, honorific_km_room, honorific_en_room = shape.person.width, *shape.rooms
    size = shape.name_size * 0.3
    if shape.honorific_beside:
        face = replace(
            face,
            honorific_km="",
            honorific_en="",
            name_km=" ".join(filter(None, [face.honorific_km, face.name_km])),
            name_en=" ".join(filter(None, [face.honorific_en, face.name_en])),
        )
    honorific_km = _text(face.honorific_km, width, honorific_km_room, largest=size, weight=400)
    honorific_en = _text(face.honorific_en, width, honorific_en_room, largest=size, weight=400)
    room -= honorific_km.height + honorific_en.height
    share_km = 0.62 if face.name_en else 1
    share_en = 0.38 if face.name_km else 1
    return Group(
        "person",
        shape.person,
        honorific_km,
        _text(face.name_km, width, room * share_km, largest=shape.name_size),
        honorific_en,
        _text(face.name_en, width, room * share_en, largest=shape.name_size),
    )


def _back_head(face: BadgeFace) -> Group:
    box = face.design.drawn.back_head
    title = _text(face.design.back.title, box.width, box.height - 1, largest=10)
    return Group("back_head", box, title, ink=_ink(face, box, is_back=True)).in_the_middle()


def _back_text(face: BadgeFace) -> Group:
    """All lines in one size, the largest at which they stay inside; at the smallest, as many as there is room for."""
    box, lines = face.design.drawn.back, face.design.back.lines
    for size in BACK_SIZES:
        texts = [_line(text, box.width, size, is_heading=is_heading) for text, is_heading in lines]
        if sum(text.height for text in texts) <= box.height:
            return Group("back", box, *texts)
    kept, room = [], box.height
    for text in texts:
        room -= text.height
        if room < 0:
            break
        kept.append(text)
    kept[-1] = replace(kept[-1], cut=" / ".join(text for text, _is_heading in lines[len(kept) :]))
    return Group("back", box, *kept)


def _line(text: str, width: float, size: float, *, is_heading: bool) -> Fitted:
    leading = round(_leading(text) + (0.5 if is_heading else 0.1), 2)
    return fit(text, width=width, height=1000, sizes=[size], leading=leading, weight=700 if is_heading else 400)


def _text(text: str, width: float, height: float, *, largest: float, weight: int = 700) -> Fitted:
    sizes = [size for size in SIZES if size <= largest] or SIZES[-1:]
    return fit(text, width=width, height=height, sizes=sizes, leading=_leading(text), weight=weight)


def _leading(text: str) -> float:
    """Khmer stacks signs above and below its letters, Vietnamese above."""
    if _is_khmer(text):
        return 1.5
    return 1.35 if any(sign > "\u024f" for sign in unicodedata.normalize("NFC", text) if sign.isalpha()) else 1.15


def _is_khmer(text: str) -> bool:
    return any("\u1780" <= sign <= "\u17ff" for sign in text)


def _ink(face: BadgeFace, box: Box, *, is_back: bool = False) -> str:
    return painting.ink(face.design.shape, face.design.ground, face.band, box, is_back=is_back)
