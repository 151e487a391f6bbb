"""Pictures that people upload: drawn anew, so that nothing of the file that came is kept but what one sees."""

from functools import partial
from io import BytesIO
from math import ceil

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
    mode = _mode(image, kind)
    if image.mode in {"1", "P", "PA"}:  # dots and palettes cannot be scaled smoothly
        image = image.convert(mode)
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), reducing_gap=2)  # first: the rest is then small
    sheet = ImageOps.exif_transpose(image).convert(mode)
    sheet.info = {}
    written = BytesIO()
    sheet.save(written, kind, **OPTIONS[kind])
    return written.getvalue()


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


def portrait(file: File, *, keep: str = "middle") -> ContentFile:
    """The picture in ``file`` as a portrait: cut to 3:4, of ``PORTRAIT`` pixels and at most ``PORTRAIT_BYTES``, without
    metadata, under a random name. From the sides the middle stays; in height the ``middle`` or the ``top``.

    Refuses as ``reencode`` does, and with ``small`` where there is too little to see.
    """
    _refuse_large(file)
    image = _open(file)
    if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        raise ValidationError(_("This picture has too many pixels; make it smaller first."), code="pixels")
    try:
        content = _cut(image, keep)
    except (OSError, SyntaxError, ValueError) as trouble:
        raise ValidationError(_("This picture is damaged; save it anew and try again."), code="broken") from trouble
    if content is None:
        raise ValidationError(_("This picture is too small for a badge: at least 240 by 320 pixels."), code="small")
    return ContentFile(content, name=f"{codes.new(16).lower()}.jpg")


def _cut(image, keep) -> bytes | None:
    wide, high = PORTRAIT
    if image.getexif().get(ExifTags.Base.Orientation, 1) >= 5:  # lying on its side
        wide, high = high, wide
    scale = max(wide / image.width, high / image.height)
    if scale > PORTRAIT[0] / SMALLEST_PORTRAIT[0]:
        return None
    if image.mode in {"1", "P", "PA"}:
        image = image.convert(_mode(image, "PNG"))
    image.thumbnail((ceil(image.width * scale), ceil(image.height * scale)), reducing_gap=2)  # first: the rest is then small
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    centre = (0.5, 0.0 if keep == "top" else 0.5)
    sheet = ImageOps.fit(upright.convert("RGB"), PORTRAIT, Image.Resampling.LANCZOS, centering=centre)
    sheet.info = {}
    return next(filter(lambda written: len(written) <= PORTRAIT_BYTES, map(partial(_jpeg, sheet), QUALITIES)))


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
