"""What exhibitors show: logo, themes and products, each by its act; and who hosts a session."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image
from wagtail.models import ModelLogEntry

from cms import images
from exhibitors import profiles, showing
from exhibitors.forms import LogoFields
from exhibitors.models import Agency, ChosenTheme, Product
from tests.exhibitors.refusing import refused
from tests.factories import agenda
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

PLAIN = {"about_en": "", "about_km": "", "website": ""}


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def agency():
    return make.agency("Ministry of Examples")


@pytest.fixture
def user(agency):
    return make.member(agency)


def drawn(size, mode, colour) -> bytes:
    written = BytesIO()
    Image.new(mode, size, colour).save(written, "PNG")
    return written.getvalue()


def logo(size=(600, 200), mode="RGBA", colour=(0, 0, 0, 0)) -> ContentFile:
    return images.logo(ContentFile(drawn(size, mode, colour), name="our secret name.png"))


def history():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("size", [(600, 200), (200, 600), (3_000, 160), (8, 8)])
def test_the_logo_that_everybody_sees_stands_whole_on_a_plate_of_one_size(size):
    shown = Image.open(images.on_a_plate(logo(size, "RGB", "teal").read()))

    assert (shown.size, shown.mode, shown.info) == (images.PLATE, "RGB", {})
    assert {shown.getpixel(corner) for corner in ((0, 0), (319, 0), (0, 159), (319, 159))} == {(255, 255, 255)}
    assert shown.getpixel((160, 80)) == (0, 128, 128)


@pytest.mark.parametrize(("size", "is_taken"), [((400, 20), True), ((20, 400), True), ((401, 20), False), ((1, 21), False)])
def test_a_logo_of_which_nothing_would_be_seen_is_refused(size, is_taken):
    form = LogoFields({}, {"new_logo": SimpleUploadedFile("logo.png", drawn(size, "RGB", "teal"))})

    assert form.is_valid() == is_taken
    if is_taken:
        assert Image.open(form.cleaned_data["new_logo"]).size == size
    else:
        assert [refusal.code for refusal in form.errors.as_data()["new_logo"]] == ["shape"]


def test_a_logo_without_a_ground_gets_a_white_one():
    assert Image.open(images.on_a_plate(logo().read())).getpixel((160, 80)) == (255, 255, 255)


def test_the_original_of_a_logo_is_private_and_what_is_drawn_from_it_public(client, agency, user):
    profiles.describe(agency=agency, user=user, **PLAIN, new_logo=logo())

    agency = Agency.objects.get()
    assert default_storage.exists(agency.logo.name)
    assert client.get(f"/media/{agency.logo.name}").status_code == 404
    shown = client.get(agency.shown_logo.url)
    assert Image.open(BytesIO(shown.getvalue())).size == images.PLATE
    assert "secret" not in agency.logo.name + agency.shown_logo.name
    assert history() == ["exhibitors.describe"]


def test_a_new_logo_takes_the_place_of_the_one_before(agency, user, django_capture_on_commit_callbacks):
    profiles.describe(agency=agency, user=user, **PLAIN, new_logo=logo())
    before = Agency.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        profiles.describe(agency=agency, user=user, **PLAIN, new_logo=logo())

    after = Agency.objects.get()
    assert after.shown_logo.name != before.shown_logo.name
    kept = [default_storage.exists(before.logo.name), storages["public"].exists(before.shown_logo.name)]
    assert (kept, default_storage.exists(after.logo.name)) == ([False, False], True)


def test_a_logo_is_taken_away_with_its_files_and_stays_while_nobody_says_so(
    agency, user, django_capture_on_commit_callbacks
):
    profiles.describe(agency=agency, user=user, **PLAIN, new_logo=logo())
    kept = profiles.describe(agency=agency, user=user, **PLAIN)
    names = kept.logo.name, kept.shown_logo.name

    with django_capture_on_commit_callbacks(execute=True):
        profiles.describe(agency=agency, user=user, **PLAIN, without_logo=True)

    agency = Agency.objects.get()
    assert (agency.logo.name, agency.shown_logo.name) == ("", "")
    assert (default_storage.exists(names[0]), storages["public"].exists(names[1])) == (False, False)


def test_whoever_may_only_look_changes_no_logo_theme_or_product(agency, edition):
    colleague = make.member(agency, role="colleague")
    theme, product = make.theme(edition), make.product(agency, edition)
    whose = {"agency": agency, "user": colleague}

    assert refused(profiles.describe, **whose, **PLAIN, new_logo=logo())[0] == "forbidden"
    assert refused(showing.choose_themes, **whose, edition=edition, themes=[theme])[0] == "forbidden"
    assert refused(showing.keep_product, **whose, edition=edition, name_en="A portal")[0] == "forbidden"
    assert refused(showing.remove_product, product=product, user=colleague)[0] == "forbidden"


def test_themes_are_chosen_in_order_and_chosen_anew(agency, user, edition):
    health, trade, land = (make.theme(edition, name) for name in ("Health", "Trade", "Land"))

    showing.choose_themes(agency=agency, edition=edition, user=user, themes=[land, health])
    showing.choose_themes(agency=agency, edition=edition, user=user, themes=[trade, land])

    assert [row.theme.name_en for row in ChosenTheme.objects.order_by("place")] == ["Trade", "Land"]
    assert history() == ["exhibitors.choose_themes"] * 2


def test_the_same_themes_once_more_change_nothing(agency, user, edition):
    theme = make.theme(edition, by=[agency])

    showing.choose_themes(agency=agency, edition=edition, user=user, themes=[theme, theme])

    assert (ChosenTheme.objects.count(), history()) == (1, [])


def test_five_themes_are_the_most(agency, user, edition):
    themes = [make.theme(edition) for _number in range(6)]

    assert refused(showing.choose_themes, agency=agency, edition=edition, user=user, themes=themes) == (
        "many",
        ["Choose 5 themes at most."],
    )


def test_a_sixth_theme_is_refused_by_the_database_whoever_writes(agency, edition):
    for _number in range(5):
        make.theme(edition, by=[agency])

    with pytest.raises(IntegrityError), transaction.atomic():
        make.theme(edition, by=[agency])


def test_themes_of_another_forum_are_refused(agency, user, edition):
    other = make.theme(editions.edition("other"))

    code, _said = refused(showing.choose_themes, agency=agency, edition=edition, user=user, themes=[other])

    assert code == "other_edition"


def test_what_was_shown_at_a_forum_that_is_over_stays(agency, user):
    over = editions.edition("past", opens_on="2024-03-11", closes_on="2024-03-13")
    over.refresh_from_db()
    product, theme = make.product(agency, over), make.theme(over)

    assert refused(showing.choose_themes, agency=agency, edition=over, user=user, themes=[theme])[0] == "over"
    assert refused(showing.keep_product, agency=agency, edition=over, user=user, name_en="New")[0] == "over"
    assert refused(showing.remove_product, product=product, user=user)[0] == "over"


def test_a_product_is_written_changed_and_removed(agency, user, edition):
    whose = {"agency": agency, "edition": edition, "user": user}
    product = showing.keep_product(**whose, name_en="Portal", name_km="", about_en="Data.", about_km="", link="")
    showing.keep_product(**whose, product=product, name_km="វិបផតថល")
    assert list(Product.objects.values_list("name_en", "name_km", "place")) == [("Portal", "វិបផតថល", 1)]

    showing.remove_product(product=product, user=user)

    assert not Product.objects.exists()
    assert history() == ["exhibitors.keep_product"] * 2 + ["exhibitors.remove_product"]


def test_a_dozen_products_are_the_most_and_a_free_place_is_taken_again(agency, user, edition):
    products = [make.product(agency, edition, f"Product {number}") for number in range(12)]
    whose = {"agency": agency, "edition": edition, "user": user}

    assert refused(showing.keep_product, **whose, name_en="One more") == (
        "many",
        ["You show 12 products already; remove one first."],
    )
    products[3].delete()
    assert showing.keep_product(**whose, name_en="In its place").place == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        make.product(agency, edition, "Past the act")


def test_a_product_that_a_colleague_has_removed_is_gone(agency, user, edition):
    product = make.product(agency, edition)
    Product.objects.all().delete()

    assert refused(showing.remove_product, product=product, user=user)[0] == "gone"
    whose = {"agency": agency, "edition": edition, "user": user}
    assert refused(showing.keep_product, **whose, product=product, name_en="Again")[0] == "gone"


def test_a_product_of_another_agency_is_not_changed(agency, user, edition):
    theirs = make.product(make.agency("Others"), edition)
    whose = {"agency": agency, "edition": edition, "user": user}

    assert refused(showing.keep_product, **whose, product=theirs, name_en="Ours")[0] == "gone"
    assert refused(showing.remove_product, product=theirs, user=user)[0] == "forbidden"


def test_a_sessions_page_names_its_hosts_and_leads_to_those_who_exhibit(client, edition):
    session = agenda.session(edition, title_en="Digital identity")
    there, elsewhere = make.agency("Ministry of Post"), make.agency("Far Away Institute")
    make.booking(make.booth(make.zone(make.hall(edition))), there)
    for agency in (there, elsewhere):
        make.host(session, agency)

    page = get(client, session.get_absolute_url())

    assert page.words("main h2") == ["Hosted by"]
    assert page.words("main h2 + ul li") == ["Far Away Institute", "Ministry of Post"]
    links = [link.get("href") for link in page.all("main h2 + ul a")]
    assert links == [f"/en/next/exhibition/agencies/{there.code}/"]


def test_a_session_without_hosts_says_nothing_of_them(client, edition):
    page = get(client, agenda.session(edition).get_absolute_url())

    assert page.words("main h2") == []
