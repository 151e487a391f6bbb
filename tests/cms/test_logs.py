"""The log says what happened and to which request; never who somebody is or what they typed."""

import io
import json
import logging

import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import reverse

from cms import logs, tracing
from forum.home import finding
from forum.registration import signup
from tests.factories import registration as make
from tests.signing_in import staff

NAME, MAIL, SECRET, WORDS = "MARKER Sophea", "marker.sophea@example.org", "Marker-pass-4711", "markerwords"


@pytest.fixture
def written():
    """Everything that any logger writes, as the log of a real site has it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json())
    root, django = logging.getLogger(), logging.getLogger("django.request")
    levels = root.level, django.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    django.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(levels[0])
    django.setLevel(levels[1])


def access(written) -> list[dict]:
    return [line for line in written() if line["logger"] == "access"]


def fail(*args, **kwargs):
    """As a fault of ours would: with what was typed in its sentence."""
    try:
        raise IntegrityError(f"duplicate key (email)=({MAIL})\nDETAIL: Key ({NAME})")
    except IntegrityError as caught:
        raise ValueError(f"cannot keep {NAME} <{MAIL}> {args} {kwargs}") from caught


@pytest.mark.django_db
def test_one_line_for_each_request_names_the_route_and_nobody(client, written):
    response = client.get(f"/en/editions/?q={WORDS}")

    (line,) = access(written)
    assert {name: line[name] for name in ("level", "method", "route", "status", "user", "request")} == {
        "level": "INFO",
        "method": "GET",
        "route": "editions",
        "status": 200,
        "user": None,
        "request": response["X-Request-ID"],
    }
    assert line["ms"] > 0
    assert line["time"].endswith("+00:00")


@pytest.mark.django_db
def test_who_is_signed_in_is_a_number(client, written):
    user = staff()
    client.force_login(user)

    client.get("/cms/")

    assert [line["user"] for line in access(written)] == [user.pk]


@pytest.mark.django_db
def test_nothing_typed_at_the_registration_gets_into_the_log_even_when_it_fails(client, written, monkeypatch):
    of = make.pass_type()
    typed = {"name_latin": NAME, "email": MAIL, "phone": "+855 12 345 678", "pass_type": of.slug, "language": "en"}
    monkeypatch.setattr(signup, "register", fail)
    client.raise_request_exception = False

    response = client.post(f"/en/{of.edition.slug}/register/", typed | {"agency_name": WORDS})

    assert response.status_code == 500
    _assert_silent(written())
    (fault,) = [line for line in written() if "exception" in line]
    assert fault["request"] == response["X-Request-ID"]
    assert "builtins" not in fault["exception"]
    assert fault["exception"].rstrip().endswith("ValueError")
    assert "django.db.utils.IntegrityError: duplicate key (email)=" in fault["exception"]
    assert "tests/cms/test_logs.py" in fault["exception"]


@pytest.mark.django_db
def test_a_search_that_fails_keeps_its_words(client, written, monkeypatch):
    edition = make.pass_type().edition
    monkeypatch.setattr(finding, "find", fail)
    client.raise_request_exception = False

    assert client.get(f"/en/{edition.slug}/search/?q={WORDS}").status_code == 500

    _assert_silent(written())


@pytest.mark.django_db
def test_a_link_that_leads_nowhere_or_fails_keeps_its_secret(client, written, monkeypatch):
    token = make.registration().token
    client.raise_request_exception = False

    client.get(f"/en/registration/{token}x/")
    monkeypatch.setattr(signup, "find_by_token", fail)
    client.get(f"/en/registration/{token}/")

    assert [line["route"] for line in access(written)] == ["registration:own", "registration:own"]
    assert token not in str(written())


@pytest.mark.django_db
def test_passwords_and_addresses_typed_at_the_door_stay_there(client, written):
    client.post(reverse("account_login"), {"login": MAIL, "password": SECRET})
    client.post(reverse("account_reset_password"), {"email": MAIL})
    client.get(f"/accounts/login/?next=/en/{WORDS}/")

    assert len(access(written)) == 3
    _assert_silent(written())


def _assert_silent(lines):
    assert lines
    told = json.dumps(lines, ensure_ascii=False)
    assert [word for word in (NAME, MAIL, SECRET, WORDS, "345 678") if word in told] == []


@pytest.mark.parametrize(
    "address",
    ["/en/registration/KPD8CCZ86P.1~secret/", "/km/registration/KPD8CCZ86P.1~secret/withdraw/", "/en/invitation/secret/",
     "/accounts/password/reset/key/1-secret/"],
)  # fmt: skip
def test_the_token_of_an_address_is_left_out(address):
    assert "secret" not in logs.clean(f"Method Not Allowed (PUT): {address}")


@pytest.mark.parametrize(
    "text",
    [
        "marker@example.org", "<marker.one@mail.example.com>", "mailto:marker@example.org",
        "postgresql://marker:secret@db.example.org/name", "GET /x/?q=marker", "Authorization: Bearer marker",
        "2001:db8::marker".replace("marker", "1"), "::1", "2001:db8:1:2:3:4:5:6", "203.0.113.7", "+855 12 345 678",
        "XKCD2345.1:vV3-x0YmarkerQ1n4h5tM2pOEvN9sKqZ", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "1-d1b2c3-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "AbCdEfGhIjKlMnOpQrStUvWx",
    ],
)  # fmt: skip
def test_what_looks_like_somebodys_is_hidden(text):
    assert logs.HIDDEN in logs.clean(f"before {text} after")
    for word in ("marker", "secret", "203.0", "2001", "345", "4h5t", "0a1b2c3d", "KlMn", "MTIz", "::1"):
        assert word not in logs.clean(f"before {text} after")


@pytest.mark.parametrize(
    "text",
    [
        "exhibitors.tasks.release_expired_holds failed; it will be tried again",
        "wagtailsnippets_registration_registration:list 200 in 12.5 ms",
        'duplicate key value violates unique constraint "one_person_once_per_edition"',
        "connection refused at 14:05:06, 3 of 20 letters sent",
        "tests.cms.test_logs.test_what_is_harmless_stays",
    ],
)
def test_what_is_harmless_stays(text):
    assert logs.clean(text) == text


def test_what_others_attach_to_a_record_is_left_out():
    request = RequestFactory().get(f"/{WORDS}/", {"q": NAME})
    record = logging.makeLogRecord({"name": "other", "msg": "said %s", "args": ("this",), "request": request, "mail": MAIL})

    line = json.loads(logs.Json().format(record))

    assert sorted(line) == ["level", "logger", "message", "time"]
    assert line["message"] == "said this"


def test_plain_lines_tell_no_more():
    record = logging.makeLogRecord({"name": "other", "levelname": "ERROR", "msg": "for %s", "args": (MAIL,)})
    try:
        fail()
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)

    text = logs.Plain().format(record)

    assert "ERROR other for […]" in text
    assert MAIL not in text
    assert NAME not in text


def test_the_work_of_the_system_has_its_number():
    with tracing.follow(id="7", work="cms.tasks.tidy"):
        line = json.loads(logs.Json().format(logging.makeLogRecord({"msg": "done"})))

    assert (line["task"], line["work"]) == ("7", "cms.tasks.tidy")
