"""Made-up exhibitors with all that one can show: logo, themes, products, a session that they host."""

import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from agenda.models import Session
from cms import images
from cms.models import Edition
from exhibitors import profiles
from exhibitors.models import Agency, Booking, Booth, ChosenTheme, Product, SessionHost, Theme, Tour, TourStop
from forum.home.demonstration.files import read_json

MARK = (480, 240)  # pixels


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("exhibits.json")
    themes = {row["name_en"]: Theme.objects.create(edition=edition, **row) for row in facts["themes"]}
    sessions = Session.objects.public(edition).exclude(kind__in=["break", "ceremony"]).order_by("title_en")
    hosted = iter(sessions)
    for number, row in enumerate(facts["exhibitors"]):
        agency = _agency(row["agency"], _mark(row["colour"], number))
        if row["zone"]:
            _stand(edition, agency, row["zone"])
        for place, name in enumerate(row["themes"], 1):
            ChosenTheme.objects.create(edition=edition, agency=agency, theme=themes[name], place=place)
        for place, product in enumerate(row["products"], 1):
            Product.objects.create(edition=edition, agency=agency, place=place, **product)
        for session, _count in zip(hosted, range(row["hosts"]), strict=False):
            SessionHost.objects.create(session=session, agency=agency)
    _walk(edition, facts["tour"])


def _agency(facts, mark) -> Agency:
    agency, _new = Agency.objects.get_or_create(name_en=facts["name_en"], defaults=facts)
    profiles.put_logo(agency, images.reencode(mark))
    agency.save()
    return agency


def _stand(edition, agency, zone) -> None:
    booth = Booth.objects.free().filter(edition=edition, zone__name_en=zone).order_by("code").first()
    Booking.objects.create(booth=booth, agency=agency, state=Booking.State.CONFIRMED, confirmed_at=timezone.now())


def _walk(edition, facts) -> None:
    """Past the booths of those made-up exhibitors who have one, on the first morning."""
    starts_at = datetime.datetime.combine(edition.opens_on, datetime.time(10), edition.zone)
    tour = Tour.objects.create(edition=edition, starts_at=starts_at, **facts["names"])
    for position, row in enumerate(facts["stops"], 1):
        confirmed = Booking.objects.filter(booth__edition=edition, state="confirmed", agency__name_en=row["agency"])
        booking = confirmed.latest("pk")  # loaded anew, the halls have given the agency a booth before
        product = Product.objects.filter(edition=edition, agency=booking.agency).first()
        TourStop.objects.create(tour=tour, booth=booking.booth, position=position, product=product, **row["said"])


def _mark(colour, number) -> ContentFile:
    """A few plain shapes, of everybody else's number."""
    sheet = Image.new("RGBA", MARK)
    pen = ImageDraw.Draw(sheet)
    for step in range(number + 2):
        left = 20 + step * 440 // (number + 2)
        pen.ellipse((left, 40 + 20 * (step % 2), left + 120, 160 + 20 * (step % 2)), fill=colour)
    pen.rectangle((20, 200, 460, 220), fill=colour)
    written = BytesIO()
    sheet.save(written, "PNG")
    return ContentFile(written.getvalue(), name="mark.png")
