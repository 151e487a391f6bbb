"""Guests of the opening, each with another office on the way."""

from django.db import transaction

from cms.models import Edition
from exhibitors.models import Agency
from forum.home.demonstration import accreditations
from forum.home.demonstration.agencies import MADE_UP
from forum.registration import approving, presenting
from forum.registration.models import Registration

OF = "opening"
# How many offices have said yes to each of the guests; the last one was refused by the second.
SAID_YES = [0, 0, 0, 1, 1, 2, 3, 1]
# From which office on a guest has given what security needs; one before it, who is asked by the next, has not.
ACCREDITED_FROM = 2
REASON = "Example: this ministry sends its guests by letter."


@transaction.atomic
def load(edition: Edition) -> None:
    agency = Agency.objects.get(name_en=MADE_UP[0]["name_en"])
    guests = list(Registration.objects.of(edition).filter(pass_type__slug=OF).with_names())
    for number, (person, offices) in enumerate(zip(guests, SAID_YES, strict=False), start=1):
        person.agency = agency
        presenting.begin(person)
        person.save()
        Registration.objects.filter(pk=person.pk).update(**presenting.columns(person))
        if offices >= ACCREDITED_FROM:
            accreditations.give(person, number)
        for step in person.pass_type.steps[:offices]:
            approving.decide(registration=person, step=step, is_yes=True, user=None)
    approving.decide(registration=guests[-1], step=guests[-1].pass_type.steps[1], is_yes=False, reason=REASON, user=None)
