"""Money in the back office: what finance does and reads, and who may."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.accounts import roles
from forum.payments import ordering, refunding, statements
from forum.payments.ledger import Entry, Ledger
from forum.payments.models import KhqrCode, Order, Payment, Refund, StatementLine
from forum.registration import signup
from forum.registration.models import PassType
from tests.factories import accounts, exhibitors
from tests.factories import payments as make
from tests.payments.test_statements import bank, file

pytestmark = pytest.mark.django_db

LISTS = ["order", "payment", "refund", "paper", "khqrcode", "statementline", "statementformat", "terms"]
LEDGER = "/cms/payments/ledger/"


@pytest.fixture
def finance(client):
    roles.make()
    user = accounts.user(email="finance@example.org")
    user.groups.add(Group.objects.get(name="finance"))
    client.force_login(user)
    return user


def a_row_of_each():
    order = make.order(PassType.objects.first() or make.priced())
    ordering.write_invoice(order=order, name="A", agency="", tax_number="")
    payment = make.pay(order)
    from_bank = file(f"01/03/2025;no order;50.00;FT{order.pk}")
    Refund.objects.create(order=order, payment=payment, amount=1, currency="USD", method="transfer", provider="hand")
    until = {"expires_at": order.held_until, "account": "forum@exmp"}
    KhqrCode.objects.create(order=order, payment=payment, md5=f"{order.pk:032}", amount=1, currency="USD", **until)
    statements.bring_in(format=bank(name=f"Bank {order.pk}"), content=from_bank)
    if order.pk == Order.objects.order_by("pk").first().pk:
        make.terms(order.edition)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_searches_and_exports(client, finance, name):
    a_row_of_each()
    address = f"/cms/snippets/payments/{name}/"

    for ask in ("", "?q=a", "?export=csv", "?export=xlsx"):
        assert client.get(address + ask).status_code == 200


def test_finance_finds_whose_people_withdrew_after_paying_until_the_money_went_back(client, finance):
    passes = [make.priced(slug="a")]
    passes += [make.priced(passes[0].edition, slug=slug) for slug in ("b", "c")]
    stays, leaves, unpaid = (make.order(of) for of in passes)
    for order in (stays, leaves):
        make.pay(order)
    for order in (leaves, unpaid):
        signup.withdraw(registration=order.lines.get().registration)

    def found(asked):
        page = client.get("/cms/snippets/payments/order/", {"asks": asked}).content.decode()
        return {order.code for order in (stays, leaves, unpaid) if order.code in page}

    assert found("") == {stays.code, leaves.code, unpaid.code}
    assert found("refund") == {leaves.code}
    assert found("decision") == set()
    assert "?asks=refund" in client.get(LEDGER).content.decode()
    refunding.refund(payment=leaves.payments.get(), amount=leaves.amount, reason="withdrew", reference="R1", user=finance)
    assert found("refund") == set()
    assert "?asks=" not in client.get(LEDGER).content.decode()


def test_finance_finds_what_was_paid_too_much_until_it_went_back(client, finance):
    first = make.priced(slug="a")
    exact, short, over = (make.order(of) for of in (first, *(make.priced(first.edition, slug=slug) for slug in "bc")))
    make.pay(exact)
    make.pay(short, 4_000)
    payment = make.pay(over, 7_000)

    def found():
        page = client.get("/cms/snippets/payments/order/", {"asks": "surplus"}).content.decode()
        return {order.code for order in (exact, short, over) if order.code in page}

    assert found() == {over.code}
    asked = client.get(reverse("payments_refund", args=[payment.pk])).content.decode()
    assert "USD\u00a020.00 was paid too much for this order." in asked
    assert "1 order was paid too much for" in client.get(LEDGER).content.decode()
    refunding.refund(payment=payment, amount=2_000, reason="too much", reference="R1", user=finance)
    assert found() == set()
    assert "?asks=" not in client.get(LEDGER).content.decode()


def found(client, name, words) -> list[int]:
    return [row.pk for row in client.get(f"/cms/snippets/payments/{name}/", {"q": words}).context["page_obj"]]


@pytest.mark.parametrize("dash", ["", "-", "–", "\u2011"], ids=lambda text: ascii(text))
def test_rows_are_found_by_the_reference_as_it_stands_on_mails_and_papers(client, finance, dash):
    delegate = make.priced()
    order, other = make.order(delegate), make.order(delegate)
    paid, _other = make.pay(order), make.pay(other)

    for written in (order.short_code, order.short_code.lower()):
        words = written.replace("-", dash)
        assert (found(client, "order", words), found(client, "payment", words)) == ([order.pk], [paid.pk])


def test_what_a_payer_wrote_is_found_as_it_was_written(client, finance):
    statements.bring_in(format=bank(), content=file("01/03/2025;BCDFG-HJKMN;1.00;A", "01/03/2025;BCDFGHJKMN;1.00;B"))

    assert len(found(client, "statementline", "bcdfg-hjkmn")) == 2


def test_an_order_is_found_by_whom_it_is_for_though_the_invoice_goes_to_somebody_else(client, finance):
    delegate = make.priced()
    order, other = make.order(delegate, name_latin="CHEA Veasna"), make.order(delegate, name_latin="SOK Dara")
    Order.objects.update(bill_to_name="The Ministry")

    assert found(client, "order", "veasna chea") == [order.pk]
    assert found(client, "order", "ministry") == [other.pk, order.pk]


@pytest.mark.parametrize("name", ["order", "payment", "refund", "paper", "khqrcode", "statementline"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(client, finance, name):
    def queries():
        client.get(f"/cms/snippets/payments/{name}/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/cms/snippets/payments/{name}/").status_code == 200
        return len(captured)

    a_row_of_each()
    one = queries()
    for _row in range(2):
        a_row_of_each()

    assert queries() == one


def page_of(client, order) -> str:
    return client.get(reverse("wagtailsnippets_payments_order:inspect", args=[order.pk])).content.decode()


def test_the_page_of_an_order_tells_the_whole_of_it(client, finance):
    order = make.order(make.priced(price=15_000), name_latin="CHEA Veasna")
    invoice = ordering.write_invoice(order=order, name="The Ministry", agency="", tax_number="K001-1")
    first, second = make.pay(order, 4_000, reference="FT77"), make.pay(order, 100_000, currency="KHR")
    refunding.refund(payment=first, amount=4_000, reason="Sent by mistake", reference="R9", user=finance)

    page = page_of(client, order)

    for told in (
        order.short_code, "The Ministry", "K001-1", "CHEA Veasna", "USD\u00a0150.00", "FT77", "USD\u00a040.00",
        "KHR\u00a0100,000", "Sent by mistake", "R9", reverse("payments_paper", args=[invoice.pk]), invoice.full_number,
        "Paid, needs decision", reverse("payments_decide", args=[order.pk]), reverse("payments_settle", args=[order.pk]),
        reverse("payments_refund", args=[second.pk]),
    ):  # fmt: skip
        assert told in page
    assert "minor units" not in page
    for gone in (reverse("payments_refund", args=[first.pk]), reverse("payments_cancel", args=[order.pk])):
        assert gone not in page


def test_the_page_of_an_open_order_leads_to_what_may_be_done(client, finance):
    order = make.order()

    page = page_of(client, order)

    acts = [
        name
        for name in ("settle", "accept_letter", "cancel", "decide")
        if reverse(f"payments_{name}", args=[order.pk]) in page
    ]
    assert acts == ["settle", "accept_letter", "cancel"]


def test_who_only_reads_is_offered_no_act_on_the_page_of_an_order(client):
    order = make.order()
    make.pay(order)
    client.force_login(accounts.user("wagtailadmin.access_admin", "payments.view_order"))

    page = page_of(client, order)

    assert order.payments.get().code in page
    assert "/cms/payments/" not in page


def test_the_page_of_an_order_asks_the_database_as_often_for_three_payments_as_for_one(client, finance):
    order = make.order()

    def queries():
        page_of(client, order)
        with CaptureQueriesContext(connection) as captured:
            page_of(client, order)
        return len(captured)

    ordering.write_invoice(order=order, name="A", agency="", tax_number="")
    refunding.refund(payment=make.pay(order, 2_000), amount=1_000, reason="x", reference="R0", user=finance)
    one = queries()
    for number in (1, 2):
        refunding.refund(payment=make.pay(order, 100), amount=50, reason="x", reference=f"R{number}", user=finance)

    assert queries() == one


def post(client, name, row, **typed):
    return client.post(reverse(f"payments_{name}", args=[row.pk]), typed)


def test_finance_records_a_payment_once_by_its_reference(client, finance):
    order = make.order()
    typed = {"method": "cash", "currency": "USD", "amount": "50.00", "reference": "C1"}
    typed["received_on"] = timezone.localdate().isoformat()
    assert client.get(reverse("payments_settle", args=[order.pk])).status_code == 200

    assert post(client, "settle", order, **typed | {"amount": "much"}).status_code == 200
    assert post(client, "settle", order, **typed).status_code == 302
    again = post(client, "settle", order, **typed)

    assert "written down already" in again.content.decode()
    assert (Order.objects.get().state, Payment.objects.get().recorded_by) == ("paid", finance)
    assert ModelLogEntry.objects.filter(action="payments.settle", user=finance).count() == 1


def test_an_amount_that_can_be_read_in_two_ways_is_not_written_down(client, finance):
    order = make.order()
    typed = {"method": "cash", "currency": "USD", "reference": "C1", "received_on": timezone.localdate().isoformat()}

    said = post(client, "settle", order, **typed | {"amount": "10.001"}).content.decode()

    assert ("can be read in two ways. Write the cents too" in said, 'value="10.001"' in said) == (True, True)
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "That day has not come yet."),
        (-367, "That is more than a year before the order was placed."),
        (-366, None),
        (0, None),
    ],
)
def test_a_payment_came_in_on_a_day_that_can_be(client, finance, days, said):
    order = make.order()
    day = timezone.localdate(timezone=order.edition.zone) + datetime.timedelta(days=days)
    typed = {"method": "cash", "currency": "USD", "amount": "50.00", "reference": "C1", "received_on": day.isoformat()}

    answer = post(client, "settle", order, **typed)

    if said:
        assert (said in answer.content.decode(), day.isoformat() in answer.content.decode()) == (True, True)
        assert Payment.objects.count() == 0
    else:
        received_at = Payment.objects.get().received_at
        assert received_at.astimezone(order.edition.zone).date() == day
        assert received_at <= timezone.now()


def test_the_day_of_a_payment_is_first_the_forums_today(client, finance):
    order = make.order()

    form = client.get(reverse("payments_settle", args=[order.pk])).context["form"]

    assert form["received_on"].value() == timezone.localdate(timezone=order.edition.zone)


def test_more_than_is_due_is_written_down_only_by_who_says_so(client, finance):
    order = make.order()
    make.pay(order, 2_000)
    typed = {"method": "cash", "currency": "USD", "reference": "C1", "received_on": timezone.localdate().isoformat()}

    refused = post(client, "settle", order, **typed | {"amount": "30.01"}).content.decode()
    assert "That is more than the USD\u00a030.00 that is due." in refused
    assert Payment.objects.count() == 1
    assert post(client, "settle", order, **typed | {"amount": "30.01", "is_surplus": "on"}).status_code == 302
    order = Order.objects.get()
    assert (order.state, order.surplus) == ("paid", 1)


def test_finance_accepts_letters_cancels_and_decides(client, finance):
    delegate = make.priced()
    letter, ended, late = (make.order(delegate) for _number in range(3))
    make.let_time_run_out(late)
    make.pay(late, 4_000)

    post(client, "accept_letter", letter, letter="No. 5")
    assert "This field is required" in post(client, "cancel", ended).content.decode()
    post(client, "cancel", ended, reason="Ordered twice")
    post(client, "decide", late, reason="The bank kept ten")

    states = dict(Order.objects.values_list("pk", "state"))
    assert states == {letter.pk: "open", ended.pk: "cancelled", late.pk: "paid"}
    assert Order.objects.get(pk=letter.pk).letter == "No. 5"
    history = client.get(reverse("wagtailsnippets_payments_order:history", args=[ended.pk])).content.decode()
    assert "Order cancelled: Ordered twice" in history


def test_finance_sees_which_letter_was_accepted_before_another_takes_its_place(client, finance):
    order = make.order()
    post(client, "accept_letter", order, letter="No. 5")

    assert "Accepted already: No. 5." in client.get(reverse("payments_accept_letter", args=[order.pk])).content.decode()
    assert "This letter is accepted already." in post(client, "accept_letter", order, letter="No. 5").content.decode()
    post(client, "accept_letter", order, letter="No. 6")

    history = client.get(reverse("wagtailsnippets_payments_order:history", args=[order.pk])).content.decode()
    assert "Letter accepted: No. 6, in place of No. 5" in history
    assert "Letter accepted: No. 5" in history


def test_finance_decides_upon_riel_as_what_they_are(client, finance):
    order = make.order()
    make.terms(order.edition, riel_per_dollar=4_100)
    make.pay(order, 205_000, currency="KHR")

    asked = client.get(reverse("payments_decide", args=[order.pk])).content.decode()
    listed = client.get("/cms/snippets/payments/order/").content.decode()

    assert "KHR\u00a0205,000 of USD\u00a050.00 came in." in asked
    assert "At 4100 riel for one US dollar that is USD\u00a050.00 in all." in asked
    assert ("KHR\u00a0205,000" in listed, "USD\u00a00.00" in listed) == (True, False)


def test_finance_refunds_in_the_currency_of_the_payment(client, finance):
    payment = make.pay(make.order())

    post(client, "refund", payment, amount="10.00", reason="Too much", reference="R1")

    assert [(row.amount, row.currency, row.recorded_by) for row in Refund.objects.all()] == [(1_000, "USD", finance)]
    assert "more than is left" in post(client, "refund", payment, amount="41", reason="x", reference="R2").content.decode()


def test_finance_looks_at_a_statement_then_brings_it_in_and_matches_the_rest(client, finance):
    order, format = make.order(), bank()
    content = file(f"01/03/2025;{order.short_code};20.00;FT1", "01/03/2025;a slip;30.00;FT2")
    assert client.get(reverse("payments_statement")).status_code == 200

    def send(**typed):
        upload = SimpleUploadedFile("march.csv", content)
        return client.post(reverse("payments_statement"), {"format": format.pk, "file": upload} | typed).content.decode()

    looked = send(dry_run="on")
    assert (f"Part of what is due for {order.short_code}" in looked, "Names no order" in looked) == (True, True)
    assert '<td class="number">USD\u00a020.00</td>' in looked
    assert Payment.objects.count() == 0
    send()
    line = StatementLine.objects.unmatched().get()
    assert "no such order" in post(client, "match", line, code="XXXXX-XXXXX").content.decode()
    post(client, "match", line, code=order.short_code)

    assert Order.objects.get().state == "paid"


def test_finance_places_an_order_for_a_booth(client, finance):
    edition = make.priced().edition
    booking = exhibitors.booking(exhibitors.booth(exhibitors.zone(exhibitors.hall(edition))), state="held")
    typed = {"amount": "900", "currency": "USD", "bill_to_name": "An agency", "email": "a@example.org", "language": "km"}

    post(client, "order_booking", booking, **typed)

    order = Order.objects.get()
    assert (order.amount, order.language, order.lines.get().booking) == (90_000, "km", booking)
    letter = Email.objects.get(to="a@example.org")
    assert order.token in letter.message


def test_a_paper_is_downloaded(client, finance):
    paper = ordering.write_invoice(order=make.order(), name="A", agency="", tax_number="")

    answer = client.get(reverse("payments_paper", args=[paper.pk]))

    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")


@pytest.mark.parametrize("role", ["organiser", "accreditation", "exhibition manager", "auditor", "gate"])
def test_only_finance_moves_money(client, role):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    payment = make.pay(make.order())

    for name, row in (("settle", payment.order), ("cancel", payment.order), ("refund", payment)):
        assert post(client, name, row, reason="x", reference="y", amount="1").status_code in (302, 403)
    assert (Payment.objects.count(), Refund.objects.count(), Order.objects.get().state) == (1, 0, "paid")


def money_of_every_kind():
    order = make.order(name_latin="=SUM(A1)")
    payment = make.pay(order, 3_000)
    make.pay(order, 1_999)
    make.pay(order, 41_000, currency="KHR")
    Refund.objects.create(order=order, payment=payment, amount=500, currency="USD", method="transfer", provider="hand")
    failed = {"amount": 7, "currency": "USD", "method": "card", "provider": "stripe", "state": "failed"}
    Refund.objects.create(order=order, payment=payment, **failed)


def test_the_totals_of_the_ledger_are_the_sums_of_its_entries(client, finance):
    money_of_every_kind()

    entries = [Entry(*row) for row in Ledger().entries()]

    assert sorted(entry.amount for entry in entries) == [-500, 1_999, 3_000, 41_000]
    totals = [(total.currency, total.paid, total.refunded, total.kept) for total in Ledger().totals()]
    assert totals == [("KHR", 41_000, 0, 41_000), ("USD", 4_999, 500, 4_499)]
    assert "USD\u00a044.99" in client.get(LEDGER).content.decode()


def test_the_ledger_is_narrowed_by_forum_and_day(client, finance):
    money_of_every_kind()
    order = Order.objects.get()

    assert len(Ledger(edition=order.edition, first=order.placed_at.date(), last=None).entries()) >= 3
    assert client.get(f"{LEDGER}?edition={order.edition_id}&first=2000-01-01&last=2000-01-02").context["totals"] == []
    assert client.get(f"{LEDGER}?first=nonsense&p=7").status_code == 200


def test_the_ledger_as_a_file_holds_exact_amounts_and_no_formula(client, finance):
    money_of_every_kind()

    rows = list(csv.DictReader(io.StringIO(client.get(f"{LEDGER}?export=csv").getvalue().decode("utf-8-sig"))))
    assert sorted((row["amount"], row["currency"]) for row in rows) == [
        ("-5.00", "USD"), ("19.99", "USD"), ("30.00", "USD"), ("41000", "KHR"),
    ]  # fmt: skip
    assert {row["payer"] for row in rows} == {"'=SUM(A1)"}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}?export=xlsx").getvalue())).active
    assert sheet.max_row == 5


def test_who_may_not_see_money_sees_no_ledger(client):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name="programme editor"))
    client.force_login(user)

    assert client.get(LEDGER).status_code in (302, 403)


@pytest.mark.parametrize("name", ["payment", "refund", "paper", "khqrcode", "statementline"])
def test_what_came_and_went_is_shown_with_its_money_as_people_write_it(client, finance, name):
    a_row_of_each()
    model = apps.get_model("payments", name)

    page = client.get(f"/cms/snippets/payments/{name}/inspect/{model.objects.first().pk}/").content.decode()

    assert model.objects.first().amount_written in page
    assert "minor units" not in page and "Told by" not in page and "md5" not in page.lower()
