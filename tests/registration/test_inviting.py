"""Letters of invitation: their numbers, what stands in them, sending, reminding, and the signed original."""

import datetime
import hashlib
import io
import shutil
import subprocess
import zipfile

import pikepdf
import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn
from docx.parts.story import StoryPart
from docx.shared import Emu, Pt
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.documents.models import IssuedDocument
from forum.registration import erasing, invitation_documents, invitation_letters, inviting, letter_texts, replying, tasks
from forum.registration.models import Guest, GuestList, Letterhead, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return cms.edition(
        organiser_en="Example Ministry", organiser_km="ក្រសួងឧទាហរណ៍", venue_en="Example Hall", venue_km="សាលឧទាហរណ៍",
        opens_on=datetime.date(2099, 3, 11), closes_on=datetime.date(2099, 3, 13),
    )  # fmt: skip


@pytest.fixture
def guests(edition):
    return make.guest_list(
        make.pass_type(edition), companions=2, signatory_name_en="KEO Vanna", signatory_name_km="កែវ វណ្ណា",
        signatory_title_en="Minister", signatory_title_km="រដ្ឋមន្ត្រី", contact_phone="+855 23 000 000",
    )  # fmt: skip


def full(guest) -> Guest:
    return Guest.objects.with_names().get(pk=guest.pk)


def pages(guest):
    ((letter,), _emblem) = invitation_letters.write([full(guest)])
    return letter.pages


def refused(act, **arguments):
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    return code_of(refusal.value)


def test_letters_are_numbered_in_order_and_keep_their_numbers(guests):
    first, second = make.guest(guests), make.guest(guests)

    inviting.number(guest=second, on=datetime.date(2027, 1, 4))
    inviting.number(guest=first)
    inviting.number(guest=second, on=datetime.date(2027, 2, 1))

    assert list(Guest.objects.order_by("letter_number").values_list("pk", "letter_number")) == [
        (second.pk, 1),
        (first.pk, 2),
    ]
    assert Guest.objects.get(pk=second.pk).letter_date == datetime.date(2027, 1, 4)


def test_numbers_are_those_of_the_edition_and_begin_where_it_says(guests):
    Letterhead.objects.create(edition=guests.edition, first_number=40)
    other = make.guest_list(guests.pass_type, name_en="Embassies")

    numbered = [inviting.number(guest=make.guest(each)).letter_number for each in (guests, other)]

    assert numbered == [40, 41]


def test_many_are_numbered_in_the_order_given_and_those_that_have_a_number_are_left(guests):
    a, b, c = (make.guest(guests) for _number in range(3))
    inviting.number(guest=b)

    assert inviting.number_many(guests=[full(c), full(b), full(a)]) == 2
    assert [full(each).letter_number for each in (a, b, c)] == [3, 1, 2]


def test_what_is_typed_into_the_letterhead_never_takes_a_number_back(guests):
    letterhead = Letterhead.objects.create(edition=guests.edition)
    inviting.number(guest=make.guest(guests))

    letterhead.save()

    assert inviting.number(guest=make.guest(guests)).letter_number == 2


