"""What nobody's browser sends and everybody's scanner does: it is refused or ignored, and never a fault of ours."""

import json
import re
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import transaction
from django.template import loader
from django.template.response import SimpleTemplateResponse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import html

from cms import quick_drawing
from tests.walk import world

FORM = "application/x-www-form-urlencoded"
HUGE = "9" * 20
# What each view reads in its own way is tried at every address, several at once; what is read before any view, at a few.
QUERIES = [
    f"?page={HUGE}&p={HUGE}&q=%ED%A0%80&kind={HUGE}&state=x&zone={HUGE}&room=x&agency={HUGE}&pass_type={HUGE}&edition={HUGE}",
    "?page=%00&p=%00&q=a%00b&kind=%00&state=%00&zone=%00&track=%00&room=%00&agency=%00&%00=%00&language=%00&next=%00",
    "?page[]=1&page=1e9&p=-1&q=%FF%27%22%5C%25_&q=%zz&=&&=;&ordering=-nothing&export=nothing&next=http://[&language="
    + "k" * 600,
]
ODD_QUERIES = [
    "?page=%D9%A3", "?q=" + "x" * 20_000, "?q=" + "%F0%9F%92%A5" * 60, "?" + "a&" * 2_001, "?q=" + "%" * 300,
]  # fmt: skip
FEW = ["/", "/en/", "/km/next/agenda/", "/en/next/register/link/", "/en/registration/x/", "/accounts/login/", "/cms/"]
HEADERS = [
    {"Content-Type": "text/html; charset=nope"},
    {"Content-Type": "text/html; charset=hex"},
    {"Content-Type": "text/html; charset=idna"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": ";;;="},
    {"Accept-Language": "x" * 2_000},
    {"Accept-Language": "km;q=nan, \x7f;q=-1"},
    {"Accept": "a/b;q=x,,,;"},
    {"Accept-Encoding": "gzip;q=nan"},
    {"Host": "a b"},
    {"Host": "[::1"},
    {"Host": "elsewhere.example"},
    {"Cookie": 'language=%00%ff; session="abcdefgh\\000\\001"; csrf=é'},
    {"Cookie": 'django_language="\\000"; session=; csrf=' + "x" * 5_000},
    {"Cookie": "session=" + "z" * 32 + '; messages=[["__json_message"]]; ;;=;a'},
    {"Range": "bytes=-"},
    {"Range": f"bytes={HUGE}-1,{HUGE}-"},
    {"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"},
    {"If-None-Match": 'W/"\\"*,'},
    {"If-Range": "\x7f", "Range": "lines=1"},
    {"X-Forwarded-For": "<>,,,\x7f", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "a b"},
    {"Origin": "http://[", "Referer": "http://["},
    {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"},
]
BODIES = [
    (FORM, b""),
    (FORM, b"&&&=%00&%=%zz&q=%ED%A0%80&email=%FF"),
    (FORM, b"%00=%00&" * 50),
    (FORM, b"a&" * 2_001),
    (FORM, b"email=" + b"x" * 2_600_000),
    (FORM + "; charset=hex", b"q=%41"),
    (FORM + "; charset=utf-16", b"q=%41"),
    (FORM + "; charset=nope", b"q=%41"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("multipart/form-data; boundary=\xe9", b"--x\r\n"),
    (
        "multipart/form-data; boundary=x; charset=hex",
        b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n\xff\r\n--x--\r\n',
    ),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\ntrunca'),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="q"; filename="\x00"\r\n\r\n\x00\r\n--x--\r\n',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="q\x00"\r\n\r\na\x00\xed\xa0\x80\r\n--x--\r\n',
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
    ),
    ("application/json", b"{"),
    ("application/json", json.dumps({"email": ["\x00"]}).encode()),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ("", b"\xff\xfe"),
]
METHODS = ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "get", "\x7f"]
PATHS = [
    "/%00", "/en/%00/", "/en/%FF/", "/en/%ED%A0%80/", "/en/next/agenda/%00/", "/en/next/exhibition/%00/", "/media/%00.png",
    "/media/" + "x" * 4_000 + ".png", "/media/../../etc/passwd.png", "/static/%00", "/static/../forum/settings.py",
    "/en/\r\nX: y/", f"/en/next/agenda/{HUGE}/", f"/documents/{HUGE}/x/", f"/demo/mail/{HUGE}/", f"/en/{'a' * 3_000}/",
    "//elsewhere.example/", "/en//next//", "/en/next/agenda/%0d%0aSet-Cookie:%20a=b", "/accounts/confirm-email/%00/",
    "/en/registration/%00/",
    f"/accounts/password/reset/key/{HUGE}-x/", "/accounts/password/reset/key/%00-x/", "/en/invitation/%00/",
    "/.well-known/%00", "/en/next/agreements/%00/", "/onsite/gates/%00/", "/onsite/badges/%00/", "/en/desk/agencies/%00/",
    "/en/registration/a:b:c/",
]  # fmt: skip
ALONE = [HUGE, "a\x00", "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59", "\ufffe\U0001f4a5" * 50]
RUBBISH = [
    *ALONE, "", " ", f"-{HUGE}", "NaN", "1e400", "9999-12-31", "2024-02-30T25:61", "0", "ថ្ងៃ ១២", "\u202e\ufeff\u200b",
    "\r\nBcc: a@example.org", "<script>", "x" * 70_000, "{}", "null", "a@" + "x" * 300 + ".org", "http://[", "\ud7ff\ue000",
]  # fmt: skip
MANY = 12  # fields of a form, which then share the kinds
OURS = re.compile(r"^(programme|exhibition|mou|registration|payments|edition)_")
ROOMS = re.compile(r"^wagtailsnippets_(agenda|cms|exhibitors|checkin|badges|mou|registration|payments)_\w+:(add|edit|list)$")
OFFICE = {"wagtail", "bulk ", "simple_translation"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),  # a broken upload's file is left open
]


