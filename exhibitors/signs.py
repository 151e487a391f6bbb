"""Signs for the fascia of booths: who stands there, Khmer above Latin letters, and its logo beside.

A page is one sign in its true size: what is seen of the fascia of a shell scheme three metres wide, between its posts and
within its frame. Whoever prints it smaller to look at it keeps its shape."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from cms import fonts, languages, pdf_pages
from cms.fitting import MILLIMETRE, fit
from cms.pdf_pages import Line, Page, Picture
from exhibitors import painting
from exhibitors.models import Agency, Booking, Booth, Hall

WIDTH, HEIGHT, EDGE, CODE = 2_900, 290, 35, 380  # millimetres; of the field of the code, too
LOGO, LEAST_LOGO = 700, 60  # millimetres: how wide it may be, and how high at least
LEADING = 1.5  # Khmer stands three letters high
SIZES = (300, 280, 260, 240, 220, 200, 180, 160, 140, 120, 100, 90, 80, 70, 60, 50)  # points
GROUND, WHITE, INK = "#1d2566", (1, 1, 1), (0.09, 0.11, 0.17)


def render(hall: Hall) -> bytes:
    """One PDF of ``pages``. Raises ValueError where there is none."""
    drawn = pages(hall)
    if not drawn:
        raise ValueError("no sign to draw")
    return pdf_pages.render(drawn, title=_("Fascia signs of %(hall)s") % {"hall": hall.name}, language=languages.current())


def pages(hall: Hall) -> list[Page]:
    """In the order of the booths, one for each open side: a corner has two fascias. One query."""
    return [page for booking in confirmed(hall) for page in [_sign(booking)] * len(booking.booth.open_sides)]


def confirmed(hall: Hall):
    """Bookings whose booths have a fascia: on raw space the exhibitor builds its own stand."""
    rows = Booking.objects.filter(state="confirmed", booth__zone__hall=hall, booth__fitting=Booth.Fitting.SHELL)
    return rows.select_related("booth", "agency").order_by("booth__code")


def _sign(booking: Booking) -> Page:
    field = f"{painting.fill(GROUND)} 0 0 {CODE} {HEIGHT} re f"
    names = list(_names(booking.on_sign))
    logo = _logo(booking.agency, beside=max(line.left + _length(line) for line in names))
    return Page(width=WIDTH, height=HEIGHT, lines=[*_code(booking.booth), *names], pictures=list(logo), beneath=(field,))


def _code(booth: Booth) -> Iterator[Line]:
    yield from _centred(booth.code, EDGE, EDGE, CODE - 2 * EDGE, HEIGHT - 2 * EDGE, 700, WHITE, "center")


def _names(texts: list[str]) -> Iterator[Line]:
    """One above the other; the Khmer name has more of the height, as its letters need it."""
    left, width, height = CODE + 2 * EDGE, WIDTH - CODE - 3 * EDGE, HEIGHT - 2 * EDGE
    top = EDGE
    for text, share in zip(texts, (0.58, 0.42) if len(texts) > 1 else (1,), strict=True):
        yield from _centred(text, left, top, width, height * share, 700, INK, "left")
        top += height * share


def _logo(agency: Agency, *, beside: float) -> Iterator[Picture]:
    """At the right edge, on what the names leave free: they are read from afar and never smaller for it. None where too
    little is left. No pixel is larger than a millimetre."""
    if not agency.logo:
        return
    try:
        with agency.logo.open() as file:
            content = file.read()
    except FileNotFoundError:
        return
    with Image.open(BytesIO(content)) as image:
        wide, high = image.size
    scale = min(1, (HEIGHT - 2 * EDGE) / high, min(LOGO, WIDTH - 3 * EDGE - beside) / wide)
    width, height = wide * scale, high * scale
    if height >= LEAST_LOGO:
        yield Picture(content, WIDTH - EDGE - width, (HEIGHT - height) / 2, width, height)


def _length(line: Line) -> float:
    return fonts.width(line.text, line.weight) * line.size / MILLIMETRE


def _centred(text, left, top, width, height, weight, colour, align) -> Iterable[Line]:
    fitted = fit(text, width=width, height=height, sizes=SIZES, leading=LEADING, weight=weight)
    at = top + (height - fitted.height) / 2
    for words in fitted.lines:
        line = Line(words, left, at, width, fitted.size, LEADING, weight, colour, align)
        yield line
        at += line.height
