"""Lists of people on paper, for a day without power: by letter, agency or box, to tick off or to sign."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from cms import dates, pdf_pages
from cms.fitting import MILLIMETRE, fit
from cms.pdf_pages import Line, Page

WIDTH, HEIGHT = 210, 297
LEFT, RIGHT, TOP, BOTTOM = 12, 198, 24, 283
ROW, HEADING = 9, 11  # high
AIR = 0.4  # between two lines of text and the rules of their row
SIZES = (11, 10, 9, 8, 7, 6)
# From where to where the columns reach.
TICK, KHMER, LATIN, AGENCY, PASS, LAST = (12, 18), (20, 65), (67, 112), (114, 152), (154, 172), (174, 198)
SIGNED_AGENCY, SIGNED_PASS, SIGNATURE = (114, 114), (114, 142), (144, 198)
RULE = "0.2 w 0.6 G"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person. ``last`` is what stands in the last column: the box and slot, or the code."""

    name_km: str = ""
    name_latin: str = ""
    agency: str = ""
    pass_name: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What stands above: the title, who it is for, and above the last column."""

    title: str
    under: str = ""
    last: str = ""
    is_signed: bool = False  # a line for each signature instead of a box to tick
    signs: str = ""  # who signs for all


def render(sections: Iterable[tuple[str, list[Row]]], heads: Heads, language: str) -> bytes:
    """A4 pages; each section with its heading, which stands again where it goes on. Raises ValueError for no rows."""
    with translation.override(language):
        sheets = list(_sheets(sections, heads))
        if not sheets:
            raise ValueError("nothing to list")
        pages = [sheet.page(heads, number, len(sheets)) for number, sheet in enumerate(sheets, 1)]
        return pdf_pages.render(pages, title=heads.title, language=language)


def _sheets(sections, heads) -> Iterator["_Sheet"]:
    sheet = None
    for heading, rows in sections:
        is_begun = False
        for row in rows:
            needed = ROW if is_begun else HEADING + ROW
            if sheet is None or not sheet.has_room(needed):
                if sheet:
                    yield sheet
                sheet, is_begun = _Sheet(heads), False
            if not is_begun and heading:
                sheet.add_heading(heading)
            is_begun = True
            sheet.add(row)
    if sheet:
        if heads.signs and not sheet.has_room(4 * ROW):
            yield sheet
            sheet = _Sheet(heads)
        if heads.signs:
            sheet.add_signature(heads.signs)
        yield sheet


class _Sheet:
    def __init__(self, heads: Heads):
        self.heads, self.top, self.lines, self.drawn = heads, TOP, [], [RULE]
        signed = heads.is_signed
        self.columns = (KHMER, LATIN, *((SIGNED_AGENCY, SIGNED_PASS, SIGNATURE) if signed else (AGENCY, PASS, LAST)))
        names = (_("Name in Khmer"), _("Name in Latin letters"), "" if signed else _("Agency"), _("Pass"))
        self._write((*names, _("Signature") if signed else heads.last), weight=700, largest=8)
        self._rule(self.top)

    def has_room(self, height) -> bool:
        return self.top + height <= BOTTOM

    def add_heading(self, heading):
        self._put(heading, LEFT, RIGHT - LEFT, self.top, HEADING, weight=700, largest=14)
        self.top += HEADING
        self._rule(self.top)

    def add(self, row: Row):
        left, _right = TICK
        if not self.heads.is_signed:
            self.drawn.append(f"{left} {self.top + 2.5:g} 4 4 re S")
        agency = "" if self.heads.is_signed else row.agency
        last = "" if self.heads.is_signed else row.last
        self._write((row.name_km, row.name_latin, agency, row.pass_name, last))
        self._rule(self.top)

    def add_signature(self, who):
        self.top += 2 * ROW
        self._put(who, LEFT, 90, self.top, ROW)
        self.drawn.append(f"110 {self.top + ROW - 1:g} m {RIGHT} {self.top + ROW - 1:g} l S")
        self.top += ROW

    def page(self, heads, number, count) -> Page:
        lines = [*self.lines, *_placed(heads.title, LEFT, RIGHT - LEFT, 7, 9, weight=700, largest=16)]
        lines += _placed(heads.under, LEFT, RIGHT - LEFT, 15.5, 6, largest=9)
        written = {"number": dates.digits(str(number)), "all": dates.digits(str(count))}
        lines += _placed(_("Page %(number)s of %(all)s") % written, LEFT, RIGHT - LEFT, 286, 6, largest=8)
        return Page(width=WIDTH, height=HEIGHT, lines=lines, beneath=("\n".join(self.drawn),))

    def _write(self, texts, *, weight=400, largest=11):
        for number, (text, (left, right)) in enumerate(zip(texts, self.columns, strict=True)):
            bold = weight if number else 700
            self._put(text, left, right - left, self.top + AIR, ROW - 2 * AIR, weight=bold, largest=largest)
        self.top += ROW

    def _put(self, text, left, width, top, height, *, weight=400, largest=11):
        self.lines += _placed(text, left, width, top, height, weight=weight, largest=largest)

    def _rule(self, top):
        self.drawn.append(f"{LEFT} {top:g} m {RIGHT} {top:g} l S")


def _placed(text, left, width, top, height, *, weight=400, largest=11) -> list[Line]:
    """In the middle of the height."""
    sizes = [size for size in (16, 14, *SIZES) if size <= largest]
    leading = 1.45 if any("\u1780" <= sign <= "\u17ff" for sign in text) else 1.15
    fitted = fit(text, width=width, height=height, sizes=sizes, leading=leading, weight=weight)
    first = top + max(0.0, (height - fitted.height) / 2)
    high = fitted.size * fitted.leading / MILLIMETRE
    return [
        Line(line, left, first + number * high, width, fitted.size, leading, weight)
        for number, line in enumerate(fitted.lines)
    ]
