"""Plan, table, directory and data name the pavilion of a booth, whoever stands there; organisers set one up by codes."""

import pytest
from django.contrib.auth.models import Permission

from exhibitors.models import Pavilion
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

PLAN = "/en/next/exhibition/"
ADD = "/cms/snippets/exhibitors/pavilion/add/"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition), name_en="Partners")


@pytest.fixture
def pavilion(edition, zone):
    """With a member in the first booth and nobody in the second; the third stands outside."""
    row = make.pavilion(edition, name_en="Pavilion of Examplia", name_km="ពន្លាឧទាហរណ៍")
    booths = make.booths(zone, 3)
    row.booths.set(booths[:2])
    make.booking(booths[0], make.agency("Example Robots"))
    return row


def words(client, address):
    return " ".join(get(client, address).words("main"))


def test_plan_and_table_say_the_same_of_a_pavilion(client, pavilion):
    page = get(client, PLAN)

    assert page.words("svg a title") == [
        "Booth A01, 9 m², taken, Example Robots, Pavilion of Examplia",
        "Booth A02, 9 m², pavilion, Pavilion of Examplia",
        "Booth A03, 9 m², free",
    ]
    assert [row[:3] for row in page.rows()] == [
        ["A01", "taken", "Example Robots · Pavilion of Examplia"],
        ["A02", "pavilion", "Pavilion of Examplia"],
        ["A03", "free", "–"],
    ]
    assert "Pavilion of Examplia: A01, A02" in page.words("main li")


def test_its_booths_are_found_by_its_name_in_both_scripts_and_are_not_free(client, pavilion):
    assert [row[0] for row in get(client, f"{PLAN}?q=examplia").rows()] == ["A01", "A02"]
    assert [row[0] for row in get(client, f"{PLAN}?q=ពន្លា").rows()] == ["A01", "A02"]
    assert [row[0] for row in get(client, f"{PLAN}?state=free").rows()] == ["A03"]


def test_a_reader_of_khmer_reads_its_khmer_name(client, pavilion):
    assert "ពន្លាឧទាហរណ៍" in words(client, "/km/next/exhibition/")


@pytest.mark.parametrize("booth", ["A01", "A02"])
def test_the_page_of_a_booth_names_it_and_offers_no_booking(client, pavilion, booth):
    said = words(client, f"{PLAN}{booth}/")

    assert "Pavilion of Examplia" in said
    assert "Book on your desk" not in said


def test_an_agency_reads_why_it_cannot_book_there(client, pavilion):
    agency = make.agency()
    client.force_login(make.member(agency))
    address = f"/en/desk/agencies/{agency.code}/next/booths/A02/"

    assert "The organiser of its pavilion divides its booths among members." in words(client, address)
    assert "belongs to “Pavilion of Examplia”" in " ".join(Page(client.post(address)).words("main"))


def test_directory_page_and_data_of_an_exhibitor_name_it(client, pavilion):
    code = pavilion.booths.get(code="A01").bookings.get().agency.code

    assert "Pavilion of Examplia" in words(client, f"{PLAN}agencies/")
    assert "Pavilion of Examplia" in words(client, f"{PLAN}agencies/{code}/")
    (exhibitor,) = client.get(f"{PLAN}agencies.json").json()["exhibitors"]
    assert [booth["pavilion_km"] for booth in exhibitor["booths"]] == ["ពន្លាឧទាហរណ៍"]
    assert "Pavilion of Examplia" in client.get(f"{PLAN}agencies.csv").content.decode()


class TestBackOffice:
    @pytest.fixture
    def organiser(self, client):
        user = make.exhibition_manager()
        names = ["add_pavilion", "view_pavilion", "view_agency"]
        user.user_permissions.add(*Permission.objects.filter(codename__in=names))
        client.force_login(user)
        return user

    @pytest.fixture
    def typed(self, edition):
        return {"edition": edition.pk, "name_en": "Examplia", "name_km": "", "organiser": make.agency().pk}

    def test_a_pavilion_is_set_up_from_a_block_and_booths(self, client, organiser, zone, typed):
        for booth in (*make.booths(zone, 2, "B"), *make.booths(zone, 2, "C")):
            booth.block = "K" if booth.code.startswith("B") else ""
            booth.save()

        client.post(ADD, typed | {"booths": "k, c02"})

        assert [booth.code for booth in Pavilion.objects.get().booths.order_by("code")] == ["B01", "B02", "C02"]

    def test_it_is_changed_and_what_stands_there_is_shown(self, client, organiser, zone, typed):
        make.booths(zone, 2)
        client.post(ADD, typed | {"booths": "A01"})
        address = f"/cms/snippets/exhibitors/pavilion/edit/{Pavilion.objects.get().pk}/"
        assert get(client, address).all("[name=booths]")[0].text.strip() == "A01"

        client.post(address, typed | {"booths": "A02"})

        assert [booth.code for booth in Pavilion.objects.get().booths.all()] == ["A02"]

    @pytest.mark.parametrize(
        ("booths", "said"),
        [("Z99 A01", "No booth or block: Z99."), ("A01", "Another agency has, or is offered: A01."),
         ("K", "Block K stands in several zones")],
    )  # fmt: skip
    def test_what_cannot_be_is_told_beside_the_field(self, client, organiser, edition, zone, typed, booths, said):
        make.booking(make.booth(zone, block="K"))
        make.booth(make.zone(zone.hall), "D01", block="K")

        page = Page(client.post(ADD, typed | {"booths": booths}))

        assert said in " ".join(page.words("main"))
        assert page.all("[name=booths]")[0].text.strip() == booths
        assert not Pavilion.objects.exists()

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_as_many_queries_for_three_as_for_one(
        self, client, organiser, edition, zone, count, django_assert_num_queries
    ):
        for booth in make.booths(zone, count):
            make.pavilion(edition).booths.add(booth)
        address = "/cms/snippets/exhibitors/pavilion/"
        client.get(address)

        with django_assert_num_queries(12):
            client.get(address)
