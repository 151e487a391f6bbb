"""A certificate asked for by several at the same moment is one paper."""

from forum.badges import printing
from forum.certificates import certifying
from forum.certificates.models import Certificate
from forum.checkin.models import Gate, Scan
from forum.documents.models import IssuedDocument
from forum.registration.models import Registration
from tests.factories import registration as make


def prepare(is_certified=False):
    person = make.registration()
    (badge,) = printing.issue([Registration.objects.with_names().get(pk=person.pk)])
    gate = Gate.objects.create(edition=person.edition, name_en="Main gate")
    Scan.objects.create(gate=gate, badge=badge, day="2024-03-11")
    if is_certified:
        certify()
        Scan.objects.create(gate=gate, badge=badge, day="2024-03-12")


def certify():
    return certifying.certify(registration=Registration.objects.with_names().get()).code


def story():
    """Certificates, papers that hold, and all of them."""
    states = [paper.state for paper in IssuedDocument.objects.all()]
    return Certificate.objects.count(), states.count("current"), len(states)


def test_the_first_certificate_is_issued_once_and_everybody_gets_it(race):
    race.prepare(prepare)

    outcomes = race(certify, [{}] * 6)

    assert len(set(outcomes)) == 1
    assert race.inspect(story) == (1, 1, 1)


def test_a_further_day_replaces_it_once(race):
    race.prepare(prepare, is_certified=True)

    outcomes = race(certify, [{}] * 6)

    assert len(set(outcomes)) == 1
    assert race.inspect(story) == (1, 1, 2)
