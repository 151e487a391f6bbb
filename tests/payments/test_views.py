"""The page of an order: from the mailed link to what is due; without keys each way is absent."""

import re

import pytest
from django.urls import reverse

from forum.payments import drawing, ordering
from forum.payments.models import Order, Paper
from tests.factories import payments as make
from tests.factories import registration as people

pytestmark = pytest.mark.django_db


def page(order, name="order", *args):
    return reverse(f"payments:{name}", args=[order.token, *args])


def words(answer):
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def test_the_form_leads_by_the_mailed_link_to_the_order(client):
    delegate = make.priced()
    form = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": "dara@example.org", "language": "en"}
    assert "Price: USD" in words(client.get(reverse("register:form", args=["next"])))
    client.post(reverse("register:form", args=["next"]), form)
    registration = delegate.registrations.get()

    own = client.get(reverse("registration:own", args=[registration.token]))
    begin = reverse("payments:begin", args=[registration.token])
    answers = [client.post(begin) for _time in range(2)]

    assert begin in words(own)
    assert "badge.pdf" not in words(own)
    order = Order.objects.get()
    assert [answer["Location"] for answer in answers] == [page(order)] * 2
    shown = client.get(page(order))
    assert shown["Cache-Control"] == "no-store, private"
    assert all(text in words(shown) for text in (order.short_code, "USD\u00a050.00", "Kept for you until"))


def test_ways_without_what_they_need_are_absent(client, settings):
    order = make.order()
    bare = words(client.get(page(order)))
    make.terms(order.edition)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_x", "whsec_x"
    full = words(client.get(page(order)))

    for way in ("By card", "KHQR", "By bank transfer"):
        assert (way in bare, way in full) == (False, True)
    assert "By official letter" in bare


def test_the_amount_in_riel_stands_at_the_rate_of_the_edition(client):
    order = make.order()
    make.terms(order.edition, riel_per_dollar=4_050)

    assert "KHR\u00a0202,500 at 4050 riel for one US dollar" in words(client.get(page(order)))


def test_a_badge_is_not_had_before_the_place_is_paid(client):
    order = make.order()
    registration = order.lines.get().registration
    badge = reverse("registration:badge", args=[registration.token])
    assert client.get(badge).status_code == 302

    make.pay(order)

    assert client.get(badge)["Content-Type"] == "application/pdf"


def test_the_payer_has_the_invoice_written_and_reads_the_same_file_again(client, monkeypatch):
    order = make.order()
    refused = client.post(page(order, "invoice"), {"name": ""})
    assert (refused.status_code, Paper.objects.count()) == (422, 0)

    client.post(page(order, "invoice"), {"name": "A ministry", "agency": "", "tax_number": "K1"})
    (paper,) = Paper.objects.all()
    first = client.get(page(order, "paper", paper.full_number))
    monkeypatch.setattr(drawing, "draw", None)
    again = client.get(page(order, "paper", paper.full_number))

    assert (first["Content-Type"], first.content[:4]) == ("application/pdf", b"%PDF")
    assert again.content == first.content
    assert f'Invoice <span class="code">{paper.full_number}' in words(client.get(page(order)))


def test_a_paper_opens_by_the_link_of_its_own_order_alone(client):
    order = make.order()
    other = make.order(make.priced(order.edition, slug="other"))
    paper = ordering.write_invoice(order=order, name="A", agency="", tax_number="")

    assert client.get(page(other, "paper", paper.full_number)).status_code == 404
    assert client.get(page(order, "paper", "NEXT-INV-99999")).status_code == 404


def test_a_withdrawn_person_is_led_back_to_their_own_page(client):
    registration = people.registration()

    answer = client.post(reverse("payments:begin", args=[registration.token]))

    assert answer["Location"] == reverse("registration:own", args=[registration.token])


def test_the_payer_reads_what_was_paid_too_much(client):
    order = make.order()
    make.pay(order)
    assert "Paid too much" not in words(client.get(page(order)))

    make.pay(order, 2_000)

    assert "<dt>Paid too much</dt><dd>USD\u00a020.00</dd>" in words(client.get(page(order)))


def test_the_payer_reads_riel_that_came_as_riel(client):
    order = make.order()

    make.pay(order, 205_000, currency="KHR")

    assert "<dt>Received</dt><dd>KHR\u00a0205,000</dd>" in words(client.get(page(order)))


def test_states_are_told_in_words(client):
    order = make.order()
    make.let_time_run_out(order)
    assert "The time to pay is over" in words(client.get(page(order)))
    make.pay(order)
    shown = words(client.get(page(order)))
    assert "Thank you. The places are yours." in shown
    assert "How to pay" not in shown
