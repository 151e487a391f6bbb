"""Several of the staff decide on one request at the same moment: one does, and there is one letter or none."""

import datetime

from forum.documents.models import IssuedDocument
from forum.registration.models import Registration
from forum.visas import asking
from forum.visas.models import VisaDesk, VisaRequest
from tests.factories import registration as make
from tests.racing import Refused
from tests.visas.test_asking import facts


def prepare(is_granted=False):
    row = make.registration()
    VisaDesk.objects.create(edition=row.edition, closes_on=row.edition.opens_on)
    person = Registration.objects.with_names().get(pk=row.pk)
    visa = asking.ask(registration=person, **facts(row.edition))
    if is_granted:
        asking.grant(request=visa, version=visa.version)
        visa = asking.ask(registration=person, **facts(row.edition, leaves_on=row.edition.closes_on + datetime.timedelta(1)))
    return visa.version


def decide(version, word):
    visa = VisaRequest.objects.get()
    if word == "yes":
        return asking.grant(request=visa, version=version).state
    return asking.refuse(request=visa, version=version, reason="No").state


def story():
    """The state, the papers that hold and all of them."""
    states = [paper.state for paper in IssuedDocument.objects.all()]
    return VisaRequest.objects.get().state, states.count("current"), len(states)


def test_of_four_who_grant_at_once_one_does_and_there_is_one_letter(race):
    version = race.prepare(prepare)

    outcomes = race(decide, [{"version": version, "word": "yes"}] * 4)

    assert outcomes.count(Refused("decided")) == 3
    assert race.inspect(story) == ("granted", 1, 1)


def test_a_second_letter_replaces_the_first_once(race):
    version = race.prepare(prepare, is_granted=True)

    outcomes = race(decide, [{"version": version, "word": "yes"}] * 4)

    assert outcomes.count(Refused("decided")) == 3
    assert race.inspect(story) == ("granted", 1, 2)


def test_of_granting_and_refusing_at_once_one_holds(race):
    version = race.prepare(prepare, is_granted=True)

    outcomes = race(decide, [{"version": version, "word": word} for word in ("yes", "no")])

    assert outcomes.count(Refused("decided")) == 1
    assert race.inspect(story) in {("granted", 1, 2), ("refused", 0, 1)}
