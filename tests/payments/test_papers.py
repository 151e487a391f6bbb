"""Invoices, receipts and credit notes: in both languages, kept as they were written."""

import io
import shutil
import subprocess

import pikepdf
import pytest

from forum.documents.models import IssuedDocument
from forum.payments import drawing, ordering, papers, refunding
from forum.payments.models import Paper, Terms
from tests.factories import cms
from tests.factories import payments as make

pytestmark = pytest.mark.django_db
LINK = "https://forum.example/verify/23456789BCDFGHJKM/"


@pytest.fixture
def paper():
    order = make.order(make.priced(price=125_050), name_latin="SOK Dara", name_km="សុខ ដារ៉ា")
    make.terms(order.edition, tax_basis_points=1_000, seller_en="Secretariat", seller_km="លេខាធិការដ្ឋាន", tax_number="K1")
    return ordering.write_invoice(order=order, name="ក្រសួងគំរូ", agency="", tax_number="L1")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_an_invoice_reads_in_both_languages_with_its_sum_in_riel(paper):
    text = subprocess.run(["pdftotext", "-", "-"], input=papers.file_of(paper), capture_output=True, check=True)
    words = text.stdout.decode().replace("\u200b", "").replace("\u00a0", " ")

    for part in (
        "Invoice", "NEXT-INV-00001", "ក្រសួងគំរូ", "លេខាធិការដ្ឋាន", "Secretariat", "សុខ ដារ៉ា", "Delegate: SOK Dara",
        "USD 1,250.50", "១,២៥០.៥០ ដុល្លារអាមេរិក", "KHR 5,127,050", "៥,១២៧,០៥០ រៀល", "USD 113.68",
        "Tax included 10 %", "១០ %", "Riel for one US dollar 4,100", "៤,១០០", "000 123 456",
        paper.order.short_code,
    ):  # fmt: skip
        assert part in words


@pytest.mark.parametrize("lines", [1, 30])
def test_the_signature_stands_on_no_page_alone(paper, lines):
    paper.facts |= {
        "bill_to_agency": "Ministry of Examples and of Everything Else " * 3,
        "letter": "No. 1",
        "bank": ["B"] * 4,
    }
    paper.facts["lines"] *= lines

    with pikepdf.open(io.BytesIO(drawing.draw(paper, LINK))) as pdf:
        pages = [drawn_on(page) for page in pdf.pages]

    assert (len(pages) == 1) == (lines == 1)
    assert pages[-1].count(b"BT") > 8  # the signature and the number of the page have four


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_an_invoice_of_many_pages_says_its_total_once_at_the_end(paper):
    paper.facts["lines"] *= 60

    text = subprocess.run(["pdftotext", "-", "-"], input=drawing.draw(paper, LINK), capture_output=True, check=True)
    pages = text.stdout.decode().split("\f")[:-1]

    assert ["Total" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len(pages) > 2


def drawn_on(page) -> bytes:
    """What is drawn on a page, as its own commands."""
    return page.Contents.read_bytes()


def test_what_was_written_stays_whatever_changes_after(paper):
    Terms.objects.update(riel_per_dollar=1, seller_en="Another")
    fresh = Paper.objects.get()

    assert (fresh.facts["riel"], fresh.facts["seller_en"]) == (5_127_050, "Secretariat")
    assert papers.file_of(fresh) == papers.file_of(Paper.objects.get())


def test_each_kind_and_each_edition_has_numbers_of_its_own(paper):
    make.pay(paper.order)
    make.pay(make.order(make.priced(cms.edition(slug="other"))))

    numbers = [row.full_number for row in Paper.objects.order_by("pk")]
    assert numbers == ["NEXT-INV-00001", "NEXT-REC-00001", "OTHER-REC-00001"]


def test_an_order_has_one_receipt_however_often_it_is_asked_for(paper):
    make.pay(paper.order)

    assert papers.issue(order=paper.order, kind="receipt") == papers.issue(order=paper.order, kind="receipt")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_a_receipt_is_for_what_was_owed_and_says_what_was_paid_too_much_without_tax(paper):
    make.pay(paper.order, 200_000)
    receipt = Paper.objects.get(kind="receipt")

    assert (receipt.amount, receipt.facts["tax"], receipt.facts["surplus"]) == (125_050, 11_368, 74_950)
    text = subprocess.run(["pdftotext", "-", "-"], input=papers.file_of(receipt), capture_output=True, check=True)
    words = text.stdout.decode().replace("\u00a0", " ")
    assert ("Paid too much" in words, "USD 749.50" in words, "USD 113.68" in words) == (True, True, True)


def test_a_receipt_for_late_money_stands_though_the_invoice_was_taken_back(paper):
    order = make.let_time_run_out(paper.order)
    payment = make.pay(order)
    receipt = Paper.objects.get(kind="receipt")
    papers.file_of(receipt)
    assert Paper.objects.get(kind="receipt").document.state == "current"

    refunding.refund(payment=payment, amount=payment.amount, reason="They cannot come", reference="R1")

    credit = Paper.objects.filter(kind="credit").exclude(refund=None).get()
    assert (credit.amount, credit.facts["of_paper"]) == (125_050, receipt.full_number)
    assert Paper.objects.get(kind="receipt").document.state == "revoked"


def test_nothing_is_lessened_before_something_was_written():
    order = make.order()

    assert papers.issue(order=order, kind="credit", amount=1) is None


def test_a_paper_can_be_checked_by_its_code(paper):
    content = papers.file_of(paper)
    paper.refresh_from_db()
    document = paper.document

    assert (document.kind, document.number, document.holder, document.state) == (
        "invoice", paper.full_number, "ក្រសួងគំរូ", "current",
    )  # fmt: skip
    assert document.read() == content


@pytest.mark.parametrize("is_drawn_first", [True, False])
def test_an_invoice_that_a_credit_note_took_back_is_revoked(paper, is_drawn_first):
    if is_drawn_first:
        papers.file_of(paper)
    papers.issue(order=paper.order, kind="credit", amount=paper.amount)

    papers.file_of(paper)
    assert Paper.objects.get(pk=paper.pk).document.state == "revoked"


def test_an_invoice_of_which_a_part_was_taken_back_holds(paper):
    papers.issue(order=paper.order, kind="credit", amount=paper.amount - 1)

    papers.file_of(paper)
    assert Paper.objects.get(pk=paper.pk).document.state == "current"


def test_of_two_who_draw_a_paper_at_once_both_get_the_first(paper, monkeypatch):
    other = Paper.objects.get(pk=paper.pk)
    first = papers.file_of(paper)
    papers._issue(other)  # it had asked before the first was there

    assert papers.file_of(Paper.objects.get(pk=paper.pk)) == first
    assert IssuedDocument.objects.count() == 1
