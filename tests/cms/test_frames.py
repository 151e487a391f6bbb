"""The part of a picture that becomes a portrait: what the frame held, however the camera was held."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from cms import images
from cms.images import Frame
from cms.refusals import code_of

ORIENTATION = 0x0112
TURN = Image.Transpose
# How what is upright is stored, by the tag Orientation.
STORED = {
    1: None, 2: TURN.FLIP_LEFT_RIGHT, 3: TURN.ROTATE_180, 4: TURN.FLIP_TOP_BOTTOM,
    5: TURN.TRANSPOSE, 6: TURN.ROTATE_90, 7: TURN.TRANSVERSE, 8: TURN.ROTATE_270,
}  # fmt: skip
QUARTERS = {(0, 0): (255, 0, 0), (1, 0): (0, 255, 0), (0, 1): (0, 0, 255), (1, 1): (255, 255, 0)}


def scene(size, part) -> Image.Image:
    """Black, but for the four coloured quarters of the ``part`` from (left, upper) to (right, lower), in pixels."""
    image = Image.new("RGB", size)
    left, upper, right, lower = part
    half = (round((left + right) / 2), round((upper + lower) / 2))
    for (x, y), colour in QUARTERS.items():
        image.paste(
            colour, (half[0] if x else left, half[1] if y else upper, right if x else half[0], lower if y else half[1])
        )
    return image


def stored(image, held=1, kind="PNG") -> ContentFile:
    exif, written = Image.Exif(), BytesIO()
    exif[ORIENTATION] = held
    method = STORED.get(held)
    (image if method is None else image.transpose(method)).save(written, kind, exif=exif, quality=95)
    return ContentFile(written.getvalue(), name="me")


def cut(file, **options) -> Image.Image:
    return Image.open(images.portrait(file, **options))


def quarters(portrait) -> dict:
    """The colours in the middle of its quarters and near its corners, each channel rounded to all or nothing."""
    wide, high = portrait.size
    spots = [(place, (wide * (1 + 2 * place[0]) // 4, high * (1 + 2 * place[1]) // 4)) for place in QUARTERS]
    spots += [(place, (8 + place[0] * (wide - 17), 8 + place[1] * (high - 17))) for place in QUARTERS]
    found = {}
    for place, spot in spots:
        found.setdefault(place, set()).add(tuple(255 * (channel > 127) for channel in portrait.getpixel(spot)))
    return found


SEEN = {place: {colour} for place, colour in QUARTERS.items()}


@examples(max_examples=40)
@given(
    size=st.tuples(st.integers(240, 1000), st.integers(320, 1000)),
    place=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    held=st.sampled_from(sorted(STORED)),
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
)
def test_a_portrait_shows_what_the_frame_held(size, place, held, kind):
    wide, high = size
    kept = round(240 + place[2] * (min(wide, int(high * 3 / 4)) - 240))
    left, upper = round(place[0] * (wide - kept)), round(place[1] * (high - int(kept * 4 / 3)))
    part = (left, upper, left + kept, upper + int(kept * 4 / 3))

    portrait = cut(stored(scene(size, part), held, kind), frame=Frame(left / wide, upper / high, kept / wide))

    assert portrait.size == images.PORTRAIT
    assert quarters(portrait) == SEEN


@examples(max_examples=40)
@given(
    size=st.tuples(st.integers(240, 900), st.integers(320, 900)),
    frame=st.builds(Frame, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    held=st.sampled_from(sorted(STORED)),
)
def test_any_shares_give_a_whole_portrait_or_are_refused_as_too_small(size, frame, held):
    file = stored(Image.new("RGB", size, "teal"), held)

    try:
        assert cut(file, frame=frame).size == images.PORTRAIT
    except ValidationError as refusal:
        assert code_of(refusal) == ("small" if frame.width else "frame")
        assert frame.width * size[0] < 240


@pytest.mark.parametrize(("keep", "upper"), [("middle", 300), ("top", 0)])
@pytest.mark.parametrize("held", sorted(STORED))
def test_without_a_frame_the_middle_or_the_top_is_kept(keep, upper, held):
    file = stored(scene((600, 1400), (0, upper, 600, upper + 800)), held)

    assert quarters(cut(file, keep=keep)) == SEEN


def test_a_frame_that_stands_out_is_moved_in_and_made_smaller():
    size, corner = (1200, 800), (600, 0, 1200, 800)

    assert quarters(cut(stored(scene(size, corner)), frame=Frame(0.9, 0.4, 1.0))) == SEEN


@pytest.mark.parametrize(
    "frame",
    [
        (-0.01, 0, 0.5), (0, -0.01, 0.5), (1.01, 0, 0.5), (0, 1.01, 0.5), (0, 0, 1.01), (0, 0, 0), (0, 0, -1),
        (float("nan"), 0, 0.5), (0, float("nan"), 0.5), (0, 0, float("nan")), (float("inf"), 0, 0.5), (0, 0, float("inf")),
    ],
)  # fmt: skip
def test_a_frame_that_lies_in_no_picture_is_refused(frame):
    with pytest.raises(ValidationError) as refused:
        cut(stored(Image.new("RGB", (600, 800))), frame=Frame(*frame))

    assert code_of(refused.value) == "frame"


def test_a_frame_is_as_small_as_the_smallest_portrait_and_no_smaller():
    file = stored(scene((1000, 1000), (500, 500, 740, 820)), kind="JPEG")

    assert quarters(cut(file, frame=Frame(0.5, 0.5, 0.24))) == SEEN
    with pytest.raises(ValidationError) as refused:
        cut(file, frame=Frame(0.5, 0.5, 0.239))
    assert code_of(refused.value) == "small"


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@examples(max_examples=100)
@given(st.data())
def test_whatever_a_file_says_of_its_camera_its_picture_is_drawn(data):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(0x8825)[1] = "N"
    said = bytearray(exif.tobytes())
    for _time in range(data.draw(st.integers(1, 4))):
        said[data.draw(st.integers(6, len(said) - 1))] = data.draw(st.integers(0, 255))
    written = BytesIO()
    Image.new("RGB", (400, 400)).save(written, "JPEG", exif=bytes(said))
    file = ContentFile(written.getvalue(), name="me.jpg")

    assert cut(file, frame=Frame(0.1, 0.1, 0.7)).size == images.PORTRAIT
    assert Image.open(images.reencode(file)).size == (400, 400)


def test_words_where_a_number_should_stand_are_no_trouble():
    """With them Pillow's own way to make a picture upright fails."""
    exif, written = Image.Exif(), BytesIO()
    exif[ORIENTATION], exif[0x011A] = 6, 72.0  # dots an inch, a fraction
    said = bytearray(exif.tobytes())
    said[said.index(b"\x01\x1a\x00\x05") + 3] = 2  # letters
    Image.new("RGB", (400, 400)).save(written, "JPEG", exif=bytes(said))

    assert Image.open(images.reencode(ContentFile(written.getvalue(), name="me.jpg"))).size == (400, 400)


def test_a_part_of_what_is_transparent_stands_on_white():
    written = BytesIO()
    Image.new("RGBA", (2000, 2000), (0, 0, 0, 0)).save(written, "PNG")

    portrait = cut(ContentFile(written.getvalue(), name="me.png"), frame=Frame(0.5, 0.5, 0.15))

    assert portrait.getpixel((100, 100)) == (255, 255, 255)
