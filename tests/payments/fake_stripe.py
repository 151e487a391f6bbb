"""A small stand-in for Stripe, spoken to by its own package over real HTTP: pages, payments, refunds, signed messages.

Its page for payers is a real one too: a browser pays there with a card or is declined, and comes back."""

import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

SECRET_KEY = "sk_test_nobody"
WEBHOOK_SECRET = "whsec_nobody"
DECLINED = "4000000000000002"  # Stripe's own number for trying that
PAGE = """<!doctype html><html lang="en"><title>Card payment</title><link rel="icon" href="data:,">
<main><h1>{amount} {currency}</h1><p role="alert">{trouble}</p>
<form method="post"><label>Card number <input name="card"></label><button>Pay</button></form>
<a href="{cancel_url}">Back</a></main>"""


class Fake:
    """What Stripe would know; tests act here as payer and as clerk at the dashboard."""

    def __init__(self):
        self.numbers, self.lock = count(1), threading.RLock()
        self.sessions, self.refunds, self.answers, self.asked = {}, {}, {}, []
        self.is_down = False
        self.webhook = ""  # the address to tell of what happens on the page
        self.refund_status = "succeeded"
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                fake.show(self, {}) if self.path.startswith("/pay/") else fake.answer(self, {})

            def do_POST(self):
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
                fake.show(self, form) if self.path.startswith("/pay/") else fake.answer(self, form)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request, form):
        with self.lock:
            self.asked.append(f"{request.command} {urlsplit(request.path).path}")
            status, body = self.reply(request, {name: values[0] for name, values in form.items()})
        content = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def show(self, request, form):
        """The page on which the payer types a card; a paid one leads back at once, while the message is under way."""
        number = request.path.rpartition("/")[2]
        session, card = self.sessions[number], form.get("card", [""])[0]
        if card and card != DECLINED:
            self.pay(number)
            request.send_response(303)
            request.send_header("Location", session["success_url"])
            request.send_header("Content-Length", "0")
            request.end_headers()
            self.tell(number)
            return
        facts = {"amount": session["amount_total"], "currency": session["currency"], "cancel_url": session["success_url"]}
        content = PAGE.format(trouble="Your card was declined." if card else "", **facts).encode()
        request.send_response(200)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def tell(self, number):
        body = message("checkout.session.completed", {"id": number})
        headers = {"Stripe-Signature": signature(body), "Content-Type": "application/json"}
        with urlopen(Request(self.webhook, body, headers)):
            pass

    def reply(self, request, form):
        if self.is_down:
            return 500, {"error": {"type": "api_error", "message": "down"}}
        if request.headers.get("Authorization") != f"Bearer {SECRET_KEY}":
            return 401, {"error": {"type": "invalid_request_error", "message": "no such key"}}
        key = request.headers.get("Idempotency-Key")
        if request.command == "POST" and key in self.answers:
            sent, answer = self.answers[key]
            if sent != form:
                return 400, {"error": {"type": "idempotency_error", "message": "same key, other words"}}
            return 200, answer
        path = urlsplit(request.path).path.removeprefix("/v1/")
        if path == "checkout/sessions" and request.command == "POST":
            answer = self.open(form)
        elif path.startswith("checkout/sessions/"):
            if path.rpartition("/")[2] not in self.sessions:
                return 404, {"error": {"type": "invalid_request_error", "message": "no such session"}}
            answer = self.shown(path.rpartition("/")[2])
        elif path == "refunds" and request.command == "POST":
            session = self.session_of(form["payment_intent"])
            left = session["amount_total"] - sum(row["amount"] for row in session["refunds"])
            if int(form["amount"]) > left:
                return 400, {"error": {"type": "invalid_request_error", "message": "more than is left"}}
            answer = self.refund(session["id"], int(form["amount"]), form.get("metadata[refund]", ""), self.refund_status)
        else:
            return 404, {"error": {"type": "invalid_request_error", "message": "no such address"}}
        if request.command == "POST":
            self.answers[key] = (form, answer)
        return 200, answer

    def open(self, form):
        number = f"cs_test_{next(self.numbers)}"
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "url": f"{self.base}/pay/{number}",
            "status": "open",
            "payment_status": "unpaid",
            "client_reference_id": form["client_reference_id"],
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "expires_at": int(form["expires_at"]),
            "payment_intent": None,
            "refunds": [],
            "success_url": form["success_url"],
        }
        return self.shown(number)

    def shown(self, number):
        session = dict(self.sessions[number])
        refunds = session.pop("refunds")
        if session["payment_intent"]:
            charge = {"id": "ch_1", "object": "charge", "refunds": {"object": "list", "data": refunds}}
            session["payment_intent"] = {
                "id": session["payment_intent"],
                "object": "payment_intent",
                "latest_charge": charge,
            }
        return session

    def session_of(self, payment):
        return next(session for session in self.sessions.values() if session["payment_intent"] == payment)

    # What the payer and the clerk do.

    def pay(self, number, amount=None):
        session = self.sessions[number]
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": f"pi_{number}", "url": None}
        session["amount_total"] = amount or session["amount_total"]

    def expire(self, number):
        self.sessions[number] |= {"status": "expired", "url": None}

    def refund(self, number, amount, ours="", status="succeeded"):
        row = {
            "id": f"re_{next(self.numbers)}",
            "object": "refund",
            "amount": amount,
            "status": status,
            "metadata": {"refund": ours} if ours else {},
            "payment_intent": self.sessions[number]["payment_intent"],
        }
        self.sessions[number]["refunds"].append(row)
        return row


@contextmanager
def running():
    fake = Fake()
    thread = threading.Thread(target=fake.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.server.shutdown()
        fake.server.server_close()
        thread.join()


def message(kind, about) -> bytes:
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": about}}).encode()


def signature(body: bytes, secret=WEBHOOK_SECRET, at=None) -> str:
    at = int(time.time()) if at is None else at
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"
