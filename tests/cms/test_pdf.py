"""PDFs reach nothing but what they are given, carry their fonts, copy in reading order and come out the same each time."""

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from cms import fonts, pdf, qr

PAGE = '<!doctype html><html lang="km"><head><title>បណ្ណ</title></head><body>{}</body></html>'
NAMES = "<p>សម្តេច ថោង ចក្រា ស្ត្រី</p><p><b>THONG Chakra</b>, Nguyễn Đặng</p>"


def poppler(tool, data, *arguments, tmp_path):
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    (tmp_path / "paper.pdf").write_bytes(data)
    done = subprocess.run([tool, tmp_path / "paper.pdf", *arguments], capture_output=True, check=True, text=True)
    return done.stdout


@pytest.mark.parametrize(
    "asking",
    [
        '<img src="http://127.0.0.1/picture.png">',
        '<img src="file:///etc/passwd">',
        '<img src="/etc/passwd">',
        '<base href="file:///etc/"><img src="passwd">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<p style="background: url(file:///etc/passwd)">x</p>',
        '<ul style="list-style-image: url(file:///etc/passwd)"><li>x</ul>',
        "<style>@import url(http://127.0.0.1/style.css)</style>",
        '<style>@font-face { font-family: x; src: local("DejaVu Sans"), url(file:///etc/passwd) }</style>',
        '<link rel="stylesheet" href="style.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<object data="file:///etc/passwd"></object>',
        '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        '<img src="image:portrait">',
    ],
)
def test_a_document_that_asks_for_anything_not_named_is_refused(asking):
    with pytest.raises(pdf.PDFRefused):
        pdf.render(PAGE.format(asking), images={"logo": b""})


def test_a_refusal_does_not_stain_the_next_document():
    with pytest.raises(pdf.PDFRefused):
        pdf.render(PAGE.format('<img src="file:///etc/passwd">'))

    assert pdf.render(PAGE.format(NAMES)).startswith(b"%PDF")


def test_a_named_image_is_drawn():
    data = pdf.render(PAGE.format('<img src="image:code">'), images={"code": qr.png("K7Q2XM")})

    with pikepdf.open(BytesIO(data)) as paper:
        assert len(paper.pages[0].get_images()) == 1


def test_text_copies_in_the_order_it_is_read(tmp_path):
    text = poppler("pdftotext", pdf.render(PAGE.format(NAMES)), "-", tmp_path=tmp_path)

    assert text.split("\n")[:2] == ["សម្តេច ថោង ចក្រា ស្ត្រី", "THONG Chakra, Nguyễn Đặng"]


def test_invisible_breaks_are_not_copied(tmp_path):
    text = poppler("pdftotext", pdf.render(PAGE.format("<p>ក្រសួង\u200bប្រៃសណីយ៍</p>")), "-", tmp_path=tmp_path)

    assert text.strip() == "ក្រសួងប្រៃសណីយ៍"


def test_all_letters_come_from_packaged_fonts_and_travel_with_the_file(tmp_path):
    lines = poppler("pdffonts", pdf.render(PAGE.format(NAMES)), tmp_path=tmp_path).splitlines()[2:]

    assert sorted(line.split()[0].partition("+")[2] for line in lines) == ["Paper", "Paper-Bold", "Paper-Latin"]
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


def test_letters_that_no_packaged_font_has_are_named():
    assert fonts.missing("Nguyễn Đặng, Søren, ឥន្ទ្រ ១២") == ""
    assert fonts.missing("권 정훈 권") == "권정훈"


def test_title_and_language_are_in_the_file():
    with pikepdf.open(BytesIO(pdf.render(PAGE.format(NAMES)))) as paper:
        assert (str(paper.docinfo.Title), str(paper.Root.Lang)) == ("បណ្ណ", "km")


def test_another_process_makes_the_same_bytes():
    script = (
        "import hashlib, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'forum.settings'\n"
        "from cms import pdf\n"
        f"print(hashlib.sha256(pdf.render({PAGE.format(NAMES)!r})).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path.cwd())}
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, env=environment)

    assert other.stdout.strip() == hashlib.sha256(pdf.render(PAGE.format(NAMES))).hexdigest()


def test_threads_do_not_disturb_one_another():
    pages = [PAGE.format(f"<p>ទំព័រ {number} Nguyễn</p>") for number in range(8)]
    alone = [pdf.render(page) for page in pages]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(pdf.render, pages)) == alone


def test_joined_documents_keep_order_title_and_language(tmp_path):
    parts = [pdf.render(PAGE.format(f"<p>page {number}</p>")) for number in range(3)]

    joined = pdf.join(parts)

    assert joined == pdf.join(iter(parts))
    assert poppler("pdftotext", joined, "-", tmp_path=tmp_path).split() == ["page", "0", "page", "1", "page", "2"]
    with pikepdf.open(BytesIO(joined)) as paper:
        assert (len(paper.pages), str(paper.docinfo.Title), str(paper.Root.Lang)) == (3, "បណ្ណ", "km")
