"""A small stand-in for Bakong's Open API over real HTTP: what was paid by which code, and every way of not saying so."""

import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "token-of-nobody"
NOT_FOUND = {"responseCode": 1, "responseMessage": "Transaction could not be found.", "errorCode": 1, "data": None}


class Fake:
    """What Bakong would know; ``say`` answers everybody with the same status and bytes instead."""

    def __init__(self):
        self.paid, self.asked, self.said, self.seconds = {}, [], None, 0
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                question = self.rfile.read(int(self.headers["Content-Length"] or 0))
                fake.answer(self, question)

            do_GET = do_POST

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request, question):
        self.asked.append((request.command, request.path, question.decode()))
        time.sleep(self.seconds)
        status, body = self.said or self.reply(request, question)
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        if status in (301, 302, 307):
            request.send_header("Location", f"{self.base}/elsewhere")
        request.end_headers()
        request.wfile.write(body)

    def reply(self, request, question):
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, json.dumps(
                {"responseCode": 1, "errorCode": 6, "responseMessage": "Unauthorized", "data": None}
            ).encode()
        if (request.command, request.path) != ("POST", "/v1/check_transaction_by_md5"):
            return 404, b"{}"
        data = self.paid.get(json.loads(question)["md5"])
        found = {"responseCode": 0, "responseMessage": "Getting transaction successfully.", "errorCode": None, "data": data}
        return 200, json.dumps(found if data else NOT_FOUND).encode()

    def say(self, status, body: bytes = b"{}"):
        self.said = status, body

    def pay(self, code, **facts):
        """Somebody's bank pays by the code, which names amount and account; ``facts`` are what else Bakong says."""
        minor = code.amount / 100 if code.currency == "USD" else code.amount
        hash = hashlib.sha256(code.md5.encode()).hexdigest()
        self.paid[code.md5] = {
            "hash": hash, "fromAccountId": "sok_dara@exmp", "toAccountId": code.account, "currency": code.currency,
            "amount": minor, "description": "", "createdDateMs": time.time() * 1000,
        } | facts  # fmt: skip
        return hash


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
