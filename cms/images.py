"""Pictures that people upload: drawn anew, so that nothing of the file that came is kept but what one sees."""

from functools import partial
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps
from wagtail.images.forms import BaseImageForm

from cms import codes

# What a file may be, and what becomes of it; never SVG, which is a program.
WRITTEN_AS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "PNG"}
OPTIONS = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 88},
}
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
LONGEST_EDGE = 2560  # pixels: twice the width of the site, for fine screens


# What makes a picture upright whose camera was held otherwise (Exif 2.32, 4.6.4, tag Orientation); and those that are stored
# lying on a side, those stored from the right to the left (once they stand), and those stored from below.
UPRIGHT = dict(enumerate([
    Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90,
], start=2))  # fmt: skip
LYING, FROM_THE_RIGHT, FROM_BELOW = {5, 6, 7, 8}, {2, 3, 7, 8}, {3, 4, 6, 7}


def reencode(file: File) -> ContentFile:
    """The picture in ``file``, upright, of bounded size, without metadata, under a random name.

    Refuses with codes ``size`` (bytes), ``format``, ``pixels`` (before any is unpacked) and ``broken``.
    """
    _refuse_large(file)
    image = _open(file)
    if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise ValidationError(_("This picture has too many pixels; make it smaller first."), code="pixels")
    kind = WRITTEN_AS[image.format]
    try:
        return ContentFile(_draw(image, kind), name=f"{codes.new(16).lower()}.{EXTENSIONS[kind]}")
    except (OSError, SyntaxError, ValueError) as trouble:
        raise ValidationError(_("This picture is damaged; save it anew and try again."), code="broken") from trouble


def _refuse_large(file):
    limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    if file.size > limit:
        raise ValidationError(_("The file is larger than %(size)s.") % {"size": filesizeformat(limit)}, code="size")


def _open(file) -> Image.Image:
    """Reads no more than the head of the file."""
    file.seek(0)
    try:
        return Image.open(file, formats=list(WRITTEN_AS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_("This picture has too many pixels; make it smaller first."), code="pixels") from None
    except (OSError, SyntaxError, ValueError):
        raise ValidationError(_("Only JPEG, PNG, WebP and GIF pictures are taken."), code="format") from None


def _draw(image, kind) -> bytes:
    """The first picture of the file on a fresh sheet: what is not a pixel stays behind."""
    mode, held = _mode(image, kind), _held(image)
    if image.mode in {"1", "P", "PA"}:  # dots and palettes cannot be scaled smoothly
        image = image.convert(mode)
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=2)  # first: the rest is then small
    sheet = _turn(image, held).convert(mode)
    sheet.info = {}
    written = BytesIO()
    sheet.save(written, kind, **OPTIONS[kind])
    return written.getvalue()


def _held(image) -> int | None:
    return image.getexif().get(ExifTags.Base.Orientation)


def _turn(image, held) -> Image.Image:
    """Pillow's own ``exif_transpose`` writes the rest of what the file says anew, and fails where that is nonsense."""
    return image.transpose(UPRIGHT[held]) if held in UPRIGHT else image


def _mode(image, kind) -> str:
    if kind == "JPEG":
        return "L" if image.mode == "L" else "RGB"
    return "RGBA" if image.has_transparency_data else "RGB"


FLATTEST = 20  # times: a logo that is flatter would be a hair on its plate


def logo(file: File) -> ContentFile:
    """As ``reencode``, which draws it; refuses with ``shape`` besides what is far wider than high, or higher than wide."""
    content = reencode(file)
    with Image.open(content, formats=list(WRITTEN_AS)) as image:
        short, long = sorted(image.size)
    content.seek(0)
    if long > FLATTEST * short:
        raise ValidationError(
            _("A logo is at most twenty times as wide as it is high, or as high as it is wide."), code="shape"
        )
    return content


PLATE, AIR = (320, 160), 12  # pixels: of a logo, twice the size at which pages show it, and around it


