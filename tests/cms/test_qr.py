"""QR codes are read back by an independent reader, with their quiet zone, from picture and drawing alike."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from cms import qr

TEXTS = ["K7Q2XM", "https://forum.example/o/K7Q2XM9BCD", "វេទិកា ២០២៧", "x" * 150]


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("text", TEXTS)
def test_picture_is_read_back(text):
    assert read(Image.open(BytesIO(qr.png(text, scale=4))).convert("L")) == [text]


def test_picture_has_a_quiet_zone_of_four_modules():
    picture = Image.open(BytesIO(qr.png("K7Q2XM", scale=1))).convert("L")

    assert picture.size == (29, 29)
    assert picture.point(lambda shade: 255 - shade).getbbox() == (4, 4, 25, 25)


@pytest.mark.parametrize("text", TEXTS)
def test_drawing_has_the_same_modules_as_the_picture(text):
    drawing = ElementTree.fromstring(qr.svg(text, "Badge code"))
    size = int(drawing.get("viewBox").split()[2])
    dark = {
        (int(x) + step, int(y))
        for move in drawing[1].get("d").split("M")[1:]
        for x, (y, length) in [(move.split()[0], move.split()[1].removesuffix("z").split("v")[0].split("h"))]
        for step in range(int(length))
    }

    picture = Image.open(BytesIO(qr.png(text, scale=1))).convert("1")
    assert dark == {(x, y) for x in range(size) for y in range(size) if not picture.getpixel((x, y))}


def test_label_cannot_break_out_of_the_drawing():
    drawing = ElementTree.fromstring(qr.svg("K7Q2XM", '"><script>'))

    assert drawing.get("aria-label") == '"><script>'
    assert len(drawing) == 2
