"""What a booth costs whom: the most specific row of the price list counts, and says why."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from exhibitors.models import Price, PriceList
from exhibitors.prices import quoting
from tests.factories import cms as editions
from tests.factories import exhibitors as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def zone(edition):
    return make.zone(make.hall(edition), name_en="Companies")


@pytest.fixture
def booth(zone):
    return make.booth(zone, "A12")


def costs(booth, kind="private"):
    return quoting.quote(booth, make.agency(kind=kind)).amount


def test_without_a_price_list_or_a_row_that_fits_a_booth_is_free_of_charge(edition, booth):
    assert costs(booth) == 0

    make.price(edition, kind="private")
    make.price(edition, least_area=10)

    assert [costs(booth), costs(booth, "academia")] == [90_000, 0]


def test_a_price_for_each_square_metre_is_reckoned_to_the_cent_halves_up(edition, zone):
    make.price(edition, amount=333)
    booth = make.booth(zone, "B01", width=250, depth=310)

    assert costs(booth) == 2_581  # 7.75 m² at 3.33 are 25.8075


def test_a_price_for_the_booth_is_the_same_for_every_size(edition, zone):
    make.price(edition, amount=50_000, basis="booth")

    assert [costs(make.booth(zone, f"B{width}", width=width)) for width in (200, 900)] == [50_000, 50_000]


def test_a_row_for_the_kind_goes_before_one_for_the_zone_and_both_before_none(edition, zone, booth):
    elsewhere = make.booth(make.zone(zone.hall), "B01")
    make.price(edition, amount=100)
    make.price(edition, amount=200, zone=zone)
    assert [costs(booth), costs(elsewhere)] == [1_800, 900]

    make.price(edition, amount=300, kind="private")
    assert [costs(booth), costs(elsewhere), costs(booth, "academia")] == [2_700, 2_700, 1_800]

    make.price(edition, amount=400, kind="private", zone=zone)
    assert [costs(booth), costs(elsewhere)] == [3_600, 2_700]


def test_of_rows_for_sizes_the_largest_that_the_booth_still_has_counts(edition, zone):
    make.price(edition, amount=300)
    make.price(edition, amount=200, least_area=36)
    sizes = [(300, 300), (599, 600), (600, 600), (900, 900)]
    booths = [make.booth(zone, f"B{number}", width=width, depth=depth) for number, (width, depth) in enumerate(sizes)]

    assert [costs(booth) for booth in booths] == [2_700, 10_782, 7_200, 16_200]


def test_public_bodies_are_waived_wherever_they_stand(edition, zone, booth):
    make.price(edition, amount=100, zone=zone)
    make.price(edition, amount=0, basis="waived", kind="government")
    quote = quoting.quote(booth, make.agency(kind="government"))

    assert (quote.amount, quote.is_free, quote.is_waived, quote.reckoning) == (0, True, True, "")
    assert quote.holds_for == "Government of Cambodia"


def test_early_prices_hold_through_their_last_day(edition, booth):
    row = make.price(edition, amount=10_000, early_amount=8_000)
    PriceList.objects.update(early_until=edition.today)
    early = quoting.quote(booth, make.agency(kind="private"))
    PriceList.objects.update(early_until=edition.today - datetime.timedelta(days=1))

    assert (early.amount, early.is_early, early.price) == (72_000, True, row)
    assert early.early.endswith("afterwards the booth costs USD\u00a0900.00.")
    assert (costs(booth), quoting.quote(booth, make.agency()).early) == (90_000, "")


def test_the_price_is_explained_in_both_languages(edition, zone, booth):
    make.price(edition, kind="private", zone=zone, least_area=9)
    quote = quoting.quote(booth, make.agency(kind="private"))

    assert quote.amount_written == "USD\u00a0900.00"
    assert quote.reckoning == "9 m² at USD\u00a0100.00 for each m²."
    assert quote.holds_for == "Private sector · Companies · from 9 m²"
    with override("km"):
        assert "៩ ម²" in quote.reckoning
        assert "១០០.០០" in quote.reckoning


def test_kinds_that_pay_the_same_stand_together(edition, zone, booth):
    prices = quoting.Prices(edition)
    assert [(each.kinds, each.quote.amount) for each in prices.for_kinds(booth)] == [("", 0)]

    make.price(edition)
    make.price(edition, amount=0, basis="waived", kind="government")
    prices = quoting.Prices(edition)
    assert [(each.kinds, each.quote.amount) for each in prices.for_kinds(booth)] == [
        ("Foreign government, Development partner, Academia, Private sector", 90_000),
        ("Government of Cambodia", 0),
    ]

    only = make.booth(make.zone(zone.hall, kind="private"), "B01")
    assert [(each.kinds, each.quote.amount) for each in prices.for_kinds(only)] == [("", 90_000)]


def test_rates_of_zones_go_from_the_smallest_size_on(edition, zone):
    other = make.zone(zone.hall, name_en="Square")
    make.price(edition, amount=20_000, early_amount=15_000)
    make.price(edition, amount=10_000, zone=zone, least_area=36)
    make.price(edition, amount=0, basis="waived", zone=other)

    found = quoting.Prices(edition).rates([zone, other], "private")

    assert [(rate.zone.name_en, rate.least_area, rate.written) for rate in found] == [
        ("Companies", 0, "USD\u00a0200.00 for each m²"),
        ("Companies", 36, "USD\u00a0100.00 for each m²"),
        ("Square", 0, "waived"),
    ]


@pytest.mark.parametrize("where", ["everywhere", "in a zone"])
def test_the_database_holds_one_row_for_one_case(edition, zone, where):
    fields = {} if where == "everywhere" else {"zone": zone}
    make.price(edition, kind="private", **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.price(edition, amount=5, kind="private", **fields)
    make.price(edition, amount=5, kind="private", least_area=36, **fields)

    assert Price.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": 0},
        {"amount": 5, "basis": "waived"},
        {"amount": 0, "basis": "waived", "early_amount": 1},
        {"amount": 5, "early_amount": 5},
        {"amount": 5, "early_amount": 0},
    ],
)
def test_the_database_holds_no_price_that_says_nothing(edition, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.price(edition, **fields)


def test_a_row_stands_in_a_zone_of_its_own_forum(edition):
    elsewhere = make.zone(make.hall(editions.edition("later")))
    row = make.price(edition)
    row.zone = elsewhere

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()

    assert refusal.value.message_dict == {"zone": ["This zone belongs to another forum."]}


def test_a_list_of_prices_is_read_by_two_questions_however_many_booths(edition, zone, django_assert_num_queries):
    booths = make.booths(zone, 5)
    make.price(edition, zone=zone)
    make.price(edition)

    with django_assert_num_queries(2):
        prices = quoting.Prices(edition)
        assert {prices.quote(booth, "private").amount for booth in booths} == {90_000}
        assert {prices.quote(booth, "private").holds_for for booth in booths} == {"Companies"}


@pytest.mark.parametrize("add", [make.price, make.extra, make.package])
def test_the_currency_of_a_list_stays_while_amounts_are_written_in_it(edition, add):
    price_list = PriceList.objects.create(edition=edition)
    price_list.currency = "KHR"
    price_list.full_clean()
    row = add(edition)

    with pytest.raises(ValidationError) as refusal:
        price_list.full_clean()
    sentence = "Amounts are written in this currency: take them off the list first."
    assert refusal.value.message_dict == {"currency": [sentence]}
    price_list.currency, price_list.note_en = "USD", "Per edition."
    price_list.full_clean()

    row.delete()
    price_list.currency = "KHR"
    price_list.full_clean()
