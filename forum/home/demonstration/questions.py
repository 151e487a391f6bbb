"""What the demonstration asks of people: zones, a pass with codes, questions with answers, and who needs help."""

import datetime
import itertools

from django.db import transaction

from cms.models import Edition
from forum.checkin.models import Gate
from forum.home.demonstration.files import read_json
from forum.registration.models import AccessCode, AccessNeeds, AccessZone, Answer, Choice, PassType, Question

EVERY = 9  # one person of so many needs help, and tells it


@transaction.atomic
def load(edition: Edition) -> None:
    plan = read_json("questions.json")
    passes = {row.slug: row for row in edition.pass_types.all()}
    passes["speaker"] = _speaker(plan, edition, len(passes))
    for position, entry in enumerate(plan["zones"]):
        opened, doors = entry.pop("passes"), entry.pop("gates", [])
        zone = AccessZone.objects.create(edition=edition, position=position, **entry)
        zone.pass_types.set(passes[slug] for slug in opened if slug in passes)
        Gate.objects.bulk_create(Gate(edition=edition, zone=zone, **door) for door in doors)
    if later := passes.get(plan["later_days"]):
        later.days = [day.isoformat() for day in _days(edition)[1:]]
        later.save(update_fields=["days"])
    _answer(plan, edition, _questions(plan, edition, passes))


def _speaker(plan, edition, position) -> PassType:
    speaker = PassType.objects.create(edition=edition, position=position, **plan["speaker"])
    speaker.quotas.set(edition.quotas.all()[:1])
    AccessCode.objects.bulk_create(AccessCode(pass_type=speaker, **entry) for entry in plan["codes"])
    return speaker


def _days(edition) -> list[datetime.date]:
    length = (edition.closes_on - edition.opens_on).days
    return [edition.opens_on + datetime.timedelta(days=number) for number in range(length + 1)]


def _questions(plan, edition, passes) -> dict[str, Question]:
    made = {}
    for position, entry in enumerate(plan["questions"], start=1):
        choices, asked_of = entry.pop("choices", []), entry.pop("passes", [])
        key, after = entry.pop("key"), made.get(entry.pop("after", None))
        question = Question.objects.create(edition=edition, position=position, shown_after=after, **entry)
        Choice.objects.bulk_create(
            Choice(question=question, sort_order=number, **choice) for number, choice in enumerate(choices)
        )
        question.passes.set(passes[slug] for slug in asked_of)
        made[key] = question
    return made


def _answer(plan, edition, questions) -> None:
    people = list(edition.registrations.order_by("pk"))
    for key, values in plan["answers"].items():
        given = zip(people, itertools.cycle(values), strict=False)
        Answer.objects.bulk_create(Answer(registration=row, question=questions[key], value=value) for row, value in given)
    needy = zip(people[::EVERY], itertools.cycle(plan["needs"]), strict=False)
    AccessNeeds.objects.bulk_create(AccessNeeds(registration=row, **needs) for row, needs in needy)
