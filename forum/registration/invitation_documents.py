"""Letters of invitation as DOCX, for a ministry that finishes them in its word processor: they say what the PDF says.

Khmer is a complex script: Word takes its font, size and language from attributes of their own (``w:cs``, ``w:szCs``,
``w:lang w:bidi``; ECMA-376 part 1, 17.3.2), and only for runs marked ``w:cs``.
"""

import datetime
import io
import re
import zipfile

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from PIL import Image

from cms import khmer, qr
from forum.registration.invitation_letters import Letter, Page
from forum.registration.models import Guest

# What Cambodian offices write in; another machine takes its own Khmer font.
LATIN_FONT, KHMER_FONT, KHMER_HEADING = "Times New Roman", "Khmer OS Siemreap", "Khmer OS Muol Light"
LANGUAGES = {"en": "en-GB", "km": "km-KH"}
SIZE, SMALL = 11, 9
LEFT, CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
RED, GREY = RGBColor(0xB3, 0x26, 0x1E), RGBColor(0x52, 0x5A, 0x72)  # as on the PDF
WIDTH = Mm(210 - 25 - 22)  # between the margins
MOMENT = (2000, 1, 1, 0, 0, 0)  # in the archive: the same letters give the same bytes
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
LONGEST_PROPERTY = 255  # characters, in what the package keeps of title and author


def render(letters: list[Letter], emblem: bytes) -> bytes:
    """One document, each letter on pages of its own."""
    document = _begin(letters[0])
    picture = _png(emblem) if emblem else b""
    pages = [(letter, page) for letter in letters for page in letter.pages]
    for number, (letter, page) in enumerate(pages):
        if number:
            document.add_section(WD_SECTION.NEW_PAGE)
            _flatten(document.element.body[-2])
        _write(document, letter, page, picture)
    _flatten(document.add_paragraph()._p)
    for number, drawn in enumerate(document.element.body.iter(qn("wp:docPr")), 1):
        drawn.set("id", str(number))
        drawn.set("name", f"Picture {number}")
    target = io.BytesIO()
    document.save(target)
    return _same_bytes(target)


def render_each(letters: list[Letter], emblem: bytes) -> bytes:
    """A ZIP of one document for each guest, called after number and code."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in letters:
            archive.writestr(zipfile.ZipInfo(name_of(letter.guest, "docx"), MOMENT), render([letter], emblem))
    return target.getvalue()


def name_of(guest: Guest, kind: str) -> str:
    """What the file of one letter is called: it names nobody."""
    number = f"{guest.letter_number:03}-" if guest.letter_number else ""
    return f"invitation-{number}{guest.code}.{kind}"


def _begin(letter: Letter):
    """An empty document on A4 that speaks of the letter alone, and in which what is typed looks like the rest."""
    document, page = Document(), letter.pages[0]
    _describe(document, letter, page)
    normal = document.styles["Normal"]
    normal.paragraph_format.space_after = Pt(0)
    _dress(normal.font, "en")  # else English on the pages that follow were a complex script too
    _lay_out(document.sections[0])
    return document


def _describe(document, letter, page) -> None:
    """The package's template names its own program, and shows a picture of another letter."""
    told = document.core_properties
    told.title, told.author = (_legible(words)[:LONGEST_PROPERTY] for words in (page.subject, page.organiser))
    told.language, told.comments = LANGUAGES[page.language], ""
    day = letter.guest.letter_date or letter.guest.edition.today
    told.created = told.modified = datetime.datetime.combine(day, datetime.time())
    package = document.part.package
    for name, relation in list(package.rels.items()):
        if relation.reltype in {RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES}:
            del package.rels[name]
    settings = document.settings.element
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")  # the schema asks for it
    for mode in settings.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            mode.set(qn("w:val"), "15")  # else Word opens it as a file of an older Word


def _lay_out(section) -> None:
    """A4; each letter counts its own pages. The sections that follow take it over."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(15), Mm(16)
    section.left_margin, section.right_margin = Mm(25), Mm(22)
    section.header_distance = section.footer_distance = Mm(8)
    section._sectPr.find(qn("w:cols")).addprevious(_element("w:pgNumType", start="1"))
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTER
    _field(foot, "PAGE")


def _flatten(paragraph) -> None:
    """The line after a table, which Word insists on; at its full height it could fill a page of its own."""
    shape = Paragraph(paragraph, None).paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(1)


def _same_bytes(document: io.BytesIO) -> bytes:
    """The parts without the time at which they were packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(document) as packed, zipfile.ZipFile(target, "w") as archive:
        for name in packed.namelist():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), packed.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _write(document, letter, page: Page, emblem: bytes) -> None:
    line = _Lines(document, page.language)
    line(page.kingdom, align=CENTER, bold=True, size=SIZE + 2, heading=True)
    line(page.motto, align=CENTER, bold=True, heading=True)
    line("❦" if page.language == "en" else "៚", align=CENTER)
    beside = {"align": CENTER, "right": WIDTH - Mm(68)}
    if emblem:
        _picture(line("", **beside), emblem, Mm(24))
    line(page.organiser, bold=True, heading=True, **beside)
    line(f"{page.number_word} {page.number}", after=6, **beside)
    within = {"align": CENTER, "left": Mm(12), "right": Mm(12)}
    line(page.to_word, **within)
    for position, words in enumerate(page.addressee):
        line(words, bold=position == 0, size=SIZE if position else SIZE + 1, **within)
    subject = line(page.subject_word, before=6, after=6, bold=True)
    _run(subject, f" {page.subject}", page.language)
    for position, words in enumerate(page.paragraphs, 1):
        # what is signed is never alone on its page
        last = position == len(page.paragraphs)
        line(words, align=JUSTIFY, after=5, indent=Mm(12) if page.language == "km" else None, keep=last)
    signed = {"align": CENTER, "left": Mm(48), "keep": True}
    if page.lunar_date:
        line(page.lunar_date, size=SMALL, **signed)  # on one line
    line(page.date, **signed)
    line(page.signatory_title, bold=True, **signed)
    line(page.signatory_name, bold=True, before=62, after=8, **signed)  # room for the hand and the seal
    _write_foot(document, letter, page)


