"""Letters of invitation as DOCX, for a ministry that finishes them in its word processor: they say what the PDF says.

Khmer is a complex script: Word takes its font, size and language from attributes of their own (``w:cs``, ``w:szCs``,
``w:lang w:bidi``; ECMA-376 part 1, 17.3.2), and only for runs marked ``w:cs``.
"""

import io
import zipfile

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from cms import khmer, qr
from cms.dates import digits
from forum.registration.invitation_letters import Letter, Page
from forum.registration.models import Guest

# What Cambodian offices write in; another machine takes its own Khmer font.
LATIN_FONT, KHMER_FONT, KHMER_HEADING = "Times New Roman", "Khmer OS Siemreap", "Khmer OS Muol Light"
LANGUAGES = {"en": "en-GB", "km": "km-KH"}
SIZE = 11
LEFT, CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
MOMENT = (2000, 1, 1, 0, 0, 0)  # in the archive: the same letters give the same bytes


def render(letters: list[Letter], emblem: bytes) -> bytes:
    """One document, each letter on pages of its own."""
    document = Document()
    document.core_properties.title = letters[0].pages[0].subject
    document.core_properties.author = letters[0].pages[0].organiser
    picture = _png(emblem) if emblem else b""
    pages = [(letter, page) for letter in letters for page in letter.pages]
    for number, (letter, page) in enumerate(pages):
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        _lay_out(section, page)
        _write(document, letter, page, picture)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


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


def _lay_out(section, page) -> None:
    """A4; each letter counts its own pages."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    section.left_margin, section.right_margin = Mm(25), Mm(22)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)
    section.footer.is_linked_to_previous = False
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTER
    _field(foot, "PAGE", page.language)


def _write(document, letter, page: Page, emblem: bytes) -> None:
    line = _Lines(document, page.language)
    line(page.kingdom, align=CENTER, bold=True, size=SIZE + 2, heading=True)
    line(page.motto, align=CENTER, bold=True, heading=True)
    line("❦" if page.language == "en" else "៚", align=CENTER)
    if emblem:
        _picture(document, emblem, Mm(24), align=LEFT)
    line(page.organiser, bold=True, heading=True)
    line(f"{page.number_word} {page.number}", after=6)
    line(page.to_word, align=CENTER)
    for position, words in enumerate(page.addressee):
        line(words, align=CENTER, bold=position == 0)
    line(f"{page.subject_word} {page.subject}", before=6, after=6, bold=True)
    for words in page.paragraphs:
        line(khmer.split_lines(words), align=JUSTIFY, after=6, indent=Mm(12))
    for words in filter(None, [page.lunar_date, page.date, page.signatory_title]):
        line(words, align=CENTER, left=Mm(66), keep=True, bold=words == page.signatory_title)
    for _space in range(3):
        line("", align=CENTER, left=Mm(66), keep=True)
    line(page.signatory_name, align=CENTER, left=Mm(66), bold=True, after=10)
    _picture(document, qr.png(letter.link), Mm(27), align=LEFT)
    line(khmer.split_lines(page.reply), size=SIZE - 2)
    line(page.code, bold=True)
    if mark := letter.mark:
        _picture(document, qr.png(letter.checked_at), Mm(20), align=LEFT)
        line(mark["words"][page.language], size=SIZE - 2)
        line(f"{mark['address']} {mark['code']}", size=SIZE - 2, bold=True)
    if page.demonstration:
        line(page.demonstration, bold=True)


class _Lines:
    """Writes paragraphs of one language into a document."""

    def __init__(self, document, language):
        self.document, self.language = document, language

    def __call__(self, words, *, align=LEFT, bold=False, size=SIZE, before=0, after=0, indent=None, left=None,
                 keep=False, heading=False):  # fmt: skip
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
        shape.first_line_indent, shape.left_indent, shape.keep_with_next = indent, left, keep
        _run(paragraph, words, self.language, bold=bold, size=size, heading=heading)


def _run(paragraph, words, language, *, bold=False, size=SIZE, heading=False):
    run = paragraph.add_run(words)
    run.font.name, run.font.size, run.font.bold = LATIN_FONT, Pt(size), bold
    properties = run._r.get_or_add_rPr()
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
    return run


# The schema has the properties of a run in this order (17.3.2.28); Word repairs nothing.
ORDER = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "cs", "lang"]


def _order(properties) -> None:
    properties[:] = sorted(properties, key=lambda each: ORDER.index(each.tag.rpartition("}")[2]))


def _element(name, **attributes):
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _field(paragraph, what, language) -> None:
    """A number that the word processor fills in."""
    run = _run(paragraph, "", language, size=SIZE - 2)
    for kind, words in (("begin", None), (None, what), ("separate", None), ("text", digits("1", language)), ("end", None)):
        if kind in {"begin", "separate", "end"}:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            made = OxmlElement("w:t" if kind else "w:instrText")
            made.text = words
            run._r.append(made)


def _picture(document, picture: bytes, width, *, align) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run().add_picture(io.BytesIO(picture), width=width)


def _png(emblem: bytes) -> bytes:
    """Word processors know no WebP."""
    target = io.BytesIO()
    Image.open(io.BytesIO(emblem)).save(target, "PNG")
    return target.getvalue()
