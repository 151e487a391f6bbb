"""Handing over at the desk, and lists on paper."""

import shutil
import subprocess

import pytest
from django.urls import reverse

from forum.badges import batching, handing, printing
from forum.badges.models import Handover
from forum.checkin import admission
from forum.checkin.models import Gate
from forum.desks import onsite_lists
from forum.registration.models import AccessZone
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db

MANY, LISTS = "/onsite/badges/handover/", "/onsite/badges/lists/"


@pytest.fixture
def dara():
    of = make.pass_type(cms.edition_under_way())
    return make.registration(of, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", agency=exhibitors.agency())


@pytest.fixture
def desk(client):
    client.force_login(accounts.user("badges.add_badgeprint"))
    return client


def printed(*people):
    printing.print_badges(registrations=people)
    return printing.issue(people)


def address(person, name="person"):
    return reverse(f"onsite:{name}", args=[person.code])


def tags(answer):
    return Page(answer).words(".tag")


def text_of(answer, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "list.pdf").write_bytes(answer.content)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "list.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


def order_of(names, text):
    return sorted(names, key=text.index)


def test_the_desk_tells_printed_handed_over_and_entered_apart(desk, dara):
    gate = Gate.objects.create(edition=dara.edition, name_en="Main gate")
    assert tags(desk.get(address(dara))) == ["not printed", "not entered"]

    (badge,) = printed(dara)
    assert tags(desk.get(address(dara))) == ["printed", "not handed over", "not entered"]

    assert desk.post(address(dara, "hand"), {"to": "An aide"})["Location"] == address(dara)
    page = desk.get(address(dara))
    assert tags(page) == ["printed", "handed over", "not entered"]
    assert "An aide" in page.content.decode()

    admission.scan(gate=gate, typed=badge.serial)
    page = desk.get(address(dara))
    assert tags(page) == ["printed", "handed over", "entered"]
    assert "Main gate" in page.content.decode()


def test_handed_over_twice_says_so(desk, dara):
    printed(dara)
    desk.post(address(dara, "hand"))

    answer = desk.post(address(dara, "hand"), {"to": "An aide"})

    assert answer.status_code == 422
    assert "was handed over already" in answer.content.decode()
    assert (Handover.objects.count(), Handover.objects.get().to) == (1, "")


def test_a_badge_that_is_not_printed_is_not_handed_over(desk, dara):
    assert desk.post(address(dara, "hand")).status_code == 422
    printing.issue([dara])

    assert desk.post(address(dara, "hand")).status_code == 422
    assert Handover.objects.count() == 0


def test_it_is_undone_with_a_reason_alone(desk, dara):
    printed(dara)
    desk.post(address(dara, "hand"))

    refused = desk.post(address(dara, "undo_hand"), {"reason": ""})
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    assert Handover.objects.standing().count() == 1

    desk.post(address(dara, "undo_hand"), {"reason": "Wrong person"})
    assert Handover.objects.get().undone_because == "Wrong person"
    assert tags(desk.get(address(dara)))[:2] == ["printed", "not handed over"]


def test_the_box_and_place_are_shown_beside_the_person(desk, dara):
    make.registration(dara.pass_type, name_latin="AN Example")
    batching.order(edition=dara.edition, order="latin", per_box=1)
    while batching.do_next():
        pass

    assert "Box 2, no. 1" in desk.get(address(dara)).content.decode()


def test_a_focal_point_gets_the_badges_of_an_agency_and_signs_a_list(desk, dara, tmp_path):
    other = make.registration(dara.pass_type, name_latin="NOT Theirs")
    printed(dara, other)
    assert "SOK Dara" in desk.get(MANY, {"agency": dara.agency.code}).content.decode()

    refused = desk.post(MANY, {"agency": dara.agency.code, "to": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["to"])
    signed = desk.post(MANY, {"agency": dara.agency.code, "to": "A focal point"})["Location"]

    assert [row.badge.registration for row in Handover.objects.all()] == [dara]
    page = desk.get(signed).content.decode()
    assert "A focal point" in page and "SOK Dara" in page
    text = text_of(desk.get(f"{signed}list.pdf"), tmp_path)
    assert [word for word in ("SOK Dara", "សុខ ដារ៉ា", "Signature", "A focal point") if word not in text] == []
    assert "NOT Theirs" not in text
    again = desk.post(MANY, {"agency": dara.agency.code, "to": "A focal point"})
    assert (again.status_code, "No printed badge of this agency waits" in again.content.decode()) == (422, True)


def test_a_list_is_undone_whole_with_a_reason(desk, dara):
    printed(dara)
    signed = desk.post(MANY, {"agency": dara.agency.code, "to": "A focal point"})["Location"]

    assert desk.post(f"{signed}undo/", {"reason": ""}).status_code == 422
    assert desk.post(f"{signed}undo/", {"reason": "Came back"})["Location"] == signed

    assert Handover.objects.standing().count() == 0
    assert "Came back" in desk.get(signed).content.decode()
    assert desk.get(f"{signed}list.pdf").status_code == 404


def test_lists_that_are_none_are_not_there(desk, dara):
    assert desk.get(f"{MANY}NOTHING/list.pdf").status_code == 404
    assert desk.get(MANY, {"agency": "-1"}).status_code == 200
    assert [desk.get(f"{LISTS}list.pdf", {"by": by, "part": part}).status_code for by, part in [("x", 1), ("khmer", 2)]] == [
        404, 404,
    ]  # fmt: skip
    assert desk.get(f"{LISTS}list.pdf", {"by": "khmer", "part": "²"}).status_code == 404


def test_a_list_is_in_the_order_of_the_khmer_dictionary_under_letters(desk, dara, tmp_path):
    for latin, khmer in (("CHAN", "ចាន់ មុនី"), ("KEO", "កែវ ច័ន្ទ"), ("SAM", "សំ អាន")):
        make.registration(dara.pass_type, name_latin=latin, name_km=khmer)

    text = text_of(desk.get(f"{LISTS}list.pdf", {"by": "khmer"}), tmp_path)

    assert order_of(["CHAN", "KEO", "SAM", "SOK Dara"], text) == ["KEO", "CHAN", "SOK Dara", "SAM"]
    letters = [line.strip() for line in text.splitlines() if len(line.strip()) == 1]
    assert letters == ["ក", "ច", "ស"]


def test_a_list_for_a_gate_has_those_whose_pass_opens_it(desk, dara, tmp_path):
    zone = AccessZone.objects.create(edition=dara.edition, name_en="Plenary")
    gate = Gate.objects.create(edition=dara.edition, name_en="Plenary gate", zone=zone)
    speaker = make.pass_type(dara.edition, slug="speaker")
    speaker.zones.add(zone)
    make.registration(speaker, name_latin="LY Speaker")

    text = text_of(desk.get(f"{LISTS}list.pdf", {"by": "latin", "gate": gate.code}), tmp_path)

    assert ("LY Speaker" in text, "SOK Dara" in text, "Plenary gate" in text) == (True, False, True)


def test_a_list_by_boxes_has_the_badges_that_lie_in_them(desk, dara, tmp_path):
    for name in ("AN Example", "BO Example"):
        make.registration(dara.pass_type, name_latin=name)
    batching.order(edition=dara.edition, order="latin", per_box=2)
    while batching.do_next():
        pass
    printing.print_badges(registrations=[dara], reason="lost")

    text = text_of(desk.get(f"{LISTS}list.pdf", {"by": "box"}), tmp_path)

    assert ("Box 1" in text, "1 · 2" in text, "SOK Dara" in text) == (True, True, False)


def test_long_lists_come_in_parts(desk, dara, monkeypatch, tmp_path):
    monkeypatch.setattr(onsite_lists, "AT_ONCE", 1)
    make.registration(dara.pass_type, name_latin="AN Example")

    page = Page(desk.get(LISTS, {"by": "latin"}))
    assert [link.text_content() for link in page.all("main li a, ul li a") if "Part" in link.text_content()] == [
        "Part 1 (PDF)", "Part 2 (PDF)",
    ]  # fmt: skip
    text = text_of(desk.get(f"{LISTS}list.pdf", {"by": "latin", "part": "1"}), tmp_path)
    assert ("AN Example" in text, "SOK Dara" in text) == (True, False)


def test_in_khmer_the_list_speaks_khmer(desk, dara, tmp_path):
    answer = desk.get(f"{LISTS}list.pdf", {"by": "khmer"}, headers={"accept-language": "km"})

    text = text_of(answer, tmp_path)

    assert "ឈ្មោះ" in text


def test_others_do_nothing_of_this(client, dara):
    (badge,) = printed(dara)
    code = handing.hand_over_many(edition=dara.edition, agency=dara.agency, to="A focal point")
    addresses = [MANY, LISTS, f"{LISTS}list.pdf", address(dara, "hand"), address(dara, "undo_hand")]
    addresses += [reverse(f"onsite:{name}", args=[code]) for name in ("signed", "signed_paper", "undo_list")]
    for each in addresses:
        assert client.post(each)["Location"].startswith("/accounts/login/")

    client.force_login(accounts.user("checkin.add_scan"))

    assert [client.post(each, {"reason": "x"}).status_code for each in addresses] == [403] * len(addresses)
    assert handing.standing(badge) is not None


@pytest.mark.parametrize("number", [1, 3])
def test_costs_of_lists_do_not_grow_with_people(desk, dara, number, django_assert_num_queries):
    people = [make.registration(dara.pass_type, name_latin=f"P {n}", agency=dara.agency) for n in range(number)]
    printed(*people)
    desk.get(MANY)

    with django_assert_num_queries(8):
        desk.get(MANY, {"agency": dara.agency.code})
