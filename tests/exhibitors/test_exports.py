"""The exhibitors as data for others: what the page shows and nothing more."""

import csv
import io
import json

import pytest

from exhibitors.models import Agency
from tests.factories import agenda
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

LIST = "/en/next/exhibition/agencies"
HOME = "http://127.0.0.1:8000"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    hall = make.hall(edition, name_en="Hall 1", name_km="សាល ១")
    return make.zone(hall, name_en="Public services", name_km="សេវាសាធារណៈ")


def read_json(client, query=""):
    return json.loads(client.get(f"{LIST}.json{query}").content)


def read_csv(client, query=""):
    content = client.get(f"{LIST}.csv{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def names(found):
    return [row["name_en"] for row in found]


def test_json_holds_what_the_pages_show_in_both_languages(client, edition, zone):
    agency = make.agency(
        "Open Agency", name_km="ទីភ្នាក់ងារ", kind="private", country="SG", website="https://example.org", about_en="Data.",
        shown_logo="logos/abc.png",
    )  # fmt: skip
    theme = make.theme(edition, "Open data", by=[agency], name_km="ទិន្នន័យបើកចំហ")
    words = {"name_km": "វិបផតថល", "about_en": "All of it.", "link": "https://example.org/portal"}
    make.product(agency, edition, "Portal", **words)
    session = agenda.session(edition, title_en="Data for all")
    make.host(session, agency)
    make.host(agenda.session(edition, title_en="Draft", published=False), agency)
    make.booking(make.booth(zone, "A12", x=600, y=300, width=400), agency)

    response = client.get(f"{LIST}.json")

    assert (response["Content-Type"], response["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert json.loads(response.content) == {
        "edition": {
            "slug": "next",
            "name_en": edition.name_en,
            "name_km": edition.name_km,
            "opens_on": edition.opens_on.isoformat(),
            "closes_on": edition.closes_on.isoformat(),
        },
        "exhibitors": [
            {
                "code": agency.code,
                "name_en": "Open Agency",
                "name_km": "ទីភ្នាក់ងារ",
                "kind": "private",
                "country": "SG",
                "website": "https://example.org",
                "about_en": "Data.",
                "about_km": "",
                "logo": f"{HOME}/media/logos/abc.png",
                "co_exhibitors": [],
                "booths": [
                    {
                        "code": "A12",
                        "zone_en": "Public services",
                        "zone_km": "សេវាសាធារណៈ",
                        "pavilion_en": "",
                        "pavilion_km": "",
                        "hall_en": "Hall 1",
                        "hall_km": "សាល ១",
                        "x": 600,
                        "y": 300,
                        "width": 400,
                        "depth": 300,
                        "page_en": f"{HOME}/en/next/exhibition/A12/",
                        "page_km": f"{HOME}/km/next/exhibition/A12/",
                    }
                ],
                "themes": [{"code": theme.code, "name_en": "Open data", "name_km": "ទិន្នន័យបើកចំហ"}],
                "products": [
                    {
                        "name_en": "Portal",
                        "name_km": "វិបផតថល",
                        "about_en": "All of it.",
                        "about_km": "",
                        "link": "https://example.org/portal",
                    }
                ],
                "sessions": [
                    {
                        "code": session.code,
                        "title_en": "Data for all",
                        "title_km": "",
                        "page_en": f"{HOME}/en/next/agenda/{session.code}/",
                        "page_km": f"{HOME}/km/next/agenda/{session.code}/",
                    }
                ],
                "page_en": f"{HOME}/en/next/exhibition/agencies/{agency.code}/",
                "page_km": f"{HOME}/km/next/exhibition/agencies/{agency.code}/",
            }
        ],
    }


def test_csv_has_one_row_for_each_exhibitor(client, edition, zone):
    agency = make.agency("Open Agency", name_km="ទីភ្នាក់ងារ", website="https://example.org", shown_logo="logos/abc.png")
    for name in ("Open data", "Health"):
        make.theme(edition, name, by=[agency])
        make.product(agency, edition, f"{name} portal", name_km="វិបផតថល")
    sessions = [agenda.session(edition), agenda.session(edition)]
    for session in sessions:
        make.host(session, agency)
    for booth in make.booths(zone, 2):
        make.booking(booth, agency)

    assert read_csv(client) == [
        {
            "code": agency.code,
            "name_en": "Open Agency",
            "name_km": "ទីភ្នាក់ងារ",
            "kind": "government",
            "country": "KH",
            "website": "https://example.org",
            "booths": "A01 A02",
            "zones_en": "Public services",
            "zones_km": "សេវាសាធារណៈ",
            "page_en": f"{HOME}/en/next/exhibition/agencies/{agency.code}/",
            "page_km": f"{HOME}/km/next/exhibition/agencies/{agency.code}/",
            "themes_en": "Open data; Health",
            "themes_km": "; ",
            "products_en": "Open data portal; Health portal",
            "products_km": "វិបផតថល; វិបផតថល",
            "sessions": " ".join(sorted(session.code for session in sessions)),
            "logo": f"{HOME}/media/logos/abc.png",
            "pavilions_en": "",
            "pavilions_km": "",
            "co_exhibitors": "",
        }
    ]


def test_who_holds_released_or_stands_elsewhere_is_not_in_the_data(client, zone):
    held, released, elsewhere, hidden = (make.agency(f"{name} Agency") for name in ("Quiet", "Former", "Other", "Hidden"))
    make.booking(make.booth(zone, "A01"), held, "held")
    make.booking(make.booth(zone, "A02"), released, "released")
    make.booking(make.booth(make.zone(make.hall(editions.edition("other"))), "A03"), elsewhere)
    make.booking(make.booth(zone, "A04", is_published=False), hidden)

    assert [(row["name_en"], row["booths"]) for row in read_csv(client)] == []
    assert read_json(client)["exhibitors"] == []
    assert "A04" not in get(client, f"{LIST}/").words("main")[0]


def test_no_cell_is_taken_for_a_formula(client, zone):
    make.booking(make.booth(zone), make.agency("=1+1"))

    assert names(read_csv(client)) == ["'=1+1"]
    assert names(read_json(client)["exhibitors"]) == ["=1+1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ministry of Post", "Open Agency"]),
        ("?kind=private", ["Open Agency"]),
        ("?country=SG", ["Open Agency"]),
        ("?q=ប្រៃសណីយ៍", ["Ministry of Post"]),
        ("?country=KH&kind=private", []),
        ("?country=XX&zone=nowhere", ["Ministry of Post", "Open Agency"]),
    ],
)
def test_page_and_data_are_narrowed_alike(client, zone, query, found):
    first, second = make.booths(zone, 2)
    make.booking(first, make.agency("Ministry of Post", name_km="ក្រសួងប្រៃសណីយ៍"))
    make.booking(second, make.agency("Open Agency", kind="private", country="SG"))

    page = get(client, f"{LIST}/{query}")

    assert names(read_csv(client, query)) == names(read_json(client, query)["exhibitors"]) == found
    assert [title.split(" ក")[0] for title in page.words("h2")] == found


