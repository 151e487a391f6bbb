"""Applications in the back office: reading them, deciding on one and on many, entering what came on paper."""

import pytest
from wagtail.models import ModelLogEntry

from exhibitors.models import Application, Neighbour, Wish
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

DECIDE = "/cms/exhibition/applications/decide/"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def organiser(client):
    user = make.exhibition_manager(email="organiser@example.org")
    client.force_login(user)
    return user


def states():
    return dict(Application.objects.values_list("agency__name_en", "state"))


def read(*rows):
    return " ".join(f"{row.pk}:{row.version}" for row in rows)


def address(*rows):
    return f"{DECIDE}?" + "&".join(f"id={row.pk}" for row in rows)


def test_an_organiser_reads_what_is_asked_and_accepts_it(client, organiser, edition):
    row = make.application(edition, make.agency("Ministry of Examples"), least_area=18, note="Two screens.")
    zone = make.zone(make.hall(edition), name_en="Public services")
    Wish.objects.create(application=row, rank=1, zone=zone)

    page = get(client, address(row))

    assert "at least 18 m²" in page.words("dd")
    assert "Two screens." in page.words("dd")
    assert "1. Public services" in page.words("dd")
    client.post(address(row), {"read": read(row), "to": "accepted"})
    assert states() == {"Ministry of Examples": "accepted"}
    assert ModelLogEntry.objects.get().user == organiser


def test_many_are_decided_at_once_and_what_cannot_be_is_told_by_its_code(client, organiser, edition):
    rows = [make.application(edition, make.agency(name)) for name in ("A", "B")]
    drafted = make.application(edition, make.agency("C"), "returned")

    response = client.post(address(*rows, drafted), {"read": read(*rows, drafted), "to": "accepted"}, follow=True)

    assert states() == {"A": "accepted", "B": "accepted", "C": "returned"}
    assert drafted.code in response.content.decode()
    assert "2 applications decided" in response.content.decode()


def test_ticking_leads_to_the_page_of_decisions(client, organiser, edition):
    row = make.application(edition)

    response = client.get(f"/cms/bulk/exhibitors/application/decide/?id={row.pk}&next=/cms/")

    assert response.url == f"{DECIDE}?id={row.pk}"


def test_a_refusal_without_a_word_is_asked_for_it_and_changes_nothing(client, organiser, edition):
    row = make.application(edition)

    response = client.post(address(row), {"read": read(row), "to": "refused"})

    assert response.status_code == 422
    assert "Say why: the agency reads it." in response.content.decode()
    assert Application.objects.get().state == "submitted"


def test_what_the_agency_changed_after_the_page_was_read_is_not_decided(client, organiser, edition):
    row = make.application(edition)
    Application.objects.update(version=2)

    response = client.post(address(row), {"read": read(row), "to": "accepted"}, follow=True)

    assert "Look at it again" in response.content.decode()
    assert Application.objects.get().state == "submitted"


@pytest.mark.parametrize("typed", ["", "x", "1:2:3", "é:1"])
def test_rubbish_in_the_hidden_field_decides_nothing(client, organiser, edition, typed):
    row = make.application(edition)

    assert client.post(address(row), {"read": typed, "to": "accepted"}).status_code == 422


def test_drafts_are_nobodys_business(client, organiser, edition):
    row = make.application(edition, state="draft")

    assert client.get(address(row)).status_code == 302


def test_the_organisers_withdraw_what_was_withdrawn_by_letter(client, organiser, edition):
    row = make.application(edition)

    client.post(f"/cms/exhibition/applications/{row.pk}/withdraw/", {"reason": "Letter 12."})

    assert [(row.state, row.remark) for row in Application.objects.all()] == [("withdrawn", "Letter 12.")]


def test_what_came_on_paper_is_entered_for_the_agency(client, organiser, edition):
    make.call(edition, opens_on=edition.today, closes_on=edition.today)
    agency = make.agency("Ministry of Examples")
    words = {"least_area": 27, "open_sides": 2, "power": 3_000, "near": "Telecom\n\nTelecom"}

    response = client.post(f"/cms/exhibition/agencies/{agency.pk}/apply/", words)

    assert response.status_code == 302
    row = Application.objects.get()
    assert (row.state, row.least_area, row.open_sides, row.submitted_by) == ("submitted", 27, 2, organiser)
    assert list(row.neighbours.values_list("name", flat=True)) == ["Telecom"]


def test_without_a_forum_that_calls_nothing_is_entered(client, organiser, edition):
    response = client.get(f"/cms/exhibition/agencies/{make.agency().pk}/apply/")

    assert response.url == "/cms/snippets/exhibitors/call/"


def test_the_agencys_own_words_are_not_the_organisers_to_change(client, organiser, edition):
    row = make.application(edition, least_area=9)
    booth = make.booth(make.zone(make.hall(edition)))
    form = f"/cms/snippets/exhibitors/application/edit/{row.pk}/"

    client.post(form, {"weight": 3, "is_on_tour": "on", "pin": booth.pk, "least_area": 100, "state": "accepted"})

    row.refresh_from_db()
    assert (row.weight, row.is_on_tour, row.least_area, row.state, row.pin) == (3, True, 9, "submitted", None)


def test_an_organiser_pins_an_application_to_a_booth_of_its_forum_and_lets_it_go(client, organiser, edition):
    row, other = make.application(edition), make.application(edition)
    booth = make.booth(make.zone(make.hall(edition)), "A01")
    elsewhere = make.booth(make.zone(make.hall(editions.edition("other"))), "Z01")
    address = f"/cms/exhibition/applications/{row.pk}/pin/"
    assert get(client, address).words("select[name=booth] option") == ["none", "A01"]

    client.post(address, {"booth": elsewhere.pk})
    assert Application.objects.get(pk=row.pk).pin is None
    client.post(address, {"booth": booth.pk})
    assert Application.objects.get(pk=row.pk).pin == booth
    refused = client.post(f"/cms/exhibition/applications/{other.pk}/pin/", {"booth": booth.pk})
    assert "Another application is pinned to this booth." in refused.content.decode()
    client.post(address, {"booth": ""})

    assert Application.objects.get(pk=row.pk).pin is None
    assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["exhibitors.pin"] * 2


def test_who_may_not_decide_is_turned_away(client, edition):
    user = make.exhibition_manager()
    user.user_permissions.remove(user.user_permissions.get(codename="decide_application"))
    client.force_login(user)
    row = make.application(edition)

    for path in (
        address(row),
        f"/cms/exhibition/applications/{row.pk}/withdraw/",
        f"/cms/exhibition/agencies/{row.agency_id}/apply/",
    ):
        assert client.get(path).status_code == 302
        assert client.post(path, {"read": read(row), "to": "accepted"}).status_code == 302
    assert Application.objects.get().state == "submitted"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_decisions_takes_as_many_queries_for_three_as_for_one(
    client, organiser, edition, count, django_assert_num_queries
):
    rows = [make.application(edition) for _number in range(count)]
    zone = make.zone(make.hall(edition))
    for row in rows:
        Wish.objects.create(application=row, rank=1, zone=zone)
        Neighbour.objects.create(application=row, kind="near", name="Somebody")
    client.get(address(*rows))

    with django_assert_num_queries(13):
        assert len(Page(client.get(address(*rows))).all("h2")) >= count
