"""Pictures that people upload: drawn anew, refused when they are no pictures or too much of one."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile, PngImagePlugin
from wagtail.images import get_image_model

from cms import images
from tests.conftest import ROOT
from tests.factories import accounts

ORIENTATION, GPS = 0x0112, 0x8825


def picture(kind="JPEG", size=(60, 40), mode="RGB", **options) -> bytes:
    written = BytesIO()
    Image.new(mode, size, "teal").save(written, kind, **options)
    return written.getvalue()


def from_a_telephone() -> bytes:
    """Lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif, comment=b"a secret note")


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        images.reencode(ContentFile(content, name="picture.jpg"))
    return caught.value.code


def test_a_picture_is_upright_and_holds_nothing_but_the_picture():
    made = images.reencode(ContentFile(from_a_telephone(), name="minister at home.jpg"))

    drawn = Image.open(made)
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (40, 60), {})
    assert drawn.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert b"secret" not in made.read()


def test_its_name_is_ours_and_never_the_same():
    names = {images.reencode(ContentFile(picture(), name="minister.jpg")).name for _ in range(3)}

    assert len(names) == 3
    assert not any("minister" in name for name in names)
    assert {Path(name).suffix for name in names} == {".jpg"}


def test_notes_inside_a_png_stay_behind():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "a secret note")

    made = images.reencode(ContentFile(picture("PNG", mode="RGBA", pnginfo=notes), name="logo.png"))

    assert Image.open(made).info == {}
    assert b"secret" not in made.read()


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [
        ("JPEG", "CMYK", ("JPEG", "RGB")),
        ("JPEG", "L", ("JPEG", "L")),
        ("PNG", "P", ("PNG", "RGB")),
        ("PNG", "RGBA", ("PNG", "RGBA")),
        ("PNG", "1", ("PNG", "RGB")),
        ("WEBP", "RGBA", ("WEBP", "RGBA")),
        ("GIF", "P", ("PNG", "RGB")),
    ],
)
def test_every_kind_of_picture_is_taken(kind, mode, becomes):
    content = BytesIO()
    Image.new("RGBA" if mode == "RGBA" else "RGB", (30, 20)).convert(mode).save(content, kind)

    made = Image.open(images.reencode(ContentFile(content.getvalue(), name="any")))

    if (kind, mode) == ("WEBP", "RGBA"):
        assert made.format == "WEBP"
    else:
        assert (made.format, made.mode) == becomes


def test_a_large_picture_becomes_as_large_as_a_screen_needs():
    made = Image.open(images.reencode(ContentFile(picture(size=(4000, 1000)), name="wide.jpg")))

    assert made.size == (images.LONGEST_EDGE, 640)


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"",
        picture("TIFF"),
        picture("BMP"),
        picture("PPM"),
    ],
    ids=["svg", "html", "pdf", "nothing", "tiff", "bmp", "ppm"],
)
def test_what_is_no_picture_for_the_web_is_refused(content):
    assert refusal(content) == "format"


