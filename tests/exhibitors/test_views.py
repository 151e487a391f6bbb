"""The exhibition in public."""

import pytest

from exhibitors.models import Booth
from tests.factories import agenda
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

PLAN = "/en/next/exhibition/"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition, name_en="Hall 1"), name_en="Public services", name_km="សេវាសាធារណៈ")


@pytest.mark.parametrize("query", ["", "?state=free", "?kind=private", "?q=open", "?q=nobody"])
@pytest.mark.parametrize("language", ["en", "km"])
def test_plan_and_table_say_the_same(client, zone, language, query):
    """Whatever is asked for, in either language: the same booths with the same state and exhibitor."""
    _free, held, taken, other = make.booths(zone, 4)
    make.booking(held, make.agency("Quiet Agency"), "held")
    make.booking(taken, make.agency("Open Agency", name_km="ទីភ្នាក់ងារ"))
    make.booking(other, make.agency("Open & Closed <Agency>"))

    page = get(client, PLAN.replace("/en/", f"/{language}/") + query)

    shapes = {f"#{shape.get('id')}": shape for shape in page.all("svg.plan__sheet defs > g")}
    drawn = {}
    for link in page.all("svg a.booth"):
        code, state = link.findtext("text"), shapes[link.find("use").get("href")].findtext("text")
        words = link.findtext("title").split(", ")
        assert (code in words[0], words[2]) == (True, state)
        drawn[link.get("href")] = [code, state, words[3] if len(words) > 3 else "–"]
    listed = {row.find("td/a").get("href"): cells[:3] for row, cells in zip(page.all("tbody tr"), page.rows(), strict=True)}
    assert drawn == listed


def test_booths_are_read_out_with_size_state_and_exhibitor(client, zone):
    _free, held, taken = make.booths(zone, 3)
    make.booking(held, make.agency("Quiet Agency"), "held")
    make.booking(taken, make.agency("Open Agency"))

    page = get(client, PLAN)

    assert [(link.get("href"), link.findtext("title")) for link in page.all("svg a.booth")] == [
        (f"{PLAN}A01/", "Booth A01, 9 m², free"),
        (f"{PLAN}A02/", "Booth A02, 9 m², held"),
        (f"{PLAN}A03/", "Booth A03, 9 m², taken, Open Agency"),
    ]
    assert page.rows() == [
        ["A01", "free", "–", "Public services", "3 × 3 m", "In-line"],
        ["A02", "held", "–", "Public services", "3 × 3 m", "In-line"],
        ["A03", "taken", "Open Agency", "Public services", "3 × 3 m", "In-line"],
    ]


def test_state_is_told_by_word_and_pattern_on_the_plan_too(client, zone):
    _free, held, taken = make.booths(zone, 3)
    make.booking(held, state="held")
    make.booking(taken)

    page = get(client, PLAN)

    shapes = {shape.get("id"): shape for shape in page.all("svg.plan__sheet defs > g")}
    used = [shapes[use.get("href").removeprefix("#")] for use in page.all("a.booth use")]
    assert [shape.findtext("text") for shape in used] == ["free", "held", "taken"]
    assert [[rect.get("fill") for rect in shape.findall("rect")] for shape in used] == [
        [None],
        [None, "url(#booth-held)"],
        [None, "url(#booth-taken)"],
    ]
    assert {pattern.get("id") for pattern in page.all("pattern")} >= {"booth-held", "booth-taken"}


def test_doors_and_stages_are_named_on_the_plan_and_all_structures_in_the_legend(client, zone):
    make.booth(zone)
    make.structure(zone.hall, "exit", x=0, y=2_000, width=20, depth=240)
    make.structure(zone.hall, "stage", name_en="Main <stage>", width=800, depth=400)
    make.structure(zone.hall, "pillar", y=3_500)

    page = get(client, PLAN)

    assert [mark.get("aria-label") for mark in page.all("svg.plan__sheet g.structure")] == [
        "Emergency exit",
        "Main <stage>",
        None,
    ]
    assert page.words("svg.plan__sheet g.structure text") == ["Emergency exit", "Main <stage>"]
    assert page.words(".plan__legend li")[-3:] == ["Pillar", "Emergency exit", "Stage"]


def test_filter_leaves_the_same_booths_on_plan_and_table_and_outlines_of_the_rest(client, zone):
    _free, taken = make.booths(zone, 2)
    make.booking(taken)

    page = get(client, f"{PLAN}?state=free")

    assert page.words("tbody td:first-child") == ["A01"]
    assert page.words("svg a.booth .booth__code") == ["A01"]
    assert page.words("svg g.booth--mute .booth__code") == ["A02"]


@pytest.mark.parametrize(
    "query", ["?q=%00", "?zone=nowhere", "?state=none", "?kind=none&type=none", "?q=" + "a" * 500, "?q=%27%22%25"]
)
def test_filter_survives_whatever_is_typed(client, zone, query):
    make.booth(zone)

    assert client.get(PLAN + query).status_code == 200


