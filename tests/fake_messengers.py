"""Small stand-ins for providers of short messages, over real HTTP: an SMS gateway and Telegram's Bot API."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeMessengers:
    """``answers`` are statuses to give, one for each request to come, before all is well; 0 hangs up without a word."""

    def __init__(self):
        self.taken, self.answers = [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
        self.server.fake = self
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        fake = self.server.fake
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fake.taken.append((self.path, dict(self.headers), body))
        status = fake.answers.pop(0) if fake.answers else 200
        if not status:
            self.close_connection = True
            return
        number = len(fake.taken)
        if self.path.endswith("/sendMessage"):
            content = {"ok": status == 200, "result": {"message_id": number}, "description": "chat not found"}
        else:
            content = {"id": f"sms-{number}"} if status == 200 else {"error": "no such number"}
        written = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, *words):
        """Tests are quiet."""