def test_a_damaged_picture_is_refused(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # what draws the PDFs is less strict, for all
    noise = BytesIO()
    Image.effect_noise((200, 200), 90).save(noise, "PNG")

    assert refusal(noise.getvalue()[:-2000]) == "broken"


def test_a_file_too_large_is_refused(settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100

    assert refusal(picture()) == "size"


BOMB = """
import resource, sys
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
import django; django.setup()
from cms import images
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    images.reencode(ContentFile(sys.stdin.buffer.read(), name="bomb.png"))
except ValidationError as refusal:
    print(refusal.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000)
"""


@pytest.mark.parametrize("edge", [6_000, 40_000])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(edge):
    content = picture("PNG", size=(edge, edge), mode="1") if edge < 10_000 else _png_that_claims(edge)

    said = subprocess.run([sys.executable, "-c", BOMB], input=content, capture_output=True, cwd=ROOT, check=True).stdout

    assert said.decode().split() == ["pixels", "True"]


def _png_that_claims(edge: int) -> bytes:
    """A small file whose head says that it unpacks to gigabytes."""
    content = bytearray(picture("PNG", size=(10, 10), mode="1"))
    head = bytearray(content[12:29])
    head[4:12] = edge.to_bytes(4) * 2
    content[12:29] = head
    content[29:33] = PngImagePlugin._crc32(bytes(head)).to_bytes(4)
    return bytes(content)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail leaves its temporary file open
@pytest.mark.django_db
def test_what_editors_upload_is_drawn_anew_and_kept_where_no_address_leads(client):
    client.force_login(accounts.user(is_superuser=True))
    file = SimpleUploadedFile("minister at home.jpg", from_a_telephone(), "image/jpeg")

    client.post(reverse("wagtailimages:add"), {"title": "The opening", "file": file, "collection": 1, "tags": ""})

    image = get_image_model().objects.get(title="The opening")
    assert "minister" not in image.file.name
    with default_storage.open(image.file.name) as kept:
        assert (image.width, image.height, image.file_size) == (40, 60, kept.size)
        assert dict(Image.open(kept).getexif()) == {}
    assert client.get(f"/media/{image.file.name}").status_code == 404
    shown = client.get(image.get_rendition("width-20").url)
    assert Image.open(BytesIO(shown.getvalue())).size == (20, 30)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # and so does the library beneath it
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["logo.svg", "logo.png", "logo.jpg"])
def test_editors_cannot_upload_a_program_dressed_as_a_picture(client, name):
    client.force_login(accounts.user(is_superuser=True))
    file = SimpleUploadedFile(name, b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', "image/png")

    answer = client.post(reverse("wagtailimages:add"), {"title": "Logo", "file": file, "collection": 1, "tags": ""})

    assert answer.status_code == 200
    assert not get_image_model().objects.exists()


def portrait(content: bytes, **options):
    made = images.portrait(ContentFile(content, name="me.jpg"), **options)
    return made, Image.open(made)


def striped(size, mode="RGB") -> bytes:
    """Red above, green below, blue at both sides."""
    image = Image.new("RGB", size, "lime")
    image.paste("red", (0, 0, size[0], size[1] // 10))
    written = BytesIO()
    image.convert(mode).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("size", [(300, 400), (3000, 4000), (4000, 3000), (640, 1500), (2000, 400)])
def test_a_portrait_has_one_shape_and_no_metadata(size):
    made, drawn = portrait(picture(size=size, exif=Image.Exif(), comment=b"a secret note"))

    assert (drawn.format, drawn.mode, drawn.size) == ("JPEG", "RGB", images.PORTRAIT)
    made.seek(0)
    assert (dict(drawn.getexif()), b"secret" in made.read()) == ({}, False)
    assert made.size <= images.PORTRAIT_BYTES


def test_a_portrait_keeps_the_middle_or_the_top():
    _made, middle = portrait(striped((600, 1600)))
    _made, top = portrait(striped((600, 1600)), keep="top")

    assert [image.getpixel((240, 5))[0] > 200 for image in (middle, top)] == [False, True]


def test_a_portrait_lying_on_its_side_is_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    _made, drawn = portrait(picture(size=(800, 600), exif=exif))
    assert drawn.size == images.PORTRAIT

    with pytest.raises(ValidationError) as caught:
        portrait(picture(size=(260, 330), exif=exif))  # 330 wide and 260 high once upright
    assert caught.value.code == "small"


def test_a_portrait_full_of_detail_stays_small():
    noise = BytesIO()
    Image.effect_noise((1200, 1600), 120).save(noise, "JPEG", quality=95)

    made, _drawn = portrait(noise.getvalue())

    assert made.size <= images.PORTRAIT_BYTES


@pytest.mark.parametrize("mode", ["RGBA", "P", "1", "L", "LA"])
def test_a_portrait_of_any_kind_stands_on_white(mode):
    written = BytesIO()
    transparent = Image.new("RGBA", (300, 400), (0, 0, 0, 0)) if mode == "RGBA" else Image.new(mode, (300, 400))
    transparent.save(written, "PNG")

    _made, drawn = portrait(written.getvalue())

    assert drawn.mode == "RGB"
    if mode in {"RGBA", "LA"}:
        assert drawn.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7", "format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "format"),
        (picture(size=(100, 130)), "small"),
        (picture("PNG", size=(6000, 6000), mode="1"), "pixels"),
    ],
)
def test_what_makes_no_portrait_is_refused(content, code):
    with pytest.raises(ValidationError) as caught:
        portrait(content)
    assert caught.value.code == code


@pytest.mark.parametrize("edge", [6_000, 40_000])
def test_a_portrait_of_too_many_pixels_is_refused_before_it_is_unpacked(edge):
    content = picture("PNG", size=(edge, edge), mode="1") if edge < 10_000 else _png_that_claims(edge)
    program = BOMB.replace("images.reencode(", "images.portrait(")

    said = subprocess.run([sys.executable, "-c", program], input=content, capture_output=True, cwd=ROOT, check=True).stdout

    assert said.decode().split() == ["pixels", "True"]
