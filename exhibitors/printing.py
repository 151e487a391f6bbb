"""The plan of a hall on A3 with its legend, and two indexes, by name and by booth: Khmer and English side by side."""

from collections.abc import Iterator, Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from cms import dates, khmer, languages, pdf_pages
from cms.fitting import Fitted, fit
from cms.pdf_pages import Line, Page
from exhibitors import painting, plan
from exhibitors.models import Hall, Structure
from exhibitors.painting import Scale
from exhibitors.plan import Area, Sheet, Stand

# Millimetres: A3 across, its margin, where the plan and its legend begin, and the least booth that shows who stands there.
WIDTH, HEIGHT, MARGIN = 420, 297, 12
PLAN, LEGEND = 36, 258
NAMED = 9
INNER = WIDTH - 2 * MARGIN
COLUMNS, GAP, CODE = 4, 8, 15
ROW, FIRST_ROW = 11, 34
BOTTOM = HEIGHT - MARGIN - 8
ROWS = (BOTTOM - FIRST_ROW) // ROW
COLUMN = (INNER - (COLUMNS - 1) * GAP) / COLUMNS
# Of the index by name: its heading, the field of the codes, the most that a name and its codes take, the air between two.
HEADING, CODES, TALLEST, LONGEST, AIR = 9, 26, 18, 220, 1.6
LEADING = 1.5
SIZES = (24, 22, 20, 18, 16, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5.5, 5, 4.5, 4)
GREY, INK = (0.32, 0.35, 0.45), (0.09, 0.1, 0.17)


def render(hall: Hall) -> bytes:
    return pdf_pages.render(pages(hall), title=f"{hall.edition.name} – {hall.name}", language=languages.current())


def pages(hall: Hall) -> list[Page]:
    """One with the plan and as many as the indexes need. Four queries."""
    stands = [stand for stand in plan.stands(hall.edition) if stand.booth.zone.hall == hall]
    sheet = next(iter(plan.sheets(stands)), None) or plan.bare(hall)
    drawn = [_plan(hall, sheet), *_by_name(hall, stands), *_by_booth(hall, [stand for stand in stands if stand.exhibitor])]
    return [_with_foot(page, hall, number, len(drawn)) for number, page in enumerate(drawn, 1)]


def both(words) -> str:
    """A sentence in both languages, once where they are the same."""
    said = []
    for language in languages.ON_PAPER:
        with translation.override(language):
            said.append(str(words))
    return " · ".join(dict.fromkeys(said))


def names(row, name: str = "name") -> str:
    return " · ".join(dict.fromkeys(languages.read(row, name, language)[0] for language in languages.ON_PAPER))


def _plan(hall: Hall, sheet: Sheet) -> Page:
    scale = Scale(sheet, MARGIN, PLAN, INNER, LEGEND - PLAN - 4)
    legend, swatches = _legend(sheet)
    lines = [*_head(hall), *_zones(sheet, scale), *_booths(sheet, scale), *_fixtures(sheet, scale), *legend]
    return Page(width=WIDTH, height=HEIGHT, lines=lines, beneath=(painting.ground(sheet, scale), swatches))


def _head(hall: Hall, more: str = "") -> Iterator[Line]:
    title = f"{names(hall)} – {more}" if more else names(hall)
    yield from _fitted(names(hall.edition), MARGIN, MARGIN - 2, INNER, 8, SIZES[7:], colour=GREY)
    yield from _fitted(title, MARGIN, MARGIN + 6, INNER, 14, SIZES, weight=700)


def _zones(sheet: Sheet, scale: Scale) -> Iterator[Line]:
    for area in sheet.areas:
        left, top, width, _height = scale.rectangle(area)
        yield from _fitted(names(area.zone), left, top - 4.5, max(width, 30), 4.5, SIZES[10:], weight=700)


def _booths(sheet: Sheet, scale: Scale) -> Iterator[Line]:
    for stand in sheet.stands:
        left, top, width, height = scale.rectangle(stand.booth)
        left, width = left + 0.6, width - 1.2
        is_named = stand.exhibitor and min(width, height) >= NAMED - 1.2
        share = 0.34 if is_named else 1
        yield from _fitted(stand.booth.code, left, top, width, height * share, SIZES[8:], 700, align="center")
        if is_named:
            texts = list(
                dict.fromkeys(languages.read(stand.exhibitor, "name", language)[0] for language in languages.ON_PAPER)
            )
            part = height * (1 - share) / len(texts)
            for number, text in enumerate(texts):
                at = top + height * share + number * part
                yield from _fitted(text, left, at, width, part, SIZES[12:], align="center", may_be_cut=False)


