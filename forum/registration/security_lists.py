"""The list by which security clears people: one pass of one edition, as XLSX in the language of whoever takes it out, with
the photos beside it where wanted."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from wagtail.log_actions import log

from cms import countries, languages
from forum.registration.models import Accreditation, PassType, Registration

IN_MEMORY = 5_000_000  # bytes of a list before it goes to a file
HEADINGS = (
    _("Code"), _("Pass"), _("State"), _("Form of address"), _("Name in Latin letters"), _("Name in Khmer"), _("Agency"),
    _("Position"), _("Sex"), _("Birth date"), _("Nationality"), _("Country"), _("Document"), _("Document number"),
    _("Missing"), _("Photo"),
)  # fmt: skip


def take_out(*, pass_type: PassType, with_photos: bool = False, user) -> BinaryIO:
    """The list as an open file: XLSX, or a ZIP of it and the photos. Everybody of the pass who has not left stands in it,
    those of whom something is missing too. The history of the pass tells who took how many out."""
    people = list(Registration.objects.live().filter(pass_type=pass_type).with_names().in_order())
    given = Accreditation.objects.in_bulk([person.pk for person in people])
    log(
        instance=pass_type,
        action="registration.security_list",
        user=user,
        data={"rows": len(people), "photos": sum(bool(row.photo) for row in given.values()) if with_photos else 0},
    )
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 – the answer closes it
    if with_photos:
        _pack(target, pass_type, people, given)
    else:
        _write(target, people, given)
    target.seek(0)
    return target


def _pack(target, pass_type, people, given):
    """Photos are compressed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as parts:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as sheet:
            _write(sheet, people, given)
            sheet.seek(0)
            parts.writestr(f"{file_name(pass_type)}.xlsx", sheet.read())
        for person in people:
            if (row := given.get(person.pk)) and row.photo and default_storage.exists(row.photo.name):
                with row.photo.open() as photo:
                    parts.writestr(_photo_name(person), photo.read())


def _write(target, people, given):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Security")
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, str(heading), is_bold=True) for heading in HEADINGS])
    lacking = Accreditation.objects.lacking(people)
    for person in people:
        sheet.append(list(_cells(sheet, person, given.get(person.pk), lacking.get(person.pk, []))))
    book.save(target)


def _cells(sheet, person, row, lacks) -> Iterator[WriteOnlyCell]:
    row, language = row or Accreditation(), languages.current()
    yield from (_text(sheet, words) for words in (
        person.code, person.pass_type.name, person.get_state_display(), person.honorific_in(language), person.name_latin,
        person.name_km, person.agency_in(language), person.position, row.sex,
    ))  # fmt: skip
    yield _day(sheet, row.born_on)
    country = countries.name(person.edition_id, row.nationality, language)
    yield from (_text(sheet, words) for words in (
        row.nationality, country, row.get_document_kind_display(), row.document_number, ", ".join(map(str, lacks)),
        _photo_name(person) if row.photo else "",
    ))  # fmt: skip


def _text(sheet, words, *, is_bold=False) -> WriteOnlyCell:
    """A text is a text: what begins with = is no formula, whoever typed it, and a number keeps its zeros."""
    cell = WriteOnlyCell(sheet, value="")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(words))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _day(sheet, day) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = "yyyy-mm-dd"
    return cell


def _photo_name(person) -> str:
    return f"photos/{person.code}.jpg"


def file_name(pass_type: PassType) -> str:
    return f"security-{pass_type.edition.slug}-{pass_type.slug}"
