"""Links to places: each keeps one, serves one person, and is dead after use or revocation."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email

from cms import dates
from cms.refusals import code_of
from forum.registration import erasing, linking, signup
from forum.registration.models import PlaceLink, Places, Quota, Registration
from tests.factories import exhibitors
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
TYPED = {"name_latin": "SOK Dara", "email": "dara@example.org"}


@pytest.fixture
def delegation():
    return make.delegation(exhibitors.agency("Ministry of Examples"), delegate=2)


@pytest.fixture
def link(delegation):
    return links_of(delegation, 1)[0]


def links_of(delegation, number, user=None, **fields):
    of = make.PassType.objects.get(slug="delegate")
    user = user or exhibitors.member(delegation.agency)
    return linking.make(delegation=delegation, pass_type=of, number=number, user=user, **fields)


def address(link):
    return f"/en/delegation/{link.token}/"


def counts():
    return [Places.objects.get().taken, Quota.objects.get().taken, Registration.objects.live().count()]


def refused(act, **arguments):
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    return code_of(refusal.value)


def test_a_link_keeps_a_place_of_the_delegation_but_none_of_the_forum(link):
    assert counts() == [1, 0, 0]


def test_there_are_no_more_links_than_places(delegation):
    assert refused(links_of, delegation=delegation, number=3) == "places"
    assert (counts(), PlaceLink.objects.count()) == ([0, 0, 0], 0)


def test_its_page_names_the_days_of_the_pass_alone(client, link):
    first = link.pass_type.edition.opens_on
    make.PassType.objects.filter(pk=link.pass_type_id).update(days=[first.isoformat()])

    assert Page(client.get(address(link))).words("main .lead") == [dates.day(first, "en")]


def test_too_many_links_are_told_how_many_places_are_left(client, delegation):
    links_of(delegation, 1)

    with pytest.raises(ValidationError) as refusal:
        links_of(delegation, 5)

    assert refusal.value.message_dict == {"number": ["Your delegation has 1 place of this pass left."]}


def test_who_opens_it_fills_in_their_own_details(client, delegation, link):
    page = Page(client.get(address(link)))
    assert "Ministry of Examples keeps a place for you" in page.words("main")[0]
    assert not page.all("input[name=agency_name], input[name=code], input[name=pass_type][type=radio]")
    assert counts() == [1, 0, 0]

    response = client.post(address(link), {"pass_type": "delegate", "position": "Director", "diet": "none"} | TYPED)

    assert (response.status_code, response.url) == (302, "/en/next/register/sent/")
    person = Registration.objects.get()
    assert (person.delegation, person.agency, person.position, person.needs.diet) == (
        delegation,
        delegation.agency,
        "Director",
        "none",
    )
    assert Email.objects.get().to == ["dara@example.org"]
    assert counts() == [1, 1, 1]


def test_it_is_dead_after_use(client, link):
    client.post(address(link), {"pass_type": "delegate"} | TYPED)

    for response in (
        client.get(address(link)),
        client.post(address(link), {"name_latin": "CHAN B", "email": "b@example.org"}),
    ):
        assert response.status_code == 410
        assert "no longer valid" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
    assert counts() == [1, 1, 1]


def test_it_is_dead_after_it_was_taken_back_and_its_place_is_free(client, link):
    user = exhibitors.person()

    for _time in range(2):
        linking.revoke(link=link, user=user)

    assert client.get(address(link)).status_code == 410
    assert counts() == [0, 0, 0]
    assert refused(linking.use, link=PlaceLink.objects.get(), **TYPED) == "closed"


def test_one_that_was_used_is_not_taken_back(link):
    linking.use(link=link, **TYPED)

    assert refused(linking.revoke, link=link, user=exhibitors.person()) == "used"
    assert counts() == [1, 1, 1]


def test_of_two_who_read_it_as_open_one_is_registered(link):
    again = PlaceLink.objects.select_related("delegation__edition", "pass_type").get()
    linking.use(link=link, **TYPED)

    assert refused(linking.use, link=again, name_latin="CHAN Bopha", email="b@example.org") == "closed"
    assert counts() == [1, 1, 1]


def test_a_forged_link_is_not_found(client, link):
    code, signature = link.token.split("~")

    for token in (code, f"{code}~{signature[:-1]}", f"AAAAAAAAAA~{signature}"):
        assert client.get(f"/en/delegation/{token}/").status_code == 404


def test_after_the_time_it_opens_nothing(client, delegation, link):
    delegation.closes_at = timezone.now()
    delegation.save()

    assert client.post(address(link), TYPED).status_code == 410
    assert refused(links_of, delegation=delegation, number=1) == "closed"


def test_where_the_forum_is_full_it_stays_open(client, link):
    Quota.objects.update(size=0)

    response = client.post(address(link), {"pass_type": "delegate"} | TYPED)

    assert response.status_code == 422
    assert 'value="SOK Dara"' in response.content.decode()
    assert PlaceLink.objects.open().exists()
    assert counts() == [1, 0, 0]


def test_who_is_registered_already_is_answered_alike_and_the_link_stays(client, link):
    make.registration(of=link.pass_type, **TYPED)

    response = client.post(address(link), {"pass_type": "delegate"} | TYPED)

    assert response.url == "/en/next/register/sent/"
    assert PlaceLink.objects.open().exists()
    assert counts() == [1, 1, 1]


def test_mistakes_are_said_beside_their_field(client, link):
    response = client.post(address(link), {"pass_type": "delegate", "name_latin": "សុខ", "email": ""})

    assert response.status_code == 422
    assert response.content.decode().count("field--error") == 2
    assert counts() == [1, 0, 0]


def test_who_leaves_frees_the_place(link):
    signup.withdraw(registration=linking.use(link=link, **TYPED))

    assert counts() == [0, 0, 0]


def test_erasing_a_person_forgets_for_whom_the_link_was_meant(delegation):
    (link,) = links_of(delegation, 1, note="For Mr Sok")

    erasing.erase(registration=linking.use(link=link, **TYPED))

    assert PlaceLink.objects.get().note == ""


def test_the_database_itself_knows_no_link_both_used_and_revoked(link):
    linking.use(link=link, **TYPED)

    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceLink.objects.update(revoked_at=timezone.now())


# The desk


@pytest.fixture
def desk(client, delegation):
    client.force_login(exhibitors.member(delegation.agency))
    return f"/en/desk/agencies/{delegation.agency.code}/next/delegation/"


def test_the_focal_point_makes_links_and_copies_them(client, delegation, desk):
    response = client.post(f"{desk}links/", {"pass_type": "delegate", "number": 2, "note": "Province"}, follow=True)

    page = Page(response)
    shown = [link.text.partition("/en/")[2] for link in page.all("code")]
    assert shown == [f"delegation/{link.token}/" for link in PlaceLink.objects.all()]
    assert [link.note for link in PlaceLink.objects.all()] == ["Province"] * 2
    assert "2 by links" in client.get(desk).content.decode()


@pytest.mark.parametrize("number", ["0", "51", "x", "3"])
def test_what_cannot_be_is_said_beside_the_field(client, desk, number):
    assert client.post(f"{desk}links/", {"pass_type": "delegate", "number": number}).status_code == 422
    assert not PlaceLink.objects.exists()


def test_the_focal_point_takes_a_link_back(client, desk, link):
    page = Page(client.post(f"{desk}links/{link.code}/revoke/", follow=True))

    assert not page.all("code")
    assert counts() == [0, 0, 0]


def test_a_used_link_is_not_taken_back_and_the_desk_says_why(client, desk, link):
    linking.use(link=link, **TYPED)

    response = client.post(f"{desk}links/{link.code}/revoke/", follow=True)

    assert "Withdraw the person instead." in response.content.decode()


@pytest.mark.parametrize("who", ["stranger", "focal point of another agency", "colleague"])
def test_nobody_else_sees_makes_or_takes_back_links(client, delegation, link, who):
    desk = f"/en/desk/agencies/{delegation.agency.code}/next/delegation/"
    other = make.delegation(exhibitors.agency("Other Ministry"), delegate=1)
    if who == "focal point of another agency":
        client.force_login(exhibitors.member(other.agency))
    elif who == "colleague":
        client.force_login(exhibitors.member(delegation.agency, role="colleague"))
    own = f"/en/desk/agencies/{other.agency.code}/next/delegation/"

    for base in (desk, own):
        response = client.post(f"{base}links/{link.code}/revoke/")
        assert response.status_code == (302 if who == "stranger" else 404)
    response = client.get(f"{desk}links/")
    assert response.status_code == (302 if who == "stranger" else 404)
    assert link.token not in response.content.decode()
    assert PlaceLink.objects.open().count() == 1
