"""What the clients do: each function is one operation as a browser would make it, and returns its requests."""

import http.client
import re
import secrets
from itertools import count
from urllib.parse import urlencode

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

    def post(self, path: str, **fields) -> tuple[int, str, http.client.HTTPMessage]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, self.headers | (headers or {}))
        answer = self.connection.getresponse()
        self.requests += 1
        return answer.status, answer.read().decode(), answer.headers

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


class Guard:
    """A member of staff at a gate: signed in once, then one request for each badge."""

    def __init__(self, address, data):
        token = secrets.token_hex(16)
        self.browser = Browser(address, f"session={data['session']}; csrf={token}")
        self.path, self.token = f"/onsite/gates/{data['gate']}/", token

    def scan(self, serial: str) -> int:
        status, page, _headers = self.browser.post(self.path, code=serial, csrfmiddlewaretoken=self.token)
        check(status == 200 and "verdict--yes" in page, "an admitted badge", page)
        return 1