def test_zones_are_told_apart_by_colour_and_pattern_on_the_plan_and_in_its_legend(client, zone):
    dotted = make.zone(zone.hall, name_en="Companies", colour="teal", pattern="dots")
    make.booth(zone, "A01")
    make.booth(dotted, "B01", x=900)

    page = get(client, PLAN)

    assert [ground.get("class") for ground in page.all("svg .plan__zone g")] == ["zone zone--", "zone zone--teal"]
    assert [pattern.get("id") for pattern in page.all(".plan__zone pattern")] == [f"zone-{dotted.code}"]
    filled = [rect.get("fill") for rect in page.all(".zone rect[fill]")]
    assert filled == [f"url(#zone-{dotted.code})"] * 2
    assert page.words(".plan__legend li")[-1] == "Companies"


def test_plan_without_booths_says_so(client, edition):
    assert "No floor plan has been published for this forum." in get(client, PLAN).words("main")[0]


def test_pages_have_no_inline_style_or_script(client, zone):
    make.booking(make.booth(zone), make.agency("Open Agency"))

    page = get(client, PLAN)

    assert page.tree.xpath("//@style | //style | //script[not(@src)] | //@onclick") == []


def test_public_pages_set_no_cookie_and_ask_for_no_session(client, zone, django_assert_num_queries):
    agency = make.agency()
    make.booking(make.booth(zone), agency)

    data = (f"{PLAN}agencies.json", f"{PLAN}agencies.csv")
    for address in (PLAN, f"{PLAN}A01/", f"{PLAN}agencies/", f"{PLAN}agencies/{agency.code}/", *data):
        response = client.get(address)
        assert (response.status_code, dict(response.cookies), "Cookie" in response.get("Vary", "")) == (200, {}, False)


@pytest.mark.parametrize("count", [1, 3])
def test_plan_takes_as_many_queries_for_three_booths_as_for_one(client, zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        make.booking(booth)
    client.get(PLAN)

    with django_assert_num_queries(6):
        client.get(PLAN)


def test_booth_page_shows_facts_and_place(client, zone):
    make.booth(zone, "A12", width=400, kind="corner", open_sides="ES")

    page = get(client, f"{PLAN}A12/")

    assert page.words("h1") == ["Booth A12"]
    assert page.words("dl.facts dd") == [
        "free",
        "Hall 1",
        "Public services",
        "4 × 3 m, 12 m²",
        "Corner 2 open sides",
        "Shell scheme",
        "no supply",
    ]
    assert page.words("svg a.booth .booth__code") == ["A12"]


def test_the_price_stands_at_a_booth_until_somebody_has_it(client, zone):
    booth = make.booth(zone, "A12")
    make.price(zone.hall.edition)
    assert "Price" in get(client, f"{PLAN}A12/").words("dl.facts dt")

    make.booking(booth, make.agency())
    assert "Price" not in get(client, f"{PLAN}A12/").words("dl.facts dt")


def test_booth_page_says_what_the_floor_gives(client, zone):
    make.booth(zone, "A12", fitting="raw", power=9_000, is_accessible=True)

    page = get(client, f"{PLAN}A12/")

    assert page.words("dl.facts dd")[-3:] == ["Raw space", "9000 W", "step-free, space for a wheelchair"]


def test_booth_that_is_not_published_is_not_found(client, zone):
    Booth.objects.filter(pk=make.booth(zone).pk).update(is_published=False)

    assert client.get(f"{PLAN}A01/").status_code == 404


@pytest.mark.parametrize("address", ["/en/nowhere/exhibition/", f"{PLAN}Z99/", f"{PLAN}agencies/ZZZZZZ/"])
def test_what_does_not_exist_is_not_found(client, zone, address):
    assert client.get(address).status_code == 404


def test_directory_lists_confirmed_exhibitors_of_this_edition(client, zone):
    open_booth, held_booth = make.booths(zone, 2)
    make.booking(open_booth, make.agency("Open Agency", kind="private"))
    make.booking(held_booth, make.agency("Quiet Agency"), "held")
    make.booking(make.booth(make.zone(make.hall(editions.edition("other")))), make.agency("Elsewhere"))

    page = get(client, f"{PLAN}agencies/")

    assert page.words(".card > *") == ["Open Agency", "Private sector · Cambodia", "Booth A01"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=post", ["Ministry of Post"]),
        ("?q=ប្រៃសណីយ៍", ["Ministry of Post"]),
        ("?kind=private", ["Open Agency"]),
        ("?q=nobody", []),
        ("?q=%00", ["Ministry of Post", "Open Agency"]),
        ("?kind=%27", ["Ministry of Post", "Open Agency"]),
    ],
)
def test_directory_is_searched_in_both_scripts_and_by_kind(client, zone, query, names):
    first, second = make.booths(zone, 2)
    make.booking(first, make.agency("Ministry of Post", name_km="ក្រសួងប្រៃសណីយ៍"))
    make.booking(second, make.agency("Open Agency", kind="private"))

    assert [name.split(" ក")[0] for name in get(client, f"{PLAN}agencies/{query}").words("h2")] == names


