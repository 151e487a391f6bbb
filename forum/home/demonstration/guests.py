"""Guests of the opening, invited by letter, some of whom have replied; all of them made up."""

import datetime

from django.db import transaction

from cms.models import Edition
from forum.home.demonstration.files import read_json
from forum.registration import inviting, replying
from forum.registration.models import Guest, GuestList, Letterhead, PassType

DAYS_BEFORE = 21  # the deadline, before the forum


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("guests.json")
    pass_type = PassType.objects.create(edition=edition, position=edition.pass_types.count(), **facts["pass"])
    pass_type.quotas.set(edition.quotas.order_by("pk")[:1])
    Letterhead.objects.create(edition=edition, **facts["letterhead"])
    reply_by = edition.opens_on - datetime.timedelta(days=DAYS_BEFORE)
    guest_list = GuestList.objects.create(edition=edition, pass_type=pass_type, reply_by=reply_by, **facts["list"])
    for entry in facts["guests"]:
        _guest(guest_list, entry)


def _guest(guest_list, entry) -> None:
    said = {name: entry.pop(name) for name in ("reply", "representative", "companions") if name in entry}
    guest = Guest.objects.create(guest_list=guest_list, **entry)
    inviting.number(guest=guest)
    if said:
        replying.reply(guest=guest, **said)
