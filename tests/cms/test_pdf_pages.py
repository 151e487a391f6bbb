"""Lines and pictures stand on paper where they are put, once, and copy in reading order."""

import re
import shutil
import subprocess
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageChops

from cms import pdf_pages
from cms.pdf_pages import Line, Page, Picture

BOX = {"left": 20, "top": 10, "width": 60, "size": 20, "leading": 1.5}


def poppler(tool, data, *arguments, tmp_path):
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    (tmp_path / "paper.pdf").write_bytes(data)
    return subprocess.run([tool, tmp_path / "paper.pdf", *arguments], capture_output=True, check=True).stdout


def page(*lines, **options):
    return Page(width=100, height=50, lines=lines, **options)


def paper(*pages):
    return pdf_pages.render(pages, title="Paper", language="en")


def picture(size, colour="#ff0000"):
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return written.getvalue()


def red_of(data, tmp_path):
    """The box of all that is red, in millimetres."""
    shown = Image.open(BytesIO(poppler("pdftoppm", data, "-r", "254", "-png", "-singlefile", tmp_path=tmp_path)))
    red, green, _blue = shown.convert("RGB").split()
    red = ImageChops.subtract(red, green).point(lambda shade: 255 if shade > 128 else 0)
    return tuple(round(edge / 10, 1) for edge in red.getbbox())


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("text", ["Chakra", "ចក្រា", "Nguyễn"])
def test_a_line_begins_and_ends_where_it_is_said_to(text, align, tmp_path):
    line = Line(text, **BOX, align=align)

    begins, ends = pdf_pages.ends(line, "en")

    words = poppler("pdftotext", paper(page(line)), "-", "-bbox", tmp_path=tmp_path).decode()
    (on_paper,) = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', words)
    from_left, from_top, to_right, to_bottom = (float(edge) / 72 * 25.4 for edge in on_paper)
    assert (from_left, to_right) == (pytest.approx(begins, abs=0.2), pytest.approx(ends, abs=0.2))
    middle = line.top + line.height / 2
    assert from_top < middle < to_bottom
    spaces = {"left": begins - 20, "center": begins - 20 - (80 - ends), "right": 80 - ends}
    assert spaces[align] == pytest.approx(0, abs=0.01)


def test_text_copies_as_it_was_given(tmp_path):
    texts = ["សម្តេច ស្ត្រី", "NGUYỄN Thị Ánh"]
    lines = [Line(text, **BOX | {"top": 20 * number}) for number, text in enumerate(texts)]

    copied = poppler("pdftotext", paper(page(*lines)), "-", "-layout", tmp_path=tmp_path).decode()

    assert [line.strip() for line in copied.split("\n") if line.strip("\f ")] == texts


@pytest.mark.parametrize(
    ("size", "is_filling", "shown"),
    [
        ((40, 20), False, (10, 15, 30, 25)),  # whole in the middle of its box
        ((20, 40), False, (15, 10, 25, 30)),
        ((40, 20), True, (10, 10, 30, 30)),  # cut at the edges of it
        ((20, 40), True, (10, 10, 30, 30)),
    ],
)
def test_a_picture_is_whole_in_its_box_or_fills_it(size, is_filling, shown, tmp_path):
    hung = Picture(picture(size), 10, 10, 20, 20, is_filling=is_filling)

    assert red_of(paper(page(pictures=[hung])), tmp_path) == pytest.approx(shown, abs=0.2)


def test_what_lies_beneath_two_pages_is_stored_once_and_comes_out_with_them_alone(tmp_path):
    red = "1 0 0 rg 30 5 10 10 re f"
    pages = [page(Line(text, **BOX), beneath=(red, 2)) for text in ("One", "Two")] + [
        page(Line("Ground", **BOX | {"top": 30}))
    ]

    data = paper(*pages)

    text = poppler("pdftotext", data, "-", tmp_path=tmp_path).decode()
    assert [sheet.split() for sheet in text.split("\f")] == [["One", "Ground"], ["Two", "Ground"], []]
    assert red_of(data, tmp_path)[:2] == (pytest.approx(30, abs=0.2), pytest.approx(5, abs=0.2))
    with pikepdf.open(BytesIO(data)) as opened:
        first, second = ({part.objgen for part in sheet.Contents} for sheet in opened.pages)
    assert len(first - second) == 1 == len(second - first)


def test_a_picture_that_many_pages_show_is_stored_once():
    hung = Picture(picture((30, 30)), 10, 10, 20, 20)

    with pikepdf.open(BytesIO(paper(page(pictures=[hung]), page(pictures=[hung])))) as opened:
        images = {image.objgen for sheet in opened.pages for image in sheet.get_images().values()}

    assert len(images) == 1


def test_paper_says_its_title_and_language():
    with pikepdf.open(BytesIO(paper(page()))) as opened:
        assert (str(opened.docinfo.Title), str(opened.Root.Lang)) == ("Paper", "en")


def test_same_pages_are_the_same_bytes():
    assert paper(page(Line("Chakra", **BOX))) == paper(page(Line("Chakra", **BOX)))
