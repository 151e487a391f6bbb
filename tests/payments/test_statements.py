"""Bank statements: what names an order settles it, what does not waits, and the same file again changes nothing."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from forum.payments import ordering, statements
from forum.payments.models import Order, Payment, StatementFormat, StatementLine
from tests.factories import payments as make

pytestmark = pytest.mark.django_db
HEADINGS = "Date;Details;Credit;Ref\r\n"


def bank(**fields) -> StatementFormat:
    facts = {
        "name": "Example Bank, USD", "separator": ";", "currency": "USD", "date_column": "Date", "date_format": "%d/%m/%Y",
        "amount_column": "Credit", "text_column": "Details", "number_column": "Ref",
    }  # fmt: skip
    return StatementFormat.objects.create(**(facts | fields))


def file(*lines) -> bytes:
    return ("\ufeff" + HEADINGS + "\r\n".join(lines) + "\r\n").encode()


def counts(report):
    return [len(part) for part in (report.matched, report.unmatched, report.known, report.trouble)]


def test_a_file_settles_what_it_names_and_keeps_the_rest(client):
    order = make.order()
    content = file(
        f"01/03/2025;Forum {order.short_code.lower().replace('-', ' ')} thanks;50.00;FT1",
        "01/03/2025;Rent;12.00;FT2",
        "02/03/2025;Fee;;FT3",
        "02/03/2025;Charge;-5.00;FT4",
        "31/02/2025;Bad day;5.00;FT5",
        "02/03/2025;Bad amount;5,0,0;FT6",
        "02/03/2025;No number;5.00;",
    )

    assert counts(statements.bring_in(format=bank(), content=content, dry_run=True)) == [1, 1, 0, 3]
    assert StatementLine.objects.count() == 0
    report = statements.bring_in(format=StatementFormat.objects.get(), content=content)

    assert counts(report) == [1, 1, 0, 3]
    assert [place for place, _words in report.trouble] == [6, 7, 8]
    assert (Order.objects.get().state, Payment.objects.get().external_id) == ("paid", "FT1")
    assert [line.number for line in StatementLine.objects.unmatched()] == ["FT2"]


def test_the_same_file_again_changes_nothing():
    order, format = make.order(), bank()
    content = file(f"01/03/2025;{order.code};50.00;FT1", "01/03/2025;Rent;12.00;FT2")
    statements.bring_in(format=format, content=content)

    report = statements.bring_in(format=format, content=content)

    assert counts(report) == [0, 0, 2, 0]
    assert (Payment.objects.count(), StatementLine.objects.count()) == (1, 2)


def test_a_line_twice_in_one_file_counts_once():
    order = make.order()
    line = f"01/03/2025;{order.code};50.00;FT1"

    statements.bring_in(format=bank(), content=file(line, line))

    assert Payment.objects.count() == 1


def test_somebody_matches_by_hand_once():
    order, format = make.order(), bank()
    statements.bring_in(format=format, content=file("01/03/2025;a typing error;50.00;FT1"))
    line = StatementLine.objects.get()

    statements.match(line=line, order=order)

    assert (Order.objects.get().state, StatementLine.objects.unmatched().count()) == ("paid", 0)
    with pytest.raises(ValidationError) as refusal:
        statements.match(line=line, order=order)
    assert refusal.value.code == "matched"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"Date;Credit\n", "columns"), (b"", "columns"), (b"\xff\xfe\x00", "encoding"), (b'Date;Details;Credit;Ref\n"a', "")],
)
def test_files_that_are_none_are_refused_beside_the_field(content, code):
    format = bank()
    if not code:
        assert counts(statements.bring_in(format=format, content=content)) == [0, 0, 0, 0]
        return
    with pytest.raises(ValidationError) as refusal:
        statements.bring_in(format=format, content=content)
    assert refusal.value.error_dict["file"][0].code == code


def test_a_file_of_too_many_lines_is_refused(monkeypatch):
    monkeypatch.setattr(statements, "MOST_ROWS", 1)

    with pytest.raises(ValidationError):
        statements.bring_in(format=bank(), content=file("01/03/2025;x;1.00;A", "01/03/2025;x;1.00;B"))


def test_riel_come_in_by_an_account_in_riel():
    order = make.order(make.priced(price=200_000, currency="KHR"))

    statements.bring_in(format=bank(currency="KHR"), content=file(f"01/03/2025;{order.short_code};200.000,00;FT1"))

    assert Order.objects.get().state == "paid"


def words(report):
    return [words for _row, words in (*report.matched, *report.unmatched, *report.refused)]


def test_a_file_says_of_each_line_what_it_does_to_its_order():
    delegate = make.priced()
    orders = [make.order(delegate) for _number in range(8)]
    part, over, whole, twice, paid, ended, lapsed, told = orders
    make.pay(paid)
    ordering.cancel(order=ended)
    make.let_time_run_out(lapsed)
    make.pay(told, 1_000, received_at=datetime.datetime(2025, 3, 1, tzinfo=datetime.UTC))
    lines = [
        (part, "20.00"), (over, "200.00"), (whole, "50.00"), (twice, "30.00"), (twice, "20.00"), (twice, "5.00"),
        (paid, "50.00"), (ended, "50.00"), (lapsed, "50.00"), (lapsed, "10.00"), (told, "10.00"), (told, "10.00"),
    ]  # fmt: skip
    content = file(*(f"01/03/2025;{order.code};{amount};{at}" for at, (order, amount) in enumerate(lines)))

    looked = words(statements.bring_in(format=bank(), content=content, dry_run=True))

    assert looked[:4] == [
        f"Part of what is due for {part.short_code}: USD\u00a030.00 remains",
        f"Settles {over.short_code}: USD\u00a0150.00 is more than is due",
        f"Settles {whole.short_code}",
        f"Part of what is due for {twice.short_code}: USD\u00a020.00 remains",
    ]
    assert looked[4:8] == [
        f"Settles {twice.short_code}",
        f"{twice.short_code} is paid already: this comes on top",
        f"{paid.short_code} is paid already: this comes on top",
        f"{ended.short_code} is cancelled: goes to a decision",
    ]
    assert looked[8].startswith(f"{lapsed.short_code} has lapsed")
    assert looked[10:] == [
        f"Is written down for {told.short_code} already, as payment {told.payments.get().code}",
        f"Part of what is due for {told.short_code}: USD\u00a030.00 remains",
    ]
    assert words(statements.bring_in(format=StatementFormat.objects.get(), content=content)) == looked


def test_another_currency_goes_to_a_decision():
    order = make.order()

    report = statements.bring_in(format=bank(currency="KHR"), content=file(f"01/03/2025;{order.code};200000;FT1"))

    assert words(report) == [f"Is in another currency than {order.short_code}: goes to a decision"]
    assert Order.objects.get().state == "decision"


def test_another_line_with_a_known_number_is_told_and_not_lost():
    order, format = make.order(), bank()
    statements.bring_in(format=format, content=file(f"01/03/2025;{order.code};20.00;1"))
    content = file(f"01/04/2025;{order.code};20.00;1", "01/03/2025;Rent;30.00;1", f"01/03/2025;{order.code};20.00;1")

    for dry_run in (True, False):
        report = statements.bring_in(format=format, content=content, dry_run=dry_run)

        assert counts(report) == [0, 0, 1, 0]
        told = "Another line has this number (2025-03-01, USD\u00a020.00): write this payment down by hand"
        assert words(report) == [told, told]
        assert [row.place for row, _words in report.refused] == [2, 3]


def test_two_different_lines_of_one_file_with_one_number_are_told_apart_when_looked_at():
    order = make.order()
    content = file(f"01/03/2025;{order.code};20.00;1", f"02/03/2025;{order.code};30.00;1")

    report = statements.bring_in(format=bank(), content=content, dry_run=True)

    assert (len(report.matched), len(report.refused)) == (1, 1)


def test_a_line_that_names_two_orders_waits_for_somebody():
    delegate = make.priced()
    one, other = make.order(delegate), make.order(delegate)

    report = statements.bring_in(
        format=bank(),
        content=file(f"01/03/2025;{one.code} {other.short_code};100.00;FT1", f"01/03/2025;{one.code} {one.code};50;FT2"),
    )

    assert words(report) == [f"Settles {one.short_code}", "Names several orders: match it by hand"]
    assert (Payment.objects.get().order, StatementLine.objects.unmatched().get().number) == (one, "FT1")


def test_days_that_are_still_to_come_are_refused():
    order = make.order()
    today, tomorrow = localdate(), localdate() + datetime.timedelta(days=1)

    report = statements.bring_in(
        format=bank(), content=file(*(f"{day:%d/%m/%Y};{order.code};25.00;{day}" for day in (today, tomorrow)))
    )

    assert counts(report) == [1, 0, 0, 1]
    assert report.trouble == [(3, f"This day is still to come: {tomorrow:%d/%m/%Y}")]


@pytest.mark.parametrize(
    "between",
    ["-", "–", "—", "‒", "\u2011", "−", "\u00ad", " – ", "\u00a0", " ", "", "_", "."],
    ids=lambda text: ascii(text),
)
def test_a_reference_is_known_by_whatever_dash_stands_in_it(between):
    order = make.order()
    Order.objects.update(code="ZHSKK5SK5G")

    statements.bring_in(format=bank(), content=file(f"01/03/2025;No. 23456 ZHSKK{between}5SK5G, thanks;50.00;FT1"))

    assert Order.objects.get(pk=order.pk).state == "paid"


def test_a_reference_that_the_bank_broke_at_the_end_of_its_line_is_known():
    order = make.order()
    Order.objects.update(code="ZHSKK5SK5G")

    statements.bring_in(
        format=bank(), content=file("01/03/2025;Forum ZHSKK-5S K5G;50.00;FT1", "01/03/2025;XZHSKK5SK5G;50.00;FT2")
    )

    assert Order.objects.get(pk=order.pk).state == "paid"
    assert StatementLine.objects.unmatched().get().number == "FT2"
