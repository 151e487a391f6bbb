"""The floor: who may, what they find, what is printed, what the gate says."""

import pytest
from django.urls import reverse

from forum.badges import printing
from forum.badges.models import BadgePrint
from forum.checkin.models import Gate, Scan
from forum.registration.models import Registration
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def dara():
    of = make.pass_type(cms.edition_under_way())
    return make.registration(of, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", agency=exhibitors.agency())


@pytest.fixture
def desk(client):
    client.force_login(accounts.user("badges.add_badgeprint"))
    return client


@pytest.fixture
def door(client):
    client.force_login(accounts.user("checkin.add_scan"))
    return client


def found(answer):
    return [person.name_latin for person in answer.context["people"]]


def test_strangers_are_asked_to_sign_in_and_others_refused(client, dara):
    gate = Gate.objects.create(edition=dara.edition, name_en="Main")
    addresses = [
        reverse("onsite:badges"),
        reverse("onsite:batch"),
        reverse("onsite:person", args=[dara.code]),
        reverse("onsite:gate", args=[gate.code]),
    ]
    for address in addresses:
        assert client.get(address)["Location"].startswith("/accounts/login/")

    client.force_login(accounts.user())
    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert [client.post(address).status_code for address in addresses] == [403] * 4


def test_each_sees_only_the_tasks_that_are_theirs(desk, dara):
    Gate.objects.create(edition=dara.edition, name_en="Main gate")

    page = desk.get(reverse("onsite:home")).content.decode()

    assert "Badge desk" in page
    assert "Main gate" not in page


@pytest.mark.parametrize("words", ["dara", "DARA sok", "ដារ៉ា", "ministry of ex", "person"])
def test_a_person_is_found_in_either_script(desk, dara, words):
    assert found(desk.get(reverse("onsite:badges"), {"q": words})) == ["SOK Dara"]


@pytest.mark.parametrize("words", ["'", '"', "%", "_", "\\", "' OR 1=1 --", "(", "*"])
def test_strange_words_find_nobody_and_break_nothing(desk, dara, words):
    answer = desk.get(reverse("onsite:badges"), {"q": words})

    assert (answer.status_code, found(answer)) == (200, [])


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * 5000])
def test_blank_and_impossible_words_are_answered(desk, dara, words):
    assert desk.get(reverse("onsite:badges"), {"q": words}).status_code == 200


def test_a_scan_of_the_mail_or_of_the_badge_leads_to_the_person(desk, dara):
    (badge,) = printing.issue([dara])

    for code in (dara.code, dara.short_code.lower(), badge.serial, badge.spoken, str(badge.token)):
        assert desk.get(reverse("onsite:badges"), {"q": code})["Location"] == reverse("onsite:person", args=[dara.code])


def test_printing_is_seen_afterwards(desk, dara):
    address = reverse("onsite:person", args=[dara.code])
    assert "not printed" in desk.get(address).content.decode()

    answer = desk.post(address)

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert "Print the badge again" in desk.get(address).content.decode()
    assert BadgePrint.objects.count() == 1


def test_a_second_print_asks_why(desk, dara):
    address = reverse("onsite:person", args=[dara.code])
    desk.post(address)

    answer = desk.post(address)

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert desk.post(address, {"reason": "lost"})["Content-Type"] == "application/pdf"
    assert "Lost" in desk.get(address).content.decode()


def test_a_wrong_filter_says_so_and_not_that_nobody_waits(desk, dara):
    page = desk.get(reverse("onsite:batch"), {"agency": "-1"}).content.decode()

    assert "No badges wait" not in page
    assert "Select a valid choice" in page


def test_an_empty_batch_is_said_and_prints_nothing(desk, dara):
    printing.print_badges(registrations=[dara])

    answer = desk.post(reverse("onsite:batch"), {})

    assert "No badges wait to be printed." in answer.content.decode()
    assert BadgePrint.objects.count() == 1


def test_the_gate_admits_once_and_says_where_before(door, dara):
    (badge,) = printing.issue([dara])
    gate = Gate.objects.create(edition=dara.edition, name_en="Main gate")
    address = reverse("onsite:gate", args=[gate.code])

    first = door.post(address, {"code": badge.serial}).content.decode()
    second = door.post(address, {"code": badge.serial}).content.decode()

    assert "Welcome" in first
    assert "SOK Dara" in first
    assert "Already admitted" in second
    assert "Main gate" in second
    assert Scan.objects.filter(refusal="").count() == 1


def test_a_gate_shows_the_face_of_a_guest_of_honour_and_of_nobody_else(door):
    of = make.pass_type(cms.edition(), needs_photo=True, shows_photo=True)
    honoured, faceless = make.accredit(make.registration(of)), make.registration(of)
    plain = make.registration(make.pass_type(of.edition, slug="plain", needs_photo=True))
    people = [honoured, faceless, make.accredit(plain)]
    badges = printing.issue(people)
    gate = Gate.objects.create(edition=of.edition, name_en="Main gate")
    address = reverse("onsite:gate", args=[gate.code])
    photos = [reverse("onsite:gate_photo", args=[gate.code, badge.serial]) for badge in badges]

    shown = [
        photo in door.post(address, {"code": badge.serial}).content.decode()
        for photo, badge in zip(photos, badges, strict=True)
    ]

    assert shown == [True, False, False]
    assert [door.get(photo).status_code for photo in photos] == [200, 404, 404]
    other = Gate.objects.create(edition=cms.edition(slug="other", is_current=False), name_en="Elsewhere")
    assert door.get(reverse("onsite:gate_photo", args=[other.code, badges[0].serial])).status_code == 404


@pytest.mark.parametrize("typed", ["", " ", "\x00", "x" * 9000, "💥", "'"])
def test_the_gate_answers_whatever_is_typed(door, dara, typed):
    gate = Gate.objects.create(edition=dara.edition, name_en="Main gate")

    assert door.post(reverse("onsite:gate", args=[gate.code]), {"code": typed}).status_code == 200


def test_lists_cost_the_same_with_one_and_with_three_people(desk, dara, django_assert_num_queries):
    for count in (1, 3):
        while dara.edition.registrations.count() < count:
            make.registration(of=dara.pass_type, agency=dara.agency)
        with django_assert_num_queries(10):  # one of them counts the search
            desk.get(reverse("onsite:badges"), {"q": "example.org"})
        with django_assert_num_queries(11):
            desk.get(reverse("onsite:batch"))


def test_no_two_fields_of_the_batch_have_one_name_for_machines(desk, dara):
    ids = [element.get("id") for element in Page(desk.get("/onsite/badges/batch/")).all("[id]")]

    assert sorted(ids) == sorted(set(ids))


def test_the_desk_says_how_to_speak_to_a_person(desk, dara):
    Registration.objects.update(honorific="excellency doctor", protocol_rank=1)

    page = Page(desk.get(reverse("onsite:person", args=[dara.code])))

    assert page.words("h1") == ["H.E. Dr SOK Dara"]
    assert "ឯកឧត្តមបណ្ឌិត · Your Excellency" in page.words("dd")
