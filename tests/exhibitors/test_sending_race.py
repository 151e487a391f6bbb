"""Colleagues who send a document, and organisers who decide on it, at the same moment."""

from django.core.files.base import ContentFile
from post_office.models import Email

from exhibitors.models import Agency, RequiredDocument, SentDocument
from exhibitors.readiness import sending
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused


def prepare():
    """A document of which the agency has sent one version."""
    edition = editions.edition(slug="race")
    agency = make.booking(make.booth(make.zone(make.hall(edition)))).agency
    make.member(agency, email="manager@example.org")
    make.person("root@example.org", is_superuser=True)
    make.sent_document(make.required_document(edition), agency)


def send():
    agency = Agency.objects.get()
    file = ContentFile(b"%PDF-1.7", name="paper.pdf")
    words = {"agency": agency, "user": agency.people.get(), "file": file}
    return sending.send(required=RequiredDocument.objects.get(), **words).version


def decide(to):
    user = make.get_user_model().objects.get(email="root@example.org")
    row = SentDocument.objects.get(version=1)
    return sending.decide(document=row, to=to, user=user, remark="Sign it.").state


def send_or_approve(is_sent):
    return send() if is_sent else decide("approved")


def kept():
    """Version and state of each, and how many letters tell of them."""
    return list(SentDocument.objects.order_by("version").values_list("version", "state")), Email.objects.count()


def test_of_many_who_send_at_once_each_has_a_version_of_its_own(race):
    race.prepare(prepare)

    assert sorted(race(send, [{}] * 4)) == [2, 3, 4, 5]


def test_of_approving_and_returning_at_once_one_counts_and_the_other_is_told(race):
    race.prepare(prepare)

    outcomes = race(decide, [{"to": "approved"}, {"to": "returned"}] * 2)

    rows, letters = race.inspect(kept)
    ((_version, state),) = rows
    assert sorted(outcomes, key=str) == [Refused("state")] * 2 + [state] * 2
    assert letters == 1


def test_what_was_not_seen_is_not_approved_by_who_decides_while_another_version_comes(race):
    race.prepare(prepare)

    sent, decided = race(send_or_approve, [{"is_sent": True}, {"is_sent": False}])

    assert sent == 2
    assert (decided, race.inspect(kept)) in [
        ("approved", ([(1, "approved"), (2, "sent")], 1)),
        (Refused("changed"), ([(1, "sent"), (2, "sent")], 0)),
    ]
