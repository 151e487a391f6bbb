"""/metrics: closed without its word, and figures that name nobody."""

import pytest
from post_office.models import STATUS, Email

from forum.badges import printing
from forum.checkin import admission
from forum.checkin.models import Gate
from tests.factories import exhibitors
from tests.factories import registration as make
from tests.factories.cms import edition_under_way

pytestmark = pytest.mark.django_db
TOKEN = "a-word-of-at-least-twenty-letters"


@pytest.fixture
def opened(settings):
    settings.METRICS_TOKEN = TOKEN


def ask(client, word=TOKEN):
    return client.get("/metrics", headers={"Authorization": f"Bearer {word}"})


def numbers(client) -> dict[str, float]:
    lines = ask(client).content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@pytest.mark.parametrize("word", ["", "wrong", "ខុស", TOKEN])
def test_where_no_word_is_set_there_is_no_page(client, word):
    given = f"Bearer {word}".encode().decode("latin-1")  # as a server hands it on

    assert client.get("/metrics", headers={"Authorization": given}, follow=True).status_code == 404


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x"]
)
def test_who_does_not_know_the_word_reads_nothing(client, opened, given):
    response = client.get("/metrics", headers={"Authorization": given} if given is not None else {})

    assert (response.status_code, response.content) == (401, b"")
    assert response["WWW-Authenticate"] == "Bearer"


def test_it_is_kept_nowhere(client, opened):
    response = ask(client)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"].startswith("text/plain")


def test_the_house_in_figures(client, opened):
    of = make.pass_type(edition_under_way(), slug="delegate", size=7)
    people = [make.registration(of) for _ in range(2)]
    gate = Gate.objects.create(edition=of.edition, name_en="Main gate")
    (badge,) = printing.issue(people[:1])
    for typed in (badge.serial, badge.serial, "NOBODY"):
        admission.scan(gate=gate, typed=typed)
    zone = exhibitors.zone(exhibitors.hall(of.edition))
    exhibitors.booking(exhibitors.booth(zone), state="held")
    Email.objects.filter(pk=Email.objects.first().pk).update(status=STATUS.failed)

    found = {
        name: value for name, value in numbers(client).items() if not name.startswith(("vetika_request", "vetika_data"))
    }

    wanted = {
        'vetika_mails{state="waiting"}': 1,
        'vetika_mails{state="waiting again"}': 0,
        'vetika_mails{state="failed"}': 1,
        'vetika_registrations{pass="delegate",state="confirmed"}': 2,
        'vetika_quota_taken{quota="delegate places"}': 2,
        'vetika_quota_size{quota="delegate places"}': 7,
        'vetika_bookings{state="held"}': 1,
        f'vetika_scans_today{{gate="{gate.code.lower()}",refusal=""}}': 1,
        f'vetika_scans_today{{gate="{gate.code.lower()}",refusal="again"}}': 1,
        f'vetika_scans_today{{gate="{gate.code.lower()}",refusal="unknown"}}': 1,
    }
    assert {name: found.get(name) for name in wanted} == wanted
    assert 0 <= found["vetika_mail_oldest_seconds"] < 60


def test_no_figure_names_a_person(client, opened):
    person = make.registration(make.pass_type())

    page = ask(client).content.decode()

    assert [word for word in (person.name_latin, person.email, person.code, person.token) if word in page] == []


def test_it_costs_the_same_however_many_there_are(client, opened, django_assert_num_queries):
    of = make.pass_type()
    for _ in range(2):
        make.registration(of)
        with django_assert_num_queries(7):
            ask(client)
