"""How the badges look: the opening's guests with photo, emblem and programme; exhibitors on cards, ten to a sheet."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from cms.models import Edition
from forum.badges.models import BadgeLayout
from forum.badges.shapes import ACCENT, GROUND
from forum.home.demonstration.approvals import OF


@transaction.atomic
def load(edition: Edition) -> None:
    guests = BadgeLayout(
        edition=edition,
        name="Guests of the opening",
        shape="a6",
        has_photo=True,
        order=["name", "position", "agency", "zones", "days"],
        back=BadgeLayout.Back.PROGRAMME,
    )
    guests.emblem.save("emblem.png", ContentFile(_emblem()), save=False)
    guests.save()
    guests.pass_types.set(edition.pass_types.filter(slug=OF))
    cards = BadgeLayout.objects.create(
        edition=edition,
        name="Exhibitors",
        shape="cards",
        ground="#14632f",
        order=["name", "agency", "zones", "days"],
        back=BadgeLayout.Back.TEXT,
        back_text_en="Help desk: ground floor, beside the main gate.\nThe halls are open to exhibitors from seven o’clock.",
        back_text_km="តុជំនួយ៖ ជាន់ផ្ទាល់ដី ក្បែរច្រកទ្វារធំ។\nសាលពិព័រណ៍បើកជូនអ្នកតាំងពិព័រណ៍ចាប់ពីម៉ោង ៧។",
    )
    cards.pass_types.set(edition.pass_types.filter(slug="exhibitor"))


def _emblem() -> bytes:
    """A romduol flower of four petals, nobody's emblem."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for petal in ((140, 10, 260, 200), (140, 200, 260, 390), (10, 140, 200, 260), (200, 140, 390, 260)):
        draw.ellipse(petal, fill=ACCENT)
    draw.ellipse((155, 155, 245, 245), fill="#ffffff", outline=GROUND, width=10)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