def test_a_zone_narrows_to_those_who_stand_in_it(client, zone):
    other = make.zone(zone.hall, name_en="Companies")
    make.booking(make.booth(zone, "A01"), make.agency("Open Agency"))
    make.booking(make.booth(other, "B01", x=900), make.agency("Firm"))
    make.booking(make.booth(make.zone(zone.hall, name_en="Empty"), "C01", x=1_800), make.agency("Quiet"), "held")

    page = get(client, f"{LIST}/?zone={other.code}")

    assert page.words("h2") == ["Firm"]
    assert page.words("select[name=zone] option") == ["All zones", "Companies (1)", "Public services (1)"]
    assert names(read_json(client, f"?zone={other.code}")["exhibitors"]) == ["Firm"]


def test_a_theme_narrows_to_those_who_chose_it_and_is_offered_where_somebody_did(client, edition, zone):
    open_agency, firm = make.agency("Open Agency"), make.agency("Firm")
    for booth, agency in zip(make.booths(zone, 2), (open_agency, firm), strict=True):
        make.booking(booth, agency)
    health = make.theme(edition, "Health", by=[firm])
    make.theme(edition, "Trade", by=[firm, open_agency])
    make.theme(edition, "Land", by=[make.agency("Not exhibiting")])
    make.theme(edition, "Sea")

    page = get(client, f"{LIST}/?theme={health.code}")

    assert page.words("h2") == ["Firm"]
    assert page.words("select[name=theme] option") == ["All themes", "Health (1)", "Trade (2)"]
    assert page.words(".card p.meta")[-1] == "Health · Trade"
    assert names(read_json(client, f"?theme={health.code}")["exhibitors"]) == ["Firm"]
    assert names(read_csv(client, f"?theme={health.code}")) == ["Firm"]