def _fixtures(sheet: Sheet, scale: Scale) -> Iterator[Line]:
    """Doors in the north and south are named outside the hall, those in the east and west within, on the ground before
    them: lines are never turned on paper."""
    outside = max(plan.MARGIN * scale.by - 0.5, 8)
    for fixture in sheet.fixtures:
        if not fixture.is_named:
            continue
        structure = fixture.structure
        left, top, width, height = scale.rectangle(structure)
        if not structure.is_door:
            box = (
                (left, top, width, height) if structure.kind == Structure.Kind.STAGE else (left - 15, top - 7, width + 30, 7)
            )
        elif fixture.turn:
            clear = max(structure.hall.door_clearance * scale.by, 11)
            box = (left + width + 0.5 if fixture.x < 0 else left - clear - 0.5, top - clear / 2, clear, height + clear)
        else:
            box = (left + width / 2 - 30, top - outside - 0.5 if fixture.y < 0 else top + height + 0.5, 60, outside)
        yield from _stacked(_said(structure), *box)


def _stacked(texts: list[str], left, top, width, height) -> Iterator[Line]:
    """Each on lines of its own, close together in the middle of the box."""
    each = min(height / len(texts), 7)
    top += (height - each * len(texts)) / 2
    for number, text in enumerate(texts):
        yield from _fitted(text, left, top + number * each, width, each, SIZES[10:], 700, align="center", may_be_cut=False)


def _said(structure: Structure) -> list[str]:
    return (names(structure) if structure.name else both(_kind(structure.kind))).split(" · ")


def _kind(kind: str):
    return Structure.Kind(kind).label


def _legend(sheet: Sheet) -> tuple[list[Line], str]:
    """Beneath the plan, in as many rows as it takes: words, and the samples beside them."""
    entries = [
        (both(_("exhibitor")), _booth_sample(is_taken=True)),
        (both(_("no exhibitor yet")), _booth_sample(is_taken=False)),
    ]
    entries.append((both(_("wall: closed side")), lambda box: [f"{painting.line(painting.INK, 0.5)} {_stroke(box)}"]))
    entries += [(both(_kind(kind)), _structure_sample(kind)) for kind in plan.structure_kinds([sheet])]
    entries += [(names(area.zone), _zone_sample(area)) for area in sheet.areas]
    lines, parts, left, top = [], [], MARGIN, LEGEND
    for words, sample in entries:
        (line,) = _fitted(words, left + 11, top, 86, 6, (9, 8, 7, 6, 5))
        parts += sample((left, top + 1, 9, 4.5))
        lines.append(line)
        left += INNER / 4
        if left > WIDTH - MARGIN - 20:
            left, top = MARGIN, top + 6.5
    return lines, "\n".join(parts)


def _booth_sample(*, is_taken):
    colour = painting.TAKEN if is_taken else painting.PAPER
    edge = painting.line(painting.PLAIN, 0.1)
    return lambda box: [f"{painting.fill(colour)} {edge} {_rectangle(box)} B"]


def _structure_sample(kind):
    return lambda box: painting.structure(kind, (box[0], box[1] + 1, box[2], box[3] - 2))


def _zone_sample(area: Area):
    return lambda box: painting.zone(area, box, 0.03)


def _stroke(box) -> str:
    middle = box[1] + box[3] / 2
    return f"{box[0]:.2f} {middle:.2f} m {box[0] + box[2]:.2f} {middle:.2f} l S"


def _rectangle(box) -> str:
    return " ".join(f"{edge:.2f}" for edge in box) + " re"


def _by_name(hall: Hall, stands: list[Stand]) -> Iterator[Page]:
    """Who stands where: a list for each language in the order of its dictionary, column after column."""
    lists = [(language, _names_and_codes(stands, language)) for language in languages.ON_PAPER]
    columns = [(language, column) for language, entries in lists for column in _columns(entries)]
    for first in range(0, len(columns), COLUMNS):
        lines, rules = list(_head(hall, both(_("Exhibitors")))), [painting.line(painting.TAKEN, 0.2)]
        for place, (language, column) in enumerate(columns[first : first + COLUMNS]):
            left, top = MARGIN + place * (COLUMN + GAP), FIRST_ROW + HEADING
            lines += _fitted(languages.OWN_NAMES[language], left, FIRST_ROW, COLUMN, HEADING - AIR, (11,), 700, colour=GREY)
            for name, codes, height in column:
                rules.append(_rule(left, top - AIR / 2))
                lines += _lines(name, left, top, COLUMN - CODES - 2)
                lines += _lines(codes, left + COLUMN - CODES, top, CODES, align="right")
                top += height
        yield Page(width=WIDTH, height=HEIGHT, lines=lines, beneath=("\n".join(rules),))


