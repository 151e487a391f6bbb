"""A pavilion of made-up universities: some of its booths are given, the others wait for its organiser. And somebody who
asks for an account."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cms import pdf
from cms.models import Edition
from exhibitors.models import AccountRequest, Agency, Booking, Pavilion
from forum.home.demonstration.agencies import MADE_UP

BOOTHS = 4
ZONE = "Universities and start-ups"
MEMBERS = [
    ("Example Institute of Technology", "វិទ្យាស្ថានបច្ចេកវិទ្យាឧទាហរណ៍", "Example Institute, Robotics"),
    ("Example College of Data", "មហាវិទ្យាល័យទិន្នន័យឧទាហរណ៍", ""),
]

LETTER = """<html lang="en"><head><title>Letter</title></head><body><h1>Example Software Company Limited</h1>
<p>We ask for an account of our company, which exists in this demonstration only.</p></body></html>"""


@transaction.atomic
def load(edition: Edition) -> None:
    organiser = Agency.objects.get(name_en=MADE_UP[2]["name_en"])
    pavilion = Pavilion.objects.create(
        edition=edition, name_en="Pavilion of Example Universities", name_km="ពន្លាសាកលវិទ្យាល័យឧទាហរណ៍", organiser=organiser
    )
    free = edition.booths.filter(zone__name_en=ZONE).free().order_by("code")
    booths = list(edition.booths.filter(pk__in=[booth.pk for booth in free[:BOOTHS]]).order_by("code"))
    edition.booths.filter(pk__in=[booth.pk for booth in booths]).update(pavilion=pavilion)
    for booth, (name_en, name_km, sign) in zip(booths, MEMBERS, strict=False):
        names = {"name_km": name_km, "kind": Agency.Kind.ACADEMIA, "country": "KH"}
        member, _new = Agency.objects.get_or_create(name_en=name_en, defaults=names)
        now = timezone.now()
        Booking.objects.create(
            booth=booth, agency=member, state=Booking.State.CONFIRMED, booked_at=now, confirmed_at=now, fascia_en=sign
        )


def ask(edition: Edition) -> None:
    """A request that waits for the organisers, of a body whose name is like one that is known."""
    AccountRequest.objects.create(
        edition=edition, name_en="Example Software Company Limited", name_km="ក្រុមហ៊ុនកម្មវិធីកុំព្យូទ័រឧទាហរណ៍ ឯ.ក",
        kind=Agency.Kind.PRIVATE, country="KH", website="https://software.example.org", person="CHAN Example",
        position="Director", email="asker@example.org", language="km", confirmed_at=timezone.now(),
        letter=ContentFile(pdf.render(LETTER), name="letter.pdf"),
    )  # fmt: skip