@pytest.fixture(scope="module")
def made(once):
    made = once(world.make)
    made.given["public"] = {
        name: path for name, path in world.addresses(made).items() if not any(name.startswith(word) for word in OFFICE)
    }
    return made


@pytest.fixture
def house(made, db, settings, monkeypatch):
    """Everything there is, and nobody is told to wait. The menu of the back office, which nothing typed changes, is left
    out: it is a quarter of what a page takes."""
    monkeypatch.setattr(quick_drawing, "_sidebar_props", lambda context: "")
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()
    return world.enter(made)


def ask(client, method, address, *args, **kwargs) -> int:
    """The status of the answer, read to its end; afterwards the database is as before."""
    with transaction.atomic():
        response = client.generic(method, address, *args, **kwargs)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_no_address_breaks_at_an_odd_query(house, who):
    requests = [address + query for address in house.given["public"].values() for query in QUERIES]
    requests += [address + query for address in FEW for query in ODD_QUERIES]

    assert [request for request in requests if ask(house.people[who], "GET", request) >= 500] == []


def test_no_address_breaks_at_odd_headers(house):
    stranger = house.people["stranger"]

    assert [
        (address, headers) for address in FEW for headers in HEADERS if ask(stranger, "GET", address, headers=headers) >= 500
    ] == []


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_no_address_breaks_at_an_odd_body(house, who):
    client, nul = house.people[who], BODIES[2]
    requests = [(address, nul) for address in house.given["public"].values()]
    requests += [(address, body) for address in FEW for body in BODIES]

    assert [
        (address, kind, body[:80])
        for address, (kind, body) in requests
        if ask(client, "POST", address, body, content_type=kind) >= 500
    ] == []


def test_no_address_breaks_at_an_odd_method(house):
    stranger = house.people["stranger"]
    requests = [(address, "PUT") for address in house.given["public"].values()]
    requests += [(address, method) for address in FEW for method in METHODS]

    assert [
        (address, method)
        for address, method in requests
        if ask(stranger, method, address, b"a=%00", content_type=FORM) >= 500
    ] == []


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_no_odd_address_is_our_fault(house, who):
    statuses = {path: ask(house.people[who], "GET", path) for path in PATHS}

    assert {path: status for path, status in statuses.items() if status >= 500} == {}


def test_a_broken_body_whose_length_is_none_is_read_as_empty(house):
    assert ask(house.people["stranger"], "POST", "/accounts/login/", b"a=b", content_type=FORM, CONTENT_LENGTH="many") < 500


def fields(client, address) -> dict:
    """The fields of the largest form of a page, with what stands in them."""
    response = client.get(address)
    is_page = response.status_code == 200 and not response.streaming and response.content
    forms = html.fromstring(response.content).forms if is_page else []
    forms = [form for form in forms if form.method == "POST"]
    return dict(max(forms, key=lambda form: len(form.fields)).fields) if forms else {}


def rubbish_in_all(given: dict, kinds: list[str]):
    """The form with each kind in all fields at once."""
    return [given | dict.fromkeys(fillable(given), rubbish) for rubbish in kinds]


