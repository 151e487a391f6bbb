"""Badges on paper: both names to read and to copy, a QR that scans, and nothing that leaves its place."""

import csv
import itertools
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from unittest import mock

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cms import fonts, pdf_pages
from forum.badges.painting import BANDS
from forum.badges.rendering import BadgeFace, Design, _own_texts, render
from forum.badges.shapes import SHAPES

NAMES = Path(__file__).parents[3] / "shared/data/names"

FACE = {
    "edition_name_en": "Digital Government Forum",
    "edition_name_km": "វេទិការដ្ឋាភិបាលឌីជីថល",
    "dates": "11–13 March 2027",
    "honorific_en": "H.E.",
    "honorific_km": "ឯកឧត្តម",
    "name_en": "THONG Chakra",
    "name_km": "ថោង ចក្រា",
    "position": "Director",
    "agency_en": "Agency of Examples",
    "agency_km": "ទីភ្នាក់ងារគំរូ",
    "pass_name_en": "Delegate",
    "pass_name_km": "ប្រតិភូ",
    "zones": ("Plenary", "Exhibition"),
    "days": "11, 12, 13 March",
    "code": "K7Q2-XM9B-CD4F",
    "token": "K7Q2XM9BCD4F",
}


MARK = "Demonstration: opens no real door"


def face(**changes):
    return BadgeFace(**(FACE | changes))


def poppler(tool, *arguments):
    if not shutil.which(tool):
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    return subprocess.run([tool, *arguments], capture_output=True, check=True).stdout


def text_of(data, tmp_path):
    (tmp_path / "badges.pdf").write_bytes(data)
    return poppler("pdftotext", tmp_path / "badges.pdf", "-").decode()


def lines_of(*faces):
    """(left, top, right, bottom) in millimetres of every line of text, page by page: the faces first, then their ground."""
    written = []

    def watch(pages, **kwargs):
        written.extend(pages)
        return write(pages, **kwargs)

    write = pdf_pages.render
    with mock.patch.object(pdf_pages, "render", watch):
        render(faces, "en")
    return [[_edges(line) for line in page.lines] for page in written]


def _edges(line):
    left, right = pdf_pages.ends(line, "en")
    return tuple(round(edge, 2) for edge in (left, line.top, right, line.top + line.height))


def assert_in_place(ground, own):
    for left, top, right, bottom in ground:
        assert left >= 7 and top >= 0 and right <= 98.01 and bottom <= 148.01
    for left, top, right, bottom in own:
        assert left >= 7 and top >= 23 and right <= 99.01 and bottom <= 143.01
    for (_, _, _, bottom), (_, top, _, _) in itertools.pairwise(own):
        assert bottom <= top + 0.01, "one line covers another"
    *others, code = own
    assert all(bottom <= 94.51 for _, _, _, bottom in others), "the band is covered"
    assert code[1] >= 138, "the QR is covered"


@pytest.mark.parametrize("band", BANDS)
def test_qr_on_paper_is_read_back(band, tmp_path):
    (tmp_path / "badge.pdf").write_bytes(render([face(band=band, mark=MARK)], "en"))

    picture = poppler("pdftoppm", "-r", "150", "-png", "-singlefile", tmp_path / "badge.pdf")

    assert [code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))] == ["K7Q2XM9BCD4F"]


def test_a_long_token_is_read_back(tmp_path):
    token = "https://forum.example/b/" + "K7Q2XM9BCD" * 12
    (tmp_path / "badge.pdf").write_bytes(render([face(token=token)], "en"))

    picture = poppler("pdftoppm", "-r", "200", "-png", "-singlefile", tmp_path / "badge.pdf")

    assert [code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))] == [token]


def test_everything_on_the_badge_can_be_copied_from_it(tmp_path):
    text = text_of(render([face()], "en"), tmp_path)

    said = [value for name, value in FACE.items() if name not in {"token", "zones"}] + ["Plenary", "Exhibition"]
    assert [words for words in said if words not in text] == []


def test_mark_of_a_demonstration_stands_on_its_badges_alone(tmp_path):
    assert "Demonstration" in text_of(render([face(mark=MARK)], "en"), tmp_path)
    assert "Demonstration" not in text_of(render([face()], "en"), tmp_path)


def test_pages_are_a6_and_keep_their_order_beyond_a_hundred(tmp_path):
    data = render((face(name_en=f"Person {number}", token=str(number)) for number in range(103)), "en")

    names = [line for line in text_of(data, tmp_path).splitlines() if line.startswith("Person")]
    assert names == [f"Person {number}" for number in range(103)]
    with pikepdf.open(BytesIO(data)) as paper:
        sizes = {tuple(round(float(edge) / 72 * 25.4) for edge in page.mediabox) for page in paper.pages}
    assert sizes == {(0, 0, 105, 148)}


def test_each_pass_has_its_own_ground(tmp_path):
    faces = [
        face(pass_name_en=name, name_en=f"For {name}", band=band) for name, band in [("One", "red"), ("Two", "grey")] * 2
    ]

    pages = text_of(render(faces, "en"), tmp_path).split("\f")[:4]

    assert [[name for name in ("One", "Two") if name in page.splitlines()] for page in pages] == [["One"], ["Two"]] * 2
    assert ["For One" in page for page in pages] == [True, False] * 2