def _write_foot(document, letter, page) -> None:
    """How to reply, and where the paper is checked, side by side as on the PDF."""
    widths = [Mm(32), Mm(64), Mm(24), Mm(43)] if letter.mark else [Mm(32), Mm(131)]
    cells = _columns(document, widths)
    _picture(cells[0].paragraphs[0], qr.png(letter.link), Mm(27), says=letter.link)
    line = _Lines(cells[1], page.language)
    line(page.reply, size=SMALL)
    line(page.code, bold=True)
    if page.demonstration:
        line(page.demonstration, bold=True, size=SMALL, color=RED)
    if mark := letter.mark:
        _picture(cells[2].paragraphs[0], qr.png(letter.checked_at), Mm(20), says=letter.checked_at)
        line = _Lines(cells[3], page.language)
        line(mark["words"][page.language], size=SMALL - 1, color=GREY)
        line(mark["address"], size=SMALL - 1, bold=True, color=GREY)
        line(mark["code"], size=SMALL - 1, bold=True, color=GREY)


def _columns(document, widths):
    """The cells of one row that no page parts, with a fine rule above and no other."""
    table = document.add_table(1, len(widths))
    table.autofit = False
    rules = OxmlElement("w:tblBorders")
    rules.append(_element("w:top", val="single", sz="4", space="0", color="B2B6C2"))
    table._tbl.tblPr.find(qn("w:tblW")).addnext(rules)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = column.cells[0].width = width
        column.cells[0].vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return table.rows[0].cells


class _Lines:
    """Writes paragraphs of one language into a document, or a cell, whose first one is there already."""

    def __init__(self, place, language):
        self.place, self.language = place, language
        self.first = place.paragraphs[0] if hasattr(place, "vertical_alignment") else None

    def __call__(self, words, *, align=LEFT, before=0, after=0, indent=None, left=None, right=None, keep=False, **look):
        paragraph, self.first = self.first or self.place.add_paragraph(), None
        shape = paragraph.paragraph_format
        shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
        shape.first_line_indent, shape.left_indent, shape.right_indent = indent, left, right
        shape.keep_with_next = keep
        shape.line_spacing = 1 if self.language == "km" else 1.15  # fonts of Khmer bring their own room above and below
        if words:
            _run(paragraph, words, self.language, **look)
        return paragraph


def _run(paragraph, words, language, **look) -> None:
    run = paragraph.add_run(_legible(khmer.split_lines(words)))
    _dress(run.font, language, **look)


def _legible(words: str) -> str:
    """Without what no file of this kind can hold, and what somebody copied along unseen."""
    return NOT_IN_XML.sub("", words)


def _dress(font, language, *, bold=False, size=SIZE, heading=False, color=None) -> None:
    """For both scripts, whichever the language: names stay in theirs."""
    font.name, font.size, font.bold = LATIN_FONT, Pt(size), bold
    if color:
        font.color.rgb = color
    properties = font.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:hAnsi"), LATIN_FONT)
    fonts.set(qn("w:cs"), KHMER_HEADING if heading else KHMER_FONT)
    if bold and not heading:  # the heading's letters are heavy by themselves
        properties.append(_element("w:bCs"))
    properties.append(_element("w:szCs", val=str(size * 2)))
    if language == "km":
        properties.append(_element("w:cs"))
    properties.append(_element("w:lang", val=LANGUAGES["en"], bidi=LANGUAGES["km"]))
    _order(properties)


# The schema has the properties of a run in this order (17.3.2.28); Word repairs nothing.
ORDER = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "cs", "lang"]


def _order(properties) -> None:
    properties[:] = sorted(properties, key=lambda each: ORDER.index(each.tag.rpartition("}")[2]))


def _element(name, **attributes):
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _field(paragraph, what) -> None:
    """A number that the word processor fills in, in the figures it has: each part is a run, or it looks like none of
    them."""
    instruction, shown = OxmlElement("w:instrText"), OxmlElement("w:t")
    instruction.text, shown.text = what, "1"
    begin, separate, end = (_element("w:fldChar", fldCharType=each) for each in ("begin", "separate", "end"))
    for part in (begin, instruction, separate, shown, end):
        run = paragraph.add_run()
        _dress(run.font, "en", size=SMALL, color=GREY)
        run._r.append(part)


def _picture(paragraph, picture: bytes, side, *, says="") -> None:
    """Within a square of that side, as it is. What a code ``says`` is read to those who do not see it."""
    width, height = Image.open(io.BytesIO(picture)).size
    size = {"width": side, "height": None} if width >= height else {"width": None, "height": side}
    paragraph.paragraph_format.space_before = Pt(3)  # clear of the rule
    # not by ``add_picture``: for every picture it looks through all letters for a number that is free
    name, image = paragraph.part.get_or_add_image(io.BytesIO(picture))
    drawn = CT_Inline.new_pic_inline(0, name, "picture.png", *image.scaled_dimensions(**size))
    drawn.docPr.set("descr", says)
    paragraph.add_run()._r.add_drawing(drawn)


def _png(emblem: bytes) -> bytes:
    """Word processors know no WebP."""
    target = io.BytesIO()
    Image.open(io.BytesIO(emblem)).save(target, "PNG")
    return target.getvalue()