def on_a_plate(content: bytes) -> ContentFile:
    """A picture that ``reencode`` drew, whole, in the middle of a white plate: logos of any shape then line up, and dark
    letters without a ground are read in the dark too."""
    image = Image.open(BytesIO(content), formats=list(WRITTEN_AS))
    kind = image.format
    image = ImageOps.contain(image.convert("RGBA"), (PLATE[0] - 2 * AIR, PLATE[1] - 2 * AIR), Image.Resampling.LANCZOS)
    plate = Image.new("RGBA", PLATE, "white")
    plate.alpha_composite(image, ((PLATE[0] - image.width) // 2, (PLATE[1] - image.height) // 2))
    written = BytesIO()
    plate.convert("RGB").save(written, kind, **OPTIONS[kind])
    return ContentFile(written.getvalue(), name=f"{codes.new(16).lower()}.{EXTENSIONS[kind]}")


PORTRAIT = (480, 640)  # pixels: 35 by 47 mm at 350 dots an inch, for badges
SMALLEST_PORTRAIT = (240, 320)
PORTRAIT_BYTES = 60_000
QUALITIES = (88, 80, 70, 60, 50, 40, 30)  # the first that keeps within the bytes


class Frame(NamedTuple):
    """The part of a picture that somebody chose: shares, from 0 to 1, of the picture's width and height once it is upright,
    as browsers show it. How high the part is follows from 3:4."""

    left: float
    top: float
    width: float

    @property
    def lies_in_a_picture(self) -> bool:
        return 0 <= self.left <= 1 and 0 <= self.top <= 1 and 0 < self.width <= 1  # what is no number is not


def no_frame() -> ValidationError:
    words = _("The frame does not lie in the picture. Please choose the file again, and the part of it that is kept.")
    return ValidationError(words, code="frame")


def portrait(file: File, *, keep: str = "middle", frame: Frame | None = None) -> ContentFile:
    """The picture in ``file`` as a portrait: cut to 3:4, of ``PORTRAIT`` pixels and at most ``PORTRAIT_BYTES``, without
    metadata, under a random name. What the ``frame`` holds stays, moved or made smaller where it stands out of the picture;
    without one as much as there is, from the sides the middle and in height the ``middle`` or the ``top``.

    Refuses as ``reencode`` does, with ``small`` where there is too little to see, and with ``frame``.
    """
    if frame and not frame.lies_in_a_picture:
        raise no_frame()
    _refuse_large(file)
    image = _open(file)
    if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise ValidationError(_("This picture has too many pixels; make it smaller first."), code="pixels")
    try:
        content = _cut(image, keep, frame)
    except (OSError, SyntaxError, ValueError) as trouble:
        raise ValidationError(_("This picture is damaged; save it anew and try again."), code="broken") from trouble
    if content is None:
        raise ValidationError(_("This picture is too small for a badge: at least 240 by 320 pixels."), code="small")
    return ContentFile(content, name=f"{codes.new(16).lower()}.jpg")


def _cut(image, keep, frame) -> bytes | None:
    held = _held(image)
    part = _part(*(reversed(image.size) if held in LYING else image.size), keep, frame)
    if part is None:
        return None
    (left, right), (upper, lower) = part
    if held in LYING:
        (left, right), (upper, lower) = (upper, lower), (left, right)
    if held in FROM_THE_RIGHT:
        left, right = 1 - right, 1 - left
    if held in FROM_BELOW:
        upper, lower = 1 - lower, 1 - upper
    size = PORTRAIT[::-1] if held in LYING else PORTRAIT
    image.draft(None, (2 * size[0] / (right - left), 2 * size[1] / (lower - upper)))  # a JPEG is then not unpacked whole
    if image.mode in {"1", "P", "PA"}:
        image = image.convert(_mode(image, "PNG"))
    wide, high = image.size
    box = (max(left * wide, 0), max(upper * high, 0), min(right * wide, wide), min(lower * high, high))
    sheet = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2)  # first: the rest is then small
    sheet = _turn(sheet, held)
    if sheet.has_transparency_data:
        sheet = Image.alpha_composite(Image.new("RGBA", sheet.size, "white"), sheet.convert("RGBA"))
    sheet = sheet.convert("RGB")
    sheet.info = {}
    return next(filter(lambda written: len(written) <= PORTRAIT_BYTES, map(partial(_jpeg, sheet), QUALITIES)))


def _part(wide: int, high: int, keep: str, frame: Frame | None):
    """From where to where a picture of so many pixels is kept, as shares of its width and of its height; None where that
    is smaller than the smallest portrait."""
    shape = PORTRAIT[0] / PORTRAIT[1]
    kept = min(wide, high * shape, frame.width * wide if frame else wide)
    if round(kept) < SMALLEST_PORTRAIT[0]:
        return None
    across, down = kept / wide, kept / shape / high
    left = frame.left if frame else (1 - across) / 2
    upper = frame.top if frame else 0 if keep == "top" else (1 - down) / 2
    left, upper = min(left, 1 - across), min(upper, 1 - down)
    return (left, left + across), (upper, upper + down)


def _jpeg(sheet, quality) -> bytes:
    written = BytesIO()
    sheet.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


class ImageForm(BaseImageForm):
    """Wagtail's form for the editors' pictures."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.check_image_pixel_size = partial(_look_at_pixels, field.check_image_pixel_size)

    def clean_file(self):
        file = self.cleaned_data["file"]
        return reencode(file) if "file" in self.changed_data else file


def _look_at_pixels(look, file) -> None:
    """Wagtail counts the pixels of whatever begins like a picture; what comes after may be anything."""
    try:
        look(file)
    except (OSError, SyntaxError, ValueError) as trouble:
        raise ValidationError(_("This picture is damaged; save it anew and try again."), code="broken") from trouble
