"""The queues: what each office sees of them and may decide, at the agency's desk and in the back office."""

import pytest
from django.contrib.auth.models import Group

from forum.accounts import roles
from forum.registration.models import Decision, Registration
from tests.factories import accounts, exhibitors
from tests.factories import registration as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

QUEUES = "/cms/registrations/approvals/"


@pytest.fixture
def opening():
    return make.pass_type(slug="opening", needs_agency=True, needs_organiser=True, needs_security=True)


@pytest.fixture
def agency():
    return exhibitors.agency("Ministry of Examples")


@pytest.fixture
def people(opening, agency):
    names = ["CHAN Bopha", "SOK Dara", "KEO Vanna"]
    return [make.registration(opening, name_latin=name, agency=agency) for name in names]


@pytest.fixture
def staff(client):
    roles.make()

    def sign_in(role):
        user = accounts.user()
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)

    return sign_in


def desk_of(agency):
    return f"/en/desk/agencies/{agency.code}/people/"


def states():
    return list(Registration.objects.order_by("pk").values_list("state", "awaits"))


def test_who_acts_for_an_agency_endorses_its_people(client, agency, people):
    client.force_login(exhibitors.member(agency))
    assert "3 people await your word" in get(client, f"/en/desk/agencies/{agency.code}/").tree.text_content()

    chosen = [person.code for person in people[:2]]
    page = Page(client.post(desk_of(agency), {"people": chosen, "verdict": "yes"}, follow=True))

    assert page.words("tbody td:nth-child(2)") == ["KEO Vanna"]
    assert states() == [("applied", "organiser")] * 2 + [("applied", "agency")]


def test_an_agency_refuses_only_with_a_reason_and_loses_nothing_typed(client, agency, people):
    client.force_login(exhibitors.member(agency))
    typed = {"people": [people[0].code], "verdict": "no", "reason": ""}

    response = client.post(desk_of(agency), typed)

    assert response.status_code == 422
    page = Page(response)
    assert [box.get("value") for box in page.all("input[checked]")] == [people[0].code]
    assert "Say why" in page.tree.text_content()
    client.post(desk_of(agency), typed | {"reason": "Not one of ours."})
    assert states()[0] == ("refused", "")


@pytest.mark.parametrize("typed", [{}, {"people": []}, {"people": ["NOBODY0000"]}, {"people": ["\x00"]}])
def test_who_ticks_nobody_or_rubbish_is_told_so(client, agency, people, typed):
    client.force_login(exhibitors.member(agency))

    response = client.post(desk_of(agency), {"verdict": "yes"} | typed)

    assert response.status_code == 422
    assert Page(response).all("[role=alert]")
    assert not Decision.objects.exists()


def test_an_agency_has_no_word_over_the_people_of_another(client, agency, people):
    other = exhibitors.agency("Other Ministry")
    client.force_login(exhibitors.member(other))

    assert not get(client, desk_of(other)).all("tbody tr")
    assert client.post(desk_of(other), {"people": [people[0].code], "verdict": "yes"}).status_code == 422
    assert client.get(desk_of(agency)).status_code == 404


def test_an_onlooker_of_the_agency_does_not_decide(client, agency, people):
    client.force_login(exhibitors.member(agency, role="colleague"))

    assert client.get(desk_of(agency)).status_code == 403
    assert "await your word" not in get(client, f"/en/desk/agencies/{agency.code}/").tree.text_content()


def test_organisers_decide_many_at_once_and_security_what_is_left(client, staff, people):
    codes = [person.code for person in people]
    staff("organiser")
    client.post(f"{QUEUES}?step=agency", {"people": codes, "verdict": "yes"})
    client.post(f"{QUEUES}?step=organiser", {"people": codes[:2], "verdict": "yes"})
    client.post(f"{QUEUES}?step=organiser", {"people": codes[2:], "verdict": "no", "reason": "The hall is full."})
    assert client.get(f"{QUEUES}?step=security").url == "/cms/"
    assert client.post(f"{QUEUES}?step=security", {"people": codes[:2], "verdict": "yes"}).url == "/cms/"

    staff("security")
    page = get(client, QUEUES)
    assert page.words("td.title") == ["CHAN Bopha", "SOK Dara"]
    for person in people[:2]:
        make.accredit(person)
    client.post(QUEUES, {"people": codes[:2], "verdict": "yes", "seen": [f"{code}:1" for code in codes[:2]]})

    assert states() == [("confirmed", ""), ("confirmed", ""), ("refused", "")]
    assert Decision.objects.count() == 3 + 3 + 2


def test_security_sees_its_own_queue_alone(client, staff, people):
    staff("security")

    assert [link.get("href") for link in get(client, QUEUES).all("nav[aria-label=Offices] a")] == ["?step=security"]
    for address in (f"{QUEUES}?step=organiser", "/cms/snippets/registration/registration/"):
        assert client.get(address).url == "/cms/"


@pytest.mark.parametrize("role", ["gate", "finance", "auditor", "programme editor", "protocol"])
def test_other_roles_speak_for_no_office(client, staff, role, people):
    staff(role)

    assert client.get(QUEUES).status_code in (302, 403)


def test_a_queue_is_filtered_by_pass(client, staff, opening, people):
    media = make.pass_type(opening.edition, slug="media", needs_agency=True, name_en="Media")
    make.registration(media, name_latin="PEN Reporter")
    staff("organiser")

    page = get(client, f"{QUEUES}?step=agency&pass_type={media.pk}")

    assert page.words("td.title") == ["PEN Reporter"]
    assert len(get(client, f"{QUEUES}?step=agency&pass_type=zzz").all("td.title")) == 4


def test_an_office_that_does_not_exist_is_not_found(client, staff):
    staff("organiser")

    assert client.get(f"{QUEUES}?step=nonsense", follow=True).status_code == 404


def test_the_queue_costs_the_same_with_one_and_with_three_people(client, staff, opening, agency, django_assert_num_queries):
    staff("organiser")
    make.registration(opening, agency=agency)
    client.get(QUEUES)
    with django_assert_num_queries(14) as first:
        client.get(QUEUES)
    for _number in range(2):
        make.registration(opening, agency=agency)
    with django_assert_num_queries(len(first)):
        client.get(QUEUES)
