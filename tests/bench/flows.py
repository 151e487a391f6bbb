"""What the clients do: each function is one operation as a browser would make it, and returns its requests."""

import gzip
import html
import http.client
import io
import re
import secrets
import time
from itertools import count
from urllib.parse import urlencode

import openpyxl

LOOK_EVERY = 0.5  # seconds, while a batch is at work

_people = count(1)


class Browser:
    """One keep-alive connection, as a browser holds it for one visit."""

    def __init__(self, address: tuple[str, int], cookies: str = ""):
        self.host = f"{address[0]}:{address[1]}"
        self.connection = http.client.HTTPConnection(*address, timeout=60)
        self.headers = {"Host": self.host, "Accept-Encoding": "gzip"} | ({"Cookie": cookies} if cookies else {})
        self.requests = 0

    def get(self, path: str) -> tuple[int, str, http.client.HTTPMessage]:
        return self._ask("GET", path)

    def get_bytes(self, path: str) -> tuple[int, bytes]:
        answer = self._send("GET", path)
        return answer.status, answer.read()

    def post(self, path: str, **fields) -> tuple[int, str, http.client.HTTPMessage]:
        return self._ask("POST", path, urlencode(fields), self._form())

    def post_for_bytes(self, path: str, **fields) -> tuple[int, bytes]:
        answer = self._send("POST", path, urlencode(fields), self._form())
        return answer.status, answer.read()

    def post_file(self, path: str, name: str, file: tuple[str, bytes], **fields) -> tuple[int, str, http.client.HTTPMessage]:
        """``fields`` and a file (its name and content) as a browser sends them."""
        boundary = secrets.token_hex(16)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
        parts = [f"{head % (field, '')}{value}\r\n".encode() for field, value in fields.items()]
        parts += [(head % (name, f'; filename="{file[0]}"')).encode(), file[1], f"\r\n--{boundary}--\r\n".encode()]
        headers = self._form() | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask("POST", path, b"".join(parts), headers)

    def _form(self) -> dict:
        return {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}

    def _ask(self, method, path, body=None, headers=None):
        answer = self._send(method, path, body, headers)
        content = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return answer.status, content.decode(), answer.headers

    def _send(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, self.headers | (headers or {}))
        self.requests += 1
        return self.connection.getresponse()

    def close(self) -> None:
        self.connection.close()


def check(is_right: bool, what: str, page: str) -> None:
    if not is_right:
        raise SystemExit(f"The bench met something else than {what}:\n{page[:3000]}")


def register(address, data) -> int:
    """From the first page to the page that says where the link went."""
    number = next(_people)
    name = f"SOK {''.join(chr(ord('a') + int(digit)) for digit in str(number))} {secrets.token_hex(3).translate(LETTERS)}"
    browser = Browser(address)
    path = f"/en/{data['edition']}/register/"
    status, page, _headers = browser.get(path)
    check(status == 200 and data["pass_type"] in page, "the registration form", page)
    status, page, headers = browser.post(
        path,
        pass_type=data["pass_type"],
        honorific="mr",
        name_latin=name,
        name_km="សុខ ដារ៉ា",
        agency_name="Agency 7",
        position="Engineer",
        email=f"person{number}-{secrets.token_hex(4)}@example.org",
        contact_name="",
        phone="",
        version="1",
        agrees="on",
    )
    check(status == 302, "an accepted registration", page)
    status, page, _headers = browser.get(headers["Location"])
    check(status == 200, "the page that says what happens next", page)
    browser.close()
    return browser.requests


LETTERS = str.maketrans("0123456789", "ghijklmnop")
LINK = re.compile(r"https?://[^/\s]+(/\w+/registration/\S+)")


def open_own_page(address, link: str) -> int:
    """From the link in the mail to the page with the badge."""
    browser = Browser(address)
    status, page, _headers = browser.get(link)
    check(status == 200 and "badge.pdf" in page, "the own page with the badge", page)
    browser.close()
    return browser.requests


