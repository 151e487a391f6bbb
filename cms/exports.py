"""Rows as CSV or XLSX, written piece by piece: many rows take no more memory than few, and no cell is ever calculated.

A row holds text, numbers, truths, times and nothing (None); times come out on the organisers' clock.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils.timezone import is_aware, localtime
from openpyxl.utils.datetime import to_excel

# What a spreadsheet would take for a formula: these at the beginning, also as East Asian keyboards write them, unless a
# number or telephone number follows (owasp.org/www-community/attacks/CSV_Injection).
FORMULA = re.compile(r"[=@＝＠\t\r\n]|[+\-＋－](?![\d\s()./-]*$)")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads Khmer as Latin letters
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # of which one would break the whole file
CELL = 32_767  # characters: Excel's own most
AT_ONCE = 500  # rows written as one piece

Row = Iterable


def response(kind: str, name: str, headings: list[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """The file to save; ``kind`` is ``csv`` or ``xlsx``."""
    write, media_type = KINDS[kind]
    answer = StreamingHttpResponse(write(headings, rows), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def harmless(text: str) -> str:
    """``text`` as a spreadsheet shows it and nothing more."""
    return f"'{text}" if FORMULA.match(text) else text


def stream_csv(headings: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    target = io.StringIO(newline="")
    target.write(BYTE_ORDER_MARK)
    writer = csv.writer(target)
    writer.writerow([harmless(heading) for heading in headings])
    for block in _blocks(rows):
        writer.writerows([_csv_cell(value) for value in row] for row in block)
        yield _taken_out(target).encode()
    yield _taken_out(target).encode()


def _csv_cell(value):
    if value.__class__ is str:
        return harmless(value)
    if isinstance(value, datetime):
        return f"{_on_the_clock(value):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else value


def stream_xlsx(headings: list[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """A workbook of one sheet (ECMA-376): text as inline strings, which are never formulas; its first row stays in view."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, part in PARTS.items():
            book.writestr(name, f"{XML}{part}")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"{XML}{SHEET_BEGINS}{_xlsx_row(headings, _heading)}".encode())
            for block in _blocks(rows):
                sheet.write("".join(_xlsx_row(row, _xlsx_cell) for row in block).encode())
                yield pipe.taken_out()
            sheet.write(SHEET_ENDS.encode())
    yield pipe.taken_out()


def _xlsx_row(row, cell) -> str:
    return f"<row>{''.join([cell(value) for value in row])}</row>"


def _xlsx_cell(value) -> str:
    if value.__class__ is str:
        text = _xml(value)
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        return f'<c s="1"><v>{to_excel(_on_the_clock(value))}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return _xlsx_cell(str(value))


def _heading(text) -> str:
    return f'<c s="2" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'


def _xml(text: str) -> str:
    text = NO_XML.sub("", text[:CELL])
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _on_the_clock(moment: datetime) -> datetime:
    return (localtime(moment) if is_aware(moment) else moment).replace(tzinfo=None, microsecond=0)


def _blocks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while block := list(islice(rows, AT_ONCE)):
        yield block


def _taken_out(target: io.StringIO) -> str:
    text = target.getvalue()
    target.seek(0)
    target.truncate()
    return text


class _Pipe:
    """What an archive is written into, to be taken out meanwhile."""

    def __init__(self):
        self.parts = []

    def write(self, part: bytes) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self):
        """Nothing waits here."""

    def taken_out(self) -> bytes:
        whole, self.parts = b"".join(self.parts), []
        return whole


KINDS = {
    "csv": (stream_csv, "text/csv; charset=utf-8"),
    "xlsx": (stream_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FILL = '<fill><patternFill patternType="{}"/></fill>'
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SHEETS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEETS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SHEETS}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Cells: as they come · a time · a heading.
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    f'<fills count="2">{FILL.format("none")}{FILL.format("gray125")}</fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
SHEET_BEGINS = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultColWidth="22" defaultRowHeight="15"/><sheetData>'
)
SHEET_ENDS = "</sheetData></worksheet>"
