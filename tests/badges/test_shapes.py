"""Every shape with hard names: each line within its box, each code read from the picture, each picture as it was approved.

A picture that has changed on purpose is approved by drawing it anew (``DRAW_ANEW=1``) and looking at it.
"""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from unittest import mock

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from cms import fonts, pdf_pages
from forum.badges.painting import BANDS, INK, WHITE, contrast, ink
from forum.badges.rendering import Back, BadgeFace, Design, Group, cut, render
from forum.badges.shapes import ACCENT, FIELDS, GROUND, SHAPES

PICTURES = Path(__file__).with_name("pictures")
RESOLUTION = 60  # dots an inch: small files, and names can still be read
# Of 255 shades, of a picture in which only what is larger than a letter's edge is left.
MOST_OF_ONE, MOST_OF_ALL = 70, 2.0

TOKEN = "1" + "K7Q2XM9BCD4F" * 10 + "K7Q2XM9BCD"  # as long as a real one
PERSON = {
    "edition_name_en": "Digital Government Forum",
    "edition_name_km": "វេទិការដ្ឋាភិបាលឌីជីថល",
    "dates": "11–13 March 2027",
    "honorific_en": "H.E.",
    "honorific_km": "ឯកឧត្តម",
    "name_en": "EXAMPLE Chakra",
    "name_km": "គំរូ ចក្រា",
    "position": "Director",
    "agency_en": "Ministry of Social Affairs, Veterans and Youth Rehabilitation",
    "agency_km": "ក្រសួងសង្គមកិច្ច អតីតយុទ្ធជន និងយុវនីតិសម្បទា",
    "pass_name_en": "Delegate",
    "pass_name_km": "ប្រតិភូ",
    "zones": ("Plenary", "Exhibition"),
    "days": "11–12 March 2027",
    "code": "K7Q2-XM9B-CD4F",
    "token": TOKEN,
}
# (Khmer, Latin), of nobody.
HARD = {
    "subscripts and stacked vowels": ("ស្ត្រីព្រឹទ្ធាចារ្យ ក្រ៊ុងស្រឹង្គឿន", "CHHOEUNG Sreyneang"),
    "without a space": ("សម្តេចព្រះមហាវិសុទ្ធិរាជាធិរាជចក្រាវឌ្ឍនាការណ៍", "Wolfeschlegelsteinhausenbergerdorff"),
    "long in both": ("គំរូ សុវណ្ណមុនីរ័ត្ន ពេជ្រវិសុទ្ធិ វឌ្ឍនា", "MAXIMILIANA Alexandrowna von und zu Beispielhausen"),
    "short in both": ("លី", "Ù Ý"),
    "accents of Viet Nam": ("", "NGUYỄN Thị Phương Ánh Nguyệt"),
    "accents of Europe": ("", "Þórður Ævar BRZĘCZYSZCZYKIEWICZ-ĞÜNEŞŁOŠ"),
    "Khmer alone": ("កែវ ច័ន្ទបូរណ៍", ""),
}
# Letters that no packaged font has: the form refuses them, and were one drawn it would not leave its box.
REFUSED = {
    "Lao": "ສົມພອນ ວົງສະຫວັນ", "Thai": "สมชาย ดุษฎีวนิช", "Chinese": "王小明", "Korean": "권정훈", "Arabic": "محمد المثال",
}  # fmt: skip


def picture(kind, size, colour):
    drawn, written = Image.new("RGB", size, "#c3d1e2"), BytesIO()
    ImageDraw.Draw(drawn).ellipse((size[0] / 4, size[1] / 6, size[0] * 3 / 4, size[1] * 2 / 3), fill=colour)
    drawn.save(written, kind)
    return written.getvalue()


PHOTO, EMBLEM = picture("JPEG", (480, 640), "#7a4b00"), picture("PNG", (120, 120), "#f0b429")
LINES = (("Thursday 11 March", True), ("09:00  Opening", False), ("10:30  Services for everybody, everywhere", False))
BACK = Back(title="Digital Government Forum", lines=LINES)


def face(shape, *, design=None, **changes):
    return BadgeFace(**(PERSON | {"design": Design(shape=shape, **(design or {}))} | changes))


def hard(shape, **design):
    return [face(shape, name_km=km, name_en=en, design=design) for km, en in HARD.values()]


