"""PDF pages of lines and pictures that know their places: many alike at a fraction of what laying out HTML costs.

Places are millimetres from the top left corner. Shaping, fonts and writing are WeasyPrint's, as in ``pdf``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

import pydyf
from PIL import Image
from weasyprint import document as weasyprint_document
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw.text import draw_emojis
from weasyprint.images import RasterImage
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout, line_size

from cms import pdf
from cms.fitting import MILLIMETRE

PIXEL = 96 / 25.4  # to the millimetre
POINT = 96 / 72  # pixels


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a box of the height ``size`` times ``leading``."""

    text: str
    left: float
    top: float
    width: float  # of the box in which it is aligned
    size: float  # points
    leading: float
    weight: int = 400
    colour: tuple[float, float, float] = (0, 0, 0)
    align: str = "left"

    @property
    def height(self) -> float:
        return self.size * self.leading / MILLIMETRE


@dataclass(frozen=True, slots=True)
class Picture:
    """Whole in the middle of its box, or filling it and cut at the edges."""

    content: bytes = field(repr=False)
    left: float
    top: float
    width: float
    height: float
    is_filling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What lies ``beneath`` it, lowest first: drawings (PDF operators), and numbers of other pages of the document, which do
    not come out by themselves then: what many pages share is stored once."""

    width: float
    height: float
    lines: Sequence[Line] = ()
    pictures: Sequence[Picture] = ()
    beneath: tuple[str | int, ...] = ()


def render(pages: Sequence[Page], *, title: str, language: str) -> bytes:
    """One PDF of all pages that lie under no other."""
    with pdf.one_at_a_time:
        pens, images = _Pens(language), {}
        document = weasyprint_document.Document(
            [_Painted(page, pens, images) for page in pages],
            weasyprint_document.DocumentMetadata(title=title, lang=language),
            url_fetcher=None,
            font_config=pens.fonts,
            color_profiles={},
            output_intent=None,
        )
        return document.write_pdf(finisher=partial(_lay_beneath, pages))


def ends(line: Line, language: str) -> tuple[float, float]:
    """Where it begins and ends on paper."""
    with pdf.one_at_a_time:
        pen = _Pens(language).of(line)
        left = pen.put(line)
        return left, left + pen.width


class _Pens:
    """What writes in one size and weight, each made once for a document."""

    def __init__(self, language):
        self.fonts, self.language, self.pens = pdf.fonts_of_paper(), language, {}

    def of(self, line: Line) -> "_Pen":
        key = (line.size, line.weight)
        if key not in self.pens:
            self.pens[key] = _Pen(*key, self.language, self.fonts)
        return self.pens[key]


class _Style(dict):
    """What WeasyPrint's text asks of a style."""

    font_config = None


class _Pen:
    """Looks like a text box of WeasyPrint to that which draws one."""

    def __init__(self, size, weight, language, fonts):
        self.style = _Style(INITIAL_VALUES)
        self.style |= {"font_family": pdf.FAMILIES, "font_size": size * POINT, "font_weight": weight, "lang": language}
        self.style.font_config = fonts
        self.pango_layout = Layout(self.style)
        # Of the fonts alone, whatever letters of others a line has: lines of one size stand equally far apart.
        self.set("")
        _nothing, self.height = line_size(self.pango_layout.get_first_line()[0], self.style)
        self.ascent = pango.pango_layout_get_baseline(self.pango_layout.layout) * FROM_UNITS

    def put(self, line: Line) -> float:
        """Where it begins."""
        self.set(line.text)
        if line.align == "left":
            return line.left
        return line.left + (line.width - self.width) * {"center": 0.5, "right": 1}[line.align]

    def set(self, text: str):
        self.text = text
        self.pango_layout.set_text(text)

    @property
    def width(self) -> float:
        return line_size(self.pango_layout.get_first_line()[0], self.style)[0] / PIXEL

    def write(self, line: Line, stream):
        left = self.put(line)
        x, y = left * PIXEL, (line.top + line.height / 2) * PIXEL - self.height / 2 + self.ascent
        stream.set_color_rgb(*line.colour)
        stream.begin_text()
        emojis = pdf.draw_line(stream, self, "clip", "none", Matrix(d=-1, e=x, f=y))
        stream.end_text()
        draw_emojis(stream, self.style, x, y, emojis)


class _Painted(weasyprint_document.Page):
    """A page as a document of WeasyPrint takes it, in its pixels."""

    def __init__(self, page: Page, pens: _Pens, images: dict):
        self.page, self.pens, self.images = page, pens, images
        self.width, self.height = page.width * PIXEL, page.height * PIXEL
        self.bleed = dict.fromkeys(("top", "right", "bottom", "left"), 0)
        self.bookmarks, self.links, self.anchors, self.forms = [], [], {}, {None: []}

    def paint(self, stream, scale=1):
        with stream.stacked():
            stream.transform(a=scale, d=scale)
            for picture in self.page.pictures:
                self._hang(picture, stream)
            for line in self.page.lines:
                self.pens.of(line).write(line, stream)

    def _hang(self, picture, stream):
        image = self._image(picture.content)
        ratios = (picture.width / image.width, picture.height / image.height)
        scale = max(ratios) if picture.is_filling else min(ratios)
        wide, high = image.width * scale, image.height * scale
        left, top = picture.left + (picture.width - wide) / 2, picture.top + (picture.height - high) / 2
        with stream.stacked():
            if picture.is_filling:
                stream.rectangle(*(edge * PIXEL for edge in (picture.left, picture.top, picture.width, picture.height)))
                stream.clip()
                stream.end()
            stream.transform(e=left * PIXEL, f=top * PIXEL)
            image.draw(stream, wide * PIXEL, high * PIXEL, {"image_rendering": "auto"})

    def _image(self, content: bytes) -> RasterImage:
        if content not in self.images:
            opened = Image.open(BytesIO(content))
            self.images[content] = RasterImage(opened, str(len(self.images)), content, orientation="from-image")
        return self.images[content]


def _lay_beneath(pages, _document, paper):
    """The contents of a page may be several streams, drawn one after the other: what lies beneath comes first."""
    if not any(page.beneath for page in pages):
        return
    sheets = [paper.objects[number] for number in paper.pages["Kids"][::3]]
    streams = [sheet["Contents"] for sheet in sheets]
    keep, restore = _stored(paper, "q"), _stored(paper, "Q")
    drawn = {}
    for page, sheet, stream in zip(pages, sheets, streams, strict=True):
        lower = []
        for layer in page.beneath:
            if isinstance(layer, str) and (layer, page.height) not in drawn:
                scale = f"{MILLIMETRE:.6f} 0 0 -{MILLIMETRE:.6f} 0 {page.height * MILLIMETRE:.6f} cm"
                drawn[layer, page.height] = _stored(paper, f"{scale} {layer}")
            part = drawn[layer, page.height] if isinstance(layer, str) else streams[layer]
            lower += [keep, part, restore]
        sheet["Contents"] = pydyf.Array([*lower, stream])
    _take_out(paper, {layer for page in pages for layer in page.beneath if isinstance(layer, int)})


def _stored(paper, operators: str) -> bytes:
    stream = pydyf.Stream([operators.encode()], compress=True)
    paper.add_object(stream)
    return stream.reference


def _take_out(paper, numbers):
    kids = paper.pages["Kids"]
    left = [kids[place : place + 3] for place in range(0, len(kids), 3) if place // 3 not in numbers]
    paper.pages["Kids"] = pydyf.Array(part for kid in left for part in kid)
    paper.pages["Count"] = len(left)
