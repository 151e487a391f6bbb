"""What security needs of the opening's guests: made-up documents, and pictures that plainly show nobody."""

import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from cms import images
from forum.registration import accrediting
from forum.registration.models import Accreditation, Registration

COLOURS = ("#1f4e79", "#7a4b00", "#2d6a4f", "#5b3a7d")
BORN = datetime.date(1970, 1, 5)


def give(person: Registration, number: int) -> None:
    """``number`` tells the people apart."""
    accrediting.give(
        registration=person,
        sex=Accreditation.Sex.FEMALE if person.honorific in {"ms", "lok-chumteav"} else Accreditation.Sex.MALE,
        born_on=BORN + datetime.timedelta(days=431 * number),
        nationality="KH" if person.name_km else "SG",
        document_kind=Accreditation.Document.PASSPORT,
        document_number=f"EXAMPLE {number:03}",
        photo=images.portrait(ContentFile(_picture(COLOURS[number % len(COLOURS)]), name="example.png")),
    )


def _picture(colour: str) -> bytes:
    """A head and shoulders as on a sign."""
    image = Image.new("RGB", images.PORTRAIT, "#e8ecf1")
    draw = ImageDraw.Draw(image)
    draw.ellipse((145, 130, 335, 340), fill=colour)
    draw.ellipse((40, 380, 440, 900), fill=colour)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