def drawn(data, tmp_path, resolution=RESOLUTION):
    if not shutil.which("pdftoppm"):
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    (tmp_path / "badges.pdf").write_bytes(data)
    arguments = ["-r", str(resolution), "-png", tmp_path / "badges.pdf", tmp_path / "page"]
    subprocess.run(["pdftoppm", *map(str, arguments)], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(tmp_path.glob("page*.png"))]


def lines_of(*faces):
    """(place, left, top, right, bottom) in millimetres of every line of text of every page, the grounds last."""
    places, pages = {}, []

    def mark(group, colour):
        for line in lines(group, colour):
            places[id(line)] = group.place
            yield line

    def watch(written, **kwargs):
        pages.extend(written)
        return write(written, **kwargs)

    lines, write = Group.lines, pdf_pages.render
    with mock.patch.object(Group, "lines", mark), mock.patch.object(pdf_pages, "render", watch):
        render(faces, "en")
    return [[(places[id(line)], *_edges(line)) for line in page.lines] for page in pages]


def _edges(line):
    left, right = pdf_pages.ends(line, "en")
    return tuple(round(edge, 2) for edge in (left, line.top, right, line.top + line.height))


def assert_within(pages, shape):
    count = 0
    for lines in pages:
        below = {}
        for place, left, top, right, bottom in lines:
            box = getattr(shape, place)
            assert left >= box.left - 0.01 and right <= box.left + box.width + 1.01, (place, left, right)
            assert top >= box.top - 0.01 and bottom <= box.top + box.height + 0.55, (place, top, bottom)
            assert top >= below.get(place, 0) - 0.01, "one line covers another"
            below[place] = bottom
            count += 1
    assert count


