"""Pictures that people upload: drawn anew, so that nothing of the file that came is kept but what one sees."""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
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


class ImageForm(BaseImageForm):
    """Wagtail's form for the editors' pictures."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        return reencode(file) if "file" in self.changed_data else file