class Staff:
    """Somebody signed in, with one connection kept open."""

    def __init__(self, address, session: str):
        self.token = secrets.token_hex(16)
        self.browser = Browser(address, f"session={session}; csrf={self.token}")

    def read(self, path: str, holds: str) -> int:
        status, page, _headers = self.browser.get(path)
        check(status == 200 and holds in page, holds, page)
        return 1

    def scan(self, gate: str, serial: str) -> int:
        status, page, _headers = self.browser.post(f"/onsite/gates/{gate}/", code=serial, csrfmiddlewaretoken=self.token)
        check(status == 200 and "verdict--yes" in page, "an admitted badge", page)
        return 1

    def find(self, words: str, code: str) -> int:
        """By the mailed QR, which opens the person's page, or by name, with one click more."""
        status, page, headers = self.browser.get(f"/onsite/badges/?{urlencode({'q': words})}")
        asked, address = 1, f"/onsite/badges/{code}/"
        check(status in {200, 302} and address in (headers.get("Location") or page), "the person", page)
        status, page, _headers = self.browser.get(address)
        check(status == 200 and code in page, "the person's page", page)
        return asked + 1

    def hand_over(self, code: str) -> int:
        status, page, _headers = self.browser.post(f"/onsite/badges/{code}/hand/", csrfmiddlewaretoken=self.token)
        check(status == 302, "a badge handed over", page)
        return 1

    def print_badge(self, code: str) -> int:
        return self._pdf(f"/onsite/badges/{code}/")

    def print_batch(self, pass_type: str) -> int:
        """Ordered, looked at until it is done, and fetched."""
        form = {"pass_type": pass_type, "reason": "damaged", "csrfmiddlewaretoken": self.token}
        _status, page, headers = self.browser.post("/onsite/badges/batch/", **form)
        progress = headers.get("Location")
        check(bool(progress), "a batch", page)
        requests, page = 1, ""
        while f"{progress}badges.pdf" not in page:
            time.sleep(LOOK_EVERY)
            _status, page, _headers = self.browser.get(progress)
            requests += 1
        status, paper = self.browser.get_bytes(f"{progress}badges.pdf")
        check(status == 200 and paper.startswith(b"%PDF"), "badges", repr(paper[:2000]))
        return requests + 1

    def take_out(self, path: str, kind: str) -> int:
        status, content = self.browser.get_bytes(path)
        first = {"csv": "\ufeff".encode(), "xlsx": b"PK"}[kind]
        check(status == 200 and content.startswith(first) and len(content) > 100_000, "a file", repr(content[:2000]))
        return 1

    def _pdf(self, path, **fields) -> int:
        status, paper = self.browser.post_for_bytes(path, csrfmiddlewaretoken=self.token, **fields)
        check(status == 200 and paper.startswith(b"%PDF"), "badges", repr(paper[:2000]))
        return 1


def bring_sheet(address, edition: str, delegation: dict) -> int:
    """What a focal point does with a sheet: its dry run, the doing, and the same sheet once more."""
    token = secrets.token_hex(16)
    browser = Browser(address, f"session={delegation['session']}; csrf={token}")
    path = f"/en/desk/agencies/{delegation['agency']}/{edition}/delegation/sheet/"
    content = a_sheet(delegation["agency"])
    _status, page, _headers = browser.post_file(path, "sheet", content, csrfmiddlewaretoken=token)
    check(figures(page) == [GOOD, 0, 0, BAD], "a dry run", page)
    rows = html.unescape(HELD.search(page)[1])
    _status, page, _headers = browser.post(path, rows=rows, version="1", agrees="on", csrfmiddlewaretoken=token)
    check(figures(page) == [GOOD, 0, 0, BAD], "people registered", page)
    _status, page, _headers = browser.post_file(path, "sheet", content, csrfmiddlewaretoken=token)
    check(figures(page) == [0, 0, GOOD, BAD] and not HELD.search(page), "nothing more to do", page)
    browser.close()
    return browser.requests


GOOD, BAD = 280, 20
HELD = re.compile(r'<input type="hidden" name="rows" value="([^"]*)"')
FIGURES = re.compile(r"<li><strong>([\d,]+)</strong>")


def figures(page: str) -> list[int]:
    """New, changed, left and refused rows of the report."""
    return [int(figure.replace(",", "")) for figure in FIGURES.findall(page)]


def a_sheet(agency: str) -> tuple[str, bytes]:
    """300 people, of whom 20 have no name in Latin letters."""
    book = openpyxl.Workbook()
    book.active.append(["name_latin", "name_km", "position", "email"])
    for number in range(GOOD + BAD):
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        name = "សុខ ដារ៉ា" if number % 15 == 14 else f"CHAN {word.capitalize()}"
        book.active.append([name, "ចាន់ បុប្ផា", "Director", f"{word}@{agency.lower()}.example.org"])
    target = io.BytesIO()
    book.save(target)
    return "names.xlsx", target.getvalue()


def read_paper(address, path: str) -> int:
    browser = Browser(address)
    status, paper = browser.get_bytes(path)
    check(status == 200 and paper.startswith(b"%PDF"), "a badge", repr(paper[:2000]))
    browser.close()
    return 1


def read_page(address, path: str) -> int:
    """A reader who has been here: one connection, one page."""
    browser = Browser(address)
    status, page, _headers = browser.get(path)
    check(status == 200 and "</html>" in page, "a page", page)
    browser.close()
    return 1


def weigh_page(address, path: str) -> int:
    """Bytes of its body as they are sent to a browser."""
    browser = Browser(address)
    status, content = browser.get_bytes(path)
    check(status == 200 and b"</html>" in gzip.decompress(content), "a compressed page", repr(content[:2000]))
    browser.close()
    return len(content)
