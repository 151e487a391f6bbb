"""Money is whole, written as people write it, and read as banks do."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms import money


@pytest.mark.parametrize(
    ("amount", "currency", "english", "khmer"),
    [
        (125_000, "USD", "USD\u00a01,250.00", "១,២៥០.០០\u00a0ដុល្លារអាមេរិក"),
        (5, "USD", "USD\u00a00.05", "០.០៥\u00a0ដុល្លារអាមេរិក"),
        (205_000, "KHR", "KHR\u00a0205,000", "២០៥,០០០\u00a0រៀល"),
    ],
)
def test_an_amount_is_written_in_each_language(amount, currency, english, khmer):
    assert (money.written(amount, currency, "en"), money.written(amount, currency, "km")) == (english, khmer)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("1250", "USD", 125_000),
        ("1,250.00", "USD", 125_000),
        ("1.250,5", "USD", 125_050),
        ("១២,៥០", "USD", 1_250),
        (" 0.05 ", "USD", 5),
        ("-3.00", "USD", -300),
        ("1,250,000", "USD", 125_000_000),
        ("1 250", "USD", 125_000),
        ("1'250.5", "USD", 125_050),
        ("205.000", "KHR", 205_000),
        ("205,000", "KHR", 205_000),
        ("205,000.00", "KHR", 205_000),
        ("205000.00", "KHR", 205_000),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed, currency, amount):
    assert money.read(typed, currency) == amount


@pytest.mark.parametrize(
    "typed",
    ["", "ten", "1.2.3", "1,25,000.00", "1e5", "NaN", "5,55,1", "12345678901234567", "1,000.000", "1,000,00", "0.001"],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError) as refusal:
        money.read(typed, "USD")
    assert refusal.value.code == "amount"


@pytest.mark.parametrize("typed", ["10.001", "10,001", "១០.០០១", "-1.000", " 1,000 "])
def test_dollars_that_may_be_thousands_or_a_slip_are_refused_with_how_to_write_them(typed):
    with pytest.raises(ValidationError) as refusal:
        money.read(typed, "USD")

    said = f"{typed} can be read in two ways. Write the cents too: 1000.00 or 1,000.00."
    assert (refusal.value.code, refusal.value.messages) == ("amount", [said])


def test_the_comma_of_a_bank_parts_thousands_and_its_point_is_not_guessed_at():
    read = [money.read(told, "USD", is_of_bank=True) for told in ("1,000", "-1,000", "1,000.00")]

    assert read == [100_000, -100_000, 100_000]
    with pytest.raises(ValidationError):
        money.read("10.001", "USD", is_of_bank=True)


@given(amount=st.integers(0, money.LARGEST), currency=st.sampled_from(money.Currency.values))
def test_what_the_site_writes_is_read_as_the_same_amount(amount, currency):
    figures = money.written(amount, currency, "en").split(money.SPACE)[1]

    assert [money.read(text, currency) for text in (figures, money.plain(amount, currency))] == [amount, amount]


@given(st.text("0123456789.,", max_size=9))
def test_no_mark_before_three_last_figures_makes_dollars_a_thousand_times_more(typed):
    try:
        amount = money.read(typed, "USD")
    except ValidationError:
        return

    *_others, last = re.split("[.,]", typed)
    if len(re.findall("[.,]", typed)) == 1:
        assert len(last) < 3 and amount == round(100 * float(typed.replace(",", ".")))


def test_riel_have_no_parts():
    with pytest.raises(ValidationError):
        money.read("100.50", "KHR")


def test_riel_and_tax_are_whole_with_halves_up():
    assert [money.in_riel(amount, "USD", 4_101) for amount in (100, 50, 1)] == [4_101, 2_051, 41]
    assert money.in_riel(777, "KHR", 4_100) == 777
    assert [money.exchanged(amount, "KHR", "USD", 4_100) for amount in (615_000, 4_120, 4_121, 0)] == [15_000, 100, 101, 0]
    assert [money.exchanged(100, "USD", into, 4_100) for into in ("USD", "KHR")] == [100, 4_100]
    assert [money.share_of_tax(11_000, 1_000), money.share_of_tax(100, 1_000), money.share_of_tax(5_000, 0)] == [1_000, 9, 0]