def test_the_database_itself_gives_no_number_twice(guests):
    inviting.number(guest=make.guest(guests))
    other = make.guest(guests)

    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.filter(pk=other.pk).update(letter_number=1, letter_date=datetime.date(2027, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.filter(pk=other.pk).update(letter_number=2)


def test_a_letter_says_the_same_in_both_languages_the_guests_first(guests):
    guest = make.guest(
        guests, honorific="excellency", name_latin="SOK Dara", name_km="សុខ ដារ៉ា", position="Minister", position_km="រដ្ឋមន្ត្រី",
        agency_name="Ministry of Examples", agency_name_km="ក្រសួង", language="km",
    )  # fmt: skip
    inviting.number(guest=guest, on=datetime.date(2099, 1, 5))

    khmer, english = pages(guest)

    assert (khmer.language, english.language) == ("km", "en")
    assert (khmer.kingdom, khmer.motto) == ("ព្រះរាជាណាចក្រកម្ពុជា", "ជាតិ សាសនា ព្រះមហាក្សត្រ")
    assert (khmer.number, english.number) == ("០០១", "001")
    assert (khmer.date, english.date) == ("រាជធានីភ្នំពេញ ថ្ងៃទី៥ ខែមករា ឆ្នាំ២០៩៩", "Phnom Penh, 5 January 2099")
    assert khmer.addressee == ["ឯកឧត្តម សុខ ដារ៉ា", "រដ្ឋមន្ត្រី", "ក្រសួង"]
    assert english.addressee == ["H.E. SOK Dara", "Minister", "Ministry of Examples"]
    assert (khmer.signatory_title, english.signatory_name) == ("រដ្ឋមន្ត្រី", "KEO Vanna")
    assert "ថ្ងៃទី១១–១៣ ខែមីនា ឆ្នាំ២០៩៩" in " ".join(khmer.paragraphs)
    assert english.paragraphs[0] == "Your Excellency,"
    assert "You may bring up to 2 companions." in " ".join(english.paragraphs)
    assert full(guest).short_code in {khmer.code, english.code}


def test_a_list_may_write_in_the_guests_language_alone_and_say_something_else(guests):
    GuestList.objects.update(
        letters="own", text_en="Come, {name} of {agency}.\n\n{companions}", companions=0, subject_en="A talk"
    )
    guest = make.guest(guests, name_latin="SOK Dara")

    (page,) = pages(guest)

    assert (page.subject, page.paragraphs) == ("A talk", ["Come, SOK Dara of ."])
    assert page.number == letter_texts.BLANK


@pytest.mark.parametrize(
    ("text", "code"), [("Dear {nmae}", "place"), ("Dear {name", "brace"), ("{{name}}", "brace"), ("{na me}", "brace")]
)
def test_a_text_that_no_letter_can_fill_is_refused(text, code):
    with pytest.raises(ValidationError) as refusal:
        letter_texts.check(text)

    assert refusal.value.code == code


@given(st.text(alphabet="{}name x\n"))
def test_a_text_that_is_taken_leaves_no_brace_in_a_letter(text):
    try:
        letter_texts.check(text)
    except ValidationError:
        return
    filled = letter_texts.fill(text, dict.fromkeys(letter_texts.PLACES, "X"))

    assert not set("{}") & set(filled)


def test_the_texts_an_edition_begins_with_are_taken():
    for text in (letter_texts.TEXT_EN, letter_texts.TEXT_KM, letter_texts.subject_en(), letter_texts.subject_km()):
        letter_texts.check(text)


@pytest.mark.parametrize("form", ["No. 1", "{number} {number}", "{number"])
def test_a_form_of_numbers_holds_the_number_once(form):
    assert refused(letter_texts.check_number, form=form) == "number"


def test_the_pdf_holds_each_letter_and_the_link_to_reply(guests, tmp_path):
    issued = inviting.issue(guests=[full(make.guest(guests, language="km")), full(make.guest(guests))])

    assert [paper[:4] for paper in issued.papers] == [b"%PDF"] * 2
    assert [letter.checked_at for letter in issued.letters] == ["", ""]
    assert not IssuedDocument.objects.exists()


def test_a_guest_with_a_long_position_has_a_letter_of_one_page_in_each_language(guests):
    long = {
        "name_latin": "SOK Chanthavattey Mealea",
        "name_km": "សុខ ច័ន្ទថាវត្តី មាលា",
        "honorific": "lok-chumteav doctor",
        "position": "Secretary of State and Chair of the Committee for Public Administration and Digital Government",
        "position_km": "រដ្ឋលេខាធិការ និងជាប្រធានគណៈកម្មាធិការទទួលបន្ទុកកំណែទម្រង់រដ្ឋបាលសាធារណៈ និងរដ្ឋាភិបាលឌីជីថល",
        "agency_name": "Ministry of Examples",
        "agency_name_km": "ក្រសួងឧទាហរណ៍",
    }
    guest = make.guest(guests, **long)
    inviting.number(guest=guest)

    (paper,) = inviting.issue(guests=[full(guest)]).papers

    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert len(pdf.pages) == 2


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_what_is_signed_is_never_alone_on_its_page(guests):
    Letterhead.objects.create(edition=guests.edition, emblem=picture(90, 90))
    GuestList.objects.update(letters="own")

    papers = [paper_of(guests, "\n".join(["One more line."] * count)) for count in range(8)]

    signed = [next(page for page in paper.split("\f") if "KEO Vanna" in page) for paper in papers]
    assert all("The last words." in page for page in signed)
    assert {paper.count("\f") for paper in papers} == {1, 2}


def paper_of(guests, added) -> str:
    """What is read on the pages of a letter that says so much more."""
    GuestList.objects.update(text_en=f"{added}\n{'Words. ' * 120}\n\nThe last words.")
    (paper,) = inviting.issue(guests=[full(make.guest(guests))]).papers
    return subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()


def test_a_numbered_letter_can_be_checked_and_stays_the_same_paper_while_it_says_the_same(guests, tmp_path):
    guest = make.guest(guests, name_latin="SOK Dara", name_km="សុខ ដារ៉ា")
    inviting.number(guest=guest)

    first, again = (inviting.issue(guests=[full(guest)]) for _time in range(2))

    document = IssuedDocument.objects.get()
    assert first.papers == again.papers == [document.read()]
    assert hashlib.sha256(first.papers[0]).hexdigest() == document.sha256
    assert (document.kind, document.number) == ("invitation", first.letters[0].pages[0].number)
    assert (document.holder_en, document.holder_km) == tuple(full(guest).addressed_in(each) for each in ("en", "km"))
    assert [entry.data["document"] for entry in ModelLogEntry.objects.filter(action="registration.issue_letter")] == [
        document.code
    ]
    assert {document.link, first.letters[0].link} == codes_on(first.papers[0], tmp_path)


def test_a_letter_that_says_something_else_replaces_the_one_before(guests):
    guest = make.guest(guests, name_latin="SOK Dara")
    inviting.number(guest=guest)
    inviting.issue(guests=[full(guest)])
    Guest.objects.filter(pk=guest.pk).update(position="Minister")

    inviting.issue(guests=[full(guest)])

    first, second = IssuedDocument.objects.order_by("pk")
    assert (first.replaced_by, full(guest).document) == (second, second)


def test_of_a_letter_drawn_twice_at_once_the_first_stands(guests):
    guest = make.guest(guests)
    inviting.number(guest=guest)
    one, other = full(guest), full(guest)

    first, second = inviting.issue(guests=[one]), inviting.issue(guests=[other])

    assert first.letters[0].checked_at == second.letters[0].checked_at
    assert first.papers == second.papers
    assert IssuedDocument.objects.count() == 1


def test_no_letter_is_issued_to_who_was_erased_meanwhile(guests, django_capture_on_commit_callbacks):
    guest = make.guest(guests)
    inviting.number(guest=guest)
    stale = full(guest)
    inviting.issue(guests=[full(guest)])
    kept = IssuedDocument.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_guest(guest=full(guest))

    for seen in (stale, full_before(guest, kept)):
        assert refused(inviting.issue, guests=[seen]) == "erased"

    document = IssuedDocument.objects.get()
    assert (document.holder_en, document.file.name, document.says) == ("", "", "")
    assert not kept.file.storage.exists(kept.file.name)


def full_before(guest, document) -> Guest:
    """As somebody read the guest before they were erased."""
    seen = full(guest)
    seen.erased_at, seen.document = None, document
    return seen


def test_who_was_erased_while_their_letter_waited_holds_up_nobody(guests, monkeypatch):
    gone, other = (make.guest(guests, email=f"{name}@example.org") for name in ("gone", "other"))
    for guest in (gone, other):
        inviting.ask_to_send(guest=full(guest))
    issue = inviting.issue

    def late(*, guests):
        if guests[0].pk == gone.pk:
            erasing.erase_guest(guest=full(gone))
        return issue(guests=guests)

    monkeypatch.setattr(inviting, "issue", late)
    tasks.send_letters()

    assert Email.objects.get().to == ["other@example.org"]


def codes_on(paper: bytes, folder) -> set[str]:
    """What the codes on the first page of a PDF hold."""
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    (folder / "letter.pdf").write_bytes(paper)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", folder / "letter.pdf", folder / "letter"], check=True)
    return {code.text for code in zxingcpp.read_barcodes(Image.open(folder / "letter.png").convert("L"))}


def body(content: bytes):
    """What stands in a DOCX, as its XML."""
    return Document(io.BytesIO(content)).element.body


def words(content: bytes) -> list[str]:
    """Line by line, those beside the codes too."""
    lines = (Paragraph(each, None).text for each in body(content).iter(qn("w:p")))
    return [line.replace("\u200b", "") for line in lines if line]


def drawn(*guests) -> bytes:
    """The DOCX of these letters."""
    issued = inviting.issue(guests=[full(guest) for guest in guests])
    return invitation_documents.render(issued.letters, issued.emblem)


def picture(width, height) -> ContentFile:
    kept = io.BytesIO()
    Image.new("RGB", (width, height)).save(kept, "PNG")
    return ContentFile(kept.getvalue(), name="emblem.png")


def test_the_docx_says_what_the_letter_says_with_khmer_as_a_complex_script(guests):
    guest = make.guest(guests, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", language="km")
    inviting.number(guest=guest)
    issued = inviting.issue(guests=[full(guest)])
    content = invitation_documents.render(issued.letters, issued.emblem)

    khmer, _english = pages(guest)
    said = words(content)
    for line in (khmer.kingdom, khmer.motto, *khmer.addressee, *khmer.paragraphs, khmer.date, khmer.signatory_name):
        assert line.replace("\u200b", "") in said
    assert any(issued.letters[0].mark["code"] in line for line in said)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = parts.read("word/document.xml").decode()
    assert 'w:bidi="km-KH"' in body
    assert 'w:cs="Khmer OS Siemreap"' in body
    assert "<w:cs/>" in body
    assert body.count("<w:sectPr") == 2


def test_each_letter_of_a_docx_counts_its_own_pages_in_parts_that_word_reads(guests):
    sections = list(body(drawn(make.guest(guests), make.guest(guests))).iter(qn("w:sectPr")))

    assert len(sections) == 4
    for section in sections:
        names = [each.tag.rpartition("}")[2] for each in section if not each.tag.endswith("footerReference")]
        assert names == ["pgSz", "pgMar", "pgNumType", "cols", "docGrid"]


def test_a_docx_speaks_of_its_letter_and_names_no_program(guests):
    guest = make.guest(guests)
    inviting.number(guest=guest, on=datetime.date(2099, 1, 5))
    content = drawn(guest)

    told = Document(io.BytesIO(content)).core_properties
    assert (told.title, told.author, told.comments) == (pages(guest)[0].subject, "Example Ministry", "")
    assert (told.created, told.modified) == (datetime.datetime(2099, 1, 5, tzinfo=datetime.UTC),) * 2
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(parts.namelist())
        assert {part.date_time for part in parts.infolist()} == {invitation_documents.MOMENT}


def test_a_subject_as_long_as_it_may_be_and_characters_that_no_file_holds_spoil_no_docx(guests):
    GuestList.objects.update(subject_en="{venue} " * 20, signatory_title_en="Mini\x01ster\ufffe")
    type(guests.edition).objects.update(venue_en="Hall & <Garden> of Examples \x02")

    content = drawn(make.guest(guests))

    assert len(Document(io.BytesIO(content)).core_properties.title) == 255
    assert "Minister" in words(content)
    assert any(line.startswith("Subject: Hall & <Garden> of Examples") for line in words(content))


@pytest.mark.parametrize(("size", "drawn_as"), [((30, 90), (8, 24)), ((90, 30), (24, 8))])
def test_an_emblem_keeps_its_shape_within_its_square(guests, size, drawn_as):
    Letterhead.objects.create(edition=guests.edition, emblem=picture(*size))

    emblem = next(body(drawn(make.guest(guests))).iter(qn("wp:extent")))

    assert (round(Emu(emblem.cx).mm), round(Emu(emblem.cy).mm)) == drawn_as


def test_what_is_signed_in_a_docx_stays_with_the_end_of_the_text_and_with_the_code_to_reply_by(guests):
    guest = make.guest(guests, language="km")
    page, _english = pages(guest)
    letter = body(drawn(guest))

    row = next(letter.iter(qn("w:tr")))
    *text, title, name = reversed(list(row.getparent().itersiblings(qn("w:p"), preceding=True)))
    kept = [Paragraph(each, None) for each in (*text[-3:], title, name)]
    assert [each.text.replace("\u200b", "") for each in kept] == [
        page.paragraphs[-1], page.lunar_date, page.date, page.signatory_title, page.signatory_name,
    ]  # fmt: skip
    assert all(each.paragraph_format.keep_with_next for each in kept)
    assert row.trPr.find(qn("w:cantSplit")) is not None
    empty = [each for each in letter.iter(qn("w:p")) if not each.xpath(".//w:t | .//w:drawing")]
    assert [Paragraph(each, None).paragraph_format.line_spacing for each in empty] == [Pt(1)] * 2


def test_a_docx_stresses_the_word_before_the_subject_and_sets_english_as_english(guests):
    guest = make.guest(guests, language="km")
    document = Document(io.BytesIO(drawn(guest)))

    word, subject = next(each for each in document.paragraphs if each.text.startswith("Subject:")).runs
    assert (word.bold, subject.bold) == (True, False)
    assert subject._r.rPr.find(qn("w:cs")) is None
    assert document.styles["Normal"].element.rPr.find(qn("w:cs")) is None
    assert document.styles["Normal"].font.name == invitation_documents.LATIN_FONT


def test_every_khmer_line_of_a_docx_may_break_between_words(guests):
    position = "រដ្ឋលេខាធិការនិងជាប្រធានគណៈកម្មាធិការ"
    content = drawn(make.guest(guests, language="km", position_km=position))

    (written,) = [
        each.text for each in Document(io.BytesIO(content)).paragraphs if each.text.replace("\u200b", "") == position
    ]
    assert "\u200b" in written


def test_the_codes_of_a_docx_say_where_they_lead(guests):
    guest = make.guest(guests)
    inviting.number(guest=guest)
    issued = inviting.issue(guests=[full(guest)])
    content = invitation_documents.render(issued.letters, issued.emblem)

    (letter,) = issued.letters
    said = [each.get("descr") for each in body(content).iter(qn("wp:docPr"))]
    assert said == [letter.link, letter.checked_at] * 2


def test_pictures_of_many_letters_are_numbered_without_looking_through_them_all_each_time(guests, monkeypatch):
    monkeypatch.setattr(StoryPart, "next_id", property(lambda part: pytest.fail("looked through every letter")))

    content = drawn(make.guest(guests), make.guest(guests))

    assert [each.get("id") for each in body(content).iter(qn("wp:docPr"))] == ["1", "2", "3", "4"]


def test_a_zip_holds_one_document_for_each_guest_and_names_nobody(guests):
    first, second = make.guest(guests, name_latin="SOK Dara"), make.guest(guests)
    inviting.number(guest=first)

    issued = inviting.issue(guests=[full(first), full(second)])
    content = invitation_documents.render_each(issued.letters, issued.emblem)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"invitation-001-{first.code}.docx", f"invitation-{second.code}.docx"]
        assert "SOK Dara" in " ".join(words(archive.read(archive.namelist()[0])))


def test_a_letter_goes_out_once_with_its_pdf_in_the_guests_language(guests):
    guest = make.guest(guests, name_km="សុខ ដារ៉ា", language="km", email="dara@example.org")
    inviting.ask_to_send(guest=full(guest))
    assert not Email.objects.exists()

    assert [tasks.send_letters(), tasks.send_letters()] == [False, False]

    letter = Email.objects.get()
    assert (letter.to, letter.attachments.get().name) == (["dara@example.org"], f"invitation-{guest.code}.pdf")
    assert f"/km/invitation/reply/{guest.token}/" in letter.message
    guest.refresh_from_db()
    assert (guest.letter_number, guest.to_send_at) == (1, None)
    assert guest.sent_at


def test_who_has_no_address_is_sent_nothing_and_counted(guests):
    guest = make.guest(guests, email="")

    assert refused(inviting.ask_to_send, guest=full(guest)) == "address"
    assert inviting.ask_to_send_many(guests=[full(guest), full(make.guest(guests))]) == (1, 1)
    tasks.send_letters()
    assert Email.objects.count() == 1


def remind(guests, sent_days_ago, due_in, **fields):
    """Of a guest to whom the letter went so many days ago, on a list with so many days left."""
    GuestList.objects.filter(pk=guests.pk).update(
        reminder_days=3, reply_by=guests.edition.today + datetime.timedelta(days=due_in)
    )
    guest = make.guest(guests, **fields)
    sent = timezone.now() - datetime.timedelta(days=sent_days_ago) if sent_days_ago is not None else None
    Guest.objects.filter(pk=guest.pk).update(sent_at=sent)
    return guest


def test_who_is_silent_is_reminded_once(guests):
    remind(guests, 10, 2, email="dara@example.org")

    assert [tasks.remind_guests(), tasks.remind_guests()] == [1, 0]
    assert Email.objects.get().to == ["dara@example.org"]


@pytest.mark.parametrize(
    ("sent", "due_in", "fields"), [(None, 2, {}), (10, 8, {}), (10, -1, {}), (0, 2, {}), (10, 2, {"email": ""})]
)
def test_nobody_is_reminded_too_early_too_late_or_without_a_letter(guests, sent, due_in, fields):
    remind(guests, sent, due_in, **fields)

    assert tasks.remind_guests() == 0


def test_who_has_replied_is_not_reminded(guests):
    guest = remind(guests, 10, 2)
    replying.reply(guest=guest, reply="regrets")
    Email.objects.all().delete()

    assert tasks.remind_guests() == 0
    assert not inviting.remind(guest=guest)
    assert not Email.objects.exists()


def test_the_signed_original_is_kept_and_the_one_before_goes(guests, django_capture_on_commit_callbacks):
    guest = make.guest(guests)
    with django_capture_on_commit_callbacks(execute=True):
        inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-1", name="a.pdf"), user=accounts.user())
        first = Guest.objects.get().scan.name
        inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-2", name="b.pdf"), user=accounts.user())

    kept = Guest.objects.get().scan
    assert kept.name != first
    assert not default_storage.exists(first)
    with kept.open() as file:
        assert file.read() == b"%PDF-2"


def test_a_guest_is_taken_off_while_nothing_has_gone_out(guests):
    kept, gone, replied = (make.guest(guests) for _number in range(3))
    inviting.number(guest=kept)
    replying.reply(guest=replied, reply="regrets")

    inviting.take_off(guest=gone)

    assert refused(inviting.take_off, guest=kept) == "numbered"
    assert refused(inviting.take_off, guest=replied) == "replied"
    assert set(Guest.objects.values_list("pk", flat=True)) == {kept.pk, replied.pk}


def test_guests_come_in_the_order_of_the_protocol_then_of_the_dictionary(guests):
    for name, rank in (("ខ", None), ("ក", None), ("គ", 2), ("ឃ", 1), ("ង", 2)):
        make.guest(guests, name_latin=f"GUEST {ord(name)}", name_km=name, protocol_rank=rank)

    assert list(Guest.objects.values_list("name_km", flat=True)) == ["ឃ", "គ", "ង", "ក", "ខ"]
    assert list(Guest.objects.by_rank().values_list("name_km", flat=True)) == ["ឃ", "គ", "ង", "ក", "ខ"]


def test_two_guests_of_one_name_without_addresses_are_told_apart_by_where_they_come_from(guests):
    make.guest(guests, name_latin="SOK Dara", email="", agency_name="One")
    make.guest(guests, name_latin="SOK Dara", email="", agency_name="Another")

    with pytest.raises(IntegrityError), transaction.atomic():
        make.guest(guests, name_latin="Dara SOK", email="", agency_name="one")


def test_erasing_a_guest_leaves_number_and_reply_and_nothing_that_names_them(guests, django_capture_on_commit_callbacks):
    guest = make.guest(guests, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", email="dara@example.org", position="Minister")
    inviting.ask_to_send(guest=full(guest))
    tasks.send_letters()
    inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-1", name="a.pdf"))
    scan = Guest.objects.get().scan.name
    replying.reply(guest=guest, reply="attending", companions=[{"name_latin": "LIM Sophea"}])

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_guest(guest=guest, reason="letter 7", user=accounts.user())
        erasing.erase_guest(guest=guest)

    row = Guest.objects.get()
    assert (row.name_latin, row.name_km, row.email, row.position, row.letter_number, bool(row.erased_at)) == (
        "–", "", "", "", 1, True,
    )  # fmt: skip
    assert not default_storage.exists(scan)
    assert not Registration.objects.live().exists()
    assert not Registration.objects.filter(name_latin="SOK Dara").exists()
    assert not Email.objects.filter(to__contains="dara").filter(message__contains=guest.code).exists()
    assert refused(replying.reply, guest=guest, reply="attending") == "erased"


def test_who_erases_their_own_registration_is_erased_as_a_guest_too(guests):
    guest = make.guest(guests)
    replying.reply(guest=guest, reply="attending")

    erasing.erase(registration=Registration.objects.get())

    assert Guest.objects.get().name_latin == "–"


def test_a_representative_who_is_erased_leaves_the_guest_and_the_other_way_round(guests):
    first, second = make.guest(guests, name_latin="SOK Dara"), make.guest(guests, name_latin="KEO Vanna")
    for guest, name in ((first, "CHAN Bopha"), (second, "LIM Sophea")):
        person = {"name_latin": name, "email": f"{name[:3]}@example.org"}
        replying.reply(guest=guest, reply="represented", representative=person)

    erasing.erase(registration=Registration.objects.get(name_latin="CHAN Bopha"))
    erasing.erase_guest(guest=second)

    assert [full(each).name_latin for each in (first, second)] == ["SOK Dara", "–"]
    assert [each.name_latin for each in Registration.objects.live()] == ["LIM Sophea"]


def address(guest, language="en"):
    return f"/{language}/invitation/reply/{guest.token}/"


def test_a_guest_replies_by_the_link_of_the_letter(guests):
    guest, visitor = make.guest(guests, name_latin="SOK Dara"), Visitor()

    typed = {
        "reply": "represented", "name_latin": "CHAN Bopha", "name_km": "ចាន់ បុប្ផា", "position": "Secretary of State",
        "companion_1_name_latin": "LIM Sophea", "companion_2_name_latin": "",
    }  # fmt: skip
    assert visitor.post(address(guest), typed).status_code == 302

    page = visitor.get(address(guest)).content.decode()
    people = list(Registration.objects.coming().order_by("name_latin"))
    assert [each.name_latin for each in people] == ["CHAN Bopha", "LIM Sophea"]
    assert all(each.short_code in page for each in people)
    picture = visitor.get(f"{address(guest)}{people[0].code}.png")
    assert picture.content.startswith(b"\x89PNG")


def test_the_page_is_in_khmer_too_and_opening_it_says_nothing(guests):
    guest = make.guest(guests, name_km="សុខ ដារ៉ា")

    page = Visitor().get(address(guest, "km"))

    assert "សុខ ដារ៉ា" in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert full(guest).reply == "silent"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "This field is required."),
        ({"reply": "represented"}, "This field is required."),
        ({"reply": "represented", "name_latin": "ចាន់"}, "Write this name in Latin letters."),
        ({"reply": "attending", "companion_1_name_km": "លីម សុភា"}, "This field is required."),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(guests, typed, sentence):
    page = Visitor().post(address(make.guest(guests)), typed | {"companion_2_name_latin": "Kept PERSON"})

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Kept PERSON" in page.content.decode()
    assert not Registration.objects.exists()


def test_what_stands_in_fields_of_another_reply_is_left_alone(guests):
    guest = make.guest(guests)

    answer = Visitor().post(address(guest), {"reply": "regrets", "name_latin": "ចាន់", "companion_1_name_latin": "ចាន់"})

    assert (answer.status_code, full(guest).reply) == (302, "regrets")


def test_a_full_forum_is_said_kindly_on_the_page(guests):
    guests.pass_type.quotas.update(size=0)
    guest = make.guest(guests)

    page = Visitor().post(address(guest), {"reply": "attending", "companion_1_name_latin": "LIM Sophea"})

    assert page.status_code == 422
    assert "Please call Protocol office; nothing has been changed." in page.content.decode()
    assert "LIM Sophea" in page.content.decode()


def test_after_the_deadline_the_page_tells_whom_to_call(guests):
    guest = make.guest(guests)
    GuestList.objects.update(reply_by=guests.edition.today - datetime.timedelta(days=1))

    page = Visitor().get(address(guest)).content.decode()

    assert "<form method" not in page.partition("<main")[2]
    assert "The time to reply is over." in page
    assert Visitor().post(address(guest), {"reply": "attending"}).status_code == 422


def test_a_forged_link_and_one_of_somebody_erased_open_nothing(guests):
    guest = make.guest(guests)
    token = guest.token

    assert Visitor().get(f"/en/invitation/reply/{token[:-1]}/").status_code == 404
    assert Visitor().get(f"/en/invitation/reply/{guest.code}.1/").status_code == 404
    assert Visitor().get(f"{address(guest)}ABCDEFGHJK.png").status_code == 404
    erasing.erase_guest(guest=guest)
    assert Visitor().get(f"/en/invitation/reply/{token}/").status_code == 404