def test_what_a_pass_shares_is_stored_once():
    with pikepdf.open(BytesIO(render([face(token="A"), face(token="B")], "en"))) as paper:
        first, second = ({part.objgen for part in page.Contents} for page in paper.pages)

    assert len(first & second) == 4  # the colours, the texts of the pass, and the brackets around them


def test_same_badges_are_the_same_bytes():
    assert render([face()], "en") == render([face()], "en")


def test_no_badges_are_no_document():
    with pytest.raises(ValueError, match="nothing"):
        render([], "en")


@pytest.mark.parametrize(
    "changes",
    [
        {"name_km": "", "honorific_km": "", "agency_km": "", "pass_name_km": "", "edition_name_km": ""},
        {"name_en": "", "honorific_en": "", "agency_en": "", "pass_name_en": ""},
        {"name_en": "NGUYỄN Thị Phương Ánh", "name_km": ""},
        {"name_en": "Wolfeschlegelsteinhausenbergerdorff" * 3, "name_km": "សម្តេចព្រះមហាវិសុទ្ធិរាជាធិរាជចក្រាវឌ្ឍនាការណ៍" * 2},
        {"name_en": "권정훈", "agency_en": "정보통신부"},
        {"name_en": "วุฑฒยากร ดุษฎีวนิช " * 3},
        {"agency_en": "Agency " * 28, "agency_km": "ទីភ្នាក់ងារ" * 18, "position": "Deputy " * 17},
        {"zones": tuple(f"Zone {number} of many" for number in range(12)), "days": "every day " * 20},
        {
            "edition_name_en": "Forum " * 33,
            "edition_name_km": "វេទិកា" * 33,
            "pass_name_en": "P" * 80,
            "pass_name_km": "ប្រតិភូ" * 11,
        },
        {"code": "K7Q2" * 12, "honorific_en": "Professor " * 5},
    ],
)
def test_extreme_texts_stay_in_their_places(changes):
    own, ground = lines_of(face(**changes))

    assert_in_place(ground, own)


@pytest.mark.parametrize("shape", ["a6", "card", "label"])
def test_what_hangs_beneath_a_khmer_name_does_not_touch_the_latin_one(shape, tmp_path):
    names = {"name_km": "ឡុង វិចិត្រ", "name_en": "LONG Vichetr", "honorific_km": "លោក", "honorific_en": ""}
    design = Design(shape=shape, fields=("name",))

    (tmp_path / "badge.pdf").write_bytes(render([face(**names, design=design)], "en"))

    poppler("pdftoppm", "-r", "300", "-gray", "-singlefile", tmp_path / "badge.pdf", tmp_path / "badge")
    box = SHAPES[shape].person
    edges = (box.left, box.top, box.left + box.width * 0.9, box.top + box.height)
    with Image.open(tmp_path / "badge.pgm") as picture:
        names = picture.crop([round(edge * 300 / 25.4) for edge in edges])
    rows = [names.crop((0, row, names.width, row + 1)).getextrema()[0] < 128 for row in range(names.height)]
    written = [is_written for is_written, _rows in itertools.groupby(rows)].count(True)
    assert written == (3 if SHAPES[shape].honorific_beside else 4), "ុ stands by itself between the two names"


# The forms refuse names with other letters.
DRAWN = [chr(number) for number in range(0x20, 0x2200) if chr(number).isprintable() and not fonts.missing(chr(number))]


@settings(max_examples=25, deadline=None)
@given(
    st.text(st.sampled_from(DRAWN), min_size=1, max_size=120),
    st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17DD), min_size=1, max_size=120),
)
@pytest.mark.filterwarnings("default")
def test_no_name_leaves_its_place(name_en, name_km):
    own, ground = lines_of(face(name_en=name_en, name_km=name_km))

    assert_in_place(ground, own)


def real_names():
    """(Khmer, Latin) names."""
    if not NAMES.is_dir():
        pytest.skip(f"no list of names at {NAMES}")
    with (NAMES / "khmer_names.csv").open() as khmer, (NAMES / "other_nationalities.csv").open() as other:
        both = [(row["full_name_km"], row["full_name_latin"]) for row in csv.DictReader(khmer)]
        return both, [row["full_name"] for row in csv.DictReader(other)]


def test_real_names_are_large_enough_for_three_metres():
    """Capitals of 24 points are six millimetres high: seven minutes of arc at three metres, where sharp eyes need five."""
    both, _ = real_names()

    for name_km, name_en in both:
        _above, names, *_rest = _own_texts(face(name_km=name_km, name_en=name_en))
        _, khmer, _, latin = names.texts
        assert khmer.size >= 36 and latin.size >= 24, (name_km, name_en)


def test_real_names_three_times_over_stay_in_their_places():
    both, others = real_names()
    khmer = max((name for name, _ in both), key=len)
    longest = sorted((*others, *(name for _, name in both)), key=len)[-8:]

    *pages, ground = lines_of(*(face(name_en=" ".join([name] * 3), name_km=f"{khmer} {khmer} {khmer}") for name in longest))

    assert len(pages) == 8
    for own in pages:
        assert_in_place(ground, own)