@pytest.mark.filterwarnings("default")  # of letters that no font has
@pytest.mark.parametrize("design", [{}, {"has_photo": True, "emblem": EMBLEM, "back": BACK}], ids=["plain", "full"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_line_of_a_hard_name_stands_in_its_box(shape, design):
    strange = [face(shape, name_en=name, design=design) for name in REFUSED.values()]
    much = face(shape, position="Deputy " * 17, zones=tuple(f"Zone {n} of many" for n in range(12)), design=design)

    assert_within(lines_of(*hard(shape, **design), *strange, much), Design(shape=shape, **design).drawn)


@pytest.mark.parametrize("order", [("agency", "name", "days"), ("position", "agency", "name"), ("name",)])
def test_whatever_the_order_every_line_stands_in_its_box(order):
    design = {"fields": order}

    assert_within(lines_of(*hard("a6", **design)), SHAPES["a6"])


def test_what_the_layout_leaves_out_is_not_there_and_the_rest_is_in_its_order():
    own, ground = lines_of(face("a6", design={"fields": ("agency", "name")}))

    assert "access" not in {place for place, *_edges in (*ground, *own)}
    sizes = [bottom - top for place, _, top, _, bottom in own if place == "person"]
    assert sizes[0] < max(sizes), "the agency stands above the larger name"


@pytest.mark.parametrize("script", REFUSED)
def test_a_script_without_packaged_letters_is_known_before_anything_is_drawn(script):
    assert fonts.missing(REFUSED[script])


@pytest.mark.parametrize("name", HARD)
def test_hard_names_stand_whole_on_every_shape(name):
    km, en = HARD[name]

    for shape in SHAPES:
        for has_photo in (False, True):
            assert not {km, en} & set(cut(face(shape, name_km=km, name_en=en, design={"has_photo": has_photo}))), shape


@pytest.mark.parametrize("shape", SHAPES)
def test_every_code_is_read_from_the_picture(shape, tmp_path):
    bands = [*BANDS, *BANDS]
    faces = [face(shape, band=band, token=f"{TOKEN[:-2]}{number:02}") for number, band in enumerate(bands)]

    pages = drawn(render(faces, "en"), tmp_path, resolution=200)

    read = sorted({code.text for page in pages for code in zxingcpp.read_barcodes(page.convert("L"))})
    assert read == [each.token for each in faces]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_picture_is_as_it_was_approved(shape, tmp_path):
    design = {"has_photo": True, "emblem": EMBLEM, "back": BACK}
    (km, en), (short_km, short_en) = HARD["long in both"], HARD["short in both"]
    faces = [
        face(shape, name_km=km, name_en=en, photo=PHOTO, design=design),
        face(shape, name_km=short_km, name_en=short_en, band="romduol", mark="Demonstration: opens no real door"),
    ]
    picture = beside_one_another(drawn(render(faces, "en"), tmp_path))
    approved = PICTURES / f"{shape}.png"
    if os.environ.get("DRAW_ANEW"):
        picture.quantize(64).save(approved, optimize=True)

    assert_alike(picture, Image.open(approved).convert("RGB"))


def beside_one_another(pages):
    whole = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width
    return whole


def assert_alike(picture, approved):
    assert picture.size == approved.size
    soft = ImageFilter.BoxBlur(2)
    difference = ImageChops.difference(picture.filter(soft), approved.filter(soft)).convert("L")
    assert difference.getextrema()[1] <= MOST_OF_ONE
    assert ImageStat.Stat(difference).mean[0] <= MOST_OF_ALL


def test_a_picture_that_is_not_alike_is_noticed():
    approved = Image.open(PICTURES / "a6.png").convert("RGB")
    other = approved.copy()
    other.paste("white", (20, 90, 60, 110))

    with pytest.raises(AssertionError):
        assert_alike(other, approved)


def sizes_of(data):
    with pikepdf.open(BytesIO(data)) as paper:
        return [tuple(round(float(edge) / 72 * 25.4) for edge in page.mediabox[2:]) for page in paper.pages]


@pytest.mark.parametrize(
    ("shape", "sheets"),
    [
        ("a6", [(105, 148)] * 11),
        ("card", [(86, 54)] * 11),
        ("label", [(100, 150)] * 11),
        ("folded", [(210, 297)] * 11),
        ("pair", [(297, 210)] * 6),
        ("cards", [(210, 297)] * 2),
        ("overlay", [(105, 148)] * 11),
    ],
)
def test_eleven_badges_take_so_many_sheets(shape, sheets):
    assert sizes_of(render([face(shape) for _number in range(11)], "en")) == sheets


def test_backs_lie_behind_their_fronts_when_the_sheet_is_turned(tmp_path):
    with_back = face("cards", design={"back": Back(title="Forum", lines=(("x " * 300, False),))})
    _front, back = drawn(render([with_back, face("cards")], "en"), tmp_path)

    left, right = (0, 0, back.width // 2, back.height // 4), (back.width // 2, 0, back.width, back.height // 4)
    assert ImageStat.Stat(back.crop(left).convert("L")).mean[0] > ImageStat.Stat(back.crop(right).convert("L")).mean[0]


def test_a_folded_badge_without_a_back_shows_its_front_on_both_sides(tmp_path):
    (page,) = drawn(render([face("folded")], "en"), tmp_path, resolution=200)

    assert [code.text for code in zxingcpp.read_barcodes(page.convert("L"))] == [TOKEN, TOKEN]


@pytest.mark.parametrize("shape", ["label", "overlay"])
def test_black_only_is_black_only(shape, tmp_path):
    pages = drawn(
        render([face(shape, mark="Demonstration: opens no real door", design={"has_photo": True})], "en"), tmp_path
    )

    box = SHAPES[shape].photo
    scale = RESOLUTION / 25.4
    for page in pages:
        page.paste("white", tuple(int(edge * scale) for edge in (box.left - 1, box.top - 1, box.left + 30, box.top + 40)))
        red, green, blue = page.split()
        assert ImageChops.difference(red, green).getextrema()[1] <= 2 >= ImageChops.difference(green, blue).getextrema()[1]


@pytest.mark.parametrize("ground", ["#000000", "#1d2566", "#808080", "#f0b429", "#ffffff"])
def test_what_is_read_on_a_colour_is_light_or_dark_by_contrast(ground):
    chosen = ink("a6", ground, "indigo", SHAPES["a6"].edition)

    assert contrast({"light": WHITE, "dark": INK}[chosen], ground) >= 4
    assert contrast(GROUND, WHITE) >= 4.5 and contrast(ACCENT, INK) >= 4.5


def test_every_shape_says_where_everything_stands():
    for shape in SHAPES.values():
        for box in (shape.person, shape.access, shape.qr, shape.code, shape.photo, shape.back, *shape.with_photo.values()):
            assert min(box.left, box.top) >= 0
            assert box.left + box.width <= shape.width and box.top + box.height <= shape.height
    assert set(FIELDS) == {"name", "position", "agency", "zones", "days"}