@pytest.mark.parametrize("count", [1, 3])
def test_directory_takes_as_many_queries_for_three_exhibitors_as_for_one(client, zone, count, django_assert_num_queries):
    for booth in make.booths(zone, count):
        agency = make.agency()
        make.booking(booth, agency)
        make.theme(zone.hall.edition, by=[agency])

    with django_assert_num_queries(12):
        client.get(f"{PLAN}agencies/")


def test_exhibitor_page_shows_profile_and_booth(client, zone):
    agency = make.agency("Open Agency", name_km="ទីភ្នាក់ងារ", about_en="We open data.", website="https://example.org")
    make.booking(make.booth(zone, "A12"), agency)

    page = get(client, f"{PLAN}agencies/{agency.code}/")

    assert page.words("h1") == ["Open Agency"]
    assert [(name.text, name.get("lang")) for name in page.all("p.lead")] == [("ទីភ្នាក់ងារ", "km")]
    assert page.words("dl.facts dd") == [
        "Government of Cambodia",
        "Cambodia",
        "A12 Public services, Hall 1",
        "https://example.org",
    ]
    assert page.words(".prose") == ["We open data."]
    assert page.words("svg a.booth .booth__code") == ["A12"]


def test_exhibitor_page_shows_logo_products_themes_and_hosted_sessions(client, zone):
    edition = zone.hall.edition
    agency = make.agency("Open Agency", shown_logo="logos/abc.png")
    make.booking(make.booth(zone, "A12"), agency)
    make.product(agency, edition, "Portal", about_en="Open data for all.", link="https://example.org/portal")
    make.product(agency, editions.edition("other"), "Last year’s")
    themes = [make.theme(edition, name, by=[agency]) for name in ("Open data", "Health")]
    for title, is_live in (("Draft", False), ("Data for all", True)):
        make.host(agenda.session(edition, at=agenda.moment(edition), title_en=title, published=is_live), agency)

    page = get(client, f"{PLAN}agencies/{agency.code}/")

    assert [(img.get("src"), img.get("alt")) for img in page.all("main img")] == [("/media/logos/abc.png", "Open Agency")]
    assert page.words("main h2") == ["Products", "Hosted sessions", "On the plan"]
    assert page.words(".card > *") == ["Portal", "Open data for all.", "More about it: Portal"]
    assert page.words("main h2 + ul li a") == ["More about it: Portal", "Data for all"]
    links = [link.get("href") for link in page.all("dl.facts a")]
    assert links[1:] == [f"{PLAN}agencies/?theme={theme.code}" for theme in themes]


@pytest.mark.parametrize("count", [1, 3])
def test_exhibitor_page_takes_as_many_queries_for_three_of_everything_as_for_one(
    client, zone, count, django_assert_num_queries
):
    agency, edition = make.agency(shown_logo="logos/abc.png"), zone.hall.edition
    make.booking(make.booth(zone), agency)
    for number in range(count):
        make.product(agency, edition, f"Product {number}")
        make.theme(edition, by=[agency])
        make.host(agenda.session(edition, at=agenda.moment(edition, hour=9 + number)), agency)

    with django_assert_num_queries(12):
        client.get(f"{PLAN}agencies/{agency.code}/")


@pytest.mark.parametrize("address", ["agencies/", "agencies.json", "agencies.csv"])
def test_agency_with_nothing_but_an_unpublished_booth_is_not_in_the_directory(client, zone, address):
    hidden, seen = make.booths(zone, 2)
    Booth.objects.filter(pk=hidden.pk).update(is_published=False)
    quiet = make.agency("Quiet Agency")
    make.booking(hidden, quiet)
    make.booking(seen, make.agency("Open Agency"))

    page = client.get(PLAN + address).content.decode()

    assert ("Open Agency" in page, "Quiet Agency" in page) == (True, False)
    assert client.get(f"{PLAN}agencies/{quiet.code}/").status_code == 404


@pytest.mark.parametrize("state", ["held", "released", "lapsed"])
def test_agency_without_a_confirmed_booth_has_no_exhibitor_page(client, zone, state):
    agency = make.agency()
    make.booking(make.booth(zone), agency, state)

    assert client.get(f"{PLAN}agencies/{agency.code}/").status_code == 404


def test_khmer_page_shows_khmer_names_and_marks_the_others(client, zone):
    make.booking(make.booth(zone), make.agency("Open Agency"))

    page = get(client, PLAN.replace("/en/", "/km/"))

    assert page.rows()[0][2:4] == ["Open Agency", "សេវាសាធារណៈ"]
    assert [span.get("lang") for span in page.all("tbody td:nth-child(3) span")] == ["en"]
