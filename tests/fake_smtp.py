"""A small mail server of our own, on a real port: it takes mail, or refuses it, or dies when it would have to answer."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message

GOOD, REFUSING, PUTTING_OFF, DYING = "good", "refusing", "putting off", "dying"


class FakeSMTP:
    """``mode`` may be changed at any time; ``taken`` are the mails whose every byte arrived, answered or not."""

    def __init__(self, port: int = 0):
        self.mode, self.taken = GOOD, []
        self.server = _Server(("127.0.0.1", port), _Talk)
        self.server.fake = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.taken]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class _Talk(socketserver.StreamRequestHandler):
    """RFC 5321, as much of it as smtplib says."""

    def handle(self):
        fake = self.server.fake
        self._say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say("354 go on")
                mail = self._mail()
                fake.taken.append(mail)
                if fake.mode == DYING:
                    return  # before a word is said
                self._say("250 taken")
            elif word == b"RCPT" and fake.mode == REFUSING:
                self._say("550 no such mailbox")
            elif word == b"RCPT" and fake.mode == PUTTING_OFF:
                self._say("451 come again later")
            elif word == b"QUIT":
                self._say("221 goodbye")
                return
            else:
                self._say("250 well")

    def _mail(self) -> Message:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines))

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())