def _names_and_codes(stands: list[Stand], language: str) -> list[tuple[str, list[str]]]:
    """Exhibitors, who shares their booths, and pavilions, as the plan on the screen names them."""
    found = {}
    for stand in stands:
        things = [languages.read(thing, "name", language)[0] for thing in stand.exhibitor_and_pavilion]
        for name in dict.fromkeys([*things, *stand.co_exhibitors]):
            found.setdefault(name, []).append(stand.booth.code)
    return sorted(found.items(), key=lambda entry: khmer.sort_key(entry[0]))


def _columns(entries: list[tuple[str, list[str]]]) -> Iterator[list[tuple[Fitted, Fitted, float]]]:
    """Names and codes at the size and in the lines at which they fit, with the height that both take."""
    column, reach = [], FIRST_ROW + HEADING
    for name, codes in entries:
        said = fit(name, width=COLUMN - CODES - 2, height=TALLEST, sizes=(9, 8, 7), leading=LEADING)
        where = fit(", ".join(codes), width=CODES, height=LONGEST, sizes=(9, 8, 7), leading=LEADING, weight=700)
        height = max(said.height, where.height) + AIR
        if column and reach + height > BOTTOM:
            yield column
            column, reach = [], FIRST_ROW + HEADING
        column.append((said, where, height))
        reach += height
    if column:
        yield column


def _rule(left, top) -> str:
    return f"{left:.2f} {top:.2f} m {left + COLUMN:.2f} {top:.2f} l S"


def _by_booth(hall: Hall, taken: list[Stand]) -> Iterator[Page]:
    """Who stands where, by the codes of the booths, column after column."""
    most = ROWS * COLUMNS
    for first in range(0, len(taken), most):
        lines, rules = list(_head(hall, both(_("Booths")))), [painting.line(painting.TAKEN, 0.2)]
        for number, stand in enumerate(taken[first : first + most]):
            column, row = divmod(number, ROWS)
            left, top = MARGIN + column * (COLUMN + GAP), FIRST_ROW + row * ROW
            rules.append(_rule(left, top - 0.5))
            lines += _entry(stand, left, top, COLUMN)
        yield Page(width=WIDTH, height=HEIGHT, lines=lines, beneath=("\n".join(rules),))


def _entry(stand: Stand, left, top, width) -> Iterator[Line]:
    yield from _fitted(stand.booth.code, left, top, CODE - 1, 5, (11, 10, 9, 8, 7, 6), 700)
    texts = dict.fromkeys(languages.read(stand.exhibitor, "name", language)[0] for language in languages.ON_PAPER)
    for number, text in enumerate(texts):
        yield from _fitted(text, left + CODE, top + number * 4.6, width - CODE, 4.6, (8.5, 8, 7, 6, 5.5, 5))


def _with_foot(page: Page, hall: Hall, number: int, count: int) -> Page:
    today = timezone.localdate(timezone=hall.edition.zone)
    printed = " · ".join(dates.day(today, language) for language in languages.ON_PAPER)
    foot = Line(printed, MARGIN, HEIGHT - 11, INNER, 7, LEADING, colour=GREY)
    numbered = Line(f"{number} / {count}", MARGIN, HEIGHT - 11, INNER, 7, LEADING, colour=GREY, align="right")
    return Page(width=page.width, height=page.height, lines=[*page.lines, foot, numbered], beneath=page.beneath)


def _fitted(
    text,
    left,
    top,
    width,
    height,
    sizes: Sequence[float],
    weight=400,
    *,
    colour=INK,
    align="left",
    may_be_cut=True,
) -> Iterator[Line]:
    """In the middle of the height of its box. What may be neither cut nor broken inside a word and does not fit is left out:
    it stands in the index."""
    fitted = fit(
        text,
        width=width,
        height=height,
        sizes=sizes,
        leading=LEADING,
        weight=weight,
        words_stay_whole=not may_be_cut,
    )
    if fitted.cut and not may_be_cut:
        return
    yield from _lines(fitted, left, top + (height - fitted.height) / 2, width, colour=colour, align=align)


def _lines(fitted: Fitted, left, top, width, *, colour=INK, align="left") -> Iterator[Line]:
    """One under the other from ``top``."""
    for words in fitted.lines:
        line = Line(words, left, top, width, fitted.size, LEADING, fitted.weight, colour, align)
        yield line
        top += line.height
