"""What staff wrote: a circular by mail and one on paper, two personal invitations, of which one was used, and the desk for
visas, of which two people have asked for a letter."""

import datetime

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.home.demonstration.files import read_json
from forum.registration import circulating, personal_inviting
from forum.registration.models import Registration
from forum.registration.models.receiving import THEMSELVES
from forum.visas import asking
from forum.visas.models import VisaDesk

OF = "guest"
KNOWN_ALREADY = "delegate"  # who used the invitation holds this pass too: likely one person
VALID = datetime.timedelta(days=30)
WRITTEN_TO = 3
ASK_FOR_VISAS = 2
A_WEEK = datetime.timedelta(days=7)
TAKEN_OVER = ("honorific", "name_latin", "name_km", "position", "agency_name", "language")


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("letters.json")
    people = Registration.objects.of(edition).coming().order_by("pk")
    delegates = people.filter(THEMSELVES, pass_type__slug=KNOWN_ALREADY)
    _circulate(edition, delegates, facts["circulars"]["sent"])
    _circulate(edition, people.filter(delegation__edition=edition).exclude(THEMSELVES), facts["circulars"]["on_paper"])
    circulating.send_some()
    invited = {"pass_type": edition.pass_types.get(slug=OF), "valid_until": timezone.now() + VALID, "user": None}
    personal_inviting.invite(**invited, **facts["invited"])
    person = {name: getattr(delegates[WRITTEN_TO], name) for name in TAKEN_OVER}
    used = personal_inviting.invite(**invited, **person, email="twice@example.org")
    personal_inviting.use(invitation=used, email=used.email, **person)
    _write_for_visas(edition, delegates.select_related("edition")[WRITTEN_TO:][:ASK_FOR_VISAS])


def _write_for_visas(edition, people):
    VisaDesk.objects.create(edition=edition, closes_on=edition.opens_on - A_WEEK)
    for number, person in enumerate(people, start=1):
        passport = {"passport_number": f"X000000{number}", "born_on": datetime.date(1980, 1, number)}
        passport |= {"nationality": "JP", "expires_on": edition.closes_on + 52 * A_WEEK}
        stay = {"arrives_on": edition.opens_on, "leaves_on": edition.closes_on, "post": "An embassy"}
        visa = asking.ask(registration=person, **passport, **stay)
        if number == 1:
            asking.grant(request=visa, version=visa.version)


def _circulate(edition, people, texts):
    chosen = Registration.objects.filter(pk__in=list(people.values_list("pk", flat=True)[:WRITTEN_TO]))
    circulating.write(edition=edition, people=chosen, chosen_by="Example group", to_contacts=False, user=None, **texts)