def test_without_themes_none_are_asked_for(client, zone):
    make.booking(make.booth(zone), make.agency("Open Agency"))

    assert get(client, f"{LIST}/?theme=nothing").all("select[name=theme]") == []


def test_each_choice_says_how_many_it_would_leave_the_others_as_they_are(client, edition, zone):
    rows = [("private", "SG"), ("private", "KH"), ("academia", "KH")]
    for booth, (kind, country) in zip(make.booths(zone, 3), rows, strict=True):
        make.booking(booth, make.agency(f"{kind} {country}", kind=kind, country=country))

    page = get(client, f"{LIST}/?kind=private")
    searched = get(client, LIST.replace("/en/", "/km/") + "/?q=kh&kind=private")

    assert page.words("select[name=kind] option") == ["All kinds", "Academia (1)", "Private sector (2)"]
    assert page.words("select[name=country] option") == ["All countries", "Cambodia (1)", "Singapore (1)"]
    assert [words.split()[-1] for words in searched.words("select[name=kind] option")[1:]] == ["(១)", "(១)"]


@pytest.mark.parametrize("query", ["?q=portal", "?q=វិបផតថល", "?q=open+portal", "?q=PORTAL%20agency"])
def test_an_exhibitor_is_found_by_its_products_in_both_scripts(client, edition, zone, query):
    first, second = make.booths(zone, 2)
    agency = make.agency("Open Agency")
    make.booking(first, agency)
    make.booking(second, make.agency("Firm"))
    make.product(agency, edition, "Portal", name_km="វិបផតថល")
    make.product(Agency.objects.get(name_en="Firm"), editions.edition("other"), "Portal", name_km="វិបផតថល")

    assert get(client, f"{LIST}/{query}").words("h2") == ["Open Agency"]
    assert names(read_json(client, query)["exhibitors"]) == ["Open Agency"]


def test_countries_offered_are_those_of_exhibitors(client, zone):
    make.booking(make.booth(zone), make.agency(country="SG"))
    make.agency(country="FR")

    assert get(client, f"{LIST}/").words("select[name=country] option") == ["All countries", "Singapore (1)"]


def test_page_leads_to_the_data_as_it_is_narrowed(client, zone):
    make.booking(make.booth(zone), make.agency("Open Agency"))

    links = [link.get("href") for link in get(client, f"{LIST}/?q=open").all("main a") if "agencies." in link.get("href")]

    assert links == [f"{LIST}.csv?q=open", f"{LIST}.json?q=open"]


@pytest.mark.parametrize("kind", ["json", "csv"])
@pytest.mark.parametrize("count", [1, 3])
def test_data_takes_as_many_queries_for_three_exhibitors_as_for_one(client, zone, kind, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        agency, edition = make.agency(), zone.hall.edition
        make.booking(booth, agency)
        make.product(agency, edition)
        make.theme(edition, by=[agency])
        make.host(agenda.session(edition), agency)

    with django_assert_num_queries(12):
        client.get(f"{LIST}.{kind}")


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_data_of_an_unknown_edition_is_not_found(client, kind):
    assert client.get(f"/en/nowhere/exhibition/agencies.{kind}").status_code == 404
