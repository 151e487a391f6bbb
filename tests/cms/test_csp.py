"""What pages may load and run: nothing inline, in the back office neither."""

import re
from collections import deque
from html.parser import HTMLParser

import pytest
from django.urls import resolve, reverse

from forum.home import tree
from tests.factories import accounts, agenda, cms, exhibitors, registration
from tests.factories import mou as memoranda

PUBLIC = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# They end the session, or want rows chosen in a list.
NOT_WALKED = {"wagtailadmin_logout", "wagtail_bulk_action"}

pytestmark = pytest.mark.django_db


def policy(response) -> dict:
    return dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))


@pytest.fixture
def edition():
    """An edition with a row of every kind that has a form in the back office."""
    edition = cms.edition()
    tree.open_edition(edition)
    zone = exhibitors.zone(exhibitors.hall(edition))
    exhibitors.booking(exhibitors.booth(zone))
    exhibitors.invitation(exhibitors.agency())
    exhibitors.member(exhibitors.agency())
    agenda.session(edition, at=agenda.moment(edition), speakers=[agenda.speaker(edition=edition)])
    registration.registration(registration.pass_type(edition))
    memoranda.memorandum(edition=edition, signed=2)
    return edition


@pytest.fixture
def administrator(client):
    client.force_login(accounts.user(is_superuser=True, first_name="Ada"))
    return client


class Page(HTMLParser):
    """The addresses that a page names, in links or in the data of its menu, and what it holds inline."""

    def __init__(self, html: str):
        super().__init__()
        self.addresses = re.findall(r'(?:"|&quot;)(/cms/[^"&\\#]*)', html)
        self.inline = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "script" and not found.get("src") and found.get("type") not in {"application/json", "text/django-form"}:
            self.inline.append("<script>")
        if tag == "style":
            self.inline.append("<style>")
        self.inline += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]
        if any("javascript:" in (value or "") for value in found.values()):
            self.inline.append(f"{tag} javascript:")


def walk(client, start):
    """Every page of the back office that others lead to, one of each kind, with its answer."""
    waiting, kinds = deque([start]), set()
    while waiting:
        address = waiting.popleft()
        match = resolve(address.partition("?")[0])
        kind = (match.view_name, *(value for value in map(str, match.kwargs.values()) if not re.match(r"[\d-]", value)))
        if kind in kinds or match.view_name in NOT_WALKED or "export=" in address:
            continue
        kinds.add(kind)
        response = client.get(address, follow=True)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            page = Page(response.getvalue().decode())  # also of one that comes row by row
            waiting.extend(page.addresses)
            yield address, response, page


def test_no_page_of_the_back_office_holds_anything_inline(administrator, edition):
    pages = {address: (policy(response), page.inline) for address, response, page in walk(administrator, "/cms/")}

    assert len(pages) > 100
    assert {address: inline for address, (_, inline) in pages.items() if inline} == {}
    assert {allowed["script-src"] for allowed, _ in pages.values()} == {"'self'"}


def test_the_back_office_may_besides_make_style_elements_and_frame_itself(administrator, edition):
    response = administrator.get("/cms/")

    found = policy(response)
    nonce = re.search(r"back_office\.js\" nonce=\"([^\"]+)\"", response.content.decode())[1]
    assert found == PUBLIC | {"style-src": f"'self' 'nonce-{nonce}'", "frame-ancestors": "'self'"}
    assert policy(administrator.get("/cms/"))["style-src"] != found["style-src"]


def test_every_public_page_has_the_strict_policy_without_a_nonce(client, edition):
    addresses = ["/en/", "/km/agenda/", "/accounts/login/", "/onsite/", "/no-such-page/", "/en/next/exhibition/"]

    for address in addresses:
        assert policy(client.get(address, follow=True)) == PUBLIC


def test_the_preview_of_a_page_may_stand_in_a_frame_of_the_back_office(administrator, edition):
    page = tree.open_edition(edition)
    address = reverse("wagtailadmin_pages:view_draft", args=[page.pk])

    response = administrator.get(address)

    assert "<h1" in response.content.decode()
    assert policy(response) == PUBLIC | {"frame-ancestors": "'self'"}


@pytest.mark.parametrize(
    "address",
    [
        "/cms/images/chooser/",
        "/cms/choose-page/",
        "/cms/snippets/choose/exhibitors/agency/",
        "/cms/choose-external-link/",
        "/cms/workflows/task_chooser/",
    ],
)
def test_what_choosers_fetch_holds_nothing_inline(administrator, edition, address):
    answer = administrator.get(address, headers={"X-Requested-With": "XMLHttpRequest"})

    assert Page(answer.json()["html"]).inline == []
