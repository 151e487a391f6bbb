"""An agency applies on its desk: what its people do there, and what nobody else can."""

import pytest

from exhibitors.models import Application, PriceList
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

WORDS = {"least_area": "18", "open_sides": "2", "fitting": "raw", "power": "3000"}


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def call(edition):
    return make.call(edition, text_en="Bring what helps people.")


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition), name_en="Public services", name_km="សេវាសាធារណៈ", by_application=True)


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def desk(agency):
    return f"/en/desk/agencies/{agency.code}/"


@pytest.fixture
def form(desk):
    return f"{desk}next/application/"


@pytest.fixture
def member(client, agency):
    user = make.member(agency, email="manager@example.org")
    client.force_login(user)
    return user


def wishes():
    return [wish.label for wish in Application.objects.get().wishes.all()]


def test_an_agency_applies_from_its_desk(client, member, call, zone, desk, form):
    make.booth(zone, "A12")
    assert form in [link.get("href") for link in get(client, desk).all("a.button")]
    assert "Bring what helps people." in get(client, form).words("main p")

    response = client.post(form, WORDS | {"wish_1": "a12", "wish_2": "public services", "submit": "yes"}, follow=True)

    row = Application.objects.get()
    assert (row.state, row.least_area, row.open_sides, row.fitting, row.power) == ("submitted", 18, 2, "raw", 3000)
    assert wishes() == ["A12", "Public services"]
    assert Page(response).words(".notice--ok") == ["The application is with the organisers."]


def test_a_draft_is_gone_on_with(client, member, call, zone, desk, form):
    client.post(form, WORDS | {"near": "Telecom\nCustoms", "wish_1": "សេវាសាធារណៈ", "draft": "yes"})
    page = get(client, form)

    assert page.all("[name=least_area]")[0].get("value") == "18"
    assert page.all("[name=near]")[0].text.split() == ["Telecom", "Customs"]
    version = page.all("[name=version]")[0].get("value")
    client.post(form, WORDS | {"version": version, "submit": "yes"})

    assert Application.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"wish_1": "Z99"}, "There is no booth or zone “Z99”. Look at the plan."),
        ({"wish_2": "B01"}, "Booth B01 cannot be applied for."),
        ({"least_area": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"most_area": "9"}, "The area at most is smaller than the area at least."),
        ({"near": "1\n2\n3\n4\n5\n6"}, "No more than 5 names."),
        ({"near": "Rival", "apart": "Rival"}, "Rival stands in both lists."),
        (
            {"version": "7"},
            "A colleague has changed the application meanwhile. Compare it with what you typed, and save again.",
        ),
    ],
)
def test_bad_input_is_told_and_keeps_what_was_typed(client, member, call, edition, zone, form, typed, sentence):
    make.booth(make.zone(zone.hall), "B01")

    response = client.post(form, WORDS | {"note": "Keep me."} | typed | {"submit": "yes"})

    assert response.status_code == (409 if "version" in typed else 422)
    page = Page(response)
    assert sentence in " ".join(page.words("main"))
    if "version" not in typed:
        assert sentence in " ".join(page.words("main .field li, main .errorlist li"))
    assert page.all("[name=note]")[0].text.strip() == "Keep me."
    assert not Application.objects.exists()


def test_a_booth_that_is_given_cannot_be_wished_for(client, member, call, zone, form):
    make.booking(make.booth(zone, "A12"))
    make.booking(make.booth(zone, "A13", x=300), state="held")

    client.post(form, WORDS | {"wish_1": "A12", "submit": "yes"})
    assert not Application.objects.exists()

    client.post(form, WORDS | {"wish_1": "A13", "submit": "yes"})
    assert wishes() == ["A13"]


def test_a_zone_for_others_cannot_be_wished_for(client, member, call, edition, zone, form):
    make.zone(zone.hall, name_en="Start-ups", kind="private", by_application=True)

    assert client.post(form, WORDS | {"wish_1": "Start-ups", "submit": "yes"}).status_code == 422


def test_a_booth_of_the_plan_is_put_among_the_wishes(client, member, call, zone, desk, form):
    make.booth(zone, "A12")
    (link,) = [link.get("href") for link in get(client, f"{desk}next/booths/A12/").all("a.button")]

    page = get(client, link)

    assert page.all("[name=wish_1]")[0].get("value") == "A12"


def test_after_the_decision_it_can_be_read_but_not_changed(client, member, call, edition, agency, desk, form):
    make.application(edition, agency, "waitlisted", remark="The halls are full.", least_area=27)

    page = get(client, form)

    assert page.all("[name=least_area]") == []
    assert "at least 27 m²" in page.words("dd")
    assert "The halls are full." in " ".join(get(client, desk).words("main"))
    assert client.post(form, WORDS | {"submit": "yes"}).status_code == 409


def test_it_is_withdrawn_after_a_question(client, member, call, edition, agency, form):
    make.application(edition, agency)
    assert get(client, f"{form}withdraw/").words("form button")[-1] == "Withdraw the application"

    client.post(f"{form}withdraw/", {"reason": "No budget."})

    assert Application.objects.get().state == "withdrawn"
    assert client.get(f"{form}withdraw/").status_code == 302


def test_a_confirmed_booth_is_not_given_back_by_withdrawing(client, member, call, edition, agency, zone, form):
    row = make.application(edition, agency, "accepted")
    make.booking(make.booth(zone, "A12"), agency, application=row)

    assert client.post(f"{form}withdraw/", {}).status_code == 409
    assert Application.objects.get().state == "accepted"


def test_a_forum_without_a_call_has_no_form(client, member, edition, desk, form):
    assert client.get(form).status_code == 404
    assert form not in [link.get("href") for link in get(client, desk).all("a.button")]


def test_who_may_look_only_reads(client, agency, call, edition, form):
    client.force_login(make.member(agency, role="colleague"))
    make.application(edition, agency)

    assert get(client, form).all("[name=least_area]") == []
    assert client.post(form, WORDS | {"submit": "yes"}).status_code == 403
    assert client.post(f"{form}withdraw/").status_code == 403


def test_another_agencys_application_is_not_found(client, call, edition, agency, form):
    client.force_login(make.member(make.agency("Other")))

    assert client.get(form).status_code == 404
    assert client.post(form, WORDS).status_code == 404
    assert client.get(f"{form}withdraw/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_takes_as_many_queries_for_three_places_as_for_one(
    client, member, call, zone, form, count, django_assert_num_queries
):
    make.booths(zone, count)
    client.get(form)

    with django_assert_num_queries(12):
        client.get(form)


def test_the_form_says_what_booths_cost_this_agency_in_the_zones_it_may_apply_for(
    client, member, agency, call, zone, form, edition
):
    assert "What booths cost you" not in " ".join(get(client, form).words("main"))

    make.price(edition, zone=zone, early_amount=8_000)
    make.price(edition, amount=5_000, zone=zone, least_area=36)
    make.price(edition, amount=70_000, zone=make.zone(zone.hall, name_en="Elsewhere"))
    words = " ".join(get(client, form).words("main"))
    assert "Public services every size USD 100.00 for each m² Public services from 36 m² USD 50.00 for each m²" in words
    assert "Elsewhere" not in words
    assert "Early prices hold" not in words

    PriceList.objects.update(early_until=edition.today)
    words = " ".join(get(client, form).words("main"))
    assert "Public services every size USD 80.00 for each m²" in words
    assert "Early prices hold until" in words