def rubbish_in_each(given: dict):
    """In one field after another, lest one refusal hide the next."""
    names = fillable(given)
    for number, name in enumerate(names):
        for rubbish in ALONE[number % len(ALONE) :][:1] if len(names) > MANY else ALONE:
            yield given | {name: rubbish}


def fillable(given: dict) -> list[str]:
    return [name for name in given if name and not name.startswith("csrf")]


def broken_posts(client, address, kinds=RUBBISH) -> list:
    """What a form breaks at: drawn once more with rubbish in all fields, and not drawn with rubbish in one."""
    given = {name: value or "" for name, value in fields(client, address).items()}
    broken = [typed for typed in rubbish_in_all(given, kinds) if is_broken_by(client, address, typed)]
    with (
        patch.object(SimpleTemplateResponse, "rendered_content", ""),
        patch.object(loader, "render_to_string", return_value=""),
    ):
        broken += [typed for typed in rubbish_in_each(given) if is_broken_by(client, address, typed)]
    return [(address, {name: value[:40] for name, value in typed.items() if value != given[name]}) for typed in broken]


def is_broken_by(client, address, typed) -> bool:
    with transaction.atomic():
        status = client.post(address, typed).status_code
        transaction.set_rollback(True)
    return status >= 500


PUBLIC_FORMS = [
    ("stranger", "register:form"),
    ("stranger", "register:link"),
    ("stranger", "account_login"),
    ("stranger", "account_reset_password"),
    ("stranger", "accounts:invitation"),
    ("stranger", "registration:withdraw"),
    ("stranger", "registration:edit"),
    ("stranger", "registration:renew"),
    ("stranger", "registration:erase"),
    ("member", "desks:profile"),
    ("member", "desks:book"),
    ("member", "desks:release"),
    ("member", "account_email"),
    ("member", "account_change_password"),
    ("administrator", "onsite:batch"),
    ("administrator", "onsite:gate"),
]


def test_no_form_breaks_at_rubbish(house):
    forms = [(house.people[who], house.given["public"][name]) for who, name in PUBLIC_FORMS]

    assert [fault for client, address in forms for fault in broken_posts(client, address)] == []


def test_no_act_of_the_back_office_breaks_at_rubbish(house):
    administrator = house.people["administrator"]
    acts = {name: path for name, path in world.addresses(house).items() if OURS.match(name)}

    assert len(acts) >= 9
    assert [fault for path in acts.values() for fault in broken_posts(administrator, path)] == []


def test_no_form_of_the_back_office_breaks_at_rubbish(house):
    """Each of our rows anew: Wagtail draws its forms slowly, and those that change a row are the same."""
    forms = [path for name, path in world.addresses(house).items() if ROOMS.match(name) and name.endswith(":add")]

    assert len(forms) >= 12
    assert [fault for path in forms for fault in broken_posts(house.people["administrator"], path, ALONE)] == []


def test_no_list_of_the_back_office_breaks_at_an_odd_query(house):
    lists = [path for name, path in world.addresses(house).items() if ROOMS.match(name) and name.endswith(":list")]
    requests = [address + query for address in lists for query in QUERIES]

    assert [request for request in requests if ask(house.people["administrator"], "GET", request) >= 500] == []


TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(
        st.sampled_from(["name_latin", "name_km", "agency_name", "position", "contact_name", "phone"]), TEXT
    )
)
def test_whatever_people_type_to_register_is_answered(house, typed):
    person = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": "sok@example.org"}

    with transaction.atomic():
        response = house.people["stranger"].post(house.given["public"]["register:form"], person | typed)
        transaction.set_rollback(True)

    assert response.status_code in {302, 422}


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=TEXT, room=st.sampled_from(["search", "agenda", "speakers", "exhibition", "exhibition/agencies"]))
def test_whatever_people_search_for_is_answered(house, words, room):
    assert house.people["stranger"].get(f"/km/next/{room}/", {"q": words}).status_code == 200


def test_both_databases_take_the_same_text(house):
    """NUL breaks PostgreSQL alone; it is read as nothing on both."""
    person = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": "sok@example.org", "agency_name": "Ministry"}
    person |= {"agrees": "on", "version": "1"}

    def post(field):
        return house.people["stranger"].post(house.given["public"]["register:form"], person | {field: "a\x00b"}).status_code

    assert [post("name_latin"), post("email"), post("agency_name")] == [422, 422, 302]
