"""Bank statements: what names an order settles it, what does not waits, and the same file again changes nothing."""

import pytest
from django.core.exceptions import ValidationError

from forum.payments import statements
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
        f"01/03/2027;Forum {order.short_code.lower().replace('-', ' ')} thanks;50.00;FT1",
        "01/03/2027;Rent;12.00;FT2",
        "02/03/2027;Fee;;FT3",
        "02/03/2027;Charge;-5.00;FT4",
        "31/02/2027;Bad day;5.00;FT5",
        "02/03/2027;Bad amount;5,0,0;FT6",
        "02/03/2027;No number;5.00;",
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
    content = file(f"01/03/2027;{order.code};50.00;FT1", "01/03/2027;Rent;12.00;FT2")
    statements.bring_in(format=format, content=content)

    report = statements.bring_in(format=format, content=content)

    assert counts(report) == [0, 0, 2, 0]
    assert (Payment.objects.count(), StatementLine.objects.count()) == (1, 2)


def test_a_line_twice_in_one_file_counts_once():
    order = make.order()
    line = f"01/03/2027;{order.code};50.00;FT1"

    statements.bring_in(format=bank(), content=file(line, line))

    assert Payment.objects.count() == 1


def test_somebody_matches_by_hand_once():
    order, format = make.order(), bank()
    statements.bring_in(format=format, content=file("01/03/2027;a typing error;50.00;FT1"))
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
        statements.bring_in(format=bank(), content=file("01/03/2027;x;1.00;A", "01/03/2027;x;1.00;B"))


def test_riel_come_in_by_an_account_in_riel():
    order = make.order(make.priced(price=200_000, currency="KHR"))

    statements.bring_in(format=bank(currency="KHR"), content=file(f"01/03/2027;{order.short_code};200.000,00;FT1"))

    assert Order.objects.get().state == "paid"
