"""The delegation's desk: what its focal point sees and does, and what nobody else can."""

import shutil
import subprocess

import pytest
from django.utils import timezone

from forum.registration.models import Places, Registration
from tests.factories import exhibitors
from tests.factories import registration as make
from tests.pages import get

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegation():
    return make.delegation(exhibitors.agency("Ministry of Examples"), delegate=3)


@pytest.fixture
def focal(client, delegation):
    user = exhibitors.member(delegation.agency, email="focal@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def desk(delegation):
    return f"/en/desk/agencies/{delegation.agency.code}/next/delegation/"


def typed(**fields):
    return {"pass_type": "delegate", "name_latin": "CHAN Bopha", "language": "km"} | fields


def test_the_agencys_desk_leads_to_its_delegation(client, focal, delegation, desk):
    make.delegation(exhibitors.agency("Other Ministry"))

    page = get(client, f"/en/desk/agencies/{delegation.agency.code}/")

    assert [link.get("href") for link in page.all("main a[href*=delegation]")] == [desk]


def test_the_desk_shows_places_used_and_free_and_its_own_people_alone(client, focal, delegation, desk):
    make.delegate(delegation, focal, name_latin="SOK Dara", email="")
    make.delegate(delegation, focal, name_latin="CHAN Bopha", email="bopha@example.org")
    gone = make.delegate(delegation, focal, name_latin="KEO Vanna")
    make.signup.withdraw(registration=gone)
    other = make.delegation(exhibitors.agency("Other Ministry"), delegate=5)
    make.delegate(other, name_latin="LIM Somebody")
    make.registration(of=make.PassType.objects.get(), name_latin="PEN Nobody", agency=delegation.agency)

    page = get(client, desk)

    assert page.words("h2 ~ table:first-of-type tbody td") == ["Delegate", "3", "2", "1"]
    assert [words.split()[:2] for words in page.words("table:last-of-type tbody td:first-child")] == [
        ["CHAN", "Bopha"],
        ["SOK", "Dara"],
    ]
    assert page.words("ul.names li") == ["KEO Vanna Delegate"]
    assert [link.get("href") for link in page.all("main a[href$='.pdf']")] == [
        f"{desk}people/{Registration.objects.get(name_latin='SOK Dara').code}/letter.pdf",
        f"{desk}letters.pdf",
    ]


def test_the_desk_costs_the_same_with_one_and_with_three_people(client, focal, delegation, desk, django_assert_num_queries):
    def visit():
        with django_assert_num_queries(11):
            client.get(desk)

    make.delegate(delegation, focal)
    client.get(desk)
    visit()
    for _number in range(2):
        make.delegate(delegation, focal)
    visit()


def test_a_person_is_registered_and_the_desk_says_so(client, focal, delegation, desk):
    response = client.post(f"{desk}register/", typed(external_key="A7"), follow=True)

    assert response.redirect_chain == [(desk, 302)]
    assert "CHAN Bopha is registered." in response.content.decode()
    person = Registration.objects.get()
    assert (person.delegation, person.agency, person.contact_email, person.language, person.external_key) == (
        delegation,
        delegation.agency,
        "focal@example.org",
        "km",
        "A7",
    )


def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(client, focal, delegation, desk):
    Places.objects.update(size=0)

    response = client.post(f"{desk}register/", typed(position="Director"))

    assert response.status_code == 422
    assert "Your delegation has no place of this pass left." in response.content.decode()
    assert 'value="Director"' in response.content.decode()
    assert not Registration.objects.exists()


def test_replacing_asks_for_the_new_person_and_keeps_the_place(client, focal, delegation, desk):
    person = make.delegate(delegation, focal, name_latin="SOK Dara")
    address = f"{desk}people/{person.code}/swap/"
    assert "Replace SOK Dara" in client.get(address).content.decode()

    client.post(address, typed())

    person.refresh_from_db()
    assert (person.name_latin, person.holder_no, person.epoch) == ("CHAN Bopha", 2, 2)
    assert Places.objects.get().taken == 1


def test_withdrawing_asks_first(client, focal, delegation, desk):
    person = make.delegate(delegation, focal)
    address = f"{desk}people/{person.code}/withdraw/"

    assert client.get(address).status_code == 200
    assert Registration.objects.live().count() == 1
    client.post(address)
    assert (Registration.objects.live().count(), Places.objects.get().taken) == (0, 0)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "focal point of another agency", "colleague", "organiser without the agency"])
@pytest.mark.parametrize(
    "page", ["", "register/", "letters.pdf", "people/{}/swap/", "people/{}/withdraw/", "people/{}/letter.pdf"]
)
def test_nobody_else_sees_or_does_anything(client, delegation, desk, who, page):
    person = make.delegate(delegation, name_latin="SOK Dara", email="")
    if who == "focal point of another agency":
        client.force_login(exhibitors.member(make.delegation(exhibitors.agency("Other Ministry")).agency))
    elif who == "colleague":
        client.force_login(exhibitors.member(delegation.agency, role="colleague"))
    elif who != "stranger":
        client.force_login(exhibitors.exhibition_manager())
    address = desk + page.format(person.code)

    for response in (client.get(address), client.post(address, typed())):
        assert response.status_code in ({302} if who == "stranger" else {404, 405})
        assert b"SOK" not in response.content
    assert list(Registration.objects.live().values_list("name_latin", flat=True)) == ["SOK Dara"]


def test_a_focal_point_reaches_no_person_of_another_delegation_by_their_own_desk(client, focal, desk):
    other = make.delegate(make.delegation(exhibitors.agency("Other Ministry")), name_latin="LIM Somebody")

    for act in ("swap/", "withdraw/", "letter.pdf"):
        assert client.get(f"{desk}people/{other.code}/{act}").status_code == 404
        assert client.post(f"{desk}people/{other.code}/{act}", typed()).status_code in {404, 405}
    assert Registration.objects.live().get().name_latin == "LIM Somebody"


def test_after_the_time_the_desk_offers_withdrawing_alone(client, focal, delegation, desk):
    person = make.delegate(delegation, focal)
    delegation.closes_at = timezone.now()
    delegation.save()

    page = get(client, desk)

    links = [link.get("href") for link in page.all("main table a")]
    assert links == [f"{desk}people/{person.code}/withdraw/"]
    assert not page.all("main .button")
    assert client.post(f"{desk}register/", typed()).status_code == 422


def test_the_letter_says_in_both_languages_who_where_and_the_code(client, focal, delegation, desk, tmp_path):
    person = make.delegate(delegation, focal, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", email="", honorific="excellency")

    response = client.get(f"{desk}people/{person.code}/letter.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "letter.pdf").write_bytes(response.content)
    done = subprocess.run(["pdftotext", tmp_path / "letter.pdf", "-"], capture_output=True, check=True, text=True)
    for words in ("H.E. SOK Dara", "ឯកឧត្តម សុខ ដារ៉ា", person.short_code, "Digital Government Forum", "Ministry of Examples"):
        assert words in done.stdout
    assert done.stdout.count("\f") == 1


def test_who_has_an_address_needs_no_letter(client, focal, delegation, desk):
    make.delegate(delegation, focal)

    assert client.get(f"{desk}letters.pdf").status_code == 404
